//! A phone and a staff app of a released build, with this server: they are answered as they understand it, and nothing that they
//! write is lost. What they say is recorded; see `crates/protocol/tests/released`.

use crate::conversation::{Conversation, Exchange, list_conversations};
use crate::dump::{dump, list_empty_tables, version};
use crate::messages::reply;
use crate::migration::V8;
use crate::replay::Replay;
use crate::world::*;
use plan::Record;
use plan::op::{Value as OpValue, YOUNG};
use protocol::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What the build of 25 November knows how to show, and nothing else: parts, kinds of entity, and their fields.
const PARTS: [&str; 6] = ["about", "green", "yellow", "red", "after", "meeting"];
const KINDS: [&str; 3] = ["section", "entry", "meeting"];
const FIELDS: [&str; 13] =
    ["text", "title", "hidden", "made", "deleted", "erased", "list", "order", "kind", "date", "time", "place", "voice"];

fn first_build() -> Conversation {
    list_conversations().remove(0).1
}

fn never(_: &Exchange) -> bool {
    false
}

/// The last time that somebody sent operations.
fn last_words<'c>(told: &'c Conversation, who: &str) -> &'c Exchange {
    let has_words = |one: &&Exchange| one.who == who && !one.ask.ops().is_empty() && one.answer.is_success();
    told.exchanges.iter().rev().find(has_words).unwrap()
}

