//! The two apps: what each is called, and where its parts are.

use std::path::PathBuf;

use anyhow::{Result, bail, ensure};

use crate::files;

/// One of the two apps, and where each of its forms is.
pub struct App {
    /// The name of the binary; its files are called after it.
    pub name: &'static str,
    /// Where what is made on the way stands.
    pub scratch: &'static str,
    /// What the server hands out.
    pub dist: &'static str,
    /// The version it says it is, when that is not the package's. It has to be as long.
    pub version: Option<&'static str>,
    pub page: &'static str,
    /// Where it is served.
    pub public_url: &'static str,
    /// The style sheets it bundles, folder by folder.
    pub styles: &'static [&'static str],
    /// Those that no first visit needs: a file of their own, asked for when the first screen is drawn.
    pub later_styles: &'static [&'static str],
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
    later_styles: &["style/later"],
    has_public: true,
};

pub const STAFF: App = App {
    name: "personale",
    scratch: "target/apps/personale",
    dist: "dist/personale",
    version: None,
    page: "personale.html",
    public_url: "/personale/",
    styles: &["style", "style/later", "style/staff"],
    later_styles: &[],
    has_public: false,
};

pub const TARGET: &str = "wasm32-unknown-unknown";
pub const PROFILE: &str = "wasm-release";

impl App {
    pub fn scratch(&self) -> PathBuf {
        files::root().join(self.scratch)
    }

    /// What Cargo has made. Another version differs in its data alone, so it need not be compiled for it.
    pub fn linked(&self) -> Result<Vec<u8>> {
        let linked = files::read(&files::root().join(format!("target/{TARGET}/{PROFILE}/{}.wasm", self.name)))?;
        match self.version {
            None => Ok(linked),
            Some(version) => with_version(linked, env!("CARGO_PKG_VERSION"), version),
        }
    }

    pub fn dist(&self) -> PathBuf {
        files::root().join(self.dist)
    }
}

fn with_version(mut linked: Vec<u8>, before: &str, after: &str) -> Result<Vec<u8>> {
    ensure!(before.len() == after.len(), "{after} is not as long as {before}");
    let all = linked.windows(before.len()).enumerate();
    let places: Vec<usize> = all.filter(|(_, bytes)| *bytes == before.as_bytes()).map(|(at, _)| at).collect();
    let [at] = places[..] else { bail!("the app says {before} in {} places instead of one", places.len()) };
    linked[at..at + after.len()].copy_from_slice(after.as_bytes());
    Ok(linked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_version_is_said_in_the_one_place() {
        let with = |linked: &str, after| with_version(linked.into(), "0.1.0", after);
        assert_eq!(with("file0.1.0zone", "0.1.1").unwrap(), b"file0.1.1zone");
        assert!(with("file0.1.0zone", "0.1.10").is_err());
        assert!(with("file", "0.1.1").is_err());
        assert!(with("0.1.0 and 0.1.0", "0.1.1").is_err());
    }
}
