//! People without a browser, through plain HTTP: contacts, and any number of young people's devices, with the domain.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use plan::author::{ANSWER, REASON, SAID};
use plan::{Editor, OpSet, Part, ReplicaId};
use protocol::{
    ErrorBody, ErrorCode, PROTOCOL, ReviewView, SyncRequest, SyncResponse, WordsView, WriteRequest, YoungPeopleView,
    YoungPersonView,
};
use serde_json::{Value, json};

use crate::browser::TIMEOUT;
use crate::process;
use crate::server::Server;

/// Somebody with a cookie of their own.
#[derive(Clone)]
pub struct Client {
    agent: ureq::Agent,
    base: String,
    cookie: String,
}

impl Client {
    pub fn new(server: &Server) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(30)))
            .http_status_as_error(false)
            .build();
        let base = format!("{}/api/v1", server.origin());
        Self { agent: ureq::Agent::new_with_config(config), base, cookie: String::new() }
    }

    pub fn post(&mut self, path: &str, body: &Value) -> Result<Value> {
        let (status, value) = self.send(path, body)?;
        ensure!((200..300).contains(&status), "{path}: {status} {value}");
        Ok(value)
    }

    /// The status and the body, whatever they are.
    fn send(&mut self, path: &str, body: &Value) -> Result<(u16, Value)> {
        let request = self.agent.post(format!("{}/{path}", self.base)).header("cookie", &self.cookie);
        let mut answer = request.send_json(body)?;
        if let Some(cookie) = answer.headers().get("set-cookie").and_then(|cookie| cookie.to_str().ok()) {
            self.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        }
        let value = answer.body_mut().with_config().limit(64 << 20).read_json()?;
        Ok((answer.status().as_u16(), value))
    }

    /// The same of what is asked for.
    fn get(&self, path: &str) -> Result<(u16, Value)> {
        let mut answer = self.agent.get(format!("{}/{path}", self.base)).header("cookie", &self.cookie).call()?;
        let value = answer.body_mut().with_config().limit(64 << 20).read_json()?;
        Ok((answer.status().as_u16(), value))
    }
}

/// A point of somebody's agenda, as the server knows it.
pub struct Point {
    young: String,
    on: String,
}

/// A contact without a browser, who can invite any number of young people and read what they share.
pub struct Contact(Client);

/// The contact of the first home.
pub fn contact(server: &Server) -> Result<Contact> {
    Contact::sign_in(server, &server.trial.login, &server.trial.password)
}

/// The contact of the other home.
pub fn other_contact(server: &Server) -> Result<Contact> {
    Contact::sign_in(server, &server.trial.other_login, &server.trial.other_password)
}

impl Contact {
    fn sign_in(server: &Server, login: &str, password: &str) -> Result<Self> {
        let mut client = Client::new(server);
        let session = json!({ "login": login, "password": password });
        client.post("staff/session", &session).with_context(|| format!("signing in as {login}"))?;
        Ok(Self(client))
    }

    /// Makes an invitation and gives its code.
    pub fn invite(&mut self, label: &str) -> Result<String> {
        let made = self.0.post("staff/invitations", &json!({ "label": label }))?;
        Ok(made["code"].as_str().context("an invitation without a code")?.to_owned())
    }

    /// How many young people have said yes to this contact, whatever has become of it.
    pub fn count_young_people(&self) -> Result<usize> {
        Ok(self.list_young_people()?.len())
    }

    fn list_young_people(&self) -> Result<Vec<YoungPersonView>> {
        let (status, list) = self.0.get("staff/young-people")?;
        ensure!(status == 200, "the list of young people: {status} {list}");
        Ok(serde_json::from_value::<YoungPeopleView>(list)?.young_people)
    }

    /// What each young person shares with this contact now, as the next request is answered.
    fn list_reviews(&self) -> Result<Vec<(YoungPersonView, ReviewView)>> {
        let mut reviews = Vec::new();
        for young in self.list_young_people()? {
            let (status, answer) = self.0.get(&format!("staff/young-people/{}/review", young.id))?;
            if status == 403 && answer["code"] == "no_consent" {
                continue;
            }
            ensure!(status == 200, "the review: {status} {answer}");
            reviews.push((young, serde_json::from_value(answer)?));
        }
        Ok(reviews)
    }

    /// Every text of it.
    pub fn read(&self) -> Result<Vec<String>> {
        let mut texts = Vec::new();
        for part in self.list_reviews()?.into_iter().flat_map(|(_, review)| review.parts) {
            texts.extend(part.facts.into_iter().map(|fact| fact.text));
            let entries = part.sections.into_iter().flat_map(|section| section.texts);
            texts.extend(entries.flat_map(|entry| std::iter::once(entry.text).chain(entry.others)));
        }
        Ok(texts)
    }

