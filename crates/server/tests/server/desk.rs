//! The list of a contact's young people: what is told of each, by which yes, and what it takes.

use crate::world::*;
use protocol::*;
use serde_json::json;

const MANY: usize = 500;
/// A day that nothing else here has.
const MEETING: &str = "2027-01-17";

fn database(world: &World) -> rusqlite::Connection {
    rusqlite::Connection::open(world.folder.path().join("min-plan.sqlite3")).unwrap()
}

fn count(world: &World, sql: &str) -> i64 {
    database(world).query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Something in every part.
fn everything() -> Vec<String> {
    let mut ops = entry(1, "red", "r_nu", "Ring til mor");
    ops.extend(entry(4, "about", "udsagn", "Jeg er god til at lytte"));
    ops.extend(entry(7, "meeting", "m1.m_dagsorden", "Jeg vil hjem"));
    ops.push(op(10, "meeting/meeting/m1", "date", &[], MEETING.into()));
    ops
}

fn done(young: &YoungPersonView) -> Vec<StepName> {
    let steps = young.course.iter().filter(|step| step.state == StepState::Done);
    steps.map(|step| step.step).collect()
}

async fn only(contact: &mut Client) -> YoungPersonView {
    contact.young_people().await.young_people.remove(0)
}

#[tokio::test]
async fn each_contact_is_told_by_their_own_yes() {
    use StepName::{Begun, Consent, FirstMeeting, Prepared, Statement};
    let world = World::new().await;
    let (mut sara, mut jonas) = (world.staff(SARA).await, world.staff(JONAS).await);
    let (mut young, _) = world.young(&mut sara, "M", &["red", "meeting"]).await;
    let code = jonas.invite("N").await;
    let _: ConsentView = young.post("consents", &yes(Some(&code), None, &["about"], OVER_15)).await.ok();
    assert_eq!((done(&only(&mut sara).await), done(&only(&mut jonas).await)), (vec![Consent], vec![Consent]));
    let _: SyncResponse = young.sync(0, &everything()).await.ok();
    let (of_sara, of_jonas) = (only(&mut sara).await, only(&mut jonas).await);
    assert_eq!(done(&of_sara), [Consent, Begun, Prepared]);
    assert_eq!(of_sara.next_meeting, Some(NextMeetingView { date: MEETING.into(), form: "network".into() }));
    assert_eq!(done(&of_jonas), [Consent, Statement]);
    assert_eq!(of_jonas.next_meeting, None);
    let states = |young: &YoungPersonView| young.course.iter().map(|step| step.state).collect::<Vec<_>>();
    assert_eq!(states(&of_sara)[2], StepState::NotShared);
    assert_eq!(states(&of_jonas)[1], StepState::NotShared);
    // It goes on by what happens, and a day that has passed is something that happens.
    world.set_time(START + 60 * DAY);
    let mut sara = world.staff(SARA).await;
    assert_eq!(done(&only(&mut sara).await), [Consent, Begun, Prepared, FirstMeeting]);
}

#[tokio::test]
async fn after_a_no_nothing_is_told_and_nothing_of_a_part_that_was_taken_back() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, consent) = world.young(&mut sara, "M", &["red", "about", "meeting"]).await;
    let _: SyncResponse = young.sync(0, &everything()).await.ok();
    assert_eq!(done(&only(&mut sara).await).len(), 4);
    let fewer: ConsentView = young.post("consents", &yes(None, Some(&consent.id), &["red"], OVER_15)).await.ok();
    let told = only(&mut sara).await;
    assert_eq!((done(&told), told.next_meeting), (vec![StepName::Consent, StepName::Begun], None));
    young.withdraw(&fewer.id).await;
    let told = only(&mut sara).await;
    assert_eq!((told.course, told.next_meeting, told.review_due, told.days_left), (vec![], None, false, None));
}

#[tokio::test]
async fn a_no_that_comes_while_it_is_made_is_heard() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, consent) = world.young(&mut sara, "M", &["red", "meeting"]).await;
    let _: SyncResponse = young.sync(0, &everything()).await.ok();
    let mut phone = young.clone();
    world.between.after("list_young_people", async move {
        phone.withdraw(&consent.id).await;
    });
    let told = only(&mut sara).await;
    assert_eq!((told.course, told.next_meeting), (vec![], None));
    assert_eq!(count(&world, "SELECT count(*) FROM summaries"), 0);
}

/// What is told of one is decided when the list is whole: another of them may have taken long.
#[tokio::test]
async fn a_no_that_comes_while_another_is_made_is_heard() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut first, consent) = world.young(&mut sara, "M", &["red", "meeting"]).await;
    let (mut second, _) = world.young(&mut sara, "N", &["red", "meeting"]).await;
    let _: SyncResponse = first.sync(0, &everything()).await.ok();
    sara.young_people().await;
    let _: SyncResponse = second.sync(0, &everything()).await.ok();
    world.between.after("summarise", async move {
        first.withdraw(&consent.id).await;
    });
    let told = sara.young_people().await;
    let told =
        told.young_people.iter().map(|young| (young.label.as_str(), done(young).len(), young.next_meeting.is_some()));
    assert_eq!(told.collect::<Vec<_>>(), [("N", 3, true), ("M", 0, false)]);
}

