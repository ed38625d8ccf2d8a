//! Messages: between a young person and one contact, and nobody else's.

use crate::words::{SAID, set_of};
use crate::world::*;
use plan::Message;
use protocol::*;

const WORD: &str = "Planteddraft om natten";

pub fn message(seq: u64, staff: &str, text: &str) -> (String, Vec<String>) {
    let on = format!("messages/message/{:016x}-{seq}_{staff}", 1);
    let ops = vec![op(seq, &on, "made", &[], true.into()), op(seq + 1, &on, "text", &[], text.into())];
    (on, ops)
}

pub fn reply(number: u64, staff: &str, slot: u64, text: &str) -> WriteRequest {
    let words = WordsView {
        to: format!("messages/thread/{staff}"),
        kind: "reply".into(),
        slot: Some(format!("{slot:016x}")),
        field: "text".into(),
        text: text.into(),
    };
    WriteRequest { secret: format!("{number:064x}"), words: vec![words] }
}

impl Client {
    pub async fn messages(&mut self, young: &str) -> Reply {
        self.get(&format!("staff/young-people/{young}/messages")).await
    }

    pub async fn thread(&mut self, staff: &str) -> Vec<Message> {
        let answer: SyncResponse = self.sync(0, &[]).await.ok();
        set_of(&answer.ops).list_messages(staff)
    }
}

struct Stage {
    world: World,
    sara: Client,
    jonas: Client,
    young: Client,
    name: String,
    to_sara: ConsentView,
    to_jonas: ConsentView,
}

/// A young person who writes with Sara and with Jonas, each by a yes of their own.
async fn stage() -> Stage {
    let world = World::new().await;
    let (mut sara, jonas) = (world.staff(SARA).await, world.staff(JONAS).await);
    let (mut young, to_sara) = world.young(&mut sara, "M", &["messages"]).await;
    let mut jonas = jonas;
    let to_jonas = young.accept(&jonas.invite("N").await, &["messages", "meeting"]).await;
    let name = sara.only_young().await;
    assert_ne!(to_sara.staff, to_jonas.staff);
    Stage { world, sara, jonas, young, name, to_sara, to_jonas }
}

#[tokio::test]
async fn a_message_is_read_by_who_it_is_to_and_that_is_told() {
    let Stage { world, mut sara, mut jonas, mut young, name, to_sara, .. } = stage().await;
    let (on, ops) = message(1, &to_sara.staff, WORD);
    let _: SyncResponse = young.sync(0, &ops).await.ok();
    let unread = async |client: &mut Client| client.young_people().await.young_people[0].has_messages;
    assert!(unread(&mut sara).await);
    assert!(!unread(&mut jonas).await, "it is not to him");
    assert!(!young.thread(&to_sara.staff).await[0].is_read, "a list is no reading");

    let reply = jonas.messages(&name).await;
    assert!(!reply.text().contains(WORD));
    let theirs: MessagesView = reply.ok();
    assert_eq!((theirs.messages, theirs.label.as_str()), (vec![], "N"));
    let review = jonas.review(&name).await;
    assert!(!review.text().contains(WORD), "nor in what else he may read");
    assert!(!young.thread(&to_sara.staff).await[0].is_read);

    world.pass(MINUTE);
    let read: MessagesView = sara.messages(&name).await.ok();
    let expected =
        MessageView { on, text: WORD.into(), quote: String::new(), from: String::new(), at: START + 2, new: true };
    assert_eq!(
        (read.messages, read.thread, read.more),
        (vec![expected], format!("messages/thread/{}", to_sara.staff), false)
    );
    assert!(young.thread(&to_sara.staff).await[0].is_read);
    assert!(!unread(&mut sara).await);
    let again: MessagesView = sara.messages(&name).await.ok();
    assert!(!again.messages[0].new);
}

#[tokio::test]
async fn a_reply_reaches_the_phone_and_stays_as_it_was_sent() {
    let Stage { mut sara, mut jonas, mut young, name, to_sara, to_jonas, .. } = stage().await;
    let _: WriteResponse = sara.write(&name, &reply(1, &to_sara.staff, 1, SAID)).await.ok();
    let thread = young.thread(&to_sara.staff).await;
    let told: Vec<_> = thread.iter().map(|it| (it.text.as_str(), it.from.as_str())).collect();
    assert_eq!(told, [(SAID, "Sara Holm, Bostedet Lindely")]);
    assert_eq!(young.thread(&to_jonas.staff).await, []);
    let theirs = jonas.messages(&name).await;
    assert!(!theirs.text().contains(SAID), "what one contact writes is not the other's to read");

    // The same request again is the same reply; another on the same slot is none.
    let _: WriteResponse = sara.write(&name, &reply(1, &to_sara.staff, 1, SAID)).await.ok();
    sara.write(&name, &reply(2, &to_sara.staff, 1, "Noget andet")).await.refused(ErrorCode::Forbidden);
    let _: WriteResponse = sara.write(&name, &reply(3, &to_sara.staff, 2, "Og en til")).await.ok();
    let thread = young.thread(&to_sara.staff).await;
    assert_eq!(thread.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(), [SAID, "Og en til"]);
    // Not in another's thread, and not to nothing.
    sara.write(&name, &reply(4, &to_jonas.staff, 3, SAID)).await.refused(ErrorCode::NoConsent);
    sara.write(&name, &reply(5, "x", 3, SAID)).await.refused(ErrorCode::NoConsent);
    sara.write(&name, &reply(6, &to_sara.staff, 3, " . ")).await.refused(ErrorCode::Malformed);
    let mut elsewhere = reply(7, &to_sara.staff, 3, SAID);
    elsewhere.words[0].to = "meeting/thread/x".into();
    sara.write(&name, &elsewhere).await.refused(ErrorCode::NoConsent);
}

