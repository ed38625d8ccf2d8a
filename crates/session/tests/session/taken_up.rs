//! What a tab takes up: from the disk when it starts and when it wakes, from a file, and from the server.

use crate::tab::{NOW, Tab, disk, is_sync, view};
use plan::date::DAY_MILLIS;
use plan::{Part, Record};
use protocol::{ConsentView, MeView, SyncResponse};
use session::{Answer, Batch, Contact, Event, Failure, Loaded, Request, StoreError};

/// The operations that a tab has put on its disk, each as it stands last.
fn ops_of(tab: &Tab) -> Vec<String> {
    let all = tab.stored.iter().flat_map(|batch| batch.ops.iter().cloned());
    all.collect::<std::collections::BTreeMap<_, _>>().into_values().collect()
}

/// A tab that starts with this on its disk.
fn start(replica: u64, loaded: Loaded) -> Tab {
    let mut tab = Tab::new(replica);
    tab.stored.clear();
    tab.handle(Event::Loaded(loaded));
    tab
}

#[test]
fn what_cannot_be_read_is_said_and_left_where_it_is() {
    let mut first = Tab::new(1);
    first.write(Part::PlanGreen, "Ring");
    let readable = ops_of(&first);
    let with = |ops: Vec<String>, unreadable: usize| start(2, Loaded { ops, unreadable, ..Loaded::default() });
    assert_eq!(with(readable.clone(), 0).machine.trouble(), None);
    assert_eq!(with(readable.clone(), 1).machine.trouble(), Some(StoreError::Newer), "what could not be unsealed");
    let mut ops = vec!["{}".to_owned(), "no operation".to_owned()];
    ops.extend(readable);
    let tab = with(ops, 0);
    assert_eq!(tab.machine.trouble(), Some(StoreError::Newer), "what this build does not understand");
    assert_eq!(tab.machine.set().list_entries(Part::PlanGreen, "g_tegn").len(), 1, "the rest is there");
    assert!(tab.stored.is_empty(), "and nothing is written over");
}

#[test]
fn the_first_questions_are_asked_of_those_who_have_written_nothing() {
    let is_welcomed = |loaded: Loaded| start(2, loaded).machine.is_welcomed();
    assert!(!is_welcomed(Loaded::default()));
    assert!(is_welcomed(Loaded { meta: vec![("welcomed".into(), "1".into())], ..Loaded::default() }));
    let mut first = Tab::new(1);
    first.write(Part::PlanGreen, "Ring");
    assert!(is_welcomed(Loaded { ops: ops_of(&first), ..Loaded::default() }), "written by an earlier build");
    // Who has skipped them is not asked again, whether the disk answers once more or not.
    let mut tab = Tab::new(3);
    tab.machine.end_welcome();
    tab.run_until_idle();
    assert!(tab.machine.is_welcomed());
    let kept = ("welcomed".to_owned(), Some("1".to_owned()));
    assert!(tab.stored.iter().any(|batch| batch.meta.contains(&kept)));
    tab.handle(Event::Loaded(Loaded::default()));
    assert!(tab.machine.is_welcomed());
}

#[test]
fn a_consent_that_an_earlier_build_kept_is_read_and_the_next_answer_says_who_it_is_to() {
    let mut kept: serde_json::Value = serde_json::to_value(view("sara", &[Part::PlanRed])).unwrap();
    kept.as_object_mut().unwrap().remove("staff");
    let meta = vec![("consents".to_owned(), serde_json::json!([kept]).to_string())];
    let mut tab = start(2, Loaded { meta, ..Loaded::default() });
    let to = |tab: &Tab| tab.machine.sharing().consents.iter().map(|one| one.staff.clone()).collect::<Vec<_>>();
    assert_eq!(to(&tab), [""]);
    let told = ConsentView { staff: "5".repeat(32), hours: "8-15".into(), ..view("sara", &[Part::PlanRed]) };
    tab.machine.join(NOW, &MeView { consents: vec![told], devices: Vec::new() });
    tab.run_until_idle();
    assert_eq!(to(&tab), ["5".repeat(32)]);
    let again = start(3, disk(&[&tab]));
    assert_eq!(to(&again), ["5".repeat(32)], "it is kept");
    assert_eq!(again.machine.sharing().consents[0].profile.hours, "8-15", "and so is what they tell of themselves");
}