    /// The point with these words.
    pub fn find_point(&self, text: &str) -> Result<Point> {
        for (young, review) in self.list_reviews()? {
            let mut entries = review.parts.into_iter().flat_map(|part| part.sections).flat_map(|section| section.texts);
            if let Some(entry) = entries.find(|entry| entry.text == text) {
                return Ok(Point { young: young.id, on: entry.on });
            }
        }
        bail!("nobody shares “{text}”")
    }

    /// Answers a point, as somebody does who goes past the app. Gives what the server refuses it with, if it does.
    pub fn answer(&mut self, point: &Point, said: &str, reason: &str) -> Result<Option<ErrorCode>> {
        let words = |(field, text): (&str, &str)| WordsView {
            to: point.on.clone(),
            kind: ANSWER.to_owned(),
            slot: None,
            field: field.to_owned(),
            text: text.to_owned(),
        };
        let words = [(SAID, said), (REASON, reason)].map(words).to_vec();
        let request = serde_json::to_value(WriteRequest { secret: "5e".repeat(32), words })?;
        let (status, answer) = self.0.send(&format!("staff/young-people/{}/words", point.young), &request)?;
        if status == 200 { Ok(None) } else { Ok(Some(serde_json::from_value::<ErrorBody>(answer)?.code)) }
    }

    /// Waits until these words are there to be read.
    pub fn wait_for_words(&self, text: &str) -> Result<()> {
        let is_there = process::wait(TIMEOUT, || Ok(self.read()?.iter().any(|found| found == text)))?;
        ensure!(is_there, "waited {TIMEOUT:?} for the contact to be able to read “{text}”; it has {:?}", self.read()?);
        Ok(())
    }
}

/// A device that writes operations, sends them, and remembers which of them the server has promised to keep.
pub struct Device {
    client: Client,
    editor: Editor,
    set: OpSet,
    cursor: u64,
    pub acknowledged: BTreeSet<String>,
}

impl Device {
    /// The first device of a new young person, who says yes to the contact.
    pub fn invited(server: &Server, contact: &mut Contact, replica: u64) -> Result<Self> {
        let code = contact.invite(&format!("Ung {replica}"))?;
        let mut client = Client::new(server);
        let days = json!({ "turns_15": "2020-06-01", "turns_18": "2023-06-01" });
        let yes = json!({
            "code": code, "parts": ["red"], "turns_15": days["turns_15"], "turns_18": days["turns_18"],
        });
        client.post("consents", &yes).context("the yes")?;
        Ok(Self::with(client, replica))
    }

    /// A further device of the same young person.
    pub fn beside(&mut self, server: &Server, replica: u64) -> Result<Self> {
        let made = self.client.post("devices/invitations", &json!({}))?;
        let mut client = Client::new(server);
        client.post("devices", &json!({ "code": made["code"] })).context("adding a device")?;
        Ok(Self::with(client, replica))
    }

    fn with(client: Client, replica: u64) -> Self {
        let (editor, set) = (Editor::new(ReplicaId(replica)), OpSet::new());
        Self { client, editor, set, cursor: 0, acknowledged: BTreeSet::new() }
    }

    /// Writes one entry and sends it. What the answer names as stored counts as promised.
    pub fn write(&mut self, text: &str) -> Result<()> {
        // A new set now and then keeps the section from being full.
        if self.set.len() > 400 {
            self.set = OpSet::new();
        }
        self.editor.set_time(1_795_305_600_000);
        self.editor.begin_change();
        let written = self.editor.add_entry(&self.set, Part::PlanRed, "r_nu", text, None);
        let (_, records) = written.map_err(|refused| anyhow::anyhow!("refused: {refused:?}"))?;
        let ops = records.iter().map(|record| record.raw().to_owned()).collect();
        for record in records {
            self.set.insert(record);
        }
        let answer = self.sync(ops)?;
        self.acknowledged.extend(answer.stored);
        Ok(())
    }

    fn sync(&mut self, ops: Vec<String>) -> Result<SyncResponse> {
        let request = SyncRequest { protocol: PROTOCOL, cursor: self.cursor, ops };
        let answer: SyncResponse = serde_json::from_value(self.client.post("sync", &serde_json::to_value(&request)?)?)?;
        self.cursor = answer.cursor;
        Ok(answer)
    }

    /// The identities of everything that the server has of this young person, asked for from the beginning.
    pub fn fetch_all(&mut self) -> Result<BTreeSet<String>> {
        self.cursor = 0;
        let mut all = BTreeSet::new();
        loop {
            let answer = self.sync(Vec::new())?;
            for op in &answer.ops {
                let op: Value = serde_json::from_str(op)?;
                all.extend(op["id"].as_str().map(str::to_owned));
            }
            if !answer.more {
                return Ok(all);
            }
        }
    }
}
