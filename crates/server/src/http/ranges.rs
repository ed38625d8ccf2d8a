//! Which bytes of a file a request asks for: RFC 9110, section 14.
//!
//! Written here, since the crates that read this header (`http-range-header` 0.4, which `tower-http` uses, and `headers` 0.4) refuse or
//! drop what the RFC says has an answer: the last bytes of a shorter film, ranges of which only some are in the file, an empty element.

use std::ops::Range;

/// Who plays a film asks for one. Many small ones would be much work for little.
const MOST: usize = 8;

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Asked {
    /// No range that is understood, or too many: the header counts for nothing.
    All,
    /// These, in the order in which they were asked for. One at least.
    Parts(Vec<Range<u64>>),
    /// None of it is in the file.
    Nothing,
}

/// Reads a `range` for a file of so many bytes.
pub fn asked(header: &str, length: u64) -> Asked {
    let Some((unit, set)) = header.split_once('=') else { return Asked::All };
    if !unit.eq_ignore_ascii_case("bytes") {
        return Asked::All;
    }
    let (mut count, mut parts) = (0, Vec::<Range<u64>>::new());
    for spec in set.split(',').map(|spec| spec.trim_matches([' ', '\t'])).filter(|spec| !spec.is_empty()) {
        let Some(part) = part(spec, length) else { return Asked::All };
        count += 1;
        if !part.is_empty() {
            parts.push(part);
        }
    }
    let overlap = |one: &Range<u64>, other: &Range<u64>| one.start < other.end && other.start < one.end;
    if count == 0 || count > MOST || (1..parts.len()).any(|at| parts[..at].iter().any(|one| overlap(one, &parts[at]))) {
        return Asked::All;
    }
    if parts.is_empty() { Asked::Nothing } else { Asked::Parts(parts) }
}

/// One range; an empty one is not in the file. `None` when it is not written as a range is.
fn part(spec: &str, length: u64) -> Option<Range<u64>> {
    let (first, last) = spec.split_once('-')?;
    if first.is_empty() {
        return Some(length.saturating_sub(number(last)?)..length);
    }
    let start = number(first)?;
    let end = match last {
        "" => length,
        last => {
            let end = number(last)?.saturating_add(1).min(length);
            if is_less(last, first) {
                return None;
            }
            end
        }
    };
    Some(start..end)
}

/// Of numbers, as they are written: both may be too large to be counted with.
fn is_less(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(|digits| digits.trim_start_matches('0'));
    (one.len(), one) < (other.len(), other)
}

/// One that is too large to be counted with is past every end.
fn number(digits: &str) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::{Asked, asked};

    #[test]
    fn ranges_are_read_as_the_rfc_says() {
        let huge = "9".repeat(30);
        let (past, to_the_end) = (format!("bytes={huge}-"), format!("bytes=2-{huge}"));
        let (still_past, backwards) = (format!("bytes={huge}8-0{huge}9"), format!("bytes={huge}9-0{huge}8"));
        for (header, parts) in [
            ("bytes=0-0", &[(0, 1)][..]),
            ("bytes=2-5", &[(2, 6)]),
            ("Bytes=2-5", &[(2, 6)]),
            ("bytes=2-", &[(2, 10)]),
            ("bytes=9-", &[(9, 10)]),
            ("bytes=2-99", &[(2, 10)]),
            (&to_the_end, &[(2, 10)]),
            ("bytes=-3", &[(7, 10)]),
            ("bytes=-99", &[(0, 10)]),
            ("bytes= 0-1 ,\t, 4-5,", &[(0, 2), (4, 6)]),
            ("bytes=4-5,0-1", &[(4, 6), (0, 2)]),
            ("bytes=0-1,10-,-0", &[(0, 2)]),
        ] {
            let parts = parts.iter().map(|(start, end)| *start..*end).collect();
            assert_eq!(asked(header, 10), Asked::Parts(parts), "{header}");
        }
        for header in ["bytes=10-", "bytes=10-20,30-", "bytes=-0", &past, &still_past] {
            assert_eq!(asked(header, 10), Asked::Nothing, "{header}");
        }
        for header in [
            "",
            "bytes",
            "bytes=",
            "bytes=,",
            "bytes=-",
            "bytes=5-2",
            &backwards,
            "bytes=a-b",
            "bytes=+1-2",
            "bytes=1-2-3",
            "bytes=1 - 2",
            "bytes=0-1,x",
            "bytes =0-1",
            "seconds=0-1",
            "bytes=0-5,3-8",
            "bytes=0-,0-",
            "bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7,8-8",
        ] {
            assert_eq!(asked(header, 10), Asked::All, "{header}");
        }
    }
}
