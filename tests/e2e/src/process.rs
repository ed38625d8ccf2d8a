//! Programs that the tests start, and end again: by process id, only those they started, with all their children.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal};

static OUTPUT: OnceLock<String> = OnceLock::new();

/// A program in a process group of its own. Dropping it ends the whole group.
pub struct Started {
    child: Child,
    name: String,
}

impl Started {
    /// Its output goes to `<name>.log` in [`output_folder`], unless the caller has asked for a pipe.
    pub fn spawn(name: &str, command: &mut Command) -> Result<Self> {
        let log = log(name)?;
        command.stdin(Stdio::null()).stderr(log).process_group(0);
        let child = command.spawn().with_context(|| format!("starting {name}: is it installed?"))?;
        Ok(Self { child, name: name.to_owned() })
    }

    pub fn stdout(&mut self) -> Result<std::process::ChildStdout> {
        self.child.stdout.take().with_context(|| format!("{} has no pipe", self.name))
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Fails when the program has ended by itself, which then explains why nothing answers.
    pub fn check_running(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!(
                "{} ended by itself with {status}: {}.log may say why",
                self.name,
                output_folder().join(&self.name).display()
            ),
        }
    }

    /// Asks the program itself to end, and waits for it.
    pub fn terminate(&mut self, timeout: Duration) -> Result<()> {
        if let Some(pid) = pid(self.child.id()) {
            // It may have ended in this moment; the wait below tells.
            let _ = rustix::process::kill_process(pid, Signal::TERM);
        }
        let ended = wait(timeout, || Ok(self.child.try_wait()?.is_some()))?;
        if !ended {
            self.kill();
            bail!("{} did not end within {timeout:?} of being asked to", self.name);
        }
        Ok(())
    }

    /// Ends the program and everything in its process group at once, as a crash would.
    pub fn kill(&mut self) {
        if let Some(pid) = pid(self.child.id()) {
            let _ = rustix::process::kill_process_group(pid, Signal::KILL);
        }
        let _ = self.child.wait();
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // A polite end for the whole group first: Xvfb takes its lock file away.
        if matches!(self.child.try_wait(), Ok(None))
            && let Some(pid) = pid(self.child.id())
        {
            let _ = rustix::process::kill_process_group(pid, Signal::TERM);
            let _ = wait(Duration::from_secs(3), || {
                self.child.try_wait()?;
                Ok(!is_alive(pid))
            });
        }
        self.kill();
    }
}

/// Kills what descends from `parent`, and what was started with the folder `mark` in its arguments, at once. The folder
/// has to be one that the tests made for this purpose.
pub fn kill_family(parent: u32, mark: &Path) {
    let mark = mark.to_string_lossy();
    let processes = list_processes();
    let mut family = BTreeSet::from([parent]);
    loop {
        let size = family.len();
        let children: Vec<u32> =
            processes.iter().filter(|process| family.contains(&process.parent)).map(|process| process.id).collect();
        family.extend(children);
        if family.len() == size {
            break;
        }
    }
    family.remove(&parent);
    let is_ours = |process: &&Process| {
        family.contains(&process.id) || (process.id != std::process::id() && process.command.contains(&*mark))
    };
    for process in processes.iter().filter(is_ours) {
        if let Some(pid) = pid(process.id) {
            let _ = rustix::process::kill_process(pid, Signal::KILL);
        }
    }
}

struct Process {
    id: u32,
    parent: u32,
    command: String,
}

fn list_processes() -> Vec<Process> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    let ids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter_map(find_process).collect()
}

fn find_process(id: u32) -> Option<Process> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"))?.trim().parse().ok()?;
    let command = fs::read(format!("/proc/{id}/cmdline")).ok()?;
    Some(Process { id, parent, command: String::from_utf8_lossy(&command).into_owned() })
}

/// Whether anything of the process group still runs. What has ended and waits to be collected does not count: in a
/// container nobody may ever collect it.
fn is_alive(group: Pid) -> bool {
    let Ok(entries) = fs::read_dir("/proc") else {
        return false;
    };
    entries.flatten().any(|entry| {
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        // After the name in brackets: state, parent, process group.
        let mut fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let (state, group_of) = (fields.next(), fields.nth(1));
        state.is_some_and(|state| state != "Z") && group_of == Some(&group.as_raw_nonzero().to_string())
    })
}

fn pid(id: u32) -> Option<Pid> {
    Pid::from_raw(i32::try_from(id).ok()?)
}

/// Asks `is_so` until it says yes or the time is over; says whether it did.
pub fn wait(timeout: Duration, mut is_so: impl FnMut() -> Result<bool>) -> Result<bool> {
    let end = Instant::now() + timeout;
    loop {
        if is_so()? {
            return Ok(true);
        }
        if Instant::now() > end {
            return Ok(false);
        }
        // A pace for the question, so that it does not take the processor from what it waits for.
        std::thread::park_timeout(Duration::from_millis(10));
    }
}

/// Waits until something listens on the port.
pub fn wait_for_port(started: &mut Started, port: u16, timeout: Duration) -> Result<()> {
    let answers = wait(timeout, || {
        started.check_running()?;
        Ok(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok())
    })?;
    if !answers {
        bail!("nothing listens on port {port} after {timeout:?}");
    }
    Ok(())
}

/// Ports that a run has for itself, below those that the system hands out: nobody takes one while its server is down.
struct Ports {
    first: u16,
    next: AtomicU16,
    /// Holds the first, which tells a run beside this one that these are taken.
    _held: TcpListener,
}

const PORTS_A_RUN: u16 = 500;

/// A port that is free, and will be when it is asked for again.
pub fn free_port() -> Result<u16> {
    static PORTS: OnceLock<Option<Ports>> = OnceLock::new();
    let held = |first| Some((first, TcpListener::bind((Ipv4Addr::LOCALHOST, first)).ok()?));
    let ports = PORTS.get_or_init(|| {
        let (first, _held) = (11_000..32_000).step_by(PORTS_A_RUN.into()).find_map(held)?;
        Some(Ports { first, next: AtomicU16::new(1), _held })
    });
    let ports = ports.as_ref().context("another program listens on all ports that are tried")?;
    loop {
        let step = ports.next.fetch_add(1, Ordering::Relaxed);
        if step >= PORTS_A_RUN {
            bail!("a run has {PORTS_A_RUN} ports, and this one has used them all");
        }
        if TcpListener::bind((Ipv4Addr::LOCALHOST, ports.first + step)).is_ok() {
            return Ok(ports.first + step);
        }
    }
}

pub fn log(name: &str) -> Result<File> {
    let folder = output_folder();
    fs::create_dir_all(&folder)?;
    Ok(File::create(folder.join(format!("{name}.log")))?)
}

/// Where logs and the pictures of failures go: each run that may have another beside it has a folder of its own.
pub fn output_folder() -> PathBuf {
    root().join("target/e2e").join(OUTPUT.get().map_or("", String::as_str))
}

/// From now on it is the folder of this name. The first name counts.
pub fn name_output(name: &str) {
    OUTPUT.get_or_init(|| name.to_owned());
}

/// The root of the workspace.
pub fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().nth(2).unwrap_or(package).to_owned()
}
