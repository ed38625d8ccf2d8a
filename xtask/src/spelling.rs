//! Whether everything that a screen says is spelled as the language spells it: hunspell with Debian's dictionaries, and the words
//! that only this project has, in `locales/words/`.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::tidy::texts::{LANGUAGES, films_in, said_in, template_in};
use crate::{files, shell};

const DICTIONARIES: [&str; 2] = ["da_DK", "en_GB"];

pub fn check() -> Result<()> {
    let mut broken = Vec::new();
    for (language, dictionary) in LANGUAGES.into_iter().zip(DICTIONARIES) {
        let mut texts = [said_in(language)?, template_in(language)?].concat();
        films_in(language)?.into_iter().for_each(|(_, said, told)| texts.extend(said.into_iter().chain(told)));
        let own = files::read_text(&files::root().join(format!("locales/words/{language}.txt")))?;
        let own: BTreeSet<&str> = own.lines().collect();
        let all: Vec<String> = texts.into_iter().map(|(_, text)| without_places(&text)).collect();
        let unknown = unknown(dictionary, &all.join("\n"))?;
        println!("spelling: {language}: {} texts, {} words of our own", all.len(), own.len());
        broken.extend(
            unknown.iter().filter(|word| !own.contains(word.as_str())).map(|word| format!("{language}: {word}")),
        );
        broken.extend(
            own.iter().filter(|word| !unknown.contains(**word)).map(|word| format!("{language}: nobody needs {word}")),
        );
    }
    if !broken.is_empty() {
        bail!("not in the dictionary, and not in locales/words/:\n  {}", broken.join("\n  "));
    }
    Ok(())
}

/// The words that the dictionary does not have.
fn unknown(dictionary: &str, text: &str) -> Result<BTreeSet<String>> {
    let mut hunspell = shell::command("hunspell", &["-i", "utf-8", "-d", dictionary, "-l"]);
    let mut child = hunspell.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("starting hunspell")?;
    let mut input = child.stdin.take().context("hunspell takes no text")?;
    let written = text.to_owned();
    // Who writes all before reading anything may wait for each other.
    let writer = std::thread::spawn(move || input.write_all(written.as_bytes()));
    let output = child.wait_with_output()?;
    writer.join().ok().context("writing to hunspell")??;
    if !output.status.success() {
        bail!("hunspell has no dictionary {dictionary}");
    }
    Ok(String::from_utf8(output.stdout)?.split_whitespace().map(str::to_owned).collect())
}

/// A text without the names of what is put into it.
fn without_places(text: &str) -> String {
    let mut out = String::new();
    for (index, piece) in text.split("{{").enumerate() {
        out.push_str(if index == 0 { piece } else { piece.split_once("}}").map_or("", |(_, rest)| rest) });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_into_a_text_is_not_a_word() {
        assert_eq!(without_places("Til {{ day }}, {{ n }} dage"), "Til ,  dage");
        assert_eq!(without_places("Hej"), "Hej");
    }
}
