//! Payloads of every version, frozen: what was written once can be read for ever.
//!
//! A file in `fixtures/v1` never changes. A new version of the payload gets a folder of its own.

use plan::author::{ATTENDANCE, Author, REFLECTION, Right, fields, right};
use plan::op::{BadOp, VERSION, Value};
use plan::{Editor, OpSet, Part, Record, ReplicaId};
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

/// Whose words are frozen beside a guest's.
const STAFF: &str = "795cf0cdece784571974c54a06a7f0d1";

fn fixtures(version: &str) -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(version);
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |path: &PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

fn insert_all(files: &[(String, String)]) -> OpSet {
    let mut set = OpSet::new();
    for (name, raw) in files {
        set.insert(Record::parse(raw).unwrap_or_else(|error| panic!("{name}: {error}")));
    }
    set
}

#[test]
fn version_1_is_read_and_written_byte_for_byte() {
    assert_eq!(VERSION, 1, "a new version needs frozen fixtures of its own");
    let files = fixtures("v1");
    for (name, raw) in &files {
        let record = Record::parse(raw).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(record.raw(), raw, "{name}");
        assert_eq!(Record::new(record.op.clone()).raw(), raw, "{name} is written otherwise than it was");
        assert_eq!(record.erased().is_erased(), record.erased().raw().contains(r#""gone":true"#), "{name}");
    }
    crate::report(&format!("fixtures: {} payloads of version 1", files.len()));
    assert_eq!(files.len(), 17);
}

#[test]
fn version_1_means_what_it_meant() {
    let all = fixtures("v1");
    let set = insert_all(&all);
    assert!(!set.is_read_only());
    let entries = set.list_entries(Part::PlanGreen, "g_tegn");
    assert_eq!(entries.len(), 0, "both texts are erased, so there is nothing to show");

    let living: Vec<_> = all.into_iter().filter(|(name, _)| name != "text-erased" && name != "entry-erasure").collect();
    let set = insert_all(&living);
    let entries = set.list_entries(Part::PlanGreen, "g_tegn");
    assert_eq!(entries.len(), 1, "deleted, and that was undone");
    assert_eq!((entries[0].texts.shown(), entries[0].order.as_str()), ("Jeg går en lang tur", "3"));
    assert_eq!(set.history(&entries[0].on, "text")[0].text, "Jeg går en tur. \"Æøå\" 😀\nog \\ hjem");
    let section = |part, name: &str| set.list_sections(part).into_iter().find(|s| s.on.name() == name).unwrap();
    assert_eq!(section(Part::PlanYellow, "y_trig").title, "Mine egne ord");
    assert!(!section(Part::PlanRed, "r_nu").hidden);
    assert!(section(Part::PlanAfter, "0123456789abcdef-13").added);
    assert_eq!(set.texts(&plan::template::first_meeting(), "date").shown(), "2026-11-22");
    assert_eq!(set.texts(&plan::Entity::section(Part::AboutMe, "navn"), "text").shown(), "sidst");
}

/// What a server has minted for an adult: read as it was meant, and kept with the mark that the server knows it by.
#[test]
fn adults_words_mean_what_they_meant() {
    let files = fixtures("adults");
    let set = insert_all(&files);
    assert_eq!((files.len(), set.len()), (15, 15));
    let mut kept: Vec<&str> = set.iter().map(Record::raw).collect();
    kept.sort_unstable();
    let mut raws: Vec<&str> = files.iter().map(|(_, raw)| raw.as_str()).collect();
    raws.sort_unstable();
    assert_eq!(kept, raws);
    let answers = set.list_answers(&"meeting/entry/00c0ffee00c0ffee-21".parse().unwrap());
    let read: Vec<_> = answers.iter().map(|it| (it.said, it.reason.as_str(), it.from.as_str())).collect();
    assert_eq!(read, [(plan::Said::Later, "Vi spørger din mor. \"Æøå\" 😀", "Sara Holm, Bostedet Lindely")]);
    assert_eq!(set.list_answers(&"meeting/entry/00c0ffee00c0ffee-2".parse().unwrap()), []);
    let reflections = set.list_reflections(&plan::template::first_meeting());
    let read: Vec<_> = reflections.iter().map(|it| (it.levels, it.words.as_str(), it.by.from.as_str())).collect();
    let partly = [Some(plan::Level::Partly), None, None];
    let each = plan::Level::ALL.map(Some);
    let expected = [(partly, "Tak for kaffe. \"Æøå\" 😀"), (each, "Alle kom til orde. \"Æøå\" 😀")];
    assert_eq!(read, expected.map(|(levels, words)| (levels, words, plan::author::GUEST)));
    let attendance = set.attendance(&plan::template::first_meeting());
    let read: Vec<_> = attendance.theirs.iter().map(|it| (it.kinds.to_string(), it.by.from.as_str())).collect();
    assert_eq!(read, [("home relative".to_owned(), "Sara Holm, Bostedet Lindely")]);
    assert_eq!(attendance.kinds(), ["relative", "home"]);
    // Beside an entry that is there, which is the young person's to write.
    let mut set = set;
    let entry: plan::Entity = "red/entry/00c0ffee00c0ffee-15".parse().unwrap();
    assert_eq!(set.list_suggestions(&entry), []);
    let seen = plan::Seen::nothing(entry.clone());
    let own = Editor::new(ReplicaId(1)).add_entry_as(&set, &seen, Part::PlanRed, "r_nu", "Gå ud", None).unwrap();
    own.into_iter().for_each(|record| drop(set.insert(record)));
    let suggestions = set.list_suggestions(&entry);
    let read: Vec<_> = suggestions.iter().map(|it| (it.text.as_str(), it.taken, it.by.from.as_str())).collect();
    assert_eq!(read, [("Gå en tur om søen. \"Æøå\" 😀", None, "Sara Holm, Bostedet Lindely")]);
}

/// Each row of the table that is not the young person's has a payload that stays readable: of who came, and of a guest.
#[test]
fn every_field_of_who_came_and_of_a_guest_is_frozen() {
    let set = insert_all(&fixtures("adults"));
    for (kind, author) in [(ATTENDANCE, Author::Staff(STAFF)), (REFLECTION, Author::Guest)] {
        let frozen: BTreeSet<(&str, &str)> = set
            .iter()
            .filter(|record| record.op.on.kind_name() == kind)
            .map(|record| (record.op.by.as_str(), record.op.field.as_str()))
            .collect();
        let on = set.iter().map(|record| &record.op.on).find(|on| on.kind_name() == kind).unwrap();
        let authors = [author.to_string(), Author::Server.to_string()];
        let rows = fields().filter(|(name, _)| *name == kind).flat_map(|(_, field)| {
            let writes = move |by: &&String| right(Author::from_name(by).unwrap(), on, field) == Right::Writes;
            authors.iter().filter(writes).map(move |by| (by.as_str(), field))
        });
        assert_eq!(frozen, rows.collect(), "{kind}");
    }
}

#[test]
fn version_2_survives_a_round_trip_byte_for_byte_and_is_read_only() {
    let files = fixtures("v2");
    for (name, raw) in &files {
        let set = insert_all(&[(name.clone(), raw.clone())]);
        let kept: Vec<&str> = set.iter().map(Record::raw).collect();
        assert_eq!(kept, [raw.as_str()], "{name}");
        assert!(set.is_read_only(), "{name}");
    }
    let mut set = insert_all(&files);
    assert_eq!(set.len(), files.len());
    let on = plan::Entity::section(Part::AboutMe, "navn");
    assert_eq!(set.texts(&on, "text").0, [], "a value that is not known is not shown");
    assert_eq!(set.heads(&on, "text")[0].op.value, Some(Value::Unknown));
    let mut editor = Editor::new(ReplicaId(1));
    assert_eq!(editor.set_text(&set, &set.see(&on), "text", "x"), Err(plan::Refused::WrittenByNewerApp));
    assert_eq!(set.prune(u64::MAX, 0), []);
    let strange = set.iter().find(|record| record.op.on.as_str() == "film/scene/s1").unwrap();
    assert_eq!((strange.op.on.part(), strange.op.on.kind()), (None, None));
}

#[test]
fn unknown_fields_of_this_version_are_kept_and_do_not_lock() {
    let raw = r#"{"v":1,"id":"0123456789abcdef-1","at":"5.0","by":"young","on":"about/section/navn","f":"text","p":[],"c":1,"val":"hej", "new":[1, 2]}"#;
    let set = insert_all(&[("unknown".to_owned(), raw.to_owned())]);
    assert_eq!(set.iter().next().map(Record::raw), Some(raw));
    assert!(!set.is_read_only());
}

/// The same with a field that this build does not know, so that it is not read in one go.
fn with_more(raw: &str) -> String {
    raw.replacen('{', r#"{"more":[{}],"#, 1).replace(",}", "}")
}

#[test]
fn what_is_read_in_one_go_says_what_it_says_field_by_field() {
    let escaped = r#"{"v":1,"id":"0123456789abcdef-1","at":"0.0","by":"young","on":"about/section/navn","f":"text","p":[],"c":1,"val":"\u00e6\"\n"}"#;
    let last_one_counts = escaped.replace(r#""c":1"#, r#""c":1,"c":2"#);
    let spaced = escaped.replace(r#"{"v""#, r#" {"v" "#);
    for raw in
        [escaped.to_owned(), last_one_counts, spaced].into_iter().chain(fixtures("v1").into_iter().map(|it| it.1))
    {
        let record = Record::parse(&raw).unwrap();
        assert_eq!(Record::parse(&with_more(&raw)).unwrap().op, record.op, "{raw}");
        assert_eq!(record.raw(), raw);
    }
}

#[test]
fn erasing_takes_what_a_newer_build_added_too() {
    for (name, raw) in fixtures("v2") {
        let record = Record::parse(&raw).unwrap();
        let erased = record.erased();
        assert!(erased.is_erased() && erased.op.version == 2 && erased.op.id == record.op.id, "{name}");
        for word in ["hej", "mood", "fed", "rich", "\\u00e6", "ny"] {
            assert!(!erased.raw().contains(word), "{name}: {word} is still in {}", erased.raw());
        }
    }
}

#[test]
fn what_is_no_operation_is_refused() {
    const FINE: &str = r#"{"v":1,"id":"0123456789abcdef-1","at":"5.0","by":"young","on":"about/section/navn","f":"text","p":["0123456789abcdef-2"],"c":1,"val":"hej"}"#;
    assert!(Record::parse(FINE).is_ok());
    let with = |from: &str, to: &str| {
        assert!(FINE.contains(from), "{from}");
        FINE.replacen(from, to, 1)
    };
    let parents = |count: usize| with(r#""0123456789abcdef-2""#, &vec![r#""0123456789abcdef-2""#; count].join(","));
    let on = |on: &str| with("about/section/navn", on);
    let id = |id: &str| with("0123456789abcdef-1", id);
    let at = |at: &str| with("5.0", at);
    let cases = [
        (String::new(), BadOp::NotJson),
        ("null".to_owned(), BadOp::NotJson),
        ("[]".to_owned(), BadOp::NotJson),
        ("\"hej\"".to_owned(), BadOp::NotJson),
        (FINE[..FINE.len() - 1].to_owned(), BadOp::NotJson),
        (format!("{FINE}x"), BadOp::NotJson),
        (format!("{FINE}{FINE}"), BadOp::NotJson),
        (with("hej", "\u{0}"), BadOp::NotJson),
        (with("hej", "\\ud800"), BadOp::NotJson),
        ("[".repeat(30_000), BadOp::NotJson),
        (with("hej", &"a".repeat(40_000)), BadOp::TooLarge),
        (format!("{FINE}{}", " ".repeat(33_000)), BadOp::TooLarge),
        (
            r#"["5.0","young",1,"text",false,"0123456789abcdef-1","about/section/navn",[],1,"hej"]"#.to_owned(),
            BadOp::NotJson,
        ),
        ("{}".to_owned(), BadOp::Field("p")),
        (with(r#""v":1,"#, ""), BadOp::Field("v")),
        (with(r#""v":1"#, r#""v":"1""#), BadOp::Field("v")),
        (with(r#""v":1"#, r#""v":-1"#), BadOp::Field("v")),
        (with(r#""v":1"#, r#""v":1.5"#), BadOp::Field("v")),
        (with(r#""v":1"#, r#""v":0"#), BadOp::Field("v")),
        (with(r#""id":"0123456789abcdef-1","#, ""), BadOp::Field("id")),
        (id("0123456789ABCDEF-1"), BadOp::Field("id")),
        (id("0123456789abcde-1"), BadOp::Field("id")),
        (id("0123456789abcdefa-1"), BadOp::Field("id")),
        (id("+123456789abcdef-1"), BadOp::Field("id")),
        (id("0123456789abcdef"), BadOp::Field("id")),
        (id("0123456789abcdef-"), BadOp::Field("id")),
        (id("0123456789abcdef-0"), BadOp::Field("id")),
        (id("0123456789abcdef-01"), BadOp::Field("id")),
        (id("0123456789abcdef-+1"), BadOp::Field("id")),
        (id("0123456789abcdef-1-1"), BadOp::Field("id")),
        (id("0123456789abcdef-99999999999999999999"), BadOp::Field("id")),
        (with(r#""at":"5.0","#, ""), BadOp::Field("at")),
        (at("5"), BadOp::Field("at")),
        (at("5."), BadOp::Field("at")),
        (at(".0"), BadOp::Field("at")),
        (at("+5.0"), BadOp::Field("at")),
        (at("05.0"), BadOp::Field("at")),
        (at("5.00"), BadOp::Field("at")),
        (at("-5.0"), BadOp::Field("at")),
        (at("5.0.0"), BadOp::Field("at")),
        (at("18446744073709551616.0"), BadOp::Field("at")),
        (at("5.4294967296"), BadOp::Field("at")),
        (with(r#""by":"young","#, ""), BadOp::Field("by")),
        (with("young", ""), BadOp::Field("by")),
        (with("young", &"y".repeat(81)), BadOp::Field("by")),
        (with(r#""on":"about/section/navn","#, ""), BadOp::Field("on")),
        (on("about/section"), BadOp::Field("on")),
        (on("about/section/"), BadOp::Field("on")),
        (on("about//navn"), BadOp::Field("on")),
        (on("about/section/navn/x"), BadOp::Field("on")),
        (on("about/section/Navn"), BadOp::Field("on")),
        (on("about/section/nævn"), BadOp::Field("on")),
        (on("../section/navn"), BadOp::Field("on")),
        (on(&format!("about/section/{}", "n".repeat(107))), BadOp::Field("on")),
        (with(r#""f":"text","#, ""), BadOp::Field("f")),
        (with(r#""f":"text""#, r#""f":"""#), BadOp::Field("f")),
        (with(r#""f":"text""#, &format!(r#""f":"{}""#, "f".repeat(41))), BadOp::Field("f")),
        (with(r#""p":["0123456789abcdef-2"],"#, ""), BadOp::Field("p")),
        (with(r#"["0123456789abcdef-2"]"#, "null"), BadOp::Field("p")),
        (with(r#""0123456789abcdef-2""#, "2"), BadOp::Field("p")),
        (with("0123456789abcdef-2", "x"), BadOp::Field("p")),
        (parents(1_001), BadOp::Field("p")),
        (with(r#""c":1,"#, ""), BadOp::Field("c")),
        (with(r#""c":1"#, r#""c":-1"#), BadOp::Field("c")),
        (with(r#""c":1"#, r#""c":18446744073709551616"#), BadOp::Field("c")),
        (with(r#","val":"hej""#, ""), BadOp::Field("val")),
        (with(r#""val":"hej""#, r#""gone":false"#), BadOp::Field("val")),
        (with(r#""val":"hej""#, r#""gone":"true""#), BadOp::Field("val")),
    ];
    for (raw, error) in &cases {
        let shown: String = raw.chars().take(200).collect();
        assert_eq!(Record::parse(raw).map(|record| record.op), Err(*error), "{shown}");
        assert_eq!(Record::parse(&with_more(raw)).map(|record| record.op), Err(*error), "with a field more: {shown}");
    }
    // The limits themselves are fine.
    for raw in [
        parents(1_000),
        with("young", &"y".repeat(80)),
        with(r#""f":"text""#, &format!(r#""f":"{}""#, "f".repeat(40))),
        on(&format!("about/section/{}", "n".repeat(106))),
        format!("{FINE}{}", " ".repeat(plan::limits::MAX_OP_BYTES - FINE.len())),
    ] {
        assert!(Record::parse(&raw).is_ok());
    }
    crate::report(&format!("fixtures: {} malformed payloads refused", cases.len()));
}

#[test]
fn nothing_that_can_be_read_makes_a_set_stumble() {
    use crate::rng::Rng;
    let files: Vec<String> = ["v1", "v2"].iter().flat_map(|version| fixtures(version)).map(|(_, raw)| raw).collect();
    let mut read = 0;
    let mut set = OpSet::new();
    for seed in 0..20_000 {
        let mut rng = Rng::new(seed);
        let mut bytes = files[rng.below(files.len())].clone().into_bytes();
        for _ in 0..1 + rng.below(3) {
            let place = rng.below(bytes.len());
            match rng.below(3) {
                0 => bytes[place] = rng.next() as u8,
                1 => drop(bytes.remove(place)),
                _ => bytes.insert(place, b"0123456789abc\"{}[],:-./"[rng.below(23)]),
            }
        }
        let Some(record) = std::str::from_utf8(&bytes).ok().and_then(|raw| Record::parse(raw).ok()) else {
            continue;
        };
        read += 1;
        let again = Record::new(record.op.clone());
        let kept = Record::parse(again.raw()).expect("what we write can be read");
        let unknown = record.op.value == Some(Value::Unknown);
        assert!(unknown || kept.op == record.op, "{}", record.raw());
        set.insert(record);
    }
    set.canonical();
    set.prune(u64::MAX, 0);
    assert!(read > 1_000, "{read}");
}
