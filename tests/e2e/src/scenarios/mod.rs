//! What has to work, in the order of the main job. Each scenario starts from nothing.

mod accessible;
mod answers;
mod at_once;
mod both;
mod chunks;
mod desk;
mod english;
mod films;
mod films_saved;
mod first;
mod focus;
mod guests;
mod journey;
mod keyboard;
mod languages;
mod lost_answer;
mod meeting;
mod messages;
mod minutes;
mod newer_build;
mod no_at_once;
mod offline;
mod one_field;
mod one_young;
mod own_fields;
mod pieces;
mod remote;
mod stand_in;
mod storage;
mod suggestions;
mod tabs;
mod to_meeting;
mod too_long;
mod update;
mod whole;

use std::time::Instant;

use anyhow::{Result, bail};

use crate::driver::Engine;
use crate::process;

struct Scenario {
    name: &'static str,
    play: fn(Engine) -> Result<()>,
    /// Engines that it is not for, and why.
    not_for: Option<(&'static [Engine], &'static str)>,
}

const fn everywhere(name: &'static str, play: fn(Engine) -> Result<()>) -> Scenario {
    Scenario { name, play, not_for: None }
}

const NO_SETTING: Option<(&[Engine], &str)> = Some((&[Engine::Webkit], "MiniBrowser has no setting for it"));

const ONE_IS_ENOUGH: Option<(&[Engine], &str)> = Some((
    &[Engine::Firefox, Engine::Webkit],
    "what the app says of it is the same in all, and the journey loads them in all",
));

const OUR_LOGIC: Option<(&[Engine], &str)> = Some((
    &[Engine::Firefox, Engine::Webkit],
    "what it is about is the app's own logic, and no engine has a part in it",
));

const WHOLE_IN_ALL: Option<(&[Engine], &str)> = Some((
    &[Engine::Firefox, Engine::Webkit],
    "the whole of a meeting is played in all, and what this has besides is the app's own logic",
));

