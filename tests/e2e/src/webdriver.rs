//! The wire of W3C WebDriver: one request, one answer, and the errors that matter to a caller.

use std::fmt;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};

/// The key under which an element is handed over, as the standard sets it.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// An error that the driver reports, such as `stale element reference`.
#[derive(Debug)]
pub struct DriverError {
    pub kind: String,
    message: String,
}

impl fmt::Display for DriverError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.message.lines().next().unwrap_or_default())
    }
}

impl std::error::Error for DriverError {}

/// An element of the page as long as the page shows it.
#[derive(Clone, Debug)]
pub struct Element(pub String);

impl Element {
    pub fn from_json(value: &Value) -> Option<Self> {
        Some(Self(value.get(ELEMENT)?.as_str()?.to_owned()))
    }

    /// The form in which a script takes it as an argument.
    pub fn to_json(&self) -> Value {
        json!({ ELEMENT: self.0 })
    }
}

/// A session of a driver.
pub struct Session {
    agent: ureq::Agent,
    /// `http://127.0.0.1:<port>/session/<id>`
    base: String,
    /// What the driver said about the browser it started.
    pub capabilities: Value,
}

impl Session {
    pub fn create(port: u16, capabilities: &Value) -> Result<Self> {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(90)))
            .http_status_as_error(false)
            .build();
        let agent = ureq::Agent::new_with_config(config);
        let root = format!("http://127.0.0.1:{port}/session");
        let body = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let value = value_of(agent.post(&root).send_json(&body)).context("starting the browser")?;
        let id = value["sessionId"].as_str().ok_or_else(|| anyhow!("the driver gave no session"))?;
        Ok(Self { agent, base: format!("{root}/{id}"), capabilities: value["capabilities"].clone() })
    }

    pub fn get(&self, path: &str) -> Result<Value> {
        value_of(self.agent.get(format!("{}/{path}", self.base)).call())
    }

    pub fn post(&self, path: &str, body: &Value) -> Result<Value> {
        value_of(self.agent.post(format!("{}/{path}", self.base)).send_json(body))
    }

    /// Closes the window that is spoken to.
    pub fn close_window(&self) -> Result<()> {
        value_of(self.agent.delete(format!("{}/window", self.base)).call()).map(drop)
    }

    pub fn delete(&self) -> Result<()> {
        value_of(self.agent.delete(&self.base).call()).map(drop)
    }
}

fn value_of(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Value> {
    let mut answer = answer.context("the driver does not answer")?;
    let json: Value = answer.body_mut().with_config().limit(64 << 20).read_json()?;
    let value = json.get("value").cloned().unwrap_or_default();
    if answer.status().is_success() {
        return Ok(value);
    }
    let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
    Err(DriverError { kind: text("error"), message: text("message") }.into())
}
