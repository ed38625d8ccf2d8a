//! How easily the texts read, in LIX: the words of a sentence on average, plus the percentage of words with more than six
//! letters. Under 25 is easy; a newspaper is at 45.

use anyhow::Result;

use super::texts::{self, LANGUAGES, Texts};
use super::texts_of;
use crate::files;

const YOUNG_LIX: f64 = 15.0;
/// Of one screen, where it has enough words to say so.
const SCREEN_LIX: f64 = 20.0;
const SCREEN_WORDS: usize = 40;
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

/// The texts that are read together: all of the young person's, all of the staff's, and each screen by itself.
struct Group {
    name: String,
    texts: Texts,
    limit: f64,
}

fn groups(language: &str) -> Result<Vec<Group>> {
    let (staff, young): (Texts, Texts) =
        texts::said_in(language)?.into_iter().partition(|(key, _)| texts::is_for_staff(key));
    let mut groups = Vec::new();
    for (name, code) in texts_of(files::all(&["src/pages"])?, &["rs"])? {
        let limit = match name.as_str() {
            HANDOUT => YOUNG_LIX,
            staff if staff.starts_with("src/pages/staff/") => STAFF_LIX,
            _ => SCREEN_LIX,
        };
        let said = young.iter().chain(&staff).filter(|(key, _)| texts::says(&code, key)).cloned().collect();
        groups.push(Group { name, texts: said, limit });
    }
    groups.retain(|group| Figures::of(&group.texts).words >= SCREEN_WORDS);
    for (film, said, told) in texts::films_in(language)? {
        groups.push(Group { name: format!("film {film}"), texts: said, limit: YOUNG_LIX });
        groups.push(Group { name: format!("film {film}, to read"), texts: told, limit: SCREEN_LIX });
    }
    groups.push(Group { name: "the template".to_owned(), texts: texts::template_in(language)?, limit: YOUNG_LIX });
    groups.push(Group { name: "all for the young".to_owned(), texts: young, limit: YOUNG_LIX });
    groups.push(Group { name: "all for the staff".to_owned(), texts: staff, limit: STAFF_LIX });
    Ok(groups)
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

    #[test]
    fn lix_is_words_per_sentence_plus_percentage_of_long_words() {
        let text = "Du bestemmer selv. Det er dine ord".to_owned();
        let figures = Figures::of(&[("key".to_owned(), text)]);
        assert_eq!((figures.sentences, figures.words, figures.long_words, figures.longest), (2, 7, 1, 4));
        assert!((figures.lix() - (3.5 + 100.0 / 7.0)).abs() < 1e-9);
    }
}