fn to_strings(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[tokio::test]
async fn what_released_builds_ask_is_answered_as_they_understand_it() {
    let all = list_conversations();
    assert!(all.len() >= 2);
    for (_, told) in all {
        let world = World::new().await;
        world.colleague().await;
        let mut replay = Replay::new(&world);
        replay.play(&told, never).await;

        // All that the phone has been told that the server has is there, byte for byte, for its next phone too.
        let code: DeviceInvitationView = replay.client("phone").post("devices/invitations", &json!({})).await.ok();
        let mut next = world.nobody();
        let _: MeView = next.post("devices", &AddDeviceRequest { code: code.code }).await.ok();
        let answer: SyncResponse = next.sync(0, &[]).await.ok();
        assert!(!answer.more);
        let last = last_words(&told, "phone");
        let stored: BTreeSet<String> = to_strings(&last.answer.body["stored"]).into_iter().collect();
        let mut kept = 0;
        for raw in last.ask.ops() {
            let record = Record::parse(raw).unwrap();
            if stored.contains(&record.op.id.to_string()) {
                assert!(answer.ops.contains(&replay.here(raw)), "{raw} is lost");
                kept += 1;
            }
        }
        assert!(kept > 40, "{kept}");
    }
}

/// What the first build does with an operation that it is given.
#[derive(PartialEq, Debug)]
enum Old {
    /// It is the young person's, as ever.
    Shows,
    /// It is kept and sent on, byte for byte, and shown nowhere.
    Keeps,
}

/// The rule of the first build, as `crates/plan/tests/fixtures/v2` froze it: one of a later version locks everything, so there
/// must be none; a part, a kind, a field or a value that it does not know is kept. It does not ask who wrote what it knows.
fn first_builds_rule(raw: &str) -> Old {
    let Record { op, .. } = &Record::parse(raw).unwrap();
    assert_eq!(op.version, 1, "it would lock the phone: {raw}");
    assert!(op.by.len() <= 80 && !op.by.is_empty(), "{raw}");
    let [part, kind, _] = op.on.as_str().split('/').collect::<Vec<_>>()[..] else { panic!("{raw}") };
    let knows = PARTS.contains(&part) && KINDS.contains(&kind) && FIELDS.contains(&op.field.as_str());
    if !knows {
        return Old::Keeps;
    }
    assert_eq!(op.by, YOUNG, "it would be shown as the young person's: {raw}");
    assert!(!matches!(op.value, Some(OpValue::Unknown)), "{raw}");
    Old::Shows
}

/// Someone with today's phone, and a contact with today's app, write to the same young person.
async fn today_is_written(world: &World, replay: &mut Replay<'_>, point: &str) -> Vec<String> {
    let code: DeviceInvitationView = replay.client("phone").post("devices/invitations", &json!({})).await.ok();
    let mut today = world.nobody();
    let me: MeView = today.post("devices", &AddDeviceRequest { code: code.code }).await.ok();
    let consent = &me.consents[0];
    let parts = ["about", "green", "yellow", "red", "after", "meeting", "messages", "stand-in"];
    let given: ConsentView = today.post("consents", &yes(None, Some(&consent.id), &parts, OVER_15)).await.ok();
    let staff = &given.staff;
    let message = format!("messages/message/{:016x}-90_{staff}", 1);
    let meeting = format!("meeting/meeting/{:016x}-80", 1);
    let mut ops = entry(70, "meeting", "m1.m_aftaler", "Jeg ringer selv");
    ops.push(op(73, &format!("meeting/entry/{:016x}-70", 1), "due", &[], "2026-12-04".into()));
    ops.push(op(80, &meeting, "made", &[], true.into()));
    ops.push(op(81, &meeting, "form", &[], "quick".into()));
    ops.push(op(82, "meeting/meeting/m1", "came", &[], "home".into()));
    ops.push(op(90, &message, "made", &[], true.into()));
    ops.push(op(91, &message, "text", &[], "Kan vi tale sammen?".into()));
    let answer: SyncResponse = today.sync(0, &ops).await.ok();
    assert_eq!(answer.stored.len(), ops.len());

    let sara = replay.client("sara");
    let young = sara.only_young().await;
    let mut number = 100;
    let mut say = async |to: &str, kind: &str, fields: &[(&str, &str)]| {
        number += 1;
        let slot = (!matches!(kind, "answer" | "reflection" | "attendance")).then(|| format!("{number:016x}"));
        let words = fields.iter().map(|(field, text)| {
            let (field, text) = ((*field).to_owned(), (*text).to_owned());
            WordsView { to: to.into(), kind: kind.into(), slot: slot.clone(), field, text }
        });
        let request = WriteRequest { secret: format!("{number:064x}"), words: words.collect() };
        let _: WriteResponse = sara.post(&format!("staff/young-people/{young}/words"), &request).await.ok();
    };
    let m1 = "meeting/meeting/m1";
    say(point, "answer", &[("said", "no"), ("reason", "Der er ikke plads.")]).await;
    say(point, "suggestion", &[("text", "Sig det først")]).await;
    say(m1, "proposal", &[("date", "2026-12-01"), ("time", "10:00"), ("place", "Huset")]).await;
    say(m1, "agreement", &[("what", "Vi ringer"), ("who", "Sara"), ("due", "")]).await;
    say(m1, "reflection", &[("heard", "yes"), ("safe", "yes"), ("informed", "yes"), ("words", "Tak")]).await;
    say(m1, "attendance", &[("came", "home")]).await;
    say(m1, "invitee", &[("actor", "school"), ("why", "")]).await;
    let _: WriteResponse =
        sara.post(&format!("staff/young-people/{young}/words"), &reply(99, staff, 7, "Ja")).await.ok();
    let _: MessagesView = sara.messages(&young).await.ok();
    let invited: GuestLinkView = today
        .post("guests", &CreateGuestRequest { secret: None, meeting: m1.into(), kind: "school".into() })
        .await
        .ok();
    let secret = invited.link.split_once('#').unwrap().1.to_owned();
    let [heard, safe, informed] = ["yes", "yes", "no"].map(str::to_owned);
    let said = ReflectRequest { secret, code: invited.code, heard, safe, informed, words: "Godt".into() };
    world.nobody().post("guests/reflection", &said).await.empty();
    ops
}

#[tokio::test]
async fn what_later_builds_write_an_old_phone_keeps_without_showing_and_its_own_words_go_on() {
    let told = first_build();
    let world = World::new().await;
    let mut replay = Replay::new(&world);
    replay.play(&told, |one| one.ask.route() == "GET looks").await;
    let before = told.exchanges.iter().rev().find(|one| one.who == "phone" && one.at < told_at(&told, "GET looks"));
    let cursor = before.unwrap().answer.body["cursor"].as_u64().unwrap();
    let has_point = |raw: &&str| raw.contains("Jeg vil hjem i weekenden");
    let all: Vec<&str> = told.exchanges.iter().flat_map(|one| one.ask.ops()).collect();
    let point = Record::parse(all.iter().find(|raw| has_point(raw)).unwrap()).unwrap().op.on.to_string();
    let written = today_is_written(&world, &mut replay, &point).await;

    // The old phone asks as it did. Another consent is another copy, so it begins anew with everything that it has.
    let phone = replay.client("phone");
    let first: SyncResponse = phone.sync(cursor, &[]).await.ok();
    let came: SyncResponse = phone.sync(0, &[]).await.ok();
    assert!(!came.more && came.ops.len() >= first.ops.len());
    let (kept, shown): (Vec<&String>, Vec<&String>) =
        came.ops.iter().partition(|raw| first_builds_rule(raw) == Old::Keeps);
    assert!(kept.iter().any(|raw| raw.contains("\"staff:")) && kept.iter().any(|raw| raw.contains("\"guest\"")));
    assert!(kept.iter().any(|raw| raw.contains("Kan vi tale sammen?")) && shown.len() > 40);
    for raw in &written {
        assert!(came.ops.contains(raw), "{raw}");
    }

    // It sends all of it back, as it is: what is not its own is taken too, and its own is not held up.
    let on = Record::parse(shown.iter().find(|raw| has_point(&raw.as_str())).unwrap()).unwrap().op;
    let mine = op(200, on.on.as_str(), "text", &[], "Jeg vil hjem hver weekend".into());
    let parents = json!([on.id.to_string()]);
    let mine = mine.replace("\"p\":[]", &format!("\"p\":{parents}"));
    let mut ops = came.ops.clone();
    ops.push(mine.clone());
    let again: SyncResponse = phone.sync(came.cursor, &ops).await.ok();
    assert_eq!((again.stored.len(), again.refused), (ops.len(), Vec::new()));
    assert_eq!(again.generation, came.generation, "it would begin anew without end");
    let rest: SyncResponse = phone.sync(again.cursor, &[]).await.ok();
    assert_eq!((rest.ops.len(), rest.cursor, rest.more), (0, again.cursor, false));

    // What it has written is read, with what was said to it.
    let sara = replay.client("sara");
    let young = sara.only_young().await;
    let review = sara.review(&young).await.text();
    for word in ["Jeg vil hjem hver weekend", "Der er ikke plads.", "Ring til mormor", "Mikkel", "Jeg ringer selv"] {
        assert!(review.contains(word), "{word} is lost");
    }
    assert!(!review.contains("Noget, der skal væk"));
}

fn told_at(told: &Conversation, route: &str) -> u64 {
    told.exchanges.iter().find(|one| one.ask.route() == route).unwrap().at
}

/// An old phone that changes a yes leaves out what it does not know, and gives no more than it says.
#[tokio::test]
async fn a_yes_that_an_old_phone_changes_covers_what_it_names() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, consent) = world.young(&mut sara, "M", &["red", "messages"]).await;
    let changed: ConsentView = young.post("consents", &yes(None, Some(&consent.id), &["red"], OVER_15)).await.ok();
    assert_eq!(changed.parts, ["red"]);
    let name = sara.only_young().await;
    sara.messages(&name).await.refused(ErrorCode::NoConsent);
}

