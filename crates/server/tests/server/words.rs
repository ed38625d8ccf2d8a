//! What adults write: on their own fields only, while there is a yes to them, and never lost on the way.

use crate::world::*;
use plan::author::{Author, Right, fields, right};
use plan::{OpSet, Record};
use protocol::*;
use serde_json::Value;

pub const SAID: &str = "Plantedreason om mødet";
const MEETING: &str = "meeting/meeting/m1";

fn secret(number: u64) -> String {
    format!("{number:064x}")
}

/// The operation that puts a point on the agenda, and the entity that it is.
pub fn point(seq: u64, text: &str) -> (String, Vec<String>) {
    (format!("meeting/entry/{:016x}-{seq}", 1), entry(seq, "meeting", "m1.m_dagsorden", text))
}

pub fn answer(number: u64, to: &str, said: &str, reason: &str) -> WriteRequest {
    let words = |field: &str, text: &str| WordsView {
        to: to.into(),
        kind: "answer".into(),
        slot: None,
        field: field.into(),
        text: text.into(),
    };
    WriteRequest { secret: secret(number), words: vec![words("said", said), words("reason", reason)] }
}

impl Client {
    pub async fn write(&mut self, young: &str, request: &WriteRequest) -> Reply {
        self.post(&format!("staff/young-people/{young}/words"), request).await
    }

    /// What a phone that has nothing is given.
    pub async fn everything(&mut self) -> OpSet {
        let answer: SyncResponse = self.sync(0, &[]).await.ok();
        set_of(&answer.ops)
    }
}

pub fn set_of(ops: &[String]) -> OpSet {
    let mut set = OpSet::new();
    for raw in ops {
        set.insert(Record::parse(raw).unwrap());
    }
    set
}

pub fn answers(set: &OpSet, to: &str) -> Vec<(String, String, String)> {
    let answers = set.list_answers(&to.parse().unwrap()).into_iter();
    answers.map(|answer| (answer.from, answer.said.name().to_owned(), answer.reason)).collect()
}

/// A request about the meeting that everybody has.
pub fn about_meeting(number: u64, kind: &str, slot: Option<u64>, words: &[(&str, &str)]) -> WriteRequest {
    let slot = slot.map(|slot| format!("{slot:016x}"));
    let words = words.iter().map(|(field, text)| WordsView {
        to: MEETING.into(),
        kind: kind.into(),
        slot: slot.clone(),
        field: (*field).into(),
        text: (*text).into(),
    });
    WriteRequest { secret: secret(number), words: words.collect() }
}

pub fn suggestion(number: u64, to: &str, slot: u64, text: &str) -> WriteRequest {
    let words = WordsView {
        to: to.into(),
        kind: "suggestion".into(),
        slot: Some(format!("{slot:016x}")),
        field: "text".into(),
        text: text.into(),
    };
    WriteRequest { secret: secret(number), words: vec![words] }
}

pub fn agreement(number: u64, slot: u64) -> WriteRequest {
    let words = [("what", "Vi ringer til din skole"), ("who", "Sara"), ("due", "2026-12-04")];
    about_meeting(number, "agreement", Some(slot), &words)
}

pub fn proposal(number: u64, slot: u64) -> WriteRequest {
    let words = [("date", "2026-12-04"), ("time", "14:30"), ("place", "Huset")];
    about_meeting(number, "proposal", Some(slot), &words)
}

pub fn invitee(number: u64, slot: u64, kind: &str, why: &str) -> WriteRequest {
    about_meeting(number, "invitee", Some(slot), &[("actor", kind), ("why", why)])
}

pub fn reflection(number: u64) -> WriteRequest {
    let words = [("heard", "yes"), ("safe", "partly"), ("informed", "no"), ("words", "Det var et godt møde")];
    about_meeting(number, "reflection", None, &words)
}

pub fn attendance(number: u64, kinds: &str) -> WriteRequest {
    about_meeting(number, "attendance", None, &[("came", kinds)])
}

pub struct Stage {
    pub world: World,
    pub sara: Client,
    pub young: Client,
    pub name: String,
    pub consent: ConsentView,
    pub to: String,
}

/// A young person who shares the meeting with Sara, with one point on the agenda.
pub async fn stage() -> Stage {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, consent) = world.young(&mut sara, "M", &["meeting", "messages"]).await;
    let name = sara.only_young().await;
    let (to, ops) = point(1, "Jeg vil hjem i weekenden");
    let _: SyncResponse = young.sync(0, &ops).await.ok();
    Stage { world, sara, young, name, consent, to }
}

