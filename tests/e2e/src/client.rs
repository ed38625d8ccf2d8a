//! A young person's device without a browser: the domain and plain HTTP, for many of them at once.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use plan::{Editor, OpSet, Part, ReplicaId};
use protocol::{PROTOCOL, SyncRequest, SyncResponse};
use serde_json::{Value, json};

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
        let request = self.agent.post(format!("{}/{path}", self.base)).header("cookie", &self.cookie);
        let mut answer = request.send_json(body)?;
        if let Some(cookie) = answer.headers().get("set-cookie").and_then(|cookie| cookie.to_str().ok()) {
            self.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        }
        let value: Value = answer.body_mut().with_config().limit(64 << 20).read_json()?;
        if !answer.status().is_success() {
            bail!("{path}: {} {value}", answer.status());
        }
        Ok(value)
    }
}

/// The contact, who can invite any number of young people.
pub fn contact(server: &Server) -> Result<Client> {
    let mut contact = Client::new(server);
    contact
        .post("staff/session", &json!({ "login": server.trial.login, "password": server.trial.password }))
        .context("signing in as the contact")?;
    Ok(contact)
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
    pub fn invited(server: &Server, contact: &mut Client, replica: u64) -> Result<Self> {
        let made = contact.post("staff/invitations", &json!({ "label": format!("Ung {replica}") }))?;
        let mut client = Client::new(server);
        let days = json!({ "turns_15": "2020-06-01", "turns_18": "2023-06-01" });
        let yes = json!({
            "code": made["code"], "parts": ["red"], "turns_15": days["turns_15"], "turns_18": days["turns_18"],
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
