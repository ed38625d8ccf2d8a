//! `cargo xtask lighthouse`: the first screen of a new phone as Lighthouse sees it, with its own mobile throttling. The median of
//! five, and an error when that is worse than promised.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{apps, files, serve, shell, tools};

const RUNS: usize = 5;
const CHROMIUM: &str = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
                        --disable-background-networking --disable-component-update --disable-sync";
const FOLDER: &str = "target/lighthouse";
const UNTIL_IT_LISTENS: Duration = Duration::from_secs(60);

/// A figure of the report: where it stands, how it is said, and how far it may go.
struct Figure {
    name: &'static str,
    at: &'static str,
    unit: &'static str,
    scale: f64,
    limit: Limit,
}

enum Limit {
    AtMost(f64),
    AtLeast(f64),
}

const FIGURES: &[Figure] = &[
    seconds("first contentful paint", "/audits/first-contentful-paint/numericValue", 0.8),
    seconds("largest contentful paint", "/audits/largest-contentful-paint/numericValue", 1.4),
    seconds("interactive", "/audits/interactive/numericValue", 2.6),
    score("performance", "/categories/performance/score", 99.0),
    score("accessibility", "/categories/accessibility/score", 100.0),
    score("best practices", "/categories/best-practices/score", 100.0),
];

const fn seconds(name: &'static str, at: &'static str, most: f64) -> Figure {
    Figure { name, at, unit: "s", scale: 0.001, limit: Limit::AtMost(most) }
}

const fn score(name: &'static str, at: &'static str, least: f64) -> Figure {
    Figure { name, at, unit: "", scale: 100.0, limit: Limit::AtLeast(least) }
}

pub fn run() -> Result<()> {
    tools::ensure(tools::BUILD)?;
    tools::ensure(&[tools::Tool::Engines, tools::Tool::Lighthouse])?;
    apps::build()?;
    serve::build_server()?;
    files::fresh(Path::new(FOLDER))?;
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    let mut server = shell::command("target/release/min-plan-server", &["serve", "--trial", "--data"]);
    server.arg(format!("{FOLDER}/data")).args(["--address", &format!("127.0.0.1:{port}")]);
    let server = Ended(server.stdout(Stdio::null()).stderr(Stdio::null()).spawn().context("starting the server")?);
    wait_for(port)?;
    let reports = (1..=RUNS).map(|run| report(port, run)).collect::<Result<Vec<_>>>()?;
    drop(server);
    let mut over = Vec::new();
    for figure in FIGURES {
        let (line, is_fine) = figure.summary(&reports)?;
        println!("lighthouse: {line}");
        over.extend((!is_fine).then_some(figure.name));
    }
    if !over.is_empty() {
        bail!("worse than promised: {}; the reports are in {FOLDER}", over.join(", "));
    }
    Ok(())
}

impl Figure {
    /// What the runs came to, and whether their median keeps the promise.
    fn summary(&self, reports: &[Value]) -> Result<(String, bool)> {
        let value = |report: &Value| report.pointer(self.at).and_then(Value::as_f64).map(|value| value * self.scale);
        let mut values =
            reports.iter().map(value).collect::<Option<Vec<f64>>>().with_context(|| format!("no {}", self.name))?;
        values.sort_by(f64::total_cmp);
        let median = values.get(values.len() / 2).copied().context("there was no run")?;
        let (is_fine, limit) = match self.limit {
            Limit::AtMost(most) => (median <= most, format!("at most {most}")),
            Limit::AtLeast(least) => (median.round() >= least, format!("at least {least}")),
        };
        let all = values.iter().map(|value| format!("{value:.2}")).collect::<Vec<_>>().join(" ");
        Ok((format!("{:<26} {median:.2} {}  ({limit}; {all})", self.name, self.unit), is_fine))
    }
}

fn report(port: u16, run: usize) -> Result<Value> {
    let path = format!("{FOLDER}/{run}.json");
    let mut command = shell::command("xtask/lighthouse/node_modules/.bin/node", &[]);
    command.arg("xtask/lighthouse/node_modules/lighthouse/cli/index.js").arg(format!("http://127.0.0.1:{port}/"));
    command.args(["--quiet", "--output=json", "--only-categories=performance,accessibility,best-practices"]);
    command.arg(format!("--output-path={path}")).arg(format!("--chrome-flags={CHROMIUM}"));
    command.env("CHROME_PATH", "/usr/bin/chromium");
    shell::run_quietly("lighthouse", &mut command)?;
    Ok(serde_json::from_str(&files::read_text(Path::new(&path))?)?)
}

fn wait_for(port: u16) -> Result<()> {
    let end = Instant::now() + UNTIL_IT_LISTENS;
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        if Instant::now() > end {
            bail!("the server does not listen");
        }
        std::thread::park_timeout(Duration::from_millis(50));
    }
    Ok(())
}

/// A process that ends with its owner.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_median_decides() {
        let report = |score: f64| json!({ "categories": { "performance": { "score": score } } });
        let figure = score("performance", "/categories/performance/score", 99.0);
        let (line, is_fine) = figure.summary(&[report(0.98), report(1.0), report(0.99)]).unwrap();
        assert!(is_fine && line.contains("99.00") && line.contains("98.00 99.00 100.00"), "{line}");
        assert!(!figure.summary(&[report(0.98), report(0.97), report(1.0)]).unwrap().1);
        assert!(figure.summary(&[json!({})]).is_err());
    }
}
