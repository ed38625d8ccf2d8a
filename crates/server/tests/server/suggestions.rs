//! What adults suggest beside an entry: to the young person, five at a time, and theirs to take or not.

use crate::words::{Stage, answer, point, stage, suggestion};
use crate::world::*;
use plan::Suggestion;
use plan::limits::MAX_OPEN_SUGGESTIONS;
use protocol::*;

const TEXT: &str = "Plantedsuggestion om søen";
const MOST: u64 = MAX_OPEN_SUGGESTIONS as u64;

/// What Sara reads beside the entry.
async fn read(client: &mut Client, name: &str, to: &str) -> Vec<SuggestionView> {
    let review: ReviewView = client.review(name).await.ok();
    let sections = review.parts.into_iter().flat_map(|part| part.sections);
    let mut texts = sections.flat_map(|section| section.texts);
    texts.find(|text| text.on == to).map(|text| text.suggestions).unwrap()
}

async fn told(young: &mut Client, to: &str) -> Vec<Suggestion> {
    young.everything().await.list_suggestions(&to.parse().unwrap())
}

/// What the young person says of each of these.
async fn say(young: &mut Client, seq: u64, suggestion: &Suggestion, field: &str, value: serde_json::Value) {
    let answer: SyncResponse = young.sync(0, &[op(seq, suggestion.on.as_str(), field, &[], value)]).await.ok();
    assert_eq!(answer.refused, []);
}

#[tokio::test]
async fn it_is_told_to_both_and_what_came_of_it_too() {
    let Stage { world, mut sara, mut young, name, to, .. } = stage().await;
    let _: WriteResponse = sara.write(&name, &suggestion(1, &to, 1, TEXT)).await.ok();
    world.pass(MINUTE);
    let _: WriteResponse = sara.write(&name, &suggestion(2, &to, 2, "Skal mormor med?")).await.ok();
    // Written to the same slot, it is the same one.
    let _: WriteResponse = sara.write(&name, &suggestion(3, &to, 2, "Skal din mormor med?")).await.ok();
    let texts: Vec<_> = told(&mut young, &to).await.into_iter().map(|it| (it.text, it.taken, it.by.from)).collect();
    let from = || "Sara Holm, Bostedet Lindely".to_owned();
    assert_eq!(texts, [(TEXT.into(), None, from()), ("Skal din mormor med?".into(), None, from())]);
    let by = |own: Option<&str>, at: u64, new: bool| ByView { from: from(), at, own: own.map(str::to_owned), new };
    let (first, second) = (format!("{:016x}", 1), format!("{:016x}", 2));
    let view = |text: &str, taken: Option<bool>, by: ByView| SuggestionView { text: text.into(), taken, by };
    let expected = [
        view(TEXT, None, by(Some(&first), START, false)),
        view("Skal din mormor med?", None, by(Some(&second), START + MINUTE, false)),
    ];
    assert_eq!(read(&mut sara, &name, &to).await, expected);
    assert!(!contains(&bytes_in(world.folder.path()), b"Plantedsuggestion"), "a word lies in the clear");

    world.pass(45 * MINUTE);
    let suggested = told(&mut young, &to).await;
    say(&mut young, 50, &suggested[0], "outcome", "yes".into()).await;
    say(&mut young, 51, &suggested[1], "outcome", "no".into()).await;
    let read = read(&mut sara, &name, &to).await;
    assert_eq!(
        read.iter().map(|it| (it.taken, it.by.new)).collect::<Vec<_>>(),
        [(Some(true), true), (Some(false), true)]
    );
    // What has been answered is not written anew: the young person would not see it.
    sara.write(&name, &suggestion(4, &to, 1, "Noget andet")).await.refused(ErrorCode::Gone);
    // The same request again is the same still.
    let _: WriteResponse = sara.write(&name, &suggestion(1, &to, 1, TEXT)).await.ok();
}

#[tokio::test]
async fn others_who_read_the_part_see_whose_it_is_and_cannot_write_in_it() {
    let Stage { world, mut sara, mut young, name, to, .. } = stage().await;
    let mut jonas = world.staff(JONAS).await;
    young.accept(&jonas.invite("N").await, &["meeting"]).await;
    let same = jonas.only_young().await;
    let _: WriteResponse = sara.write(&name, &suggestion(1, &to, 1, TEXT)).await.ok();
    let read_by_jonas = read(&mut jonas, &same, &to).await;
    assert_eq!((read_by_jonas[0].text.as_str(), read_by_jonas[0].by.own.as_deref()), (TEXT, None));
    // To the same slot it is one of his own.
    let _: WriteResponse = jonas.write(&same, &suggestion(2, &to, 1, "Fra Jonas")).await.ok();
    assert_eq!(told(&mut young, &to).await.len(), 2);
}

