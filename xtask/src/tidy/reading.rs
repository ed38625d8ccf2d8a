//! How easily the texts read, in LIX: the words of a sentence on average, plus the percentage of words with more than six
//! letters. Under 25 is easy; a newspaper is at 45.

use anyhow::Result;

use super::texts;

const YOUNG_LIX: f64 = 15.0;
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

pub fn hard_texts() -> Result<Vec<String>> {
    let (staff, young) = split()?;
    let mut broken = Vec::new();
    for (figures, limit, whose) in
        [(Figures::of(&young), YOUNG_LIX, "young"), (Figures::of(&staff), STAFF_LIX, "staff")]
    {
        if figures.lix() > limit {
            broken.push(format!("LIX of the {whose} texts is {:.1}, at most {limit}", figures.lix()));
        }
    }
    for (key, text) in &young {
        for sentence in sentences(text) {
            let count = words(sentence).len();
            if count > YOUNG_SENTENCE {
                broken.push(format!("{key}: a sentence of {count} words: {sentence}"));
            }
        }
    }
    Ok(broken)
}

pub fn print_figures() -> Result<()> {
    let (staff, young) = split()?;
    for (name, texts) in [("young", young), ("staff", staff)] {
        let figures = Figures::of(&texts);
        let (lix, longest, words) = (figures.lix(), figures.longest, figures.words);
        println!(
            "tidy: LIX {name}: {lix:.1}, longest sentence {longest} words, {words} words in {} texts",
            texts.len()
        );
    }
    Ok(())
}

type Texts = Vec<(String, String)>;

fn split() -> Result<(Texts, Texts)> {
    Ok(texts::danish()?.into_iter().partition(|(key, _)| texts::is_for_staff(key)))
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

    #[test]
    fn lix_is_words_per_sentence_plus_percentage_of_long_words() {
        let text = "Du bestemmer selv. Det er dine ord".to_owned();
        let figures = Figures::of(&[("key".to_owned(), text)]);
        assert_eq!((figures.sentences, figures.words, figures.long_words, figures.longest), (2, 7, 1, 4));
        assert!((figures.lix() - (3.5 + 100.0 / 7.0)).abs() < 1e-9);
    }
}
