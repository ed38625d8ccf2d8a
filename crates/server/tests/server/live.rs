//! Told at once, and only who may know; and how much room those take who listen.

use crate::process::{end, start};
use crate::world::*;
use protocol::*;
use serde_json::{Value, json};
use server::live::{MOST_STREAMS, MOST_STREAMS_EACH};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

#[tokio::test]
async fn both_sides_are_told_of_each_others_words_and_nobody_of_their_own() {
    let world = World::new().await;
    let (mut sara, mut jonas) = (world.staff(SARA).await, world.staff(JONAS).await);
    let (mut young, consent) = world.young(&mut sara, "M", &["meeting"]).await;
    let (mut stranger, _) = world.young(&mut jonas, "N", &["meeting"]).await;
    let name = sara.only_young().await;
    let code: DeviceInvitationView = young.post("devices/invitations", &json!({})).await.ok();
    let mut tablet = world.nobody();
    let _: MeView = tablet.post("devices", &AddDeviceRequest { code: code.code }).await.ok();

    let mut of_young = young.listen("events").await;
    let mut of_tablet = tablet.listen("events").await;
    let mut of_stranger = stranger.listen("events").await;
    let mut of_sara = sara.listen("staff/events").await;
    let mut of_jonas = jonas.listen("staff/events").await;
    for events in [&mut of_young, &mut of_tablet, &mut of_stranger, &mut of_sara, &mut of_jonas] {
        events.hears().await;
        events.hears_nothing().await;
    }

    let _: SyncResponse = young.sync(0, &entry(1, "meeting", "m1.m_dagsorden", "Jeg vil hjem")).await.ok();
    of_tablet.hears().await;
    of_sara.hears().await;
    // To ask is not to say.
    let _: SyncResponse = tablet.sync(0, &[]).await.ok();
    for events in [&mut of_young, &mut of_tablet, &mut of_sara] {
        events.hears_nothing().await;
    }

    let words =
        |field| json!({"to": format!("meeting/entry/{:016x}-1", 1), "kind": "answer", "field": field, "text": "yes"});
    let words = json!({"secret": "5e".repeat(32), "words": [words("said"), words("reason")]});
    let _: WriteResponse = sara.post(&format!("staff/young-people/{name}/words"), &words).await.ok();
    of_young.hears().await;
    of_tablet.hears().await;
    // In another window, too.
    of_sara.hears().await;

    // The no itself is told to whom it is said, so that their screen is emptied; nothing after it.
    young.withdraw(&consent.id).await;
    of_sara.hears().await;
    of_tablet.hears().await;
    young.accept(&jonas.invite("M").await, &["meeting"]).await;
    of_jonas.hears().await;
    let _: SyncResponse = young.sync(0, &entry(10, "meeting", "m1.m_dagsorden", "Og en ting til")).await.ok();
    of_jonas.hears().await;
    // What is erased nobody could read any more.
    let _: EraseResponse = young.post("erase", &json!({})).await.ok();
    of_jonas.hears_nothing().await;
    of_sara.hears_nothing().await;
    of_stranger.hears_nothing().await;
}

#[tokio::test]
async fn nobody_is_told_of_what_they_may_not_read_nor_of_anothers_consent() {
    let world = World::new().await;
    let (mut sara, mut jonas) = (world.staff(SARA).await, world.staff(JONAS).await);
    let (mut young, _) = world.young(&mut sara, "M", &["red", "meeting"]).await;
    let jonas_yes = young.accept(&jonas.invite("M").await, &["meeting"]).await;
    let version = async |jonas: &mut Client| -> String {
        let review: ReviewView = jonas.review(&jonas.clone().only_young().await).await.ok();
        review.version
    };
    let before = version(&mut jonas).await;
    let mut of_sara = sara.listen("staff/events").await;
    let mut of_jonas = jonas.listen("staff/events").await;
    of_sara.hears().await;
    of_jonas.hears().await;
    let _: SyncResponse = young.sync(0, &entry(1, "red", "r_nu", "Ring til mormor")).await.ok();
    of_sara.hears().await;
    of_jonas.hears_nothing().await;
    let sara_yes = young.me().await.consents.into_iter().find(|consent| consent.id != jonas_yes.id).unwrap();
    let narrowed: ConsentView = young.post("consents", &yes(None, Some(&sara_yes.id), &["red"], OVER_15)).await.ok();
    of_sara.hears().await;
    let _ = young.withdraw(&narrowed.id).await;
    of_sara.hears().await;
    of_jonas.hears_nothing().await;
    let no_words = "the version tells of words or of a yes that are not theirs";
    assert_eq!(version(&mut jonas).await, before, "{no_words}");
    let again = young.accept(&sara.invite("M").await, &["meeting", "about"]).await;
    assert_eq!(version(&mut jonas).await, before, "{no_words}");

    // What both read is told of: words of hers that come, and that go with her yes. Not that they are erased after that.
    let _: SyncResponse = young.sync(0, &entry(4, "meeting", "m1.m_dagsorden", "Jeg vil hjem")).await.ok();
    let silent = version(&mut jonas).await;
    assert_ne!(silent, before);
    let person = sara.only_young().await;
    let words =
        |field| json!({"to": format!("meeting/entry/{:016x}-4", 1), "kind": "answer", "field": field, "text": "yes"});
    let words = json!({"secret": "5e".repeat(32), "words": [words("said"), words("reason")]});
    let _: WriteResponse = sara.post(&format!("staff/young-people/{person}/words"), &words).await.ok();
    let heard = version(&mut jonas).await;
    assert_ne!(heard, silent);
    let _ = young.withdraw(&again.id).await;
    assert_eq!(version(&mut jonas).await, silent);
    let _: EraseResponse = young.post("erase", &json!({})).await.ok();
    let _ = young.accept(&sara.invite("M").await, &["meeting"]).await;
    assert_eq!(version(&mut jonas).await, silent, "{no_words}");
}

