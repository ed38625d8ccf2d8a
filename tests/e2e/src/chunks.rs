//! The chunks of a build, and what may become of the request for one.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::deploy::{NEXT, NOW, deploy_changed};
use crate::process;
use crate::proxy::Network;
use crate::world::World;
use crate::young::Young;

/// What a page says whose chunk has not come yet.
pub const UNDER_WAY: &str = "Siden er på vej.";
/// What a page says whose chunk could not be had.
pub const NOT_HERE: &str = "Siden kom ikke frem.";
pub const AGAIN: &str = "Prøv igen";

/// The list of them, with what the disk is read with.
pub const LIST: &str = "chunks";

/// The two that may stand in the place of one that is the same in both builds.
const OTHERS: [&str; 2] = ["split_meeting", "split_sharing"];

/// What becomes of the request for a chunk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    Hangs,
    Fails,
    OfBefore,
}

impl Answer {
    /// The one that takes longest first.
    pub const ALL: [Self; 3] = [Self::Hangs, Self::Fails, Self::OfBefore];

    /// Answers so from now on. What comes back keeps it going.
    pub fn begin(self, world: &mut World, chunk: &str) -> Result<Option<TempDir>> {
        world.proxy.disturb("/sw.js", Network::Fails);
        match self {
            Self::Fails => world.proxy.disturb(&path_of(chunk)?, Network::Fails),
            Self::Hangs => world.proxy.disturb(&path_of(chunk)?, Network::Hangs),
            Self::OfBefore => return deploy_others(world, &[chunk]).map(Some),
        }
        Ok(None)
    }

    pub fn end(self, world: &mut World) -> Result<()> {
        world.proxy.calm();
        world.proxy.disturb("/sw.js", Network::Fails);
        if world.server.apps.take().is_some() {
            world.server.restart()?;
        }
        Ok(())
    }
}

/// The server is another version by now, and gives what that one has under the names of this one.
pub fn deploy_others(world: &mut World, chunks: &[&str]) -> Result<TempDir> {
    deploy_changed(world, |folder| {
        for chunk in chunks {
            let (name, other) = (find(chunk)?, find_other(chunk)?);
            let to = folder.join(name.file_name().context("a name")?);
            for suffix in ["", ".br", ".gz"] {
                fs::copy(with(&other, suffix), with(&to, suffix))?;
            }
        }
        Ok(())
    })
}

/// The chunk as the other build has it. Which of the two came first is all one. Where both have the same, it is another one of
/// this build: a module in itself, and of another make.
fn find_other(chunk: &str) -> Result<PathBuf> {
    let (own, other) = (find(chunk)?, find_in(NEXT, chunk)?);
    if fs::read(&own)? != fs::read(&other)? {
        return Ok(other);
    }
    find(OTHERS.iter().find(|other| **other != chunk).context("another one")?)
}

fn with(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn find(chunk: &str) -> Result<PathBuf> {
    find_in(NOW, chunk)
}

fn find_in(build: &str, chunk: &str) -> Result<PathBuf> {
    let end = if chunk == LIST { ".bin" } else { ".wasm" };
    find_file(build, &format!("ung_{chunk}-"), end)
}

/// By what stands before the hash in its name.
fn find_file(build: &str, start: &str, end: &str) -> Result<PathBuf> {
    let folder = process::root().join(build);
    let entries = fs::read_dir(&folder).with_context(|| format!("{} is not built", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with(start) && name.ends_with(end) {
            return Ok(path);
        }
    }
    anyhow::bail!("{build} has no {start}")
}

/// Where a chunk is asked for.
pub fn path_of(chunk: &str) -> Result<String> {
    Ok(address(&find(chunk)?))
}

/// Where the program itself is.
pub fn path_of_program() -> Result<String> {
    Ok(address(&find_file(NOW, "ung-", ".wasm")?))
}

fn address(file: &Path) -> String {
    format!("/{}", file.file_name().unwrap_or_default().to_string_lossy())
}

/// A phone that has the app open and has no chunk yet: nothing is kept for later by a worker.
pub fn open(world: &World, device: &str) -> Result<Young> {
    open_at(world, device, "/plan")
}

pub fn open_at(world: &World, device: &str, path: &str) -> Result<Young> {
    let young = Young::new(world.open_as(device)?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto(path)?;
    Ok(young)
}
