//! Starting other programs, with the project's tools first on the PATH.

use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// How often a long quiet step says that it is still going.
const HEARTBEAT: Duration = Duration::from_secs(30);

pub fn command(program: &str, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).env("PATH", path());
    command
}

/// Where `cargo install` puts its binaries may not be on the PATH of a fresh machine.
fn path() -> OsString {
    let before = env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = Vec::new();
    if let Some(cargo) = cargo_home() {
        folders.push(cargo.join("bin"));
    }
    folders.extend(env::split_paths(&before));
    env::join_paths(folders).unwrap_or(before)
}

/// Where Cargo keeps its programs and what it has fetched.
pub fn cargo_home() -> Option<PathBuf> {
    env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".cargo")))
}

/// Runs with its output on the screen.
pub fn run(program: &str, args: &[&str]) -> Result<()> {
    run_command(&mut command(program, args))
}

pub fn run_command(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("starting {}", shown(command)))?;
    check(command, status)
}

/// What the program prints, or `None` if it is not there or fails.
pub fn output(program: &str, args: &[&str]) -> Option<String> {
    let output = command(program, args).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

/// Runs a long step quietly: its output goes to a log that is shown only when it fails, and every half minute a line
/// says that it is still going.
pub fn run_quietly(name: &str, command: &mut Command) -> Result<()> {
    let Log { path, file } = log(name)?;
    command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    let child = command.spawn().with_context(|| format!("starting {}", shown(command)))?;
    let status = wait_with_heartbeat(child)?;
    if !status.success() {
        let text = fs::read_to_string(&path).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        eprintln!("{}", lines[lines.len().saturating_sub(40)..].join("\n"));
    }
    check(command, status)
}

/// Where what a program says is kept until somebody wants to know.
pub struct Log {
    pub path: PathBuf,
    pub file: File,
}

pub fn log(name: &str) -> Result<Log> {
    fs::create_dir_all("target/xtask")?;
    let path = Path::new("target/xtask").join(format!("{name}.log"));
    let file = File::create(&path)?;
    Ok(Log { path, file })
}

fn wait_with_heartbeat(mut child: Child) -> Result<ExitStatus> {
    let start = Instant::now();
    let (done, ended) = mpsc::channel();
    let waiter = std::thread::spawn(move || {
        let status = child.wait();
        // The receiver is only gone when the chore itself is ending.
        let _ = done.send(());
        status
    });
    while let Err(mpsc::RecvTimeoutError::Timeout) = ended.recv_timeout(HEARTBEAT) {
        println!("      still going, {} s", start.elapsed().as_secs());
    }
    match waiter.join() {
        Ok(status) => Ok(status?),
        Err(_) => bail!("the thread that waits for a program broke down"),
    }
}

fn check(command: &Command, status: ExitStatus) -> Result<()> {
    if !status.success() {
        bail!("{} ended with {status}", shown(command));
    }
    Ok(())
}

fn shown(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for arg in command.get_args() {
        text.push(' ');
        text.push_str(&arg.to_string_lossy());
    }
    text
}