const SCENARIOS: &[Scenario] = &[
    everywhere("offline-start", offline::start),
    everywhere("first-screen", first::play),
    everywhere("journey", journey::play),
    everywhere("tabs", tabs::write_in_two),
    everywhere("living-tabs", tabs::one_that_lives),
    everywhere("one-field-tabs", one_field::two_tabs),
    everywhere("one-field-in-turn", one_field::in_turn),
    everywhere("one-field-phones", one_field::two_phones),
    everywhere("own-fields", own_fields::play),
    everywhere("too-long", too_long::play),
    everywhere("newer-build", newer_build::play),
    Scenario { name: "to-meeting", play: to_meeting::play, not_for: WHOLE_IN_ALL },
    everywhere("two-noes", no_at_once::two_on_a_slow_network),
    everywhere("no-beside-a-hang", no_at_once::beside_a_request_that_hangs),
    everywhere("lost-answer", lost_answer::play),
    Scenario { name: "answers", play: answers::play, not_for: WHOLE_IN_ALL },
    Scenario { name: "meeting", play: meeting::play, not_for: WHOLE_IN_ALL },
    Scenario { name: "meeting-beside", play: meeting::beside, not_for: OUR_LOGIC },
    Scenario {
        name: "minutes",
        play: minutes::play,
        not_for: Some((&[Engine::Webkit], "MiniBrowser has no folder for a file")),
    },
    Scenario { name: "messages", play: messages::play, not_for: WHOLE_IN_ALL },
    Scenario { name: "stand-in", play: stand_in::play, not_for: OUR_LOGIC },
    everywhere("suggestions", suggestions::play),
    Scenario {
        name: "guests",
        play: guests::play,
        not_for: Some((&[Engine::Webkit], "the guest is Chromium there, and the whole of a meeting has one too")),
    },
    everywhere("whole", whole::play),
    Scenario { name: "changed-while-sending", play: meeting::changed_while_sending, not_for: OUR_LOGIC },
    everywhere("at-once", at_once::play),
    Scenario { name: "desk", play: desk::play, not_for: OUR_LOGIC },
    Scenario {
        name: "one-young",
        play: one_young::play,
        not_for: Some((&[Engine::Firefox, Engine::Webkit], "only Chromium shows a page as it is on paper")),
    },
    Scenario { name: "answers-closed", play: answers::closed_while_sending, not_for: OUR_LOGIC },
    Scenario {
        name: "keyboard",
        play: keyboard::walk,
        not_for: Some((&[Engine::Webkit], "its driver's Tab does not always reach the page")),
    },
    Scenario { name: "focus", play: focus::moves, not_for: OUR_LOGIC },
    Scenario {
        name: "focus-late",
        play: focus::late,
        not_for: Some((&[Engine::Webkit], "its driver's Tab does not always reach the page")),
    },
    Scenario {
        name: "keyboard-answer",
        play: keyboard::answer,
        not_for: Some((&[Engine::Webkit], "its driver's Tab does not always reach the page")),
    },
    Scenario {
        name: "keyboard-staff",
        play: keyboard::staff,
        not_for: Some((
            &[Engine::Firefox, Engine::Webkit],
            "the walk through the young person's app is played in Firefox, and its driver's Tab gets lost in long ones",
        )),
    },
    Scenario { name: "storage-blocked", play: storage::blocked, not_for: NO_SETTING },
    Scenario { name: "storage-full", play: storage::full, not_for: NO_SETTING },
    everywhere("films", films::play),
    everywhere("films-saved", films_saved::saved),
    Scenario { name: "films-tidied", play: films_saved::tidied, not_for: OUR_LOGIC },
    Scenario { name: "films-full", play: films_saved::full, not_for: NO_SETTING },
    everywhere("films-point", films::point),
    Scenario {
        name: "films-keyboard",
        play: films::keyboard,
        not_for: Some((&[Engine::Webkit], "its driver's Tab does not always reach the page")),
    },
    Scenario {
        name: "films-still",
        play: films::still,
        not_for: Some((
            &[Engine::Firefox, Engine::Webkit],
            "only Chromium is told while it runs what the phone is set to",
        )),
    },
    everywhere("languages", languages::play),
    everywhere("update", update::play),
    Scenario { name: "chunks-failing", play: chunks::failing, not_for: ONE_IS_ENOUGH },
    Scenario { name: "chunks-silent", play: chunks::silent, not_for: ONE_IS_ENOUGH },
    Scenario { name: "chunks-of-before", play: chunks::of_before, not_for: ONE_IS_ENOUGH },
    Scenario { name: "chunks-behind", play: chunks::behind, not_for: ONE_IS_ENOUGH },
    Scenario { name: "chunks-details", play: pieces::details, not_for: ONE_IS_ENOUGH },
    Scenario { name: "chunks-reading", play: pieces::reading, not_for: ONE_IS_ENOUGH },
    Scenario { name: "chunks-late", play: chunks::late, not_for: ONE_IS_ENOUGH },
    Scenario {
        name: "accessible",
        play: accessible::screens,
        not_for: Some((&[Engine::Firefox, Engine::Webkit], "axe-core reads the page and not the engine")),
    },
];

/// Says which step has begun, so that a failure says where it was.
fn step(text: &str) {
    println!("  {text}");
}

/// Plays all scenarios, only those whose names begin so, or all but those, and prints how many passed.
pub fn run(engine: Engine, only: Option<&str>, except: Option<&str>) -> Result<()> {
    let is_wanted = |scenario: &&Scenario| {
        let begins = |start: &str| scenario.name.starts_with(start);
        only.is_none_or(begins) && !except.is_some_and(begins)
    };
    let wanted: Vec<_> = SCENARIOS.iter().filter(is_wanted).collect();
    if wanted.is_empty() {
        let names: Vec<_> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
        bail!("there is no such scenario; there are: {}", names.join(", "));
    }
    let (mut passed, mut failed) = (0, Vec::new());
    for Scenario { name, play, not_for } in wanted {
        if let Some((_, why)) = not_for.filter(|(engines, _)| engines.contains(&engine)) {
            println!("{} {name}: not in this engine: {why}", engine.name());
            continue;
        }
        let begun = Instant::now();
        match play(engine) {
            Ok(()) => {
                passed += 1;
                println!("{} {name}: ok, {:.1} s", engine.name(), begun.elapsed().as_secs_f32());
            }
            Err(error) => {
                failed.push(format!("{name}: {error:#}"));
                println!("{} {name}: FAILED, {:.1} s\n  {error:#}", engine.name(), begun.elapsed().as_secs_f32());
            }
        }
    }
    println!("{}: {passed} passed, {} failed", engine.name(), failed.len());
    if !failed.is_empty() {
        // Said once more: between the two may be hundreds of lines.
        bail!("{}\nlogs and pictures are in {}", failed.join("\n"), process::output_folder().display());
    }
    Ok(())
}