#[test]
fn replaced_words_are_kept_for_thirty_days() {
    let mut first = Tab::new(1);
    let on = first.write(Part::PlanGreen, "Ring");
    first.type_over(&on, "Ring til mor");
    first.flush(&on);
    // Three days of use are needed for it, by a clock that may be wrong on one of them.
    let has = |days: u64| {
        let mut tab = Tab::new(2);
        tab.now = NOW + days * DAY_MILLIS;
        let today = tab.now / DAY_MILLIS;
        let meta = vec![("opened".to_owned(), format!("{} {} {}", today - 9, today - 2, today - 1))];
        tab.handle(Event::Loaded(Loaded { ops: ops_of(&first), meta, ..Loaded::default() }));
        let texts = tab.machine.set().iter().filter_map(|record| Some(record.op.value.as_ref()?.text().to_owned()));
        let texts: Vec<String> = texts.collect();
        assert!(texts.contains(&"Ring til mor".to_owned()), "what stands is kept for good");
        // What goes here goes from the disk as well.
        let is_gone =
            tab.stored.iter().flat_map(|batch| &batch.ops).any(|(_, raw)| Record::parse(raw).unwrap().is_erased());
        assert_ne!(is_gone, texts.contains(&"Ring".to_owned()));
        !is_gone
    };
    assert!(has(31));
    assert!(!has(33));
}

/// A tab that had not heard of an erasure yet has written the words over it.
#[test]
fn words_that_are_erased_go_from_the_disk_too() {
    let mut first = Tab::new(1);
    let on = first.write(Part::PlanGreen, "Ring");
    let words = ops_of(&first);
    let seen = first.machine.set().see(&on);
    first.machine.erase(NOW, &seen).unwrap();
    first.run_until_idle();
    let erasure = ops_of(&first).into_iter().filter(|raw| !words.contains(raw));
    let ops = words.iter().cloned().chain(erasure).collect::<Vec<_>>();
    let tab = start(2, Loaded { ops, ..Loaded::default() });
    assert!(tab.texts(&on).is_empty());
    let written: Vec<&String> = tab.stored.iter().flat_map(|batch| &batch.ops).map(|(_, raw)| raw).collect();
    assert!(written.iter().any(|raw| Record::parse(raw).unwrap().is_erased()), "{written:?}");
    assert!(written.iter().all(|raw| !raw.contains("Ring")));
    // What stands there rightly is not written again at every start.
    let settled = ops_of(&first);
    let again = start(3, Loaded { ops: settled, ..Loaded::default() });
    assert!(again.stored.iter().all(Batch::is_empty), "{:?}", again.stored);
}

#[test]
fn a_file_is_taken_back_in_addition_to_what_is_here() {
    let mut first = Tab::new(1);
    first.write(Part::PlanGreen, "Ring");
    let mut tab = Tab::new(2);
    tab.write(Part::PlanGreen, "Synger");
    tab.told.clear();
    let records = || first.machine.set().iter().cloned().collect::<Vec<Record>>();
    assert!(records().iter().all(|record| !tab.machine.knows(&record.op.id.to_string())));
    assert_eq!(tab.machine.restore(NOW, records()), records().len());
    tab.run_until_idle();
    assert!(records().iter().all(|record| tab.machine.knows(&record.op.id.to_string())));
    assert!(!tab.machine.knows("no name"));
    assert_eq!(tab.machine.set().list_entries(Part::PlanGreen, "g_tegn").len(), 2);
    assert!(tab.on_disk("Ring"));
    assert_eq!(tab.told.first().map(|told| told[0].as_str()), Some("new"), "the other tabs have it, too");
    assert_eq!(tab.machine.restore(NOW, records()), 0, "and nothing of it is new a second time");
}

