//! `cargo xtask run`: from a fresh clone to a running trial home.

use std::net::{IpAddr, Ipv4Addr};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;

use anyhow::{Result, bail};
use lexopt::prelude::*;

use crate::{apps, shell, tools};

pub struct Options {
    address: IpAddr,
    port: u16,
    data: PathBuf,
}

impl Options {
    pub fn parse(args: &mut lexopt::Parser) -> Result<Self> {
        let mut options = Self { address: Ipv4Addr::LOCALHOST.into(), port: 8080, data: "data".into() };
        while let Some(arg) = args.next()? {
            match arg {
                Long("port") => options.port = args.value()?.parse()?,
                Long("address") => options.address = args.value()?.parse()?,
                Long("data") => options.data = args.value()?.into(),
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(options)
    }
}

pub fn run(options: &Options) -> Result<()> {
    tools::ensure(tools::BUILD)?;
    apps::build()?;
    build_server()?;
    // The server takes this process over, so that Ctrl-C and signals reach it directly.
    let address = std::net::SocketAddr::new(options.address, options.port);
    let error = shell::command("target/release/min-plan-server", &["serve", "--trial", "--data"])
        .arg(&options.data)
        .args(["--address", &address.to_string()])
        .exec();
    bail!("the server could not be started: {error}")
}

/// The release build of the server, with the apps inside it: build them first.
pub fn build_server() -> Result<()> {
    println!("server: cargo build --release (a few minutes the first time, seconds after that)");
    shell::run("cargo", &["build", "--release", "--locked", "--package", "server"])
}
