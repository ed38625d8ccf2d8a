//! The two apps: what each is called, and where its parts are.

use std::path::PathBuf;

use crate::files;

/// One of the two apps, and where each of its forms is.
pub struct App {
    /// The name of the binary; its files are called after it.
    pub name: &'static str,
    /// Where what is made on the way stands.
    pub scratch: &'static str,
    /// What the server hands out.
    pub dist: &'static str,
    /// The version it says it is, when that is not the package's.
    pub version: Option<&'static str>,
    pub page: &'static str,
    /// Where it is served.
    pub public_url: &'static str,
    /// The style sheets it bundles, folder by folder.
    pub styles: &'static [&'static str],
    /// Whether it takes over `public/` and the service worker.
    pub has_public: bool,
}

pub const YOUNG: App = App {
    name: "ung",
    scratch: "target/apps/ung",
    dist: "dist/ung",
    version: None,
    page: "index.html",
    public_url: "/",
    styles: &["style"],
    has_public: true,
};

pub const STAFF: App = App {
    name: "personale",
    scratch: "target/apps/personale",
    dist: "dist/personale",
    version: None,
    page: "personale.html",
    public_url: "/personale/",
    styles: &["style", "style/staff"],
    has_public: false,
};

pub const TARGET: &str = "wasm32-unknown-unknown";
pub const PROFILE: &str = "wasm-release";

impl App {
    pub fn scratch(&self) -> PathBuf {
        files::root().join(self.scratch)
    }

    /// What Cargo has made.
    pub fn linked(&self) -> PathBuf {
        files::root().join(format!("target/{TARGET}/{PROFILE}/{}.wasm", self.name))
    }

    pub fn dist(&self) -> PathBuf {
        files::root().join(self.dist)
    }
}
