//! What adults have said and somebody has erased: it is gone, and what is said after it is whole.

use crate::guests::{FIRST, reflection};
use crate::words::*;
use crate::world::*;
use plan::Record;
use protocol::*;
use serde_json::{Value, json};

#[tokio::test]
async fn erasing_takes_what_a_contact_said_though_another_reads_on() {
    let Stage { world, mut sara, mut young, name, consent, to } = stage().await;
    let mut jonas = world.staff(JONAS).await;
    young.accept(&jonas.invite("N").await, &["meeting"]).await;
    let _: WriteResponse = sara.write(&name, &answer(1, &to, "no", SAID)).await.ok();
    let kept: SyncResponse = young.sync(0, &[]).await.ok();
    young.withdraw(&consent.id).await;
    let erased: EraseResponse = young.post("erase", &json!({})).await.ok();
    assert_eq!((erased.erased, erased.kept), (3, vec!["meeting".to_owned()]), "who it is from, what, and why");
    // The phone has it still, and sends everything anew to the other copy: what was erased does not come back by that.
    let answer: SyncResponse = young.sync(0, &kept.ops).await.ok();
    assert_eq!(answer.refused.len(), 3, "{:?}", answer.refused);
    let review: ReviewView = jonas.review(&jonas.clone().only_young().await).await.ok();
    assert_eq!(review.parts[0].sections[0].texts[0].answers, []);
    // Nor with a new yes to her: nobody is put back to what they said before.
    young.accept(&sara.invite("M").await, &["meeting"]).await;
    let answer: SyncResponse = young.sync(0, &kept.ops).await.ok();
    assert_eq!(answer.refused.len(), 3, "{:?}", answer.refused);
}

#[tokio::test]
async fn what_an_adult_said_is_the_young_persons_to_take_away() {
    let Stage { mut sara, mut young, name, to, .. } = stage().await;
    let _: WriteResponse = sara.write(&name, &answer(1, &to, "no", SAID)).await.ok();
    let given: SyncResponse = young.sync(0, &[]).await.ok();
    let words: Vec<Record> = given.ops.iter().map(|raw| Record::parse(raw).unwrap()).collect();
    let words: Vec<&Record> = words.iter().filter(|record| record.op.by != "young").collect();
    let on = words[0].op.on.as_str();
    let names: Vec<String> = words.iter().map(|record| record.op.id.to_string()).collect();
    let mut deleted: Value = serde_json::from_str(&op(50, on, "deleted", &[], true.into())).unwrap();
    deleted["p"] = json!(names);
    let mut erased: Value = serde_json::from_str(&op(51, on, "erased", &[], true.into())).unwrap();
    erased["p"] = json!(names);
    let answer: SyncResponse = young.sync(0, &[deleted.to_string(), erased.to_string()]).await.ok();
    assert_eq!(answer.refused, []);
    let after: SyncResponse = young.sync(0, &[]).await.ok();
    assert!(!after.ops.iter().any(|raw| raw.contains(SAID)), "its words are here still");
    assert_eq!(answers(&set_of(&after.ops), &to), []);
    let review: ReviewView = sara.review(&name).await.ok();
    assert_eq!(review.parts[0].sections[0].texts[0].answers, []);
    // Said anew, it says again whose it is.
    let _: WriteResponse = sara.write(&name, &self::answer(2, &to, "yes", "")).await.ok();
    let all = answers(&young.everything().await, &to);
    assert_eq!(all.iter().map(|(from, ..)| from.as_str()).collect::<Vec<_>>(), ["Sara Holm, Bostedet Lindely"]);
}

