//! The command line: what can be asked for, and how it ends. The work is in `serve` and `commands`.

use crate::audit::Anchor;
use crate::commands::{self, PasswordFrom, Place};
use crate::failure::Failure;
use crate::serve::{self, ServeOptions};
use lexopt::prelude::*;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

const HELP: &str = "\
min-plan-server: keeps what young people have said yes to sharing

  serve         --data DIR [--address 127.0.0.1:8080] [--public-url URL] [--master-key-file FILE]
                [--trusted-proxy ADDRESS]... [--films DIR] [--trial [--apps DIR]]
  add-unit      --data DIR --master-key-file FILE --name NAME
  add-staff     --data DIR --master-key-file FILE --unit NAME --name NAME --login LOGIN [--generate]
                reads the password from standard input, or makes one and prints it
  verify-audit  --data DIR --master-key-file FILE [--anchor ANCHOR]
                checks the audit log, and prints the anchor to keep for next time

DIR holds the database. FILE holds the master key, 32 random bytes, and lies outside DIR; without it nothing can be read.
--trial makes a key, two homes with a contact each, and an invitation; only on this machine itself, never for real data.
--films DIR has films of your own and `films.json`, a list of them; see README.md.
--apps DIR serves the apps from a folder like `dist` in the place of those in this binary; to try an update of the apps.
";

enum Command {
    Help,
    Serve(ServeOptions),
    AddUnit { place: Place, name: String },
    AddStaff { place: Place, unit: String, name: String, login: String, password: PasswordFrom },
    VerifyAudit { place: Place, anchor: Option<Anchor> },
}

/// Runs what the command line asks for.
pub fn main() -> ExitCode {
    let outcome = parse(lexopt::Parser::from_env()).and_then(run);
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match command {
            Command::Help => {
                print!("{HELP}");
                Ok(())
            }
            Command::Serve(options) => serve::serve(options).await,
            Command::AddUnit { place, name } => commands::add_unit(&place, &name).await,
            Command::AddStaff { place, unit, name, login, password } => {
                commands::add_staff(&place, &unit, &name, &login, password).await
            }
            Command::VerifyAudit { place, anchor } => commands::verify_audit(&place, anchor).await,
        }
    })
}

#[derive(Default)]
struct Given {
    address: Option<SocketAddr>,
    data: Option<PathBuf>,
    public_url: Option<String>,
    master_key_file: Option<PathBuf>,
    trusted_proxies: Vec<IpAddr>,
    is_trial: bool,
    apps: Option<PathBuf>,
    films: Option<PathBuf>,
    name: Option<String>,
    unit: Option<String>,
    login: Option<String>,
    anchor: Option<Anchor>,
    is_generated: bool,
}

fn parse(mut parser: lexopt::Parser) -> Result<Command, Failure> {
    let command = match parser.next()? {
        Some(Value(command)) => command.string()?,
        Some(Long("help") | Short('h')) | None => return Ok(Command::Help),
        Some(other) => return Err(other.unexpected().into()),
    };
    let mut given = Given::default();
    while let Some(argument) = parser.next()? {
        match (command.as_str(), argument) {
            (_, Long("help") | Short('h')) => return Ok(Command::Help),
            (_, Long("data")) => given.data = Some(parser.value()?.into()),
            (_, Long("master-key-file")) => given.master_key_file = Some(parser.value()?.into()),
            ("serve", Long("address")) => given.address = Some(parser.value()?.parse()?),
            ("serve", Long("public-url")) => given.public_url = Some(parser.value()?.string()?),
            ("serve", Long("trusted-proxy")) => given.trusted_proxies.push(parser.value()?.parse()?),
            ("serve", Long("trial")) => given.is_trial = true,
            ("serve", Long("apps")) => given.apps = Some(parser.value()?.into()),
            ("serve", Long("films")) => given.films = Some(parser.value()?.into()),
            ("add-unit" | "add-staff", Long("name")) => given.name = Some(parser.value()?.string()?),
            ("add-staff", Long("unit")) => given.unit = Some(parser.value()?.string()?),
            ("add-staff", Long("login")) => given.login = Some(parser.value()?.string()?),
            ("add-staff", Long("generate")) => given.is_generated = true,
            ("verify-audit", Long("anchor")) => given.anchor = Some(parser.value()?.parse()?),
            (_, other) => return Err(other.unexpected().into()),
        }
    }
    command_from(&command, given)
}

fn command_from(command: &str, given: Given) -> Result<Command, Failure> {
    fn need<T>(value: Option<T>, option: &str) -> Result<T, Failure> {
        value.ok_or_else(|| Failure::new(format!("{option} is missing; see --help")))
    }
    let data = given.data;
    let place = |data, file| {
        Ok::<_, Failure>(Place { data: need(data, "--data")?, master_key_file: need(file, "--master-key-file")? })
    };
    match command {
        "serve" => Ok(Command::Serve(ServeOptions {
            address: given.address.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080))),
            data: need(data, "--data")?,
            public_url: given.public_url,
            master_key_file: given.master_key_file,
            trusted_proxies: given.trusted_proxies,
            trial: given.is_trial,
            apps: given.apps,
            films: given.films,
        })),
        "add-unit" => {
            Ok(Command::AddUnit { place: place(data, given.master_key_file)?, name: need(given.name, "--name")? })
        }
        "add-staff" => Ok(Command::AddStaff {
            place: place(data, given.master_key_file)?,
            unit: need(given.unit, "--unit")?,
            name: need(given.name, "--name")?,
            login: need(given.login, "--login")?,
            password: if given.is_generated { PasswordFrom::Random } else { PasswordFrom::StandardInput },
        }),
        "verify-audit" => Ok(Command::VerifyAudit { place: place(data, given.master_key_file)?, anchor: given.anchor }),
        other => Err(Failure::new(format!("there is no command `{other}`; see --help"))),
    }
}
