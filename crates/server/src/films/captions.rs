//! Captions in WebVTT, as far as they can be wrong without anybody noticing before a film is played: <https://www.w3.org/TR/webvtt1/>.
//!
//! What players forgive is not looked at: the settings of a cue, what marks its words, style.

use super::words;

/// A film's length is rounded in its file.
const ROUNDED: f64 = 0.5;

/// Says in which line which rule is broken. `seconds` is how long the film is.
pub fn check(bytes: &[u8], seconds: f64) -> Result<(), String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "the text is not in UTF-8")?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = (1..).zip(text.lines()).peekable();
    let header = lines.next().and_then(|(_, line)| line.strip_prefix("WEBVTT"));
    if !header.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t'])) {
        return Err("the first line is not WEBVTT".to_owned());
    }
    let (mut last, mut count) = (0.0, 0);
    while let Some((number, line)) = lines.next() {
        let Some((start, rest)) = line.split_once("-->") else { continue };
        let at = |fault: &str| format!("line {number}: {fault}");
        let end = rest.split_whitespace().next().unwrap_or_default();
        let (Some(start), Some(end)) = (time(start.trim()), time(end)) else {
            return Err(at("times are written 00:01.500 --> 00:04.000"));
        };
        if start < last {
            return Err(at("the captions are not in order"));
        }
        if end <= start {
            return Err(at("it ends before it begins"));
        }
        if end > seconds + ROUNDED {
            return Err(at("it stands longer than the film lasts"));
        }
        // The words, to which an arrow would be the next time.
        let mut says_something = false;
        while let Some((_, words)) = lines.next_if(|(_, words)| !words.trim().is_empty() && !words.contains("-->")) {
            // Of music a note is enough.
            says_something |= words.chars().any(words::is_seen);
        }
        if !says_something {
            return Err(at("it says nothing"));
        }
        (last, count) = (start, count + 1);
    }
    if count == 0 { Err("there is no caption in it".to_owned()) } else { Ok(()) }
}

/// `01:02.345` or `01:01:02.345`, in seconds.
fn time(text: &str) -> Option<f64> {
    let (whole, millis) = text.split_once('.')?;
    let parts: Vec<&str> = whole.split(':').collect();
    let (hours, minutes, seconds) = match parts[..] {
        [minutes, seconds] => ("00", minutes, seconds),
        [hours, minutes, seconds] => (hours, minutes, seconds),
        _ => return None,
    };
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>, most: u32| {
        let is_number = digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<u32>().ok()).flatten().filter(|number| *number <= most)
    };
    let hours = number(hours, 2..=4, 9_999)?;
    let (minutes, seconds, millis) =
        (number(minutes, 2..=2, 59)?, number(seconds, 2..=2, 59)?, number(millis, 3..=3, 999)?);
    Some(f64::from(hours * 3600 + minutes * 60 + seconds) + f64::from(millis) / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn captions_are_read_as_players_read_them() {
        let timed = |first: &str, second: &str| format!("WEBVTT\n\n{first}\nHej.\n\n{second}\nHej igen.\n");
        for good in [
            "WEBVTT\n\n00:00.000 --> 00:01.000\nHej.\n".to_owned(),
            "\u{feff}WEBVTT - Dansk\r\n\r\nNOTE til os\r\n\r\n1\r\n00:00:00.000 --> 00:00:01.000 line:80%\r\nHej\r\nmed dig.\r\n".to_owned(),
            timed("00:00.000 --> 00:01.000", "00:00.500 --> 00:02.400"),
            "WEBVTT\n\n00:00.000 --> 00:01.000\n\u{200b}\nHej.\n\n00:01.000 --> 00:02.000\n♪\n".to_owned(),
        ] {
            assert_eq!(check(good.as_bytes(), 2.0), Ok(()), "{good}");
        }
        for (bad, fault) in [
            ("1\n00:00:00,000 --> 00:00:01,000\nHej.\n".to_owned(), "the first line is not WEBVTT"),
            ("WEBVTTx\n\n00:00.000 --> 00:01.000\nHej.\n".to_owned(), "the first line is not WEBVTT"),
            ("WEBVTT\n\nHej.\n".to_owned(), "there is no caption in it"),
            ("WEBVTT\n\n00:00.000 --> 00:01.000\n\nHej.\n".to_owned(), "line 3: it says nothing"),
            ("WEBVTT\n\n00:00.000 --> 00:01.000\n \u{200b}\n".to_owned(), "line 3: it says nothing"),
            (timed("00:00,000 --> 00:01.000", ""), "line 3: times are written 00:01.500 --> 00:04.000"),
            (timed("00:00.000 --> 00:61.000", ""), "line 3: times are written 00:01.500 --> 00:04.000"),
            (timed("00:01.000 --> 00:01.500", "00:00.500 --> 00:01.000"), "line 6: the captions are not in order"),
            (timed("00:01.000 --> 00:01.000", ""), "line 3: it ends before it begins"),
            (
                timed("00:00.000 --> 00:01.000", "00:01.000 --> 00:02.600"),
                "line 6: it stands longer than the film lasts",
            ),
        ] {
            assert_eq!(check(bad.as_bytes(), 2.0).unwrap_err(), fault, "{bad}");
        }
        assert!(check(b"WEBVTT\n\n00:00.000 --> 00:01.000\n\xff\n", 2.0).is_err());
    }
}