/// What was named by an erasure never comes back with that identity, so nothing that is minted may have it again.
#[tokio::test]
async fn an_answer_says_whose_it_is_after_erasing_as_often_as_one_likes() {
    let Stage { world, mut sara, mut young, name, mut consent, to } = stage().await;
    let mut jonas = world.staff(JONAS).await;
    young.accept(&jonas.invite("N").await, &["meeting"]).await;
    let mut seq = 100;
    for round in 0..3_u64 {
        for number in 0..2 {
            world.pass(MINUTE);
            let _: WriteResponse = sara.write(&name, &answer(10 * round + number, &to, "no", SAID)).await.ok();
            let all = answers(&young.everything().await, &to);
            let from: Vec<&str> = all.iter().map(|(from, ..)| from.as_str()).collect();
            assert_eq!(from, ["Sara Holm, Bostedet Lindely"], "round {round}, answer {number}");
            // The young person takes it away, and names beside it what a phone could think of as the next.
            let given: SyncResponse = young.sync(0, &[]).await.ok();
            let words =
                given.ops.iter().map(|raw| Record::parse(raw).unwrap()).filter(|record| record.op.by != "young");
            let words: Vec<Record> = words.filter(|record| !record.is_erased()).collect();
            let next = words.iter().flat_map(|record| {
                let replica = record.op.id.replica;
                (1..30).map(move |seq| plan::OpId { replica, seq }.to_string())
            });
            seq += 1;
            let mut erased: Value =
                serde_json::from_str(&op(seq, words[0].op.on.as_str(), "erased", &[], true.into())).unwrap();
            erased["p"] = next.collect::<Vec<_>>().into();
            let answer: SyncResponse = young.sync(0, &[erased.to_string()]).await.ok();
            assert_eq!(answer.refused, []);
        }
        // The rows go, and what the erasures named stays known, since the part is shared with another.
        young.withdraw(&consent.id).await;
        let erased: EraseResponse = young.post("erase", &json!({})).await.ok();
        assert_eq!(erased.kept, ["meeting"]);
        consent = young.accept(&sara.invite("M").await, &["meeting"]).await;
    }
}

/// A part that goes takes what was said in it, and the earlier of two answers does not come back as the one that holds.
#[tokio::test]
async fn nobody_is_put_back_to_what_they_said_before_a_part_was_erased() {
    let Stage { world, mut sara, mut young, name, consent, to } = stage().await;
    let wide = |id: &str| yes(None, Some(id), &["meeting", "red"], OVER_15);
    let both: ConsentView = young.post("consents", &wide(&consent.id)).await.ok();
    let _: WriteResponse = sara.write(&name, &answer(1, &to, "yes", "")).await.ok();
    let early: SyncResponse = young.sync(0, &[]).await.ok();
    world.pass(MINUTE);
    let _: WriteResponse = sara.write(&name, &answer(2, &to, "no", SAID)).await.ok();
    let red: ConsentView = young.post("consents", &yes(None, Some(&both.id), &["red"], OVER_15)).await.ok();
    let erased: EraseResponse = young.post("erase", &json!({})).await.ok();
    assert_eq!(erased.kept, ["red"]);
    let _: ConsentView = young.post("consents", &wide(&red.id)).await.ok();
    let answer: SyncResponse = young.sync(0, &early.ops).await.ok();
    assert_eq!((answer.stored.len(), answer.refused.len()), (3, 3), "the point is back, and the answer is not");
    assert_eq!(answers(&young.everything().await, &to), []);
    // What is said from now on stays, and comes back as ever: also what was said in the moment of an erasure that kept its part.
    let _: WriteResponse = sara.write(&name, &self::answer(3, &to, "later", SAID)).await.ok();
    let _: EraseResponse = young.post("erase", &json!({})).await.ok();
    let kept: SyncResponse = young.sync(0, &[]).await.ok();
    let answer: SyncResponse = young.sync(0, &kept.ops).await.ok();
    assert_eq!(answer.refused, []);
    assert_eq!(answers(&young.everything().await, &to).len(), 1);
}

/// The room is for words: what the young person has erased takes none of it.
#[tokio::test]
async fn who_has_said_too_much_can_answer_again_when_it_was_erased() {
    let Stage { mut sara, mut young, name, to, .. } = stage().await;
    let mut number = 0;
    let full = loop {
        number += 1;
        let mut request = answer(number, &to, "no", SAID);
        request.words = request.words.iter().cycle().take(MAX_WORDS).cloned().collect();
        let reply = sara.write(&name, &request).await;
        if !reply.status.is_success() {
            break reply;
        }
    };
    assert!(full.refused(ErrorCode::TooLarge).text().contains("no room"), "it is not the request that is too large");
    let (mut cursor, mut words) = (0, Vec::new());
    loop {
        let given: SyncResponse = young.sync(cursor, &[]).await.ok();
        words.extend(given.ops.iter().map(|raw| Record::parse(raw).unwrap()).filter(|record| record.op.by != "young"));
        cursor = given.cursor;
        if !given.more {
            break;
        }
    }
    for (words, seq) in words.chunks(200).zip(100..) {
        let mut erased: Value =
            serde_json::from_str(&op(seq, words[0].op.on.as_str(), "erased", &[], true.into())).unwrap();
        erased["p"] = words.iter().map(|record| record.op.id.to_string()).collect::<Vec<_>>().into();
        let answer: SyncResponse = young.sync(cursor, &[erased.to_string()]).await.ok();
        assert_eq!(answer.refused, []);
    }
    let _: WriteResponse = sara.write(&name, &self::answer(number, &to, "yes", "")).await.ok();
}

