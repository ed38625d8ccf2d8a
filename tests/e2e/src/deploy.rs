//! Another build in the place of the one that a server gives.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::process;
use crate::world::World;

/// The build that the phone has, and the one after it; the second is a real build of another version.
pub const NOW: &str = "dist/ung";
pub const NEXT: &str = "target/next/ung";

/// Puts other files in the server's place, for as long as the folder is held.
pub fn deploy(world: &mut World, pages: &str, worker: &str) -> Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("min-plan-e2e-").tempdir()?;
    stage(folder.path(), pages, worker)?;
    world.server.apps = Some(folder.path().to_owned());
    world.server.restart()?;
    Ok(folder)
}

/// Puts the files of this version in the server's place after something was changed about the young person's app.
pub fn deploy_changed(world: &mut World, change: impl FnOnce(&Path) -> Result<()>) -> Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("min-plan-e2e-").tempdir()?;
    stage(folder.path(), NOW, NOW)?;
    change(&folder.path().join("ung"))?;
    world.server.apps = Some(folder.path().to_owned());
    world.server.restart()?;
    Ok(folder)
}

/// Another build, as the server would hand it out.
fn stage(to: &Path, pages: &str, worker: &str) -> Result<()> {
    let root = process::root();
    copy(&root.join("dist/personale"), &to.join("personale"))?;
    copy(&root.join(pages), &to.join("ung")).context("the other version is not built: cargo xtask build --next")?;
    for name in ["sw.js", "sw.js.br", "sw.js.gz"] {
        fs::copy(root.join(worker).join(name), to.join("ung").join(name))?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let to = to.join(path.file_name().context("a file without a name")?);
        if path.is_dir() {
            copy(&path, &to)?;
        } else {
            fs::copy(&path, &to)?;
        }
    }
    Ok(())
}