#[tokio::test]
async fn it_is_said_to_an_entry_of_any_part_that_is_shared_and_to_nothing_else() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["about", "green", "red", "meeting"]).await;
    let name = sara.only_young().await;
    let lists =
        [("about", "udsagn"), ("green", "g_tegn"), ("red", "r_nu"), ("meeting", "m1.m_hvem"), ("yellow", "y_gor")];
    for (at, (part, list)) in (1..).zip(lists) {
        let seq = at * 10;
        let _: SyncResponse = young.sync(0, &entry(seq, part, list, "Mine ord")).await.ok();
        let to = format!("{part}/entry/{:016x}-{seq}", 1);
        let reply = sara.write(&name, &suggestion(at, &to, at, TEXT)).await;
        if part == "yellow" {
            // The part has no yes.
            reply.refused(ErrorCode::NoConsent);
        } else {
            let _: WriteResponse = reply.ok();
            assert_eq!(told(&mut young, &to).await.len(), 1, "{part}");
        }
    }
    for (to, code) in [
        ("about/section/navn", ErrorCode::Malformed),
        ("meeting/meeting/m1", ErrorCode::Malformed),
        ("red/suggestion/x_0000000000000001_y", ErrorCode::Malformed),
        ("red/entry/x", ErrorCode::Gone),
    ] {
        sara.write(&name, &suggestion(9, to, 9, TEXT)).await.refused(code);
    }
    let to = format!("green/entry/{:016x}-20", 1);
    sara.write(&name, &suggestion(9, &to, 9, " . ")).await.refused(ErrorCode::Malformed);
    sara.write(&name, &suggestion(9, &to, 9, &"a".repeat(4_001))).await.refused(ErrorCode::TooLarge);
    let mut slotless = suggestion(9, &to, 9, TEXT);
    slotless.words[0].slot = None;
    sara.write(&name, &slotless).await.refused(ErrorCode::Malformed);
}

#[tokio::test]
async fn five_wait_for_an_answer_and_each_answer_makes_room() {
    let Stage { world, mut sara, mut young, name, to, .. } = stage().await;
    let (other, ops) = point(11, "Skole");
    let _: SyncResponse = young.sync(0, &ops).await.ok();
    for slot in 1..=MOST {
        let beside = if slot % 2 == 0 { &to } else { &other };
        let _: WriteResponse = sara.write(&name, &suggestion(slot, beside, slot, TEXT)).await.ok();
    }
    let more = suggestion(20, &to, 20, TEXT);
    let before = young.everything().await.len();
    sara.write(&name, &more).await.refused(ErrorCode::TooManyOpen);
    assert_eq!(young.everything().await.len(), before, "nothing of it is written");
    // One that waits is written anew, and everything else that is said is said.
    let _: WriteResponse = sara.write(&name, &suggestion(21, &to, 2, "Med andre ord")).await.ok();
    let _: WriteResponse = sara.write(&name, &answer(22, &to, "yes", "")).await.ok();
    // Another contact has five of their own.
    let mut jonas = world.staff(JONAS).await;
    young.accept(&jonas.invite("N").await, &["meeting"]).await;
    let _: WriteResponse = jonas.write(&jonas.clone().only_young().await, &more).await.ok();

    // What the young person says to one, or takes away, makes room for one.
    let from_sara = |all: Vec<Suggestion>| -> Vec<Suggestion> {
        all.into_iter().filter(|it| it.by.from.starts_with("Sara") && it.taken.is_none()).collect()
    };
    for (at, (field, value)) in (0..).zip([("outcome", "yes"), ("outcome", "no"), ("deleted", "")]) {
        let (seq, slot) = (60 + at, 30 + at);
        let next = suggestion(slot, &to, slot, TEXT);
        sara.write(&name, &next).await.refused(ErrorCode::TooManyOpen);
        let open = from_sara(told(&mut young, &to).await);
        if field == "deleted" {
            let parents: Vec<_> = heads(&mut young, &open[0]).await;
            let mut raw: serde_json::Value =
                serde_json::from_str(&op(seq, open[0].on.as_str(), field, &[], true.into())).unwrap();
            raw["p"] = parents.into();
            let _: SyncResponse = young.sync(0, &[raw.to_string()]).await.ok();
        } else {
            say(&mut young, seq, &open[0], field, value.into()).await;
        }
        let _: WriteResponse = sara.write(&name, &next).await.ok();
    }
    // And so does the entry that they are said to, when it goes.
    sara.write(&name, &suggestion(40, &to, 40, TEXT)).await.refused(ErrorCode::TooManyOpen);
    let _: SyncResponse = young.sync(0, &[op(70, &other, "deleted", &[13], true.into())]).await.ok();
    let _: WriteResponse = sara.write(&name, &suggestion(40, &to, 40, TEXT)).await.ok();
}

/// The operations that stand in the suggestion's fields.
async fn heads(young: &mut Client, suggestion: &Suggestion) -> Vec<String> {
    let set = young.everything().await;
    let fields = ["text", "from", "outcome"].into_iter();
    fields.flat_map(|field| set.heads(&suggestion.on, field)).map(|head| head.op.id.to_string()).collect()
}

