//! The loop of development: `trunk serve` from a checkout shows the app, passes `/api` on to a server, and loads the page again when
//! something has changed. The server is started as README.md says.

use std::fs::{self, File};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, ensure};

use crate::browser::TIMEOUT;
use crate::driver::Engine;
use crate::process::{self, Started};
use crate::server::binary;
use crate::world::World;

/// The first time it compiles everything.
const BUILD: Duration = Duration::from_secs(600);
/// Where Trunk.toml looks for the server, which listens there when it is not told otherwise.
const SERVER: u16 = 8080;
/// What README.md starts the server with, up to its arguments.
const COMMAND: &str = "cargo run --package server -- ";
const SHEET: &str = "style/base.css";

pub fn check() -> Result<()> {
    let world = World::new(Engine::Chromium)?;
    // Its data folder is made in this one, and not where somebody may have a trial of their own.
    let folder = tempfile::tempdir()?;
    let mut server = Command::new(binary());
    server.args(documented_arguments()?).current_dir(folder.path()).stdout(Stdio::null());
    let mut server = Started::spawn("server-for-trunk", &mut server)?;
    process::wait_for_port(&mut server, SERVER, TIMEOUT)?;
    let port = process::free_port()?;
    let mut trunk = Command::new("trunk");
    trunk.args(["serve", "--offline", "--port", &port.to_string(), "--dist", "target/trunk"]);
    trunk.current_dir(process::root()).stdout(File::create(process::output_folder().join("trunk.out"))?);
    let mut trunk = Started::spawn("trunk", &mut trunk)?;
    process::wait_for_port(&mut trunk, port, BUILD)?;

    let browser = world.open()?;
    browser.goto(&format!("http://127.0.0.1:{port}/"))?;
    let there =
        "return !document.getElementById('shell') && document.querySelector('main')?.innerText.includes('Kom i gang')";
    browser.wait_until_within(BUILD, "the app", there)?;
    let asked = "const done = arguments[arguments.length - 1];
        fetch('/api/v1/me').then((answer) => answer.json()).then((body) => done(body.code ?? body.error?.code ?? ''), () => done('none'))";
    let answer = browser.execute_async(asked, &[])?;
    ensure!(answer == "signed_out", "the server's answer through Trunk is {answer}");

    browser.execute("window.stays = true", &[])?;
    // The sheet is what it was, and newer.
    let sheet = process::root().join(SHEET);
    fs::File::options().append(true).open(sheet)?.set_modified(SystemTime::now())?;
    browser.wait_until_within(BUILD, "the page to be loaded again", "return window.stays === undefined")?;
    browser.wait_until_within(BUILD, "the app", there)?;
    println!("trunk serve: the app is shown, /api is passed on, a change loads the page again");
    browser.close()
}

/// What the server is given in README.md, without what is remarked behind it.
fn documented_arguments() -> Result<Vec<String>> {
    let readme = fs::read_to_string(process::root().join("README.md"))?;
    let line = readme.lines().find_map(|line| line.strip_prefix(COMMAND)).context("README.md starts no server")?;
    let arguments = line.split('#').next().unwrap_or_default();
    Ok(arguments.split_whitespace().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_starts_a_server_that_keeps_its_data_below_where_it_is_started() {
        let arguments = documented_arguments().unwrap();
        assert_eq!(arguments.first().map(String::as_str), Some("serve"));
        let data = arguments.iter().skip_while(|it| *it != "--data").nth(1).unwrap();
        assert!(!data.starts_with(['/', '~']) && !arguments.iter().any(|it| it == "--address"), "{arguments:?}");
    }
}
