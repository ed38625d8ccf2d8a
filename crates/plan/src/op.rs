//! One operation: what a young person did, once and for all, and how it looks in storage and on the wire.

use crate::id::{Entity, OpId};
use crate::stamp::Stamp;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value as Json};

/// The newest version of the payload that this build writes.
pub const VERSION: u64 = 1;

/// A field's new value.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// The field is empty again.
    Nothing,
    Text(String),
    Flag(bool),
    /// From a newer build: kept, sent on, not shown.
    Unknown,
}

impl Value {
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }

    pub fn flag(&self) -> bool {
        matches!(self, Self::Flag(true))
    }
}

/// An operation as this build understands it.
///
/// | JSON | meaning |
/// |---|---|
/// | `v` | version of this payload, 1 |
/// | `id` | the operation's identity, `replica-seq` |
/// | `at` | hybrid clock, `millis.count` |
/// | `by` | who wrote it: `young`, or a staff account |
/// | `on`, `f` | the entity and the field |
/// | `p` | the operations it replaces |
/// | `c` | the change it belongs to: the first `seq` of what was done in one go |
/// | `val` | the value: text, `true`, `false` or `null` |
/// | `gone` | `true` when the value has been erased for good; there is no `val` then |
#[derive(Clone, PartialEq, Debug)]
pub struct Op {
    pub version: u64,
    pub id: OpId,
    pub at: Stamp,
    pub by: String,
    pub on: Entity,
    pub field: String,
    pub parents: Vec<OpId>,
    pub change: u64,
    /// `None`: the value is erased, only the identity is left.
    pub value: Option<Value>,
}

/// The writer of everything in a plan.
pub const YOUNG: &str = "young";

/// The field of an operation that takes words away for good: its parents are the operations that lose their value.
pub const ERASED: &str = "erased";

/// The field that says whether an entry, or a section that was added, is deleted.
pub const DELETED: &str = "deleted";

/// Why a payload cannot be taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadOp {
    NotJson,
    TooLarge,
    /// A field that every version has is absent or has the wrong type.
    Field(&'static str),
}

impl std::fmt::Display for BadOp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotJson => f.write_str("the operation is not a JSON object"),
            Self::TooLarge => write!(f, "the operation is larger than {} bytes", crate::limits::MAX_OP_BYTES),
            Self::Field(name) => {
                write!(f, "the operation's field `{name}` is missing or malformed")
            }
        }
    }
}

impl std::error::Error for BadOp {}

/// An operation together with the exact bytes it came in, so that what a newer build added is sent on unchanged.
#[derive(Clone, PartialEq, Debug)]
pub struct Record {
    pub op: Op,
    raw: Box<str>,
}

impl Record {
    /// Encodes an operation that this build has made.
    pub fn new(op: Op) -> Self {
        let raw = encode(&op).into();
        Self { op, raw }
    }

    /// Reads a payload of any version.
    ///
    /// # Errors
    /// When it is not an operation at all; a newer version is not an error.
    pub fn parse(raw: &str) -> Result<Self, BadOp> {
        if raw.len() > crate::limits::MAX_OP_BYTES {
            return Err(BadOp::TooLarge);
        }
        // Thousands are read at a start, and nearly all are as this build writes them. Only the others are taken apart first.
        // A list would pass for the fields in their order.
        let known: Option<Fields> = raw.starts_with('{').then(|| serde_json::from_str(raw).ok()).flatten();
        let op = match known {
            Some(fields) => fields.into_op()?,
            None => match serde_json::from_str(raw) {
                Ok(Json::Object(map)) => Fields::of_any_version(&map)?.into_op()?,
                _ => return Err(BadOp::NotJson),
            },
        };
        Ok(Self { op, raw: raw.into() })
    }

    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The same operation with its value gone for good; also what a newer build added, since it may hold words.
    #[must_use]
    pub fn erased(&self) -> Self {
        Self::new(Op { value: None, ..self.op.clone() })
    }

    pub fn is_erased(&self) -> bool {
        self.op.value.is_none()
    }
}

/// The payload's fields in the order of their names, which is how every copy writes them.
#[derive(Serialize)]
struct Payload<'a> {
    at: String,
    by: &'a str,
    c: u64,
    f: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    gone: Option<bool>,
    id: String,
    on: &'a str,
    p: Vec<String>,
    v: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    val: Option<PayloadValue<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum PayloadValue<'a> {
    Text(&'a str),
    Flag(bool),
    Nothing,
}