#[tokio::test]
async fn an_answer_reaches_the_phone_and_says_whose_it_is() {
    let Stage { world, mut sara, mut young, name, to, .. } = stage().await;
    let stored: WriteResponse = sara.write(&name, &answer(1, &to, "later", SAID)).await.ok();
    assert_eq!(stored.stored.len(), 2);
    let from = "Sara Holm, Bostedet Lindely".to_owned();
    assert_eq!(answers(&young.everything().await, &to), [(from.clone(), "later".into(), SAID.into())]);

    // Changed, it is one answer and not two.
    world.pass(MINUTE);
    let _: WriteResponse = sara.write(&name, &answer(2, &to, "yes", "")).await.ok();
    assert_eq!(answers(&young.everything().await, &to), [(from.clone(), "yes".into(), String::new())]);
    let review: ReviewView = sara.review(&name).await.ok();
    let read = &review.parts[0].sections[0].texts[0];
    assert_eq!(read.on, to);
    let expected = AnswerView { said: "yes".into(), reason: String::new(), from, at: START + MINUTE, own: true };
    assert_eq!(read.answers, [expected]);
    // What a contact has written is no news to them.
    assert!(!sara.young_people().await.young_people[0].has_news);
    assert!(!contains(&bytes_in(world.folder.path()), SAID.as_bytes()), "a word lies in the clear");
}

#[tokio::test]
async fn the_same_request_again_writes_nothing_new() {
    let Stage { mut sara, mut young, name, to, .. } = stage().await;
    let first: WriteResponse = sara.write(&name, &answer(1, &to, "no", SAID)).await.ok();
    let before: SyncResponse = young.sync(0, &[]).await.ok();
    let again: WriteResponse = sara.write(&name, &answer(1, &to, "no", SAID)).await.ok();
    let after: SyncResponse = young.sync(0, &[]).await.ok();
    assert_eq!((first, before.ops, before.cursor), (again, after.ops, after.cursor));
}

#[tokio::test]
async fn a_no_and_a_later_need_a_reason() {
    let Stage { mut sara, mut young, name, to, .. } = stage().await;
    for said in ["no", "later"] {
        sara.write(&name, &answer(1, &to, said, " \n ")).await.refused(ErrorCode::NoReason);
        let mut request = answer(1, &to, said, "");
        request.words.pop();
        sara.write(&name, &request).await.refused(ErrorCode::NoReason);
    }
    // Nor afterwards: one is not said without the other.
    for (place, said) in [(0, "yes"), (1, "no")] {
        let alone = answer(6, &to, said, "");
        let alone = WriteRequest { words: vec![alone.words[place].clone()], ..alone };
        sara.write(&name, &alone).await.refused(ErrorCode::Malformed);
    }
    sara.write(&name, &answer(1, &to, "no", "\u{200b} .")).await.refused(ErrorCode::NoReason);
    sara.write(&name, &answer(1, &to, "maybe", SAID)).await.refused(ErrorCode::Malformed);
    sara.write(&name, &answer(1, &to, "yes", &"a".repeat(4_001))).await.refused(ErrorCode::TooLarge);
    sara.write(&name, &WriteRequest { secret: secret(1), words: Vec::new() }).await.refused(ErrorCode::Malformed);
    let mut many = answer(1, &to, "yes", SAID);
    many.words = many.words.iter().cycle().take(MAX_WORDS + 1).cloned().collect();
    sara.write(&name, &many).await.refused(ErrorCode::Malformed);
    let short = WriteRequest { secret: "1".into(), ..answer(1, &to, "yes", "") };
    sara.write(&name, &short).await.refused(ErrorCode::Malformed);
    for to in ["", "meeting", "film/entry/x", &format!("meeting/entry/{}", "x".repeat(100))] {
        sara.write(&name, &answer(1, to, "yes", "")).await.refused(ErrorCode::Malformed);
    }
    assert_eq!(answers(&young.everything().await, &to), []);
    let _: WriteResponse = sara.write(&name, &answer(1, &to, "yes", "")).await.ok();
}

