//! Turns the template content into constants, so that the app neither parses nor allocates it.

use serde_json::Value;
use std::fmt::Write as _;
use std::{env, fs, path::Path};

type Failure = Box<dyn std::error::Error>;

/// In the order of `template::Language`. What does not differ between languages stands in the first.
const LANGUAGES: [&str; 2] = ["da", "en"];

fn main() -> Result<(), Failure> {
    println!("cargo::rerun-if-changed=content");
    let [danish, english] = LANGUAGES.map(read);
    let contents = [danish?, english?];
    let sections = contents.iter().map(sections).collect::<Result<Vec<_>, _>>()?;
    if sections.iter().any(|other| other.len() != sections[0].len()) {
        return Err("a language has other sections than Danish".into());
    }
    let mut code =
        format!("/// Every section of the template.\npub const SECTIONS: [Template; {}] = [\n", sections[0].len());
    for (at, (part, first)) in sections[0].iter().enumerate() {
        let id = text(first, "id")?;
        let (mut titles, mut helps, mut examples) = (Vec::new(), Vec::new(), String::new());
        for language in &sections {
            let section = language[at].1;
            if text(section, "id")? != id {
                return Err(format!("{id} is missing in a language, or in another place").into());
            }
            titles.push(text(section, "title")?);
            helps.push(text(section, "help")?);
            let all = section["examples"].as_array().map(Vec::as_slice).unwrap_or_default();
            if all.len() != first["examples"].as_array().map_or(0, Vec::len) {
                return Err(format!("{id} has other examples in another language").into());
            }
            write!(examples, "&{:?}, ", all.iter().filter_map(Value::as_str).collect::<Vec<_>>())?;
        }
        writeln!(
            code,
            "    Template {{ id: {id:?}, part: Part::{part}, titles: {titles:?}, helps: {helps:?}, examples: [{examples}] }},"
        )?;
    }
    code.push_str("];\n");
    let untitled = contents.iter().map(|content| text(content, "uden_navn")).collect::<Result<Vec<_>, _>>()?;
    writeln!(code, "const UNTITLED: [&str; {}] = {untitled:?};", untitled.len())?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("template.rs"), code)?;
    Ok(())
}

fn read(language: &str) -> Result<Value, Failure> {
    Ok(serde_json::from_str(&fs::read_to_string(format!("content/template.{language}.json"))?)?)
}

/// Every section with the part it is in, in the order in which they are shown.
fn sections(content: &Value) -> Result<Vec<(&'static str, &Value)>, Failure> {
    let mut sections = Vec::new();
    sections.extend(list(&content["vigtigt_om_mig"])?.iter().map(|section| ("AboutMe", section)));
    for section in list(&content["min_plan"])? {
        let part = match section["zone"].as_str() {
            Some("green") => "PlanGreen",
            Some("yellow") => "PlanYellow",
            Some("red") => "PlanRed",
            Some("after") => "PlanAfter",
            _ => return Err(format!("{section} of the plan has no zone").into()),
        };
        sections.push((part, section));
    }
    sections.extend(list(&content["mit_moede"]["foer"])?.iter().map(|section| ("Meeting", section)));
    Ok(sections)
}

fn text<'a>(value: &'a Value, name: &str) -> Result<&'a str, Failure> {
    value[name].as_str().ok_or_else(|| format!("the template has no {name} somewhere").into())
}

fn list(value: &Value) -> Result<&Vec<Value>, Failure> {
    value.as_array().ok_or_else(|| "the template lacks a list of sections".into())
}