/// What no build asks yet is refused in the words that every released build knows a refusal by.
#[tokio::test]
async fn what_is_not_known_here_is_refused_as_it_was() {
    let world = World::new().await;
    for (_, told) in list_conversations() {
        for exchange in told.exchanges.iter().filter(|one| matches!(one.ask.path.as_str(), "later")) {
            let reply = world.nobody().get("later").await;
            let body: Value = serde_json::from_slice(&reply.body).unwrap();
            assert_eq!((reply.status.as_u16(), &body["code"]), (exchange.answer.status, &exchange.answer.body["code"]));
        }
        let unknown = told.exchanges.iter().filter(|one| one.later);
        for exchange in unknown {
            let code = exchange.answer.body["code"].as_str().unwrap();
            assert!(matches!((exchange.answer.status, code), (404, "not_found") | (400 | 405, "malformed")), "{code}");
        }
    }
}

/// After the whole story there is something in every table that there was when it was recorded, so that whoever releases a build can
/// keep its database: see the README beside the recordings.
#[tokio::test]
async fn the_story_leaves_something_in_every_table() {
    let world = World::new().await;
    world.colleague().await;
    let mut replay = Replay::new(&world);
    let (_, told) = list_conversations().pop().unwrap();
    replay.play(&told, never).await;
    let cookies = replay.client("phone").cookies.clone();
    world.store.close().await.unwrap();
    let empty = list_empty_tables(world.folder.path());
    let was_there = |table: &&String| V8.contains(&format!("CREATE TABLE {table} "));
    assert_eq!(empty.iter().find(was_there), None);
    if std::env::var("RECORD_AS").is_ok_and(|name| !name.is_empty()) {
        assert_eq!(empty, [""; 0], "the story tells nothing of them");
        let number = version(world.folder.path());
        let head = format!(
            "-- A database as the tables of version {number} were left by the story in crates/session/tests.\n"
        );
        let head =
            head + &format!("-- The master key is 32 bytes of 42. The cookies of the phone in it: {cookies:?}\n");
        let file = format!("{}/tests/fixtures/v{number}.sql", env!("CARGO_MANIFEST_DIR"));
        std::fs::write(file, head + &dump(world.folder.path())).unwrap();
    }
}