/// Whose words were all taken away has nothing left to read, so a no to them is not to be read off the review either.
#[tokio::test]
async fn the_version_of_a_review_tells_nothing_of_who_has_no_words_left() {
    let Stage { world, mut sara, mut young, name, consent, to } = stage().await;
    let mut jonas = world.staff(JONAS).await;
    young.accept(&jonas.invite("N").await, &["meeting"]).await;
    let _: WriteResponse = sara.write(&name, &answer(1, &to, "no", SAID)).await.ok();
    let given: SyncResponse = young.sync(0, &[]).await.ok();
    let words = given.ops.iter().map(|raw| Record::parse(raw).unwrap()).filter(|record| record.op.by != "young");
    let words: Vec<Record> = words.collect();
    let mut erased: Value = serde_json::from_str(&op(50, words[0].op.on.as_str(), "erased", &[], true.into())).unwrap();
    erased["p"] = words.iter().map(|record| record.op.id.to_string()).collect::<Vec<_>>().into();
    let _: SyncResponse = young.sync(0, &[erased.to_string()]).await.ok();
    let person = jonas.only_young().await;
    let before: ReviewView = jonas.review(&person).await.ok();
    young.withdraw(&consent.id).await;
    let after: ReviewView = jonas.review(&person).await.ok();
    assert_eq!(after, before);
}

/// A phone has them still when the meeting is shared anew, and sends everything to the other copy.
#[tokio::test]
async fn what_a_guest_said_does_not_come_back_after_an_erasure() {
    let Stage { world, mut sara, mut young, mut consent, .. } = stage().await;
    let mut guest = world.nobody();
    let mut erased: Vec<String> = Vec::new();
    // The day is all that is told of when a guest has said something, and all of this is on one.
    for round in 0..3 {
        let link: GuestLinkView = young.invite_guest(FIRST).await.ok();
        guest.post("guests/reflection", &reflection(&link, &format!("{SAID} {round}"))).await.empty();
        let given: SyncResponse = young.sync(0, &[]).await.ok();
        let said: Vec<String> = given.ops.into_iter().filter(|raw| raw.contains("guest-")).collect();
        assert_eq!(said.len(), 5);
        let kept: SyncResponse = young.sync(0, &said).await.ok();
        assert_eq!((kept.stored.len(), kept.refused), (5, Vec::new()));
        let back: SyncResponse = young.sync(0, &erased).await.ok();
        assert_eq!((back.stored.len(), back.refused.len()), (0, erased.len()), "round {round}");
        let set = young.everything().await;
        assert_eq!(set.list_reflections(&FIRST.parse().unwrap()).len(), 1);
        // What nobody has erased comes back to a server that has lost it.
        let file = rusqlite::Connection::open(world.folder.path().join("min-plan.sqlite3")).unwrap();
        file.execute("DELETE FROM ops", []).unwrap();
        let again: SyncResponse = young.sync(0, &said).await.ok();
        assert_eq!((again.stored.len(), again.refused), (5, Vec::new()));
        erased.extend(said);
        world.pass(MINUTE);
        young.withdraw(&consent.id).await;
        let _: EraseResponse = young.post("erase", &json!({})).await.ok();
        consent = young.accept(&sara.invite("M").await, &["meeting"]).await;
    }
    // An erasure that the meeting stays in takes nothing of theirs.
    let link: GuestLinkView = young.invite_guest(FIRST).await.ok();
    guest.post("guests/reflection", &reflection(&link, SAID)).await.empty();
    let mut jonas = world.staff(JONAS).await;
    young.accept(&jonas.invite("N").await, &["meeting"]).await;
    young.withdraw(&consent.id).await;
    let _: EraseResponse = young.post("erase", &json!({})).await.ok();
    assert_eq!(young.everything().await.list_reflections(&FIRST.parse().unwrap()).len(), 1);
}
