//! The three engines: how each is started, and what it needs to be told.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};

use crate::process::{self, Started};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Chromium,
    Firefox,
    /// WebKitGTK's MiniBrowser. Its profile lives as long as the browser does.
    Webkit,
}

/// What the browser lets a page keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Storage {
    #[default]
    Ordinary,
    /// Nothing: the person, or who looks after the phone, has set the browser so.
    Blocked,
    /// Little enough to be filled in a moment. Chromium's is set while it runs.
    Small,
}

impl FromStr for Engine {
    type Err = anyhow::Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "chromium" => Ok(Self::Chromium),
            "firefox" => Ok(Self::Firefox),
            "webkit" => Ok(Self::Webkit),
            other => bail!("there is no engine called {other}: chromium, firefox or webkit"),
        }
    }
}

impl Engine {
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::Webkit => "webkit",
        }
    }

    /// Whether closing and starting again keeps what the browser has stored.
    pub fn keeps_its_profile(self) -> bool {
        self != Self::Webkit
    }

    /// Whether there is a folder for the files that a page gives.
    pub fn keeps_files(self) -> bool {
        self != Self::Webkit
    }

    /// Starts the driver of the engine on a free port.
    pub fn start_driver(self) -> Result<(Started, u16)> {
        let port = process::free_port()?;
        let mut command = match self {
            Self::Chromium => Command::new("chromedriver"),
            Self::Firefox => Command::new(geckodriver()),
            Self::Webkit => Command::new("xvfb-run"),
        };
        match self {
            Self::Chromium => command.arg(format!("--port={port}")),
            Self::Firefox => command.args(["--host", "127.0.0.1", "--port", &port.to_string()]),
            Self::Webkit => command
                .args(["--auto-servernum", "--server-args=-screen 0 1280x1024x24", "WebKitWebDriver"])
                .arg(format!("--port={port}"))
                // There is no user namespace for its sandbox in a container; the pages are our own.
                .env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1")
                .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1"),
        };
        let name = format!("driver-{}", self.name());
        command.stdout(process::log(&format!("{name}-output"))?);
        let mut driver = Started::spawn(&name, &mut command)?;
        process::wait_for_port(&mut driver, port, Duration::from_secs(20))?;
        Ok((driver, port))
    }

    /// What the driver is asked for. The profile is a folder that the caller keeps over restarts; files that a page gives
    /// are saved in `downloads` in it.
    pub fn capabilities(self, profile: &Path, storage: Storage) -> Result<Value> {
        let downloads = downloads(profile);
        std::fs::create_dir_all(&downloads)?;
        let profile = profile.to_str().context("the profile has a strange name")?;
        let is_blocked = storage == Storage::Blocked;
        if storage != Storage::Ordinary && self == Self::Webkit {
            bail!("MiniBrowser has no setting for {storage:?} storage");
        }
        Ok(match self {
            Self::Chromium => json!({
                "browserName": "chrome",
                "goog:loggingPrefs": { "browser": "ALL" },
                "goog:chromeOptions": {
                    "args": [
                        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                        "--disable-background-networking", "--disable-component-update", "--disable-sync",
                        "--disable-breakpad", "--disable-crash-reporter", "--disable-dev-shm-usage",
                        "--no-proxy-server", format!("--user-data-dir={profile}"),
                    ],
                    "binary": chromium()?,
                    "prefs": {
                        "download.default_directory": downloads,
                        // 1 allows, 2 blocks: the setting that people find under cookies and site data.
                        "profile.default_content_setting_values.cookies": if is_blocked { 2 } else { 1 },
                    },
                },
            }),
            Self::Firefox => json!({
                "browserName": "firefox",
                "moz:firefoxOptions": {
                    "binary": "/usr/bin/firefox-esr",
                    "args": ["-headless", "-profile", profile],
                    "prefs": firefox_prefs(&downloads, storage),
                },
            }),
            Self::Webkit => json!({
                "browserName": "MiniBrowser",
                "webkitgtk:browserOptions": { "binary": mini_browser()?, "args": ["--automation"] },
            }),
        })
    }
}

fn firefox_prefs(downloads: &Path, storage: Storage) -> Value {
    let mut prefs = json!({
        "network.proxy.type": 0,
        "app.update.enabled": false,
        "browser.shell.checkDefaultBrowser": false,
        "datareporting.policy.dataSubmissionEnabled": false,
        "intl.accept_languages": "da",
        "browser.download.folderList": 2,
        "browser.download.dir": downloads,
        // 0 allows, 2 blocks cookies and all other storage.
        "network.cookie.cookieBehavior": if storage == Storage::Blocked { 2 } else { 0 },
    });
    if storage == Storage::Small {
        // In KiB. A few times what the app itself takes: with less, what a database finds within itself when it is opened anew is as
        // much as a text that waits.
        prefs["dom.quotaManager.temporaryStorage.fixedLimit"] = json!(8_192);
        // Local storage that was just used holds some room beyond what is in it, for some seconds. Nobody can count on it.
        for which in ["initial", "gradual", "reduced_initial", "reduced_gradual"] {
            prefs[format!("dom.storage.snapshot_peak_usage.{which}_preincrement")] = json!(0);
        }
    }
    prefs
}

/// Where the browser with this profile saves what a page gives.
pub fn downloads(profile: &Path) -> PathBuf {
    profile.join("downloads")
}

fn geckodriver() -> PathBuf {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(Path::new(&std::env::var_os("HOME")?).join(".cargo")));
    let installed = home.map(|home| home.join("bin/geckodriver")).filter(|path| path.is_file());
    installed.unwrap_or_else(|| "geckodriver".into())
}

fn chromium() -> Result<&'static str> {
    let places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    places.into_iter().find(|place| Path::new(place).exists()).ok_or_else(|| anyhow!("Chromium is not installed"))
}

/// It is not on the PATH but beside the library, in a folder named after the machine and the version.
fn mini_browser() -> Result<PathBuf> {
    for libraries in std::fs::read_dir("/usr/lib")?.flatten() {
        for version in ["webkit2gtk-4.1", "webkit2gtk-4.0", "webkitgtk-6.0"] {
            let place = libraries.path().join(version).join("MiniBrowser");
            if place.is_file() {
                return Ok(place);
            }
        }
    }
    bail!("MiniBrowser is not installed (Debian: webkit2gtk-driver)")
}
