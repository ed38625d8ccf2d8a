//! Plays a recorded conversation of a released build against this server, with the names that are drawn here in the place of those
//! that were drawn then.

use crate::conversation::{Answered, Ask, Conversation, Exchange, is_drawn, put_in_place, tokens};
use crate::world::{Client, Reply, World};
use axum::body::Body;
use axum::http::{Request, header};
use serde_json::Value;
use std::collections::BTreeMap;

pub struct Replay<'w> {
    world: &'w World,
    clients: BTreeMap<String, Client>,
    /// What was drawn then, and what was drawn here.
    names: BTreeMap<String, String>,
}

impl<'w> Replay<'w> {
    pub fn new(world: &'w World) -> Self {
        Self { world, clients: BTreeMap::new(), names: BTreeMap::new() }
    }

    pub fn client(&mut self, who: &str) -> &mut Client {
        let world = self.world;
        self.clients.entry(who.to_owned()).or_insert_with(|| world.nobody())
    }

    /// What was recorded, as it is called here.
    pub fn here(&self, recorded: &str) -> String {
        put_in_place(recorded, &self.names)
    }

    async fn ask(&mut self, who: &str, ask: &Ask) -> Reply {
        let request = Request::builder().method(ask.method.as_str()).uri(format!("/api/v1/{}", self.here(&ask.path)));
        let mut request = request.header(header::HOST, "127.0.0.1:8080");
        for (name, value) in ask.headers.iter().filter(|(name, _)| *name != "cookie") {
            request = request.header(name, self.here(value));
        }
        let body = if ask.body.is_null() { Body::empty() } else { Body::from(self.here(&ask.body.to_string())) };
        self.client(who).send(request.body(body).unwrap()).await
    }

    /// Everything that the released build itself asked, up to where it is enough.
    pub async fn play(&mut self, told: &Conversation, is_enough: impl Fn(&Exchange) -> bool) {
        for exchange in told.exchanges.iter().take_while(|one| !is_enough(one)).filter(|one| !one.later) {
            self.world.set_time(exchange.at);
            let reply = self.ask(&exchange.who, &exchange.ask).await;
            let at = format!("{} {}", exchange.at, exchange.ask.route());
            assert_eq!(reply.status.as_u16(), exchange.answer.status, "{at}: {}", reply.text());
            let text = reply.text();
            let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap_or(text.into()) };
            self.understands_headers(&exchange.answer, &reply, &at);
            self.learn(&exchange.answer.body, &body);
            let mut missing = Vec::new();
            compare(&exchange.answer.body, &body, &at, &mut missing);
            assert!(missing.is_empty(), "{missing:#?} in {body}");
            for word in words(&exchange.answer.body) {
                assert!(words(&body).contains(&word), "{at}: {word} is lost");
            }
        }
    }

    /// The kind of the body, and which cookie is kept and how.
    fn understands_headers(&self, then: &Answered, now: &Reply, at: &str) {
        for (name, value) in &then.headers {
            let now = now.header(name);
            if name == "set-cookie" {
                let but_for_the_value = |line: &str| {
                    let (name, rest) = line.split_once('=').unwrap_or((line, ""));
                    format!("{name};{}", rest.split_once(';').unwrap_or_default().1)
                };
                assert_eq!(but_for_the_value(now), but_for_the_value(value), "{at}");
            } else {
                assert_eq!(now, value, "{at}: {name}");
            }
        }
    }

    /// What was drawn stands in the same place as what was drawn then.
    fn learn(&mut self, then: &Value, now: &Value) {
        match (then, now) {
            (Value::Object(then), Value::Object(now)) => {
                then.iter().filter_map(|(name, then)| Some((then, now.get(name)?))).for_each(|(a, b)| self.learn(a, b));
            }
            (Value::Array(then), Value::Array(now)) => then.iter().zip(now).for_each(|(a, b)| self.learn(a, b)),
            (Value::String(then), Value::String(now)) => {
                let (then, now) = (tokens(then), tokens(now));
                let pairs = then.iter().zip(&now).filter(|(then, _)| then.len() > 8 && is_drawn(then));
                if then.len() == now.len() {
                    self.names.extend(pairs.map(|(then, now)| ((*then).to_owned(), (*now).to_owned())));
                }
            }
            _ => {}
        }
    }
}

/// Whether whoever understands the one understands the other: everything in it is there, of the same kind; and what is said to
/// programs, which is in small letters, is the same.
fn compare(then: &Value, now: &Value, at: &str, missing: &mut Vec<String>) {
    let is_for_programs = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    match (then, now) {
        (Value::Null, _) | (Value::Number(_), Value::Number(_)) => {}
        (Value::Bool(then), Value::Bool(now)) if then == now => {}
        (Value::String(then), Value::String(now)) if !is_for_programs(then) || then == now => {}
        (Value::Object(then), Value::Object(now)) => {
            for (name, then) in then {
                compare(then, now.get(name).unwrap_or(&Value::Null), &format!("{at}/{name}"), missing);
            }
        }
        (Value::Array(then), Value::Array(now)) if then.len() == now.len() => {
            for (place, (then, now)) in then.iter().zip(now).enumerate() {
                compare(then, now, &format!("{at}/{place}"), missing);
            }
        }
        _ => missing.push(format!("{at}: {then} was {now}")),
    }
}

/// The words that somebody has written, wherever they stand in an answer.
fn words(body: &Value) -> Vec<String> {
    match body {
        Value::Object(fields) => {
            let own = fields.get("text").and_then(Value::as_str).map(str::to_owned);
            own.into_iter().chain(fields.values().flat_map(words)).collect()
        }
        Value::Array(all) => all.iter().flat_map(words).collect(),
        _ => Vec::new(),
    }
}
