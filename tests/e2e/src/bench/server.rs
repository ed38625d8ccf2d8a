//! The server: how fast it promises to keep something, and how much memory it takes.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::{Table, millis, quantile};
use crate::client::{self, Device};
use crate::server::Server;

const CONNECTIONS: u64 = 64;
const LOAD: Duration = Duration::from_secs(10);
const YOUNG_PEOPLE: u64 = 10_000;
/// On one account, each with so many entries.
const LISTED: u64 = 500;
const ENTRIES: usize = 20;

pub fn measure(table: &mut Table) -> Result<()> {
    let mut times = acknowledge()?;
    let per_second = times.len() as f64 / LOAD.as_secs_f64();
    table.row(
        &format!("durable acknowledgements, {CONNECTIONS} connections"),
        &format!("{per_second:.0}/s"),
        "3,000/s",
    );
    let figure = format!("{} / {}", millis(quantile(&mut times, 50)), millis(quantile(&mut times, 99)));
    table.row("time to one of them, p50 / p99", &figure, "p99 50 ms");
    let (mut first, mut later) = list()?;
    let what = format!("the list of {LISTED} young people: the first time, and p95 after that");
    table.row(&what, &format!("{} / {}", millis(quantile(&mut first, 50)), millis(quantile(&mut later, 95))), "300 ms");
    let memory = memory()?;
    table.row(&format!("server memory with {YOUNG_PEOPLE} young people"), &memory, "64 MB");
    Ok(())
}

/// How long each acknowledgement took, in milliseconds, with all connections writing as fast as they can.
fn acknowledge() -> Result<Vec<f64>> {
    let folder = tempfile::Builder::new().prefix("min-plan-e2e-").tempdir()?;
    let server = Server::start(folder.path())?;
    let mut contact = client::contact(&server)?;
    let devices: Result<Vec<Device>> =
        (1..=CONNECTIONS).map(|replica| Device::invited(&server, &mut contact, replica)).collect();
    let mut all = Vec::new();
    thread::scope(|scope| {
        let writers: Vec<_> = devices?
            .into_iter()
            .map(|mut device| {
                scope.spawn(move || {
                    let (begun, mut times) = (Instant::now(), Vec::new());
                    while begun.elapsed() < LOAD {
                        let one = Instant::now();
                        device.write("Ring til mor")?;
                        times.push(one.elapsed().as_secs_f64() * 1000.0);
                    }
                    Ok::<_, anyhow::Error>(times)
                })
            })
            .collect();
        for writer in writers {
            all.extend(writer.join().map_err(|_| anyhow::anyhow!("a writer broke down"))??);
        }
        Ok::<_, anyhow::Error>(())
    })?;
    ensure!(!all.is_empty(), "nothing was acknowledged");
    Ok(all)
}

/// How long the list of one contact takes when nothing of it has been made yet, and when it is there, in milliseconds.
fn list() -> Result<(Vec<f64>, Vec<f64>)> {
    let folder = tempfile::Builder::new().prefix("min-plan-e2e-").tempdir()?;
    let server = Server::start(folder.path())?;
    let mut contact = client::contact(&server)?;
    for replica in 1..=LISTED {
        let mut device = Device::invited(&server, &mut contact, replica)?;
        for _ in 0..ENTRIES {
            device.write("Ring til mor")?;
        }
    }
    let one = || {
        let begun = Instant::now();
        let count = contact.count_young_people()?;
        ensure!(count as u64 == LISTED, "{count} young people are in the list");
        Ok(begun.elapsed().as_secs_f64() * 1000.0)
    };
    Ok((vec![one()?], (0..20).map(|_| one()).collect::<Result<_>>()?))
}

/// What the server holds after so many young people have said yes and written something.
fn memory() -> Result<String> {
    let folder = tempfile::Builder::new().prefix("min-plan-e2e-").tempdir()?;
    let server = Server::start(folder.path())?;
    let mut contact = client::contact(&server)?;
    for replica in 1..=YOUNG_PEOPLE {
        Device::invited(&server, &mut contact, replica)?.write("Ring til mor")?;
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id().context("the server has ended")?))?;
    let of = |name: &str| -> Result<u64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).context("no such line")?;
        Ok(line.trim().trim_end_matches(" kB").trim().parse()?)
    };
    Ok(format!("{} MB, {} MB at most", of("VmRSS:")? / 1024, of("VmHWM:")? / 1024))
}
