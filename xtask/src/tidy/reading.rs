//! How easily the texts read, in LIX: the words of a sentence on average, plus the percentage of words with more than six
//! letters. Under 25 is easy; a newspaper is at 45.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::modules::{File, Module, modules};
use super::texts::{self, LANGUAGES, Texts};
use super::texts_of;
use crate::files;

const YOUNG_LIX: f64 = 15.0;
/// Of one screen, with everything that can stand on it, and of one file, where it has enough words to say so.
const SCREEN_LIX: f64 = 20.0;
const ENOUGH_WORDS: usize = 40;
/// Where it stands which pages are shown: the routes, and the chunks.
const ROUTES: [&str; 2] = ["src/app.rs", "src/pages/chunks.rs"];
/// What stands for pieces that come later, and where they are made. The app puts the two together while it runs.
const LATER: &str = "src/pages/later.rs";
const PIECES: [&str; 2] = ["pages", "details"];
/// What is given to a young person on paper.
const HANDOUT: &str = "src/pages/handout.rs";
const YOUNG_SENTENCE: usize = 15;
const STAFF_LIX: f64 = 35.0;
const LONG_WORD: usize = 6;

/// What a set of texts comes to, taken together.
#[derive(Default)]
struct Figures {
    sentences: usize,
    words: usize,
    long_words: usize,
    longest: usize,
}

impl Figures {
    fn of(texts: &[(String, String)]) -> Self {
        let mut figures = Self::default();
        for sentence in texts.iter().flat_map(|(_, text)| sentences(text)) {
            let words = words(sentence);
            figures.sentences += 1;
            figures.words += words.len();
            figures.long_words += words.iter().filter(|word| letters(word) > LONG_WORD).count();
            figures.longest = figures.longest.max(words.len());
        }
        figures
    }

    fn lix(&self) -> f64 {
        let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
        share(self.words, self.sentences) + 100.0 * share(self.long_words, self.words)
    }
}

/// The texts that are read together: all of the young person's, all of the staff's, each screen, and each file of one.
struct Group {
    name: String,
    texts: Texts,
    limit: f64,
}

fn groups(language: &str) -> Result<Vec<Group>> {
    let (staff, young): (Texts, Texts) =
        texts::said_in(language)?.into_iter().partition(|(key, _)| texts::is_for_staff(key));
    let mut groups = Vec::new();
    let sources = texts_of(files::all(&["src"])?, &["rs"])?;
    let said_in: BTreeMap<&str, Texts> = sources
        .iter()
        .filter(|(name, _)| name.starts_with("src/pages/") || name.starts_with("src/components/"))
        .map(|(name, code)| {
            let said = young.iter().chain(&staff).filter(|(key, _)| texts::says(code, key));
            (name.as_str(), said.cloned().collect())
        })
        .collect();
    for (name, files) in screens(&sources)? {
        let said: BTreeSet<_> = files.iter().filter_map(|name| said_in.get(name.as_str())).flatten().collect();
        let texts = said.into_iter().cloned().collect();
        groups.push(Group { texts, limit: limit(&name), name: format!("screen {name}") });
    }
    for (name, texts) in said_in.into_iter().filter(|(name, _)| name.starts_with("src/pages/")) {
        if Figures::of(&texts).words >= ENOUGH_WORDS {
            groups.push(Group { name: name.to_owned(), texts, limit: limit(name) });
        }
    }
    for (film, said, told) in texts::films_in(language)? {
        groups.push(Group { name: format!("film {film}"), texts: said, limit: YOUNG_LIX });
        groups.push(Group { name: format!("film {film}, to read"), texts: told, limit: SCREEN_LIX });
    }
    groups.push(Group { name: "the template".to_owned(), texts: texts::template_in(language)?, limit: YOUNG_LIX });
    groups.push(Group { name: "all for the young".to_owned(), texts: young, limit: YOUNG_LIX });
    groups.push(Group { name: "all for the staff".to_owned(), texts: staff, limit: STAFF_LIX });
    Ok(groups)
}

fn limit(file: &str) -> f64 {
    match file {
        HANDOUT => YOUNG_LIX,
        staff if staff.starts_with("src/pages/staff/") => STAFF_LIX,
        _ => SCREEN_LIX,
    }
}

/// The files that have a page which is shown, each with the files that it is put together from.
fn screens(sources: &[(String, String)]) -> Result<Vec<(String, BTreeSet<String>)>> {
    let (routes, others): (Vec<_>, Vec<_>) = sources.iter().partition(|(name, _)| ROUTES.contains(&name.as_str()));
    let shown: BTreeSet<&str> = routes.iter().flat_map(|(_, code)| pages_in(code)).collect();
    let has_one = |code: &str| shown.iter().any(|page| code.contains(&format!("fn {page}(")));
    let with_one: BTreeSet<&str> =
        others.iter().filter(|(_, code)| has_one(code)).map(|(name, _)| name.as_str()).collect();
    let modules = modules("src", sources)?;
    let screens = modules.iter().filter(|(_, file)| with_one.contains(file.name.as_str()));
    Ok(screens.map(|(module, file)| (file.name.clone(), parts_of(module, &modules))).collect())
}

/// What is called a page in a piece of code: `HomePage`.
fn pages_in(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric()).filter(|name| name.len() > 4 && name.ends_with("Page"))
}

