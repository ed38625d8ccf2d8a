//! Renders the films.

mod render;

use anyhow::{Context, Result, bail};
use films::library::NAMES;
use lexopt::prelude::*;
use std::path::PathBuf;

const HELP: &str = "\
films [NAME…]                    renders films and their list: all, or these
films sheet --out DIR [NAME…]    two pictures a second of each, on one sheet
films still --at S --out F NAME  one picture
";

fn main() {
    if let Err(error) = run() {
        eprintln!("films: {error:#}");
        std::process::exit(1);
    }
}

fn run() -> Result<()> {
    let (mut chore, mut out, mut at, mut names) = (String::new(), None, 0.0, Vec::new());
    let mut args = lexopt::Parser::from_env();
    while let Some(arg) = args.next()? {
        match arg {
            Long("out") => out = Some(PathBuf::from(args.value()?)),
            Long("at") => at = args.value()?.parse()?,
            Long("help") => {
                print!("{HELP}");
                return Ok(());
            }
            Value(word) if chore.is_empty() && (word == "sheet" || word == "still") => chore = word.string()?,
            Value(name) => names.push(name.string()?),
            _ => bail!(arg.unexpected()),
        }
    }
    if let Some(unknown) = names.iter().find(|name| !NAMES.contains(&name.as_str())) {
        bail!("there is no film {unknown}: {}", NAMES.join(", "));
    }
    let names: Vec<&str> =
        NAMES.into_iter().filter(|name| names.is_empty() || names.iter().any(|known| known == name)).collect();
    match chore.as_str() {
        "sheet" => {
            let out = out.context("--out says where to")?;
            names.into_iter().try_for_each(|name| render::sheet(name, &out))
        }
        "still" => render::still(names[0], at, &out.context("--out says where to")?),
        _ => {
            names.into_iter().try_for_each(render::film)?;
            render::list()
        }
    }
}