fn encode(op: &Op) -> String {
    let payload = Payload {
        at: op.at.to_string(),
        by: &op.by,
        c: op.change,
        f: &op.field,
        gone: op.value.is_none().then_some(true),
        id: op.id.to_string(),
        on: op.on.as_str(),
        p: op.parents.iter().map(ToString::to_string).collect(),
        v: op.version,
        val: op.value.as_ref().map(|value| match value {
            Value::Text(text) => PayloadValue::Text(text),
            Value::Flag(flag) => PayloadValue::Flag(*flag),
            // Only `parse` makes an unknown value, and it keeps the bytes it came in.
            Value::Nothing | Value::Unknown => PayloadValue::Nothing,
        }),
    };
    // Texts, numbers and flags: there is nothing in it that cannot be written as JSON.
    serde_json::to_string(&payload).unwrap_or_default()
}

/// A payload's fields before anything is known of what they say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields<'a> {
    at: &'a str,
    by: &'a str,
    c: u64,
    f: &'a str,
    #[serde(default)]
    gone: bool,
    id: &'a str,
    on: &'a str,
    p: Vec<&'a str>,
    v: u64,
    #[serde(default)]
    val: Given,
}

/// The value as it was given, if it was.
#[derive(Default)]
struct Given(Option<Value>);

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(GivenVisitor)
    }
}

struct GivenVisitor;

impl Visitor<'_> for GivenVisitor {
    type Value = Given;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a text, a flag or nothing")
    }

    fn visit_str<E>(self, text: &str) -> Result<Given, E> {
        Ok(Given(Some(Value::Text(text.to_owned()))))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Given, E> {
        Ok(Given(Some(Value::Flag(flag))))
    }

    fn visit_unit<E>(self) -> Result<Given, E> {
        Ok(Given(Some(Value::Nothing)))
    }
}

impl<'a> Fields<'a> {
    /// Of a payload in which there is more than this build writes, or something else.
    fn of_any_version(map: &'a Map<String, Json>) -> Result<Self, BadOp> {
        let text = |name| map.get(name).and_then(Json::as_str).ok_or(BadOp::Field(name));
        let number = |name| map.get(name).and_then(Json::as_u64).ok_or(BadOp::Field(name));
        let parents = map.get("p").and_then(Json::as_array).ok_or(BadOp::Field("p"))?;
        let parents: Option<Vec<&str>> = parents.iter().map(Json::as_str).collect();
        Ok(Self {
            at: text("at")?,
            by: text("by")?,
            c: number("c")?,
            f: text("f")?,
            gone: map.get("gone").and_then(Json::as_bool).unwrap_or(false),
            id: text("id")?,
            on: text("on")?,
            p: parents.ok_or(BadOp::Field("p"))?,
            v: number("v")?,
            val: Given(map.get("val").map(|value| match value {
                Json::Null => Value::Nothing,
                Json::String(text) => Value::Text(text.clone()),
                Json::Bool(flag) => Value::Flag(*flag),
                _ => Value::Unknown,
            })),
        })
    }

    fn into_op(self) -> Result<Op, BadOp> {
        if self.p.len() > crate::limits::MAX_PARENTS {
            return Err(BadOp::Field("p"));
        }
        if self.f.is_empty() || self.f.len() > 40 {
            return Err(BadOp::Field("f"));
        }
        if self.by.is_empty() || self.by.len() > 80 {
            return Err(BadOp::Field("by"));
        }
        if self.v == 0 {
            return Err(BadOp::Field("v"));
        }
        let parents: Result<_, _> = self.p.into_iter().map(str::parse).collect();
        Ok(Op {
            version: self.v,
            id: self.id.parse().map_err(|_| BadOp::Field("id"))?,
            at: self.at.parse().map_err(|_| BadOp::Field("at"))?,
            by: self.by.to_owned(),
            on: self.on.parse().map_err(|_| BadOp::Field("on"))?,
            field: self.f.to_owned(),
            parents: parents.map_err(|_| BadOp::Field("p"))?,
            change: self.c,
            value: if self.gone { None } else { Some(self.val.0.ok_or(BadOp::Field("val"))?) },
        })
    }
}