/// The files of pages and components that a page is put together from, with its own.
fn parts_of(page: &Module, modules: &BTreeMap<Module, File>) -> BTreeSet<String> {
    let pieces = PIECES.map(str::to_owned).to_vec();
    let mut found = BTreeSet::new();
    let mut open = vec![page];
    while let Some(module) = open.pop() {
        let Some(file) = modules.get(module).filter(|file| !found.contains(&file.name)) else { continue };
        found.insert(file.name.clone());
        let layers = ["pages", "components"];
        open.extend(file.used.iter().filter(|used| used.first().is_some_and(|it| layers.contains(&it.as_str()))));
        open.extend(Some(&pieces).filter(|_| file.name == LATER));
    }
    found
}

pub fn hard_texts() -> Result<Vec<String>> {
    let mut broken = Vec::new();
    for language in LANGUAGES {
        for Group { name, texts, limit } in groups(language)? {
            let lix = Figures::of(&texts).lix();
            if lix > limit {
                broken.push(format!("LIX of {name} ({language}) is {lix:.1}, at most {limit}"));
            }
            for (key, text) in texts.iter().filter(|(key, _)| !texts::is_for_staff(key)) {
                for sentence in sentences(text) {
                    let count = words(sentence).len();
                    if count > YOUNG_SENTENCE {
                        broken.push(format!("{key} ({language}): a sentence of {count} words: {sentence}"));
                    }
                }
            }
        }
    }
    broken.sort();
    broken.dedup();
    Ok(broken)
}

pub fn print_figures() -> Result<()> {
    for language in LANGUAGES {
        for Group { name, texts, .. } in groups(language)? {
            let figures = Figures::of(&texts);
            let (lix, longest, words) = (figures.lix(), figures.longest, figures.words);
            println!("tidy: LIX {language} {lix:4.1}, longest sentence {longest:2}, {words:4} words: {name}");
        }
    }
    Ok(())
}

/// A text without an end mark is one sentence; a colon ends one, too, as LIX counts it.
fn sentences(text: &str) -> Vec<&str> {
    let parts = text.split_inclusive(|c: char| ".!?:\n".contains(c));
    parts.map(str::trim).filter(|part| !words(part).is_empty()).collect()
}

fn words(sentence: &str) -> Vec<&str> {
    sentence.split_whitespace().filter(|word| letters(word) > 0).collect()
}

fn letters(word: &str) -> usize {
    word.chars().filter(|c| c.is_alphanumeric()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read from beginning to end, on paper too: each guide by itself.
    #[test]
    fn every_guide_is_measured_by_itself() {
        std::env::set_current_dir(files::root()).unwrap();
        for language in LANGUAGES {
            let groups = groups(language).unwrap();
            let guides = ["talk", "questions", "meeting"].map(|name| format!("src/pages/staff/guides/{name}.rs"));
            for (name, most) in
                guides.map(|name| (name, STAFF_LIX)).into_iter().chain([(HANDOUT.to_owned(), YOUNG_LIX)])
            {
                let group =
                    groups.iter().find(|group| group.name == name).unwrap_or_else(|| panic!("{name} is not read"));
                let figures = Figures::of(&group.texts);
                assert!(figures.words > 150 && group.limit <= most, "{name}: {} words", figures.words);
                assert!(figures.lix() <= most, "LIX of {name} ({language}) is {:.1}", figures.lix());
            }
        }
    }

    /// No page is left out, and none has too few words to say how it reads.
    #[test]
    fn every_screen_is_measured() {
        std::env::set_current_dir(files::root()).unwrap();
        for language in LANGUAGES {
            let groups = groups(language).unwrap();
            let screens: Vec<_> =
                groups.iter().filter_map(|it| Some((it.name.strip_prefix("screen src/pages/")?, it))).collect();
            for (name, group) in &screens {
                let words = Figures::of(&group.texts).words;
                assert!(words >= ENOUGH_WORDS, "{name} ({language}): {words} words");
            }
            for name in ["home", "missing", "meeting/mod", "films/player", "handout", "guest", "staff/sign_in"] {
                assert!(screens.iter().any(|(it, _)| it.strip_suffix(".rs") == Some(name)), "{name} is not measured");
            }
        }
    }

    #[test]
    fn a_screen_is_put_together_from_what_its_page_imports() {
        let files = [
            ("app.rs", "use crate::pages::{HomePage, LazyPage}; use crate::state::Other;"),
            ("pages/mod.rs", "pub use home::HomePage; pub use chunks::LazyPage;"),
            ("pages/chunks.rs", "fn film() { view! { <film::FilmPage/> } } fn LazyPage() {}"),
            ("pages/home.rs", "use super::frame::Frame; use crate::state::Other; fn HomePage() {}"),
            ("pages/film.rs", "fn FilmPage() {}"),
            ("pages/frame.rs", "use super::later::Later; use crate::components::Button;"),
            ("pages/later.rs", ""),
            ("pages/details.rs", ""),
            ("pages/apart.rs", "fn ApartPage() {}"),
            ("components/mod.rs", "pub use press::Button;"),
            ("components/press.rs", ""),
            ("state.rs", ""),
        ];
        let files = files.map(|(name, code)| (format!("src/{name}"), code.to_owned()));
        let screens = screens(&files).unwrap();
        let shown: Vec<_> = screens.iter().map(|(name, parts)| (name.as_str(), parts.len())).collect();
        assert_eq!(shown, [("src/pages/film.rs", 1), ("src/pages/home.rs", 5)], "{screens:?}");
    }

    #[test]
    fn lix_is_words_per_sentence_plus_percentage_of_long_words() {
        let text = "Du bestemmer selv. Det er dine ord".to_owned();
        let figures = Figures::of(&[("key".to_owned(), text)]);
        assert_eq!((figures.sentences, figures.words, figures.long_words, figures.longest), (2, 7, 1, 4));
        assert!((figures.lix() - (3.5 + 100.0 / 7.0)).abs() < 1e-9);
    }
}
