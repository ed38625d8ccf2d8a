//! Every chore of the project in one place: `cargo xtask help` lists them.
//!
//! A chore never skips: a tool that is missing is installed, and where that cannot be done it is an error that says what
//! to install.

mod app;
mod apps;
mod arrange;
mod bundle;
mod files;
mod lighthouse;
mod optimise;
mod probe;
mod serve;
mod shell;
mod shorten;
mod size;
mod spelling;
mod stage;
mod suite;
mod tidy;
mod tools;

use anyhow::{Result, bail};
use lexopt::prelude::*;

const HELP: &str = "\
cargo xtask <chore>

  run [--port N] [--address A] [--data DIR]   build everything and start it with a trial home
  build [--next]                              build both apps into dist/, or what an update is tested with
  test                                        everything that has to hold, in the order of what fails fastest
  size [--record]                             bytes of a first visit and of every chunk; fails above 200 KB for a
                                              first visit, 80 KB for a chunk and 900 KB for all
  tidy                                        layers, file sizes, texts, foreign addresses
  spelling                                    every text, in each language, against its dictionary
  shots --out DIR                             pictures of every screen: both languages, every size, light and dark
  bench [server|phone|visit]                  timed figures, in a real browser and against a real server
  bench --beside SERVER                       starts of this build and of another server's, in turn
  lighthouse                                  the first screen of a new phone as Lighthouse sees it, median of five
  films [NAME…]                               renders the films into public/films; see films/README.md
  kill-test [--runs N]                        kill browser and server at random moments and count what is lost
  tools                                       install everything the chores above need
";

fn main() {
    if let Err(error) = dispatch() {
        eprintln!("xtask: {error:#}");
        std::process::exit(1);
    }
}

fn dispatch() -> Result<()> {
    std::env::set_current_dir(files::root())?;
    let mut args = lexopt::Parser::from_env();
    let chore = match args.next()? {
        Some(Value(name)) => name.string()?,
        _ => "help".to_owned(),
    };
    match chore.as_str() {
        "run" => serve::run(&serve::Options::parse(&mut args)?),
        "build" => {
            let build = match args.next()? {
                None => apps::build,
                Some(Long("next")) => apps::build_next,
                Some(extra) => return Err(extra.unexpected().into()),
            };
            no_more(&mut args)?;
            tools::ensure(tools::BUILD)?;
            build()
        }
        "test" => match args.next()? {
            None => suite::run(),
            Some(Long("lane")) => suite::run_lane(&args.value()?.string()?),
            Some(extra) => Err(extra.unexpected().into()),
        },
        "size" => {
            let record = match args.next()? {
                None => false,
                Some(Long("record")) => true,
                Some(extra) => return Err(extra.unexpected().into()),
            };
            no_more(&mut args)?;
            tools::ensure(tools::BUILD)?;
            apps::build()?;
            size::check(record)
        }
        "tidy" => {
            no_more(&mut args)?;
            tidy::run()
        }
        "spelling" => {
            no_more(&mut args)?;
            tools::ensure(tools::SPELL)?;
            spelling::check()
        }
        "tools" => {
            no_more(&mut args)?;
            tools::ensure(tools::ALL)
        }
        "films" => {
            tools::ensure(&[tools::Tool::Films])?;
            let command =
                ["run", "--release", "--locked", "-p", "films", "--features", "render", "--"].map(str::to_owned);
            let args = [command.to_vec(), rest(&mut args)?].concat();
            shell::run("cargo", &args.iter().map(String::as_str).collect::<Vec<_>>())
        }
        "bench" => suite::end_to_end("bench", &rest(&mut args)?),
        "lighthouse" => {
            no_more(&mut args)?;
            lighthouse::run()
        }
        "shots" => suite::end_to_end("shots", &rest(&mut args)?),
        "kill-test" => suite::end_to_end("kill-test", &rest(&mut args)?),
        "help" => {
            print!("{HELP}");
            Ok(())
        }
        other => bail!("there is no chore called {other}\n\n{HELP}"),
    }
}

fn no_more(args: &mut lexopt::Parser) -> Result<()> {
    match args.next()? {
        None => Ok(()),
        Some(extra) => Err(extra.unexpected().into()),
    }
}

fn rest(args: &mut lexopt::Parser) -> Result<Vec<String>> {
    args.raw_args()?.map(|arg| arg.string().map_err(Into::into)).collect()
}