#[tokio::test]
async fn two_at_once_are_not_more_than_five() {
    let Stage { world, mut sara, mut young, name, to, .. } = stage().await;
    for slot in 1..MOST {
        let _: WriteResponse = sara.write(&name, &suggestion(slot, &to, slot, TEXT)).await.ok();
    }
    let (mut window, same, on) = (sara.clone(), name.clone(), to.clone());
    world.between.after("list_shared_ops", async move {
        let _: WriteResponse = window.write(&same, &suggestion(10, &on, 10, TEXT)).await.ok();
    });
    sara.write(&name, &suggestion(11, &to, 11, TEXT)).await.refused(ErrorCode::TooManyOpen);
    assert_eq!(told(&mut young, &to).await.len(), MAX_OPEN_SUGGESTIONS);
    // What is answered in the same moment is not written anew.
    let suggested = told(&mut young, &to).await.remove(0);
    let (mut phone, on) = (young.clone(), suggested.on.clone());
    world.between.after("list_shared_ops", async move {
        let _: SyncResponse = phone.sync(0, &[op(50, on.as_str(), "outcome", &[], "yes".into())]).await.ok();
    });
    sara.write(&name, &suggestion(12, &to, 1, "Med andre ord")).await.refused(ErrorCode::Gone);
    assert_eq!(told(&mut young, &to).await.remove(0).text, TEXT);
}

/// What waits in a part that is not shared any more counts no more, and is in nobody's way.
#[tokio::test]
async fn what_waits_in_a_part_that_was_taken_out_of_the_yes_does_not_count() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, consent) = world.young(&mut sara, "M", &["green", "red"]).await;
    let name = sara.only_young().await;
    let [green, red] =
        [("green", 10), ("red", 20)].map(|(part, seq)| (format!("{part}/entry/{:016x}-{seq}", 1), part, seq));
    for (_, part, seq) in [&green, &red] {
        let _: SyncResponse = young.sync(0, &entry(*seq, part, "x", "Mine ord")).await.ok();
    }
    for slot in 1..=MOST {
        let _: WriteResponse = sara.write(&name, &suggestion(slot, &green.0, slot, TEXT)).await.ok();
    }
    sara.write(&name, &suggestion(9, &red.0, 9, TEXT)).await.refused(ErrorCode::TooManyOpen);
    let _: ConsentView = young.post("consents", &yes(None, Some(&consent.id), &["red"], OVER_15)).await.ok();
    let _: WriteResponse = sara.write(&name, &suggestion(9, &red.0, 9, TEXT)).await.ok();
}

#[tokio::test]
async fn after_a_no_nothing_is_taken_or_given() {
    let Stage { world, mut sara, mut young, name, consent, to } = stage().await;
    let mut jonas = world.staff(JONAS).await;
    young.accept(&jonas.invite("N").await, &["meeting"]).await;
    let same = jonas.only_young().await;
    let _: WriteResponse = sara.write(&name, &suggestion(1, &to, 1, TEXT)).await.ok();
    let _: WriteResponse = jonas.write(&same, &suggestion(2, &to, 1, "Fra Jonas")).await.ok();
    assert_eq!(read(&mut jonas, &same, &to).await.len(), 2);
    young.withdraw(&consent.id).await;
    sara.write(&name, &suggestion(3, &to, 3, TEXT)).await.refused(ErrorCode::NoConsent);
    let left: Vec<_> = told(&mut young, &to).await.into_iter().map(|it| it.text).collect();
    assert_eq!(left, ["Fra Jonas"]);
    assert_eq!(read(&mut jonas, &same, &to).await.len(), 1);
    // Said yes again, it is there still.
    young.accept(&sara.invite("M").await, &["meeting"]).await;
    assert_eq!(told(&mut young, &to).await.len(), 2);
}

#[tokio::test]
async fn an_erasure_takes_it_with_its_entry_and_with_everything() {
    let Stage { world, mut sara, mut young, name, consent, to } = stage().await;
    let (other, ops) = point(21, "Og en ting til");
    let _: SyncResponse = young.sync(0, &ops).await.ok();
    let _: WriteResponse = sara.write(&name, &suggestion(1, &to, 1, TEXT)).await.ok();
    let _: WriteResponse = sara.write(&name, &suggestion(2, &other, 2, "Plantedsecond")).await.ok();
    let mut editor = plan::Editor::new(plan::ReplicaId(7));
    editor.set_time(START);
    let set = young.everything().await;
    let erasures = editor.erase(&set, &set.see(&other.parse().unwrap())).unwrap();
    let erasures: Vec<String> = erasures.iter().map(|record| record.raw().to_owned()).collect();
    let answer: SyncResponse = young.sync(0, &erasures).await.ok();
    assert_eq!(answer.refused, []);
    let has = |set: &plan::OpSet, word: &str| set.iter().any(|record| record.raw().contains(word));
    let left = young.everything().await;
    assert!(!has(&left, "Plantedsecond") && has(&left, TEXT));
    young.withdraw(&consent.id).await;
    let count = left.len() as u64;
    let erased: EraseResponse = young.post("erase", &serde_json::json!({})).await.ok();
    assert_eq!(erased.erased, count, "the contact's are among them");
    assert!(!contains(&bytes_in(world.folder.path()), b"Planted"));
}
