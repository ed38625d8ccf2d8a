//! Captions as WebVTT, and what makes them good to read.

/// A caption: from when to when in seconds, and its lines.
#[derive(Clone, PartialEq, Debug)]
pub struct Caption {
    pub from: f64,
    pub to: f64,
    pub lines: Vec<String>,
}

pub const MOST_LINES: usize = 2;
pub const MOST_LETTERS: usize = 32;
pub const MOST_A_SECOND: f64 = 12.0;
/// Shorter than that nobody sees that it was there.
const LEAST_SECONDS: f64 = 1.0;

fn seconds(text: &str) -> Option<f64> {
    text.trim().split(':').try_fold(0.0, |sum, part| Some(sum * 60.0 + part.parse::<f64>().ok()?))
}

/// Reads the captions of a file.
///
/// # Errors
/// When it is no WebVTT of the plain kind that is written here.
pub fn read(text: &str) -> Result<Vec<Caption>, String> {
    let mut blocks = text.trim().split("\n\n");
    if blocks.next() != Some("WEBVTT") {
        return Err("it does not begin with WEBVTT and an empty line".to_owned());
    }
    blocks
        .map(|block| {
            let mut lines = block.lines();
            let times = lines.next().unwrap_or_default();
            let (from, to) = times
                .split_once("-->")
                .and_then(|(from, to)| seconds(from).zip(seconds(to)))
                .ok_or_else(|| format!("{times} is no time"))?;
            Ok(Caption { from, to, lines: lines.map(str::to_owned).collect() })
        })
        .collect()
}

/// What makes them hard to read, in a film of this length.
pub fn list_faults(captions: &[Caption], length: f64) -> Vec<String> {
    let mut faults = Vec::new();
    let mut end = 0.0;
    for caption in captions {
        let words = caption.lines.join(" ");
        let mut fault = |what: &str| faults.push(format!("“{words}” {what}"));
        if caption.from < end {
            fault("begins before the one above has ended");
        }
        if caption.to - caption.from < LEAST_SECONDS {
            fault("is gone too soon");
        }
        if caption.to > length {
            fault("goes on after the film");
        }
        if caption.lines.is_empty() || caption.lines.len() > MOST_LINES {
            fault("has no line, or more than two");
        }
        if caption.lines.iter().any(|line| line.chars().count() > MOST_LETTERS) {
            fault("has a line of more than 32 letters");
        }
        if words.chars().count() as f64 / (caption.to - caption.from).max(0.01) > MOST_A_SECOND {
            fault("is more than can be read in its time");
        }
        end = caption.to;
    }
    if captions.is_empty() {
        faults.push("there are none".to_owned());
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_are_read() {
        let text = "WEBVTT\n\n00:01.000 --> 00:03.500\nDet er dit møde.\n\n00:04.000 --> 01:06.000\nTo\nlinjer\n";
        let captions = read(text).unwrap_or_default();
        assert_eq!((captions.len(), captions[0].from, captions[1].to), (2, 1.0, 66.0));
        assert_eq!(captions[1].lines, ["To", "linjer"]);
        assert!(list_faults(&captions, 70.0).is_empty());
        assert!(read("00:01.000 --> 00:03.500\nDet").is_err());
    }

    #[test]
    fn what_is_hard_to_read_is_found() {
        let one = |from, to, lines: &[&str]| Caption {
            from,
            to,
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        };
        for (captions, what) in [
            (vec![], "none"),
            (vec![one(0.0, 3.0, &["Hej"]), one(2.0, 5.0, &["igen"])], "before"),
            (vec![one(0.0, 0.5, &["Hej"])], "soon"),
            (vec![one(8.0, 11.0, &["Hej"])], "after"),
            (vec![one(0.0, 9.0, &["a", "b", "c"])], "more than two"),
            (vec![one(0.0, 9.0, &["en linje, der er længere end det, man kan læse"])], "32"),
            (vec![one(0.0, 1.5, &["Det her er meget på kort tid"])], "its time"),
        ] {
            let faults = list_faults(&captions, 10.0);
            assert!(faults.len() == 1 && faults[0].contains(what), "{what}: {faults:?}");
        }
    }
}