#[test]
fn what_the_server_brings_is_kept_told_and_not_sent_back() {
    let mut first = Tab::new(1);
    first.write(Part::PlanRed, "Synger");
    let mut tab = Tab::sharing(2, &[("sara", &[Part::PlanRed])]);
    tab.told.clear();
    tab.tick();
    let consents = vec![view("sara", &[Part::PlanRed])];
    let answer = |ops| SyncResponse {
        ops,
        consents: consents.clone(),
        cursor: 3,
        generation: "g".into(),
        ..SyncResponse::default()
    };
    tab.answer(is_sync, Ok(Answer::Sync(answer(ops_of(&first)))));
    assert!(tab.on_disk("Synger"));
    assert_eq!(tab.told.iter().filter(|told| told[0] == "known").count(), 1);
    tab.told.clear();
    tab.tick();
    assert!(tab.under_way().is_empty(), "the server has it");
    tab.answer(is_sync, Ok(Answer::Sync(answer(Vec::new()))));
    assert!(tab.told.iter().all(|told| told.len() > 1), "where nothing came, nothing is told: {:?}", tab.told);
    assert!(tab.stored.iter().all(|batch| batch.outbox_add.is_empty()));
}

/// After failures the server is left alone for a while, unless somebody wants to know.
#[test]
fn whoever_asks_is_not_kept_waiting() {
    let mut tab = Tab::sharing(1, &[("sara", &[Part::PlanRed])]);
    for _ in 0..60 {
        tab.tick();
        if tab.sent.iter().any(|(_, request)| is_sync(request)) {
            tab.answer(is_sync, Err(Failure::Offline));
        }
        if tab.machine.contact() == Contact::Offline && tab.sent.is_empty() {
            let before = tab.now;
            tab.tick();
            tab.now = before;
        }
    }
    while tab.sent.iter().any(|(_, request)| is_sync(request)) {
        tab.answer(is_sync, Err(Failure::Offline));
    }
    tab.tick();
    assert!(tab.sent.is_empty(), "it rests");
    tab.machine.sync_now(tab.now);
    tab.run_until_idle();
    assert!(tab.sent.iter().any(|(_, request)| is_sync(request)));
}

/// A second phone of the young person's takes up what there is, from the start.
#[test]
fn a_phone_that_joins_is_welcomed_and_asks_at_once() {
    let mut tab = Tab::new(1);
    tab.machine.join(NOW, &MeView { consents: vec![view("sara", &[Part::PlanRed])], devices: Vec::new() });
    tab.run_until_idle();
    assert!(tab.machine.is_welcomed());
    let Some((_, Request::Sync(sync))) = tab.sent.first() else { panic!("nothing is asked") };
    assert_eq!(sync.cursor, 0);
}

/// The clock of the phone is set a year ahead (there is a game that gives new lives for that), the app is opened, and the clock is
/// set right again. An entry was deleted by mistake a minute before.
#[test]
fn what_was_deleted_a_minute_ago_can_be_brought_back_whatever_the_clock_was_in_between() {
    let mut first = Tab::new(1);
    let on = first.write(Part::PlanRed, "Ring til mormor");
    let seen = first.machine.set().see(&on);
    first.machine.delete_entry(first.now, &seen).unwrap();
    first.run_until_idle();
    let mut ahead = Tab::new(2);
    ahead.now = NOW + 365 * plan::date::DAY_MILLIS;
    ahead.handle(Event::Loaded(disk(&[&first])));
    let mut after = Tab::new(3);
    after.now = NOW + 60_000;
    after.handle(Event::Loaded(disk(&[&first, &ahead])));
    after.machine.set_flag(after.now, &on, "deleted", false).unwrap();
    after.run_until_idle();
    assert_eq!(after.texts(&on), ["Ring til mormor"], "what was deleted a minute ago is gone for good");
}

#[test]
fn the_last_three_days_of_use_go_to_the_disk_with_the_next_words() {
    let today = NOW / DAY_MILLIS;
    let days = |ago: &[u64]| ago.iter().map(|ago| (today - ago).to_string()).collect::<Vec<_>>().join(" ");
    let kept = |opened: Option<String>| {
        let meta = opened.map(|days| ("opened".to_owned(), days)).into_iter().collect();
        let mut tab = start(1, Loaded { meta, ..Loaded::default() });
        tab.write(Part::PlanGreen, "Ring");
        let mut stored = tab.stored.iter().flat_map(|batch| batch.meta.clone());
        stored.find(|(name, _)| name == "opened").and_then(|(_, days)| days)
    };
    assert_eq!(kept(None), Some(days(&[0])));
    assert_eq!(kept(Some(days(&[2, 1]))), Some(days(&[2, 1, 0])));
    assert_eq!(kept(Some(days(&[9, 2, 1]))), Some(days(&[2, 1, 0])));
    assert_eq!(kept(Some(days(&[2, 1, 0]))), None, "today is known there");
}