#[tokio::test]
async fn nothing_is_said_to_what_is_not_there() {
    let Stage { mut sara, mut young, name, to, .. } = stage().await;
    sara.write(&name, &answer(1, "meeting/entry/x", "no", SAID)).await.refused(ErrorCode::Gone);
    // A section of the template is no point, nor is what nobody has put on a list.
    let (_, point) = point(40, "Jeg vil ikke");
    let _: SyncResponse = young.sync(0, &point[2..]).await.ok();
    sara.write(&name, &answer(1, &format!("meeting/entry/{:016x}-40", 1), "yes", "")).await.refused(ErrorCode::Gone);
    let _: WriteResponse = sara.write(&name, &answer(1, &to, "no", SAID)).await.ok();
    let _: SyncResponse = young.sync(0, &[op(50, &to, "deleted", &[3], true.into())]).await.ok();
    sara.write(&name, &answer(2, &to, "yes", "")).await.refused(ErrorCode::Gone);
    // Not one of two either, and none of both is written.
    let before = young.everything().await.len();
    let mut both = answer(3, &to, "yes", "");
    both.words.extend(answer(3, "meeting/entry/x", "yes", "").words);
    sara.write(&name, &both).await.refused(ErrorCode::Gone);
    assert_eq!(young.everything().await.len(), before);
}

/// What is said while the point goes is said to nothing: it would stay, and nobody would see it or could erase it.
#[tokio::test]
async fn nothing_is_said_to_what_is_erased_in_the_same_moment() {
    let Stage { world, mut sara, mut young, name, to, .. } = stage().await;
    for (seq, field, parents) in [(40, "erased", &[1, 2, 3][..]), (50, "deleted", &[13])] {
        let (to, point) = if field == "erased" { (to.clone(), Vec::new()) } else { point(11, "Og en ting til") };
        let _: SyncResponse = young.sync(0, &point).await.ok();
        let (mut phone, on) = (young.clone(), to.clone());
        world.between.after("list_shared_ops", async move {
            let _: SyncResponse = phone.sync(0, &[op(seq, &on, field, parents, true.into())]).await.ok();
        });
        sara.write(&name, &answer(seq, &to, "no", SAID)).await.refused(ErrorCode::Gone);
        assert!(young.everything().await.iter().all(|record| !record.raw().contains(SAID)), "{field}");
    }
    // What is only written anew, or written elsewhere, is in nobody's way.
    let (to, point) = point(21, "Og det sidste");
    let _: SyncResponse = young.sync(0, &point).await.ok();
    let (mut phone, on) = (young.clone(), to.clone());
    world.between.after("list_shared_ops", async move {
        let _: SyncResponse = phone.sync(0, &[op(60, &on, "text", &[23], "Og det helt sidste".into())]).await.ok();
    });
    let _: WriteResponse = sara.write(&name, &answer(60, &to, "yes", "")).await.ok();
    assert_eq!(answers(&young.everything().await, &to).len(), 1);
}