#[tokio::test]
async fn who_may_no_longer_listen_hears_nothing_more() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["meeting"]).await;
    let code: DeviceInvitationView = young.post("devices/invitations", &json!({})).await.ok();
    let mut tablet = world.nobody();
    let _: MeView = tablet.post("devices", &AddDeviceRequest { code: code.code }).await.ok();
    let device = young.me().await.devices[1].id.clone();
    let mut of_tablet = tablet.listen("events").await;
    let mut of_sara = sara.listen("staff/events").await;
    of_tablet.hears().await;
    of_sara.hears().await;
    young.delete(&format!("devices/{device}")).await.empty();
    of_tablet.ends().await;
    sara.delete("staff/session").await.empty();
    of_sara.ends().await;
}

/// To listen is not to use: a screen that nobody is at does not keep a session open.
#[tokio::test]
async fn a_stream_keeps_no_session_open() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    for _ in 0..5 {
        world.pass(10 * MINUTE);
        drop(sara.listen("staff/events").await);
    }
    world.pass(10 * MINUTE);
    sara.get("staff/events").await.refused(ErrorCode::SignedOut);
}

#[tokio::test]
async fn who_opens_too_many_is_asked_to_come_back() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let mut open = Vec::new();
    for _ in 0..MOST_STREAMS_EACH {
        open.push(sara.listen("staff/events").await);
    }
    sara.get("staff/events").await.refused(ErrorCode::Busy);
    drop(open.pop());
    drop(sara.listen("staff/events").await);
}

/// A client of the program itself, as plain as can be.
fn call(address: &str, request: &str, cookie: &str, body: &Value) -> (String, Value) {
    let body = body.to_string();
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "{request} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncookie: {cookie}\r\ncontent-type: application/json\r\n"
    );
    stream.write_all(format!("{head}content-length: {}\r\n\r\n{body}", body.len()).as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
    let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")?.split(';').next());
    (cookie.unwrap_or_default().to_owned(), serde_json::from_str(body).unwrap())
}

fn resident_kilobytes(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn a_thousand_who_listen_fit_in_64_megabytes_and_do_not_keep_it_from_stopping() {
    const STREAMS: usize = 1_000;
    const { assert!(STREAMS <= MOST_STREAMS) };
    let folder = tempfile::TempDir::new().unwrap();
    let (mut child, ready) = start(folder.path());
    // It logs more than a pipe holds that nobody reads.
    let log = child.stderr.take().map(|log| std::thread::spawn(|| std::io::read_to_string(log).unwrap())).unwrap();
    let address = ready["address"].as_str().unwrap();
    let trial = &ready["trial"];
    let password = json!({"login": trial["login"], "password": trial["password"]});
    // Several at once: each password takes 19 MiB to look at.
    let mut cookies = Vec::new();
    std::thread::scope(|scope| {
        let sign_in = || call(address, "POST /api/v1/staff/session", "", &password).0;
        let windows: Vec<_> = (0..4).map(|_| scope.spawn(sign_in)).collect();
        cookies.extend(windows.into_iter().map(|window| window.join().unwrap()));
    });
    let sara = cookies.pop().unwrap();
    let before = resident_kilobytes(child.id());
    let mut open = Vec::new();
    for _ in 0..STREAMS.div_ceil(MOST_STREAMS_EACH) {
        let (_, invitation) = call(address, "POST /api/v1/staff/invitations", &sara, &json!({"label": "M"}));
        let yes = yes(invitation["code"].as_str(), None, &["meeting"], OVER_15);
        let (young, _) = call(address, "POST /api/v1/consents", "", &json!(yes));
        for _ in 0..MOST_STREAMS_EACH.min(STREAMS - open.len()) {
            let mut stream = TcpStream::connect(address).unwrap();
            let request = format!("GET /api/v1/events HTTP/1.1\r\nhost: x\r\ncookie: {young}\r\n\r\n");
            stream.write_all(request.as_bytes()).unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            assert!(lines.any(|line| line.unwrap() == "event: changed"));
            open.push(stream);
        }
    }
    let after = resident_kilobytes(child.id());
    println!("{STREAMS} streams: {before} kB before, {after} kB with them, of 65536");
    assert_eq!(open.len(), STREAMS);
    assert!(after < 64 * 1024, "{after} kB");
    end(&mut child);
    let log = log.join().unwrap();
    assert!(log.contains("\"stopped\"") && !log.contains("did not finish"), "the streams were waited for");
}
