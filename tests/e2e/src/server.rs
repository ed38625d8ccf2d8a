//! The real server, as a release build, with a data folder of its own.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use serde_json::Value;

use crate::process::{self, Started};

const START: Duration = Duration::from_secs(30);
const STOP: Duration = Duration::from_secs(15);

pub struct Server {
    process: Option<Started>,
    port: u16,
    data: PathBuf,
    /// Apps from a folder in the place of those in the binary, from the next start on.
    pub apps: Option<PathBuf>,
    /// Another build, from the next start on.
    pub binary: PathBuf,
    /// What the server said when it was ready first: trial login and invitation.
    pub trial: Trial,
}

/// The two trial homes that `--trial` sets up, with a contact each, and an invitation from the first.
#[derive(Clone, Debug, Default)]
pub struct Trial {
    pub login: String,
    pub password: String,
    pub other_login: String,
    pub other_password: String,
    pub colleague_login: String,
    pub colleague_password: String,
    pub invitation: String,
}

impl Server {
    /// Starts on a free port with the given data folder.
    pub fn start(data: &Path) -> Result<Self> {
        let mut server = Self {
            process: None,
            port: process::free_port()?,
            data: data.to_owned(),
            apps: None,
            binary: binary(),
            trial: Trial::default(),
        };
        server.trial = server.launch()?;
        Ok(server)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where the contact goes: past the proxy, which records what the young person sends.
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The process, for whoever wants to know what it needs.
    pub fn id(&self) -> Option<u32> {
        self.process.as_ref().map(Started::id)
    }

    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Asks the server to end, and waits until it has.
    pub fn stop(&mut self) -> Result<()> {
        self.process.take().map_or(Ok(()), |mut process| process.terminate(STOP))
    }

    /// Ends the server as a power cut would.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill();
        }
    }

    /// Starts again on the same port with the same data.
    pub fn restart(&mut self) -> Result<()> {
        self.stop()?;
        self.launch().map(drop)
    }

    fn launch(&mut self) -> Result<Trial> {
        let mut command = Command::new(&self.binary);
        command.args(["serve", "--address", &format!("127.0.0.1:{}", self.port), "--trial", "--data"]);
        command.arg(&self.data).stdout(Stdio::piped());
        if let Some(apps) = &self.apps {
            command.arg("--apps").arg(apps);
        }
        let mut process = Started::spawn("server", &mut command)?;
        let lines = BufReader::new(process.stdout()?).lines();
        let (found, ready) = mpsc::channel();
        // The pipe is read to its end: a server whose output nobody takes would stand still.
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let json = serde_json::from_str::<Value>(&line).ok();
                if let Some(json) = json.filter(|json| json["ready"] == true) {
                    let _ = found.send(json);
                }
            }
        });
        let ready = ready.recv_timeout(START).map_err(|_| match process.check_running() {
            Ok(()) => anyhow!("the server did not say that it is ready within {START:?}"),
            Err(error) => error,
        });
        let ready = ready.context("server.log may say why")?;
        self.process = Some(process);
        let text = |key: &str| ready["trial"][key].as_str().unwrap_or_default().to_owned();
        Ok(Trial {
            login: text("login"),
            password: text("password"),
            other_login: text("other_login"),
            other_password: text("other_password"),
            colleague_login: text("colleague_login"),
            colleague_password: text("colleague_password"),
            invitation: text("invitation"),
        })
    }
}

/// Another program with the same command line can stand in, to try the tests themselves.
pub fn binary() -> PathBuf {
    std::env::var_os("MIN_PLAN_SERVER")
        .map_or_else(|| process::root().join("target/release/min-plan-server"), Into::into)
}