/// Every field that is known and every author: who may write it is taken, and nobody else is; to the server and to a phone.
#[tokio::test]
async fn nobody_writes_on_anothers_field() {
    let Stage { mut sara, mut young, name, to, consent, .. } = stage().await;
    let own: Vec<WordsView> = [
        answer(1, &to, "yes", ""),
        suggestion(1, &to, 1, SAID),
        agreement(1, 1),
        proposal(1, 1),
        invitee(1, 1, "school", "Hun kender dig"),
        reflection(1),
        attendance(1, "bua home"),
        crate::messages::reply(1, &consent.staff, 1, "yes"),
    ]
    .into_iter()
    .flat_map(|request| request.words)
    .collect();
    let staff = {
        let _: WriteResponse = sara.write(&name, &answer(9, &to, "yes", "")).await.ok();
        let ops: SyncResponse = young.sync(0, &[]).await.ok();
        let by = ops.ops.iter().find_map(|raw| Some(Record::parse(raw).ok()?.op.by.strip_prefix("staff:")?.to_owned()));
        by.unwrap()
    };
    let (mut seq, mut cells) = (100, 0);
    for (kind, field) in fields() {
        // What a member of staff asks to write.
        let example = own.iter().find(|own| own.kind == kind);
        let (to, slot) = example.map_or((to.clone(), None), |own| (own.to.clone(), own.slot.clone()));
        let words = WordsView { kind: kind.into(), field: field.into(), text: "yes".into(), to, slot };
        let theirs = own.iter().any(|own| own.kind == kind && own.field == field);
        let all = || own.iter().filter(|own| own.kind == kind).cloned().collect();
        let words = if theirs { all() } else { vec![words] };
        let reply = sara.write(&name, &WriteRequest { secret: secret(1), words }).await;
        if theirs {
            let _: WriteResponse = reply.ok();
        } else {
            reply.refused(ErrorCode::Forbidden);
        }
        cells += 1;
        // What a phone sends, in whoever's name.
        let of_guest = format!("meeting/{kind}/x_guest-{:016x}", 1);
        for on in [format!("meeting/{kind}/x"), format!("meeting/{kind}/x_{staff}"), of_guest] {
            let staff = [Author::Staff(&staff), Author::Staff("somebody")];
            for author in [Author::Young, Author::Guest, Author::Server].into_iter().chain(staff) {
                seq += 1;
                let mut forged: Value = serde_json::from_str(&op(seq, &on, field, &[], "yes".into())).unwrap();
                forged["by"] = author.to_string().into();
                forged["mark"] = "5e".repeat(32).into();
                let raw = forged.to_string();
                let answer: SyncResponse = young.sync(0, std::slice::from_ref(&raw)).await.ok();
                let rights = right(author, &on.parse().unwrap(), field);
                let takes = author == Author::Young && rights == Right::Writes;
                assert_eq!(answer.stored.len(), usize::from(takes), "{raw}");
                if !takes {
                    assert_eq!(answer.refused[0].reason, ErrorCode::Forbidden, "{raw}");
                }
                // Should another server give it out, a phone knows nothing of what is not its author's.
                let mut set = OpSet::new();
                set.insert(Record::parse(&raw).unwrap());
                assert_eq!(set.len(), usize::from(rights == Right::Writes), "{raw}");
                cells += 2;
            }
        }
    }
    println!("words: {cells} of {cells} as the table has it (field x author, over the wire and on a phone)");
}

#[tokio::test]
async fn nothing_of_who_has_no_yes_is_taken_or_given() {
    let Stage { world, mut sara, mut young, name, consent, to } = stage().await;
    let _: WriteResponse = sara.write(&name, &answer(1, &to, "no", SAID)).await.ok();
    let mut jonas = world.staff(JONAS).await;
    let _ = young.accept(&jonas.invite("N").await, &["meeting", "red"]).await;
    let same = jonas.only_young().await;
    let _: WriteResponse = jonas.write(&same, &answer(2, &to, "yes", "")).await.ok();
    assert_eq!(answers(&young.everything().await, &to).len(), 2);
    // Another part than the yes is to.
    let other = answer(3, "green/entry/x", "yes", "");
    jonas.write(&same, &other).await.refused(ErrorCode::NoConsent);

    // After the no nothing more of Sara's arrives, and she can write nothing.
    young.withdraw(&consent.id).await;
    sara.write(&name, &answer(4, &to, "yes", "")).await.refused(ErrorCode::NoConsent);
    let left = answers(&young.everything().await, &to);
    assert_eq!(left.iter().map(|(from, ..)| from.as_str()).collect::<Vec<_>>(), ["Jonas Berg, BUA Aaen"]);
    // Said yes again, it is there still.
    young.accept(&sara.invite("M").await, &["meeting"]).await;
    assert_eq!(answers(&young.everything().await, &to).len(), 2);
}

/// What the young person cannot be shown any more is shown to nobody.
#[tokio::test]
async fn a_part_taken_out_of_a_yes_takes_the_words_about_it_from_others_too() {
    let Stage { world, mut sara, mut young, name, consent, to } = stage().await;
    let mut jonas = world.staff(JONAS).await;
    young.accept(&jonas.invite("N").await, &["meeting"]).await;
    let read = async |jonas: &mut Client| -> usize {
        let review: ReviewView = jonas.review(&jonas.clone().only_young().await).await.ok();
        review.parts[0].sections[0].texts[0].answers.len()
    };
    let _: WriteResponse = sara.write(&name, &answer(1, &to, "no", SAID)).await.ok();
    assert_eq!(read(&mut jonas).await, 1);
    let narrowed = yes(None, Some(&consent.id), &["red"], OVER_15);
    let narrowed: ConsentView = young.post("consents", &narrowed).await.ok();
    assert_eq!(answers(&young.everything().await, &to), []);
    assert_eq!(read(&mut jonas).await, 0);
    // With the part, they are there again for both.
    let wide: ConsentView = young.post("consents", &yes(None, Some(&narrowed.id), &["meeting"], OVER_15)).await.ok();
    assert_eq!((answers(&young.everything().await, &to).len(), read(&mut jonas).await), (1, 1));
    young.withdraw(&wide.id).await;
    assert_eq!(read(&mut jonas).await, 0);
}

