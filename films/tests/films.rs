//! Every film is as its README has it: it can be drawn, its captions can be read, and what was rendered is as new as what it is made of.

use films::captions::list_faults;
use films::library::{
    LANGUAGES, MOST_BYTES, NAMES, SECONDS, fingerprint, read_captions, read_drawings, read_fingerprints, read_script,
    rendered,
};
use serde_json::Value;

#[test]
fn every_story_can_be_drawn() {
    let drawings = read_drawings().unwrap();
    for name in NAMES {
        let script = read_script(name).unwrap();
        assert_eq!(drawings.list_faults(&script), [""; 0], "{name}");
        let seconds = script.seconds();
        assert!(SECONDS.contains(&seconds), "{name}: {seconds} s");
        assert!((0.0..seconds).contains(&script.poster), "{name}: the poster");
        // No frame is like the one a second before: something always lives.
        let frames: Vec<String> = (0..seconds as u32).map(|second| drawings.draw(&script, f64::from(second))).collect();
        assert!(frames.windows(2).all(|two| two[0] != two[1]), "{name}: it stands still");
    }
}

#[test]
fn captions_can_be_read_in_their_time() {
    for name in NAMES {
        let length = read_script(name).unwrap().seconds();
        let mut times = Vec::new();
        for language in LANGUAGES {
            let captions = read_captions(name, language).unwrap();
            assert_eq!(list_faults(&captions, length), [""; 0], "{name} {language}");
            times.push(captions.len());
        }
        assert_eq!(times[0], times[1], "{name}: as many in both languages");
    }
}

/// `cargo xtask films` renders them again.
#[test]
fn what_is_rendered_is_as_new_as_what_it_is_made_of() {
    let known = read_fingerprints().unwrap();
    let list: Value = serde_json::from_str(&std::fs::read_to_string(rendered().join("films.json")).unwrap()).unwrap();
    let films = list["films"].as_array().unwrap();
    assert_eq!(films.iter().map(|film| film["name"].as_str().unwrap()).collect::<Vec<_>>(), NAMES);
    for (name, film) in NAMES.into_iter().zip(films) {
        assert_eq!(
            known.get(name),
            Some(&fingerprint(name).unwrap()),
            "{name} is older than its source: cargo xtask films"
        );
        let bytes = std::fs::metadata(rendered().join(format!("{name}.mp4"))).unwrap().len();
        assert!(bytes <= MOST_BYTES, "{name}: {bytes} bytes");
        assert_eq!(film["bytes"], bytes, "{name}");
        assert!(rendered().join(format!("{name}.webp")).is_file(), "{name}: the poster");
        for language in LANGUAGES {
            let file = format!("{name}.{language}.vtt");
            let ours = std::fs::read(films::library::story(name).join(format!("{language}.vtt"))).unwrap();
            assert_eq!(std::fs::read(rendered().join(&file)).unwrap(), ours, "{file}");
        }
    }
}