#[tokio::test]
async fn a_no_to_one_contact_ends_their_thread_and_no_other() {
    let Stage { mut sara, mut jonas, mut young, name, to_sara, to_jonas, .. } = stage().await;
    let (_, first) = message(1, &to_sara.staff, WORD);
    let (_, other) = message(11, &to_jonas.staff, "Hej Jonas");
    let _: SyncResponse = young.sync(0, &[first, other].concat()).await.ok();
    let _: WriteResponse = sara.write(&name, &reply(1, &to_sara.staff, 1, SAID)).await.ok();
    young.withdraw(&to_sara.id).await;
    sara.messages(&name).await.refused(ErrorCode::NoConsent);
    sara.write(&name, &reply(2, &to_sara.staff, 2, SAID)).await.refused(ErrorCode::NoConsent);
    assert_eq!(young.thread(&to_sara.staff).await, [], "nothing of hers is given out any more");
    assert_eq!(young.thread(&to_jonas.staff).await.len(), 1);
    // What is written to her does not get in, though there is a yes to messages to somebody else.
    let (_, late) = message(21, &to_sara.staff, "for sent");
    let answer: SyncResponse = young.sync(0, &late).await.ok();
    assert_eq!((answer.stored.len(), answer.refused.len()), (0, 2));
    assert!(answer.refused.iter().all(|refused| refused.reason == ErrorCode::NoConsent));
    // A draft is in no thread, and leaves by no yes.
    let draft = op(31, &format!("messages/draft/{}", to_jonas.staff), "text", &[], "kladde".into());
    let answer: SyncResponse = young.sync(0, &[draft]).await.ok();
    assert_eq!(answer.refused[0].reason, ErrorCode::NoConsent);

    // Erased, nothing of her thread is left, and the other one is.
    let _: EraseResponse = young.post("erase", &serde_json::json!({})).await.ok();
    let theirs: MessagesView = jonas.messages(&name).await.ok();
    assert_eq!(theirs.messages.len(), 1);
    young.accept(&sara.invite("M").await, &["messages"]).await;
    assert_eq!(young.thread(&to_sara.staff).await, []);
    let again: MessagesView = sara.messages(&sara.clone().only_young().await).await.ok();
    assert_eq!(again.messages, []);
}

#[tokio::test]
async fn a_yes_to_other_parts_reads_no_messages() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, consent) = world.young(&mut sara, "M", &["meeting", "red"]).await;
    let name = sara.only_young().await;
    sara.messages(&name).await.refused(ErrorCode::NoConsent);
    let (_, ops) = message(1, &consent.staff, WORD);
    let answer: SyncResponse = young.sync(0, &ops).await.ok();
    assert_eq!(answer.stored, Vec::<String>::new());
    assert!(!sara.young_people().await.young_people[0].has_messages);
}

#[tokio::test]
async fn a_no_that_comes_while_messages_are_read_shows_nothing() {
    let Stage { world, mut sara, mut young, name, to_sara, .. } = stage().await;
    let (_, ops) = message(1, &to_sara.staff, WORD);
    let _: SyncResponse = young.sync(0, &ops).await.ok();
    let (mut phone, id) = (young.clone(), to_sara.id.clone());
    world.between.after("list_thread", async move {
        phone.withdraw(&id).await;
    });
    sara.messages(&name).await.refused(ErrorCode::NoConsent);
    let (_, again) = message(11, &to_sara.staff, WORD);
    young.accept(&sara.invite("M").await, &["messages"]).await;
    let _: SyncResponse = young.sync(0, &again).await.ok();
    assert!(young.thread(&to_sara.staff).await.iter().all(|it| !it.is_read), "what was not shown is not read");
}