#[tokio::test]
async fn a_phone_brings_back_what_a_backup_has_lost() {
    let Stage { mut world, mut sara, mut young, name, to, .. } = stage().await;
    world.store.close().await.unwrap();
    let path = world.folder.path().join("min-plan.sqlite3");
    let backup = std::fs::read(&path).unwrap();
    world.restart().await;
    (sara.router, young.router) = (world.router.clone(), world.router.clone());
    let _: WriteResponse = sara.write(&name, &answer(1, &to, "no", SAID)).await.ok();
    let kept: SyncResponse = young.sync(0, &[]).await.ok();

    world.store.close().await.unwrap();
    let backup_again = backup.clone();
    std::fs::write(&path, backup).unwrap();
    world.restart().await;
    (sara.router, young.router) = (world.router.clone(), world.router.clone());
    assert_eq!(answers(&young.everything().await, &to), []);
    let back: SyncResponse = young.sync(0, &kept.ops).await.ok();
    assert_eq!(back.refused, []);
    assert_eq!(answers(&young.everything().await, &to).len(), 1);
    // Written in another way, it is kept as it was minted: whoever has it already takes it for the same.
    let spaced: Vec<String> = kept.ops.iter().map(|raw| raw.replace("\",\"", "\", \"")).collect();
    world.store.close().await.unwrap();
    std::fs::write(&path, backup_again).unwrap();
    world.restart().await;
    (sara.router, young.router) = (world.router.clone(), world.router.clone());
    let adults = |ops: &[String]| ops.iter().filter(|raw| raw.contains("mark")).cloned().collect::<Vec<_>>();
    let _: SyncResponse = young.sync(0, &spaced).await.ok();
    let given: SyncResponse = young.sync(0, &[]).await.ok();
    assert_eq!(adults(&given.ops), adults(&kept.ops));
    // Not with other words, nor for another young person.
    let changed: Vec<String> = kept.ops.iter().map(|raw| raw.replace("Plantedreason", "Plantedlie")).collect();
    let (mut other, _) = world.young(&mut sara, "N", &["meeting"]).await;
    let answer: SyncResponse = other.sync(0, &kept.ops).await.ok();
    assert_eq!(answer.refused.len(), 3);
    let answer: SyncResponse = other.sync(0, &changed).await.ok();
    assert_eq!(answer.refused.len(), 3);
}

/// Adults cannot fill the room that the young person writes in, neither with many words nor with long ones.
#[tokio::test]
async fn adults_have_room_of_their_own() {
    for (long, most) in [("a", server::store::KEPT_WORDS), (&*"a".repeat(4_000), 600)] {
        let Stage { world, mut sara, mut young, name, to, .. } = stage().await;
        let mut jonas = world.staff(JONAS).await;
        young.accept(&jonas.invite("N").await, &["meeting"]).await;
        let mut written = 0;
        let last = loop {
            let mut request = answer(1_000 + written, &to, "no", long);
            request.words = request.words.iter().cycle().take(MAX_WORDS).cloned().collect();
            let reply = sara.write(&name, &request).await;
            if !reply.status.is_success() {
                break reply;
            }
            written += MAX_WORDS as u64;
            assert!(written <= most, "{written} operations of one member of staff");
        };
        last.refused(ErrorCode::TooLarge);
        assert!(written > 0);
        // The last that was taken is known still, and there is room for everybody else.
        let mut again = answer(1_000 + written - MAX_WORDS as u64, &to, "no", long);
        again.words = again.words.iter().cycle().take(MAX_WORDS).cloned().collect();
        let _: WriteResponse = sara.write(&name, &again).await.ok();
        let _: WriteResponse = jonas.write(&jonas.clone().only_young().await, &answer(1, &to, "yes", "")).await.ok();
        let answer: SyncResponse = young.sync(0, &point(60, "Der er plads").1).await.ok();
        assert!(answer.refused.is_empty());
    }
}
