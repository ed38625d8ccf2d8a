//! What a scenario plays in: a server with an empty data folder, the recording proxy before it, and a phone that has
//! never seen the app. Everything is gone when the scenario is over.

use std::path::PathBuf;

use anyhow::Result;
use tempfile::TempDir;

use crate::browser::Browser;
use crate::driver::{Engine, Storage};
use crate::proxy::Proxy;
use crate::server::Server;

pub struct World {
    pub engine: Engine,
    pub server: Server,
    pub proxy: Proxy,
    folder: TempDir,
}

impl World {
    pub fn new(engine: Engine) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("min-plan-e2e-").tempdir()?;
        let data = folder.path().join("data");
        std::fs::create_dir_all(&data)?;
        let server = Server::start(&data)?;
        let proxy = Proxy::start(server.port())?;
        Ok(Self { engine, server, proxy, folder })
    }

    /// The young person's phone; opened again, it has what it had.
    pub fn open(&self) -> Result<Browser> {
        self.open_as("phone")
    }

    /// Another device: each name has a profile of its own.
    pub fn open_as(&self, device: &str) -> Result<Browser> {
        Browser::open(self.engine, &self.profile(device)?)
    }

    /// A phone whose browser keeps nothing.
    pub fn open_blocked(&self) -> Result<Browser> {
        Browser::open_with(self.engine, &self.profile("blocked")?, Storage::Blocked)
    }

    /// A phone with little room.
    pub fn open_small(&self) -> Result<Browser> {
        Browser::open_with(self.engine, &self.profile("small")?, Storage::Small)
    }

    /// Somebody else's browser: of the same engine, or Chromium beside WebKit, whose profile is not kept apart.
    pub fn open_other(&self, device: &str) -> Result<Browser> {
        let engine = if self.engine == Engine::Webkit { Engine::Chromium } else { self.engine };
        Browser::open(engine, &self.profile(device)?)
    }

    pub fn url(&self, path: &str) -> String {
        self.proxy.origin() + path
    }

    /// Takes the network away: the server is stopped, and nobody listens where the browser asks.
    pub fn go_offline(&mut self) -> Result<()> {
        self.proxy.down();
        self.server.stop()
    }

    pub fn go_online(&mut self) -> Result<()> {
        self.server.restart()?;
        self.proxy.up()
    }

    fn profile(&self, device: &str) -> Result<PathBuf> {
        let profile = self.folder.path().join(format!("profile-{device}"));
        std::fs::create_dir_all(&profile)?;
        Ok(profile)
    }
}