#[tokio::test]
async fn of_many_messages_the_latest_are_shown() {
    let Stage { world, mut sara, mut young, name, to_sara, .. } = stage().await;
    for page in 0..3 {
        let ops = (0..200).flat_map(|count| {
            let seq = 1 + 2 * (page * 200 + count);
            message(seq, &to_sara.staff, &format!("Nummer {seq}")).1
        });
        let _: SyncResponse = young.sync(0, &ops.collect::<Vec<_>>()).await.ok();
    }
    world.pass(MINUTE);
    let read: MessagesView = sara.messages(&name).await.ok();
    assert_eq!((read.messages.len(), read.more), (MAX_MESSAGES, true));
    assert_eq!(read.messages.last().unwrap().text, "Nummer 1199");
    assert!(!sara.young_people().await.young_people[0].has_messages, "what was not shown is no news either");
    let (mut cursor, mut all) = (0, Vec::new());
    loop {
        let page: SyncResponse = young.sync(cursor, &[]).await.ok();
        all.extend(page.ops);
        cursor = page.cursor;
        if !page.more {
            break;
        }
    }
    let told: Vec<bool> = set_of(&all).list_messages(&to_sara.staff).iter().map(|message| message.is_read).collect();
    assert_eq!(told, [vec![false; 100], vec![true; MAX_MESSAGES]].concat(), "what was not shown is not read");
}

/// What an adult writes is of the server's day, whatever day a phone says it is: what was erased is known by it.
#[tokio::test]
async fn a_phone_whose_clock_is_ahead_brings_back_nothing_that_was_erased() {
    let Stage { mut sara, mut young, name, to_sara, .. } = stage().await;
    let ahead = |raw: &String| raw.replace("\"at\":\"1795", "\"at\":\"1895");
    let ops: Vec<String> = message(1, &to_sara.staff, WORD).1.iter().map(ahead).collect();
    assert!(set_of(&ops).latest().millis > START + YEAR);
    let _: SyncResponse = young.sync(0, &ops).await.ok();
    let _: MessagesView = sara.messages(&name).await.ok();
    let _: WriteResponse = sara.write(&name, &reply(1, &to_sara.staff, 1, SAID)).await.ok();
    let kept: SyncResponse = young.sync(0, &[]).await.ok();
    let thread = set_of(&kept.ops).list_messages(&to_sara.staff);
    assert_eq!(thread.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(), [WORD, SAID], "what is read was before");
    assert_eq!(thread[1].at.millis, START);
    young.withdraw(&to_sara.id).await;
    let _: EraseResponse = young.post("erase", &serde_json::json!({})).await.ok();
    young.accept(&sara.invite("M").await, &["messages"]).await;
    let answer: SyncResponse = young.sync(0, &kept.ops).await.ok();
    assert_eq!(answer.refused.len(), 3, "what she wrote, who it is from, and that she has read");
    assert!(young.thread(&to_sara.staff).await.iter().all(|it| it.text == WORD && !it.is_read));
}

/// Of two who ask at once the one that has seen less may be the last to say so.
#[tokio::test]
async fn what_was_read_is_not_unread_again() {
    let Stage { world, mut sara, mut young, name, to_sara, .. } = stage().await;
    let _: SyncResponse = young.sync(0, &message(1, &to_sara.staff, "Hej").1).await.ok();
    let (mut other, later, same) = (sara.clone(), message(11, &to_sara.staff, WORD).1, name.clone());
    let mut phone = young.clone();
    world.between.after("list_thread", async move {
        let _: SyncResponse = phone.sync(0, &later).await.ok();
        let read: MessagesView = other.messages(&same).await.ok();
        assert_eq!(read.messages.len(), 2);
    });
    let read: MessagesView = sara.messages(&name).await.ok();
    assert_eq!(read.messages.len(), 1);
    assert!(young.thread(&to_sara.staff).await.iter().all(|it| it.is_read));
    assert!(!sara.young_people().await.young_people[0].has_messages);
}

/// A phone that somebody has tampered with puts no words into an adult's mouth, nor tells of a reading.
#[tokio::test]
async fn what_a_phone_writes_as_a_message_is_never_the_contacts() {
    let Stage { mut sara, mut young, name, to_sara, .. } = stage().await;
    let (on, mut ops) = message(1, &to_sara.staff, WORD);
    ops.push(op(3, &on, "from", &[], "Sara Holm, Bostedet Lindely".into()));
    let _: SyncResponse = young.sync(0, &ops).await.ok();
    let read: MessagesView = sara.messages(&name).await.ok();
    assert_eq!((read.messages[0].from.as_str(), read.messages[0].new), ("", true));
    let thread = young.thread(&to_sara.staff).await;
    assert_eq!((thread[0].from.as_str(), thread[0].is_read), ("", true));
}

/// In another part there is no thread, and what is said in none is shown nowhere.
#[tokio::test]
async fn a_reply_is_written_in_a_thread() {
    let Stage { mut jonas, name, to_jonas, .. } = stage().await;
    let mut elsewhere = reply(1, &to_jonas.staff, 1, SAID);
    elsewhere.words[0].to = "meeting/thread/x".into();
    jonas.write(&name, &elsewhere).await.refused(ErrorCode::Gone);
    // What begins with their name is their thread, and no other's.
    let mut other = reply(2, &to_jonas.staff, 1, SAID);
    other.words[0].to = format!("messages/thread/x_{}", to_jonas.staff);
    jonas.write(&name, &other).await.refused(ErrorCode::NoConsent);
}