#[tokio::test]
async fn what_was_erased_is_in_no_summary_and_no_day_is_ever_in_clear() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, consent) = world.young(&mut sara, "M", &["about", "meeting"]).await;
    let _: SyncResponse = young.sync(0, &everything()).await.ok();
    let summary = |world: &World| -> Vec<u8> {
        database(world).query_row("SELECT sealed FROM summaries", [], |row| row.get(0)).unwrap()
    };
    assert_eq!(done(&only(&mut sara).await).len(), 3);
    // What is kept is on disk when the next thing is.
    let _: SyncResponse = young.sync(0, &[op(20, "about/section/navn", "text", &[], "Bo".into())]).await.ok();
    let first = summary(&world);
    assert!(contains(&bytes_in(world.folder.path()), &first));
    assert!(!contains(&bytes_in(world.folder.path()), MEETING.as_bytes()));
    // "Slet helt" takes it along, and it is made anew without what has gone.
    let erase = op(21, &format!("about/entry/{:016x}-4", 1), "erased", &[4, 5, 6], true.into());
    let _: SyncResponse = young.sync(0, &[erase]).await.ok();
    assert!(!contains(&bytes_in(world.folder.path()), &first));
    assert_eq!(done(&only(&mut sara).await), [StepName::Consent, StepName::Prepared]);
    let _: SyncResponse = young.sync(0, &[op(22, "about/section/navn", "text", &[20], "Bo".into())]).await.ok();
    let second = summary(&world);
    young.withdraw(&consent.id).await;
    let _: EraseResponse = young.post("erase", &json!({})).await.ok();
    assert!(!contains(&bytes_in(world.folder.path()), &second));
    assert_eq!(count(&world, "SELECT count(*) FROM summaries"), 0);
    // A new yes begins anew.
    young.accept(&sara.invite("M").await, &["about", "meeting"]).await;
    assert_eq!(done(&only(&mut sara).await), [StepName::Consent]);
}

#[tokio::test]
async fn what_is_due_is_said() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["red"]).await;
    let due = |young: YoungPersonView| (young.review_due, young.has_news, young.days_left, young.last_look);
    assert_eq!(due(only(&mut sara).await), (false, false, None, None));
    let _: SyncResponse = young.sync(0, &entry(1, "red", "r_nu", "Ring til mor")).await.ok();
    assert_eq!(due(only(&mut sara).await), (true, true, None, None));
    let person = sara.only_young().await;
    let _: ReviewView = sara.review(&person).await.ok();
    assert_eq!(due(only(&mut sara).await), (false, false, None, Some(START)));
    world.set_time(START + 90 * DAY);
    assert_eq!(due(only(&mut world.staff(SARA).await).await), (true, false, None, Some(START)));
    world.set_time(START + YEAR - 14 * DAY);
    assert_eq!(due(only(&mut world.staff(SARA).await).await), (true, false, Some(14), Some(START)));
    world.set_time(START + YEAR);
    let over = only(&mut world.staff(SARA).await).await;
    assert_eq!((over.status, over.course.len()), (StatusView::Expired, 0));
    assert_eq!(due(over), (false, false, None, Some(START)));
}

/// Many on one account: what has happened is made once, and what is not another than before is not sent again.
#[tokio::test]
async fn five_hundred_are_listed_without_opening_what_they_have_written() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    for number in 0..MANY {
        let (mut young, _) = world.young(&mut sara, &format!("Ung {number}"), &["red", "meeting"]).await;
        let _: SyncResponse = young.sync(0, &everything()[..3]).await.ok();
    }
    let first = sara.young_people().await;
    assert_eq!(first.young_people.len(), MANY);
    assert!(first.young_people.iter().all(|young| done(young).len() == 2));
    // Kept by now: what is written waits for its turn after it.
    sara.invite("Ung uden svar").await;
    assert_eq!(count(&world, "SELECT count(*) FROM summaries"), MANY as i64);
    // Nothing that they have written can be opened, and nobody needs to.
    database(&world).execute_batch("DROP TRIGGER ops_counted_again; UPDATE ops SET sealed = x'00'").unwrap();
    let begun = std::time::Instant::now();
    let again = sara.young_people().await;
    println!("desk: {MANY} young people were listed in {} ms", begun.elapsed().as_millis());
    assert_eq!(again.young_people, first.young_people);
    sara.get(&format!("staff/young-people?version={}", again.version)).await.empty();
    let other: YoungPeopleView = sara.get(&format!("staff/young-people?version={}", first.version)).await.ok();
    assert_eq!(other.version, again.version, "there is another invitation now");
}
