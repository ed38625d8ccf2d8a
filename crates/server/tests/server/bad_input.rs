//! What is wrong is answered with a clear refusal: never a 5xx, and nothing is lost by it.

use crate::world::*;
use axum::body::Body;
use axum::http::{Method, Request, header};
use protocol::*;
use serde_json::{Value, json};
use server::store::SqliteStore;

/// Bodies that no endpoint takes.
const MALFORMED: [&str; 12] = [
    "",
    "null",
    "[]",
    "\"x\"",
    "{",
    "{}",
    "{\"code\":7}",
    "{\"protocol\":1}",
    "{\"protocol\":\"one\",\"cursor\":0,\"ops\":[]}",
    "{\"protocol\":1,\"cursor\":-1,\"ops\":[]}",
    "{\"protocol\":1,\"cursor\":0,\"ops\":[{}]}",
    "\u{0}\u{7f}",
];

#[tokio::test]
async fn a_malformed_body_is_refused_everywhere() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, consent) = world.young(&mut sara, "M", &["red"]).await;
    let person = sara.only_young().await;
    let _: SyncResponse = young.sync(0, &entry(1, "red", "r_nu", "Ring til mor")).await.ok();
    let custody = format!("staff/young-people/{person}/custody");
    let mut checked = 0;
    for body in MALFORMED {
        for path in [
            "invitations/find",
            "consents",
            "consents/settle",
            "sync",
            "devices",
            "staff/session",
            "staff/invitations",
            &custody,
        ] {
            let client = if path.starts_with("staff") { &mut sara } else { &mut young };
            let reply = client.raw(Method::POST, path, body).await;
            // Forty wrong ones in a row are tries as well.
            if path == "invitations/find" || path == "devices" {
                assert!(reply.status.is_client_error(), "{path} {body}: {}", reply.text());
            } else {
                reply.refused(ErrorCode::Malformed);
            }
            checked += 1;
        }
    }
    let bytes = young.raw(Method::POST, "sync", vec![0xff, 0xfe, 0x00]).await;
    bytes.refused(ErrorCode::Malformed);
    // Nothing was lost by any of it.
    let answer: SyncResponse = young.sync(0, &[]).await.ok();
    assert_eq!((answer.ops.len(), answer.consents), (3, vec![consent]));
    println!("bad input: {checked} malformed bodies refused");
}

#[tokio::test]
async fn what_is_said_about_a_body_does_not_repeat_it() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["red"]).await;
    let body = json!({"protocol": 1, "cursor": "plantedword", "ops": ["plantedword"]});
    let reply = young.post("sync", &body).await.refused(ErrorCode::Malformed);
    assert!(!reply.text().contains("plantedword"));
}

#[tokio::test]
async fn too_large_is_too_large() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["red"]).await;
    let body = format!("{{\"protocol\":1,\"cursor\":0,\"ops\":[\"{}\"]}}", "x".repeat(MAX_BODY));
    young.raw(Method::POST, "sync", body.clone()).await.refused(ErrorCode::TooLarge);
    // Without a length that says so beforehand.
    let pieces = Body::new(Body::from(body));
    young.raw(Method::POST, "sync", pieces).await.refused(ErrorCode::TooLarge);
    let many: Vec<String> =
        (0..=MAX_OPS as u64).map(|n| op(n + 1, "red/section/x", "text", &[], Value::Null)).collect();
    young.sync(0, &many).await.refused(ErrorCode::TooLarge);
    let one = op(1, "red/section/x", "text", &[], "x".repeat(plan::limits::MAX_OP_BYTES).into());
    let answer: SyncResponse = young.sync(0, &[one]).await.ok();
    assert_eq!(answer.refused, [RefusedOp { id: id(1), reason: ErrorCode::TooLarge }]);
}

#[tokio::test]
async fn a_packed_body_is_taken_and_cannot_grow_beyond_the_limit() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["red"]).await;
    let pack = |body: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut encoder, body).unwrap();
        encoder.finish().unwrap()
    };
    let ops = entry(1, "red", "r_nu", "Ring til mor");
    let body = serde_json::to_vec(&SyncRequest { protocol: PROTOCOL, cursor: 0, ops: ops.clone() }).unwrap();
    let answer: SyncResponse = young.packed("sync", "gzip", pack(&body)).await.ok();
    assert_eq!(answer.stored.len(), ops.len());

    let bomb = pack(&vec![b' '; 50 * MAX_BODY]);
    assert!(bomb.len() < MAX_BODY / 10, "{} bytes", bomb.len());
    young.packed("sync", "gzip", bomb).await.refused(ErrorCode::TooLarge);
    let whole = pack(&body);
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for (encoding, body) in [
        ("gzip", body.clone()),
        ("gzip", Vec::new()),
        ("gzip", whole[..whole.len() - 9].to_vec()),
        ("gzip", flipped),
        ("br", whole.clone()),
        ("gzip, gzip", whole.clone()),
        ("", whole),
    ] {
        young.packed("sync", encoding, body).await.refused(ErrorCode::Malformed);
    }
    let answer: SyncResponse = young.sync(0, &[]).await.ok();
    assert_eq!(answer.ops.len(), ops.len());
}

#[tokio::test]
async fn a_malformed_operation_is_refused_and_the_others_are_taken() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["red"]).await;
    let good = op(1, "red/section/r_nu", "text", &[], "god".into());
    let without = |field: &str| {
        let mut op: Value = serde_json::from_str(&good.replace(&id(1), &id(2))).unwrap();
        op.as_object_mut().unwrap().remove(field);
        op.to_string()
    };
    let mut ops = vec!["not json".to_owned(), "[]".to_owned(), without("id")];
    let places = ["#0", "#1", "#2"].map(str::to_owned);
    for field in ["v", "at", "by", "on", "f", "p", "c", "val"] {
        ops.push(without(field));
    }
    ops.push(good.replace(&id(1), "SHOUTING-1"));
    ops.push(good.clone());
    let answer: SyncResponse = young.sync(0, &ops).await.ok();
    assert_eq!(answer.stored, [id(1)]);
    let refused: Vec<String> = answer.refused.iter().map(|refused| refused.id.clone()).collect();
    assert_eq!(refused[..3], places);
    assert_eq!(refused[3..11], vec![id(2); 8]);
    assert_eq!(refused[11], "#11");
    assert!(answer.refused.iter().all(|refused| refused.reason == ErrorCode::Malformed));
}

#[tokio::test]
async fn an_unknown_protocol_is_refused_by_its_version() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["red"]).await;
    for body in [
        json!({"protocol": 0, "cursor": 0, "ops": []}),
        json!({"protocol": 2, "cursor": 0, "ops": []}),
        json!({"protocol": 99, "since": {"everything": "else"}}),
    ] {
        young.post("sync", &body).await.refused(ErrorCode::UnknownVersion);
    }
}

#[tokio::test]
async fn a_consent_is_never_guessed() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let code = sara.invite("M").await;
    let mut young = world.nobody();
    let wrong: [(&[&str], (&str, &str)); 11] = [
        (&[], OVER_15),
        (&["red", "everything"], OVER_15),
        (&["Red"], OVER_15),
        (&["red"], ("2024-06-01", "2027-06-02")),
        (&["red"], ("2024-06-01", "2028-06-01")),
        (&["red"], ("2027-06-01", "2024-06-01")),
        (&["red"], ("2024-06-31", "2027-07-01")),
        (&["red"], ("1.6.2024", "1.6.2027")),
        (&["red"], ("", "")),
        // A hundred years old, and not yet born.
        (&["red"], ("1941-06-01", "1944-06-01")),
        (&["red"], ("2199-06-01", "2199-06-01")),
    ];
    for (parts, days) in wrong {
        young.post("consents", &yes(Some(&code), None, parts, days)).await.refused(ErrorCode::Malformed);
    }
    young.post("consents", &yes(None, None, &["red"], OVER_15)).await.refused(ErrorCode::Malformed);
    young.post("consents", &yes(None, Some("x"), &["red"], OVER_15)).await.refused(ErrorCode::SignedOut);
    // The code is still good.
    young.accept(&code, &["red"]).await;
    young.post("consents", &yes(None, Some("x"), &["red"], OVER_15)).await.refused(ErrorCode::NotFound);
}

#[tokio::test]
async fn wrong_names_and_paths_are_refused() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["red"]).await;
    let person = sara.only_young().await;
    let long = "æ".repeat(81);
    for label in ["", "   ", &long, "a\nb"] {
        sara.post("staff/invitations", &json!({ "label": label })).await.refused(ErrorCode::Malformed);
    }
    let custody = format!("staff/young-people/{person}/custody");
    for (answer, by, on) in [
        ("waiting", "mor", "2026-11-22"),
        ("not_needed", "mor", "2026-11-22"),
        ("yes", "", "2026-11-22"),
        ("yes", &long, "2026-11-22"),
        ("yes", "mor", "i går"),
        ("yes", "mor", "2026-12-24"),
    ] {
        let body = json!({"answer": answer, "given_by": by, "on": on});
        sara.post(&custody, &body).await.refused(ErrorCode::Malformed);
    }
    let odd = ["x", "%00", "%ff", "..%2f..", "' OR 1=1 --", &"x".repeat(5000)].map(|text| text.replace(' ', "%20"));
    for odd in odd {
        for (path, young_asks) in
            [(format!("consents/{odd}/withdraw"), true), (format!("staff/young-people/{odd}/custody"), false)]
        {
            let client = if young_asks { &mut young } else { &mut sara };
            let body = json!({"answer": "yes", "given_by": "mor", "on": "2026-11-22"});
            let reply = client.post(&path, &body).await;
            assert!(matches!(reply.status.as_u16(), 400 | 404), "{path}: {}", reply.status);
        }
        for path in [format!("devices/{odd}"), format!("staff/invitations/{odd}")] {
            let client = if path.starts_with("devices") { &mut young } else { &mut sara };
            let reply = client.delete(&path).await;
            assert!(matches!(reply.status.as_u16(), 400 | 404), "{path}: {}", reply.status);
        }
        let reply = sara.get(&format!("staff/young-people/{odd}/review?version={odd}")).await;
        assert!(matches!(reply.status.as_u16(), 400 | 404), "{}", reply.status);
    }
    let review = format!("staff/young-people/{person}/review?version=1&version=2");
    sara.get(&review).await.refused(ErrorCode::Malformed);
}

#[tokio::test]
async fn another_site_gets_nowhere() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, consent) = world.young(&mut sara, "M", &["red"]).await;
    let path = format!("/api/v1/consents/{}/withdraw", consent.id);
    let ask = |headers: &[(&str, &str)]| {
        let mut request = Request::builder().method(Method::POST).uri(&path).header(header::HOST, "127.0.0.1:8080");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Body::from("{}")).unwrap()
    };
    let json = ("content-type", "application/json");
    for (headers, code) in [
        (&[json, ("sec-fetch-site", "cross-site")][..], ErrorCode::Forbidden),
        (&[json, ("sec-fetch-site", "same-site")], ErrorCode::Forbidden),
        (&[json, ("origin", "https://evil.example")], ErrorCode::Forbidden),
        (&[json, ("origin", "null")], ErrorCode::Forbidden),
        (&[("content-type", "text/plain")], ErrorCode::Malformed),
        (&[("content-type", "application/x-www-form-urlencoded")], ErrorCode::Malformed),
        (&[("content-length", "2")], ErrorCode::Malformed),
    ] {
        young.send(ask(headers)).await.refused(code);
    }
    assert_eq!(young.me().await.consents[0].withdrawn_at, None);
    for headers in [
        &[json, ("sec-fetch-site", "same-origin"), ("origin", "http://127.0.0.1:9999")][..],
        &[json, ("origin", "http://127.0.0.1:8080")],
        &[("content-type", "Application/JSON; charset=utf-8")],
    ] {
        assert!(young.send(ask(headers)).await.status.is_success());
    }
}

#[tokio::test]
async fn a_database_from_a_newer_build_is_left_alone() {
    let world = World::new().await;
    world.store.close().await.unwrap();
    let path = world.folder.path().join("min-plan.sqlite3");
    let check = |what: &str| {
        let before = std::fs::read(&path).unwrap();
        let error = SqliteStore::open(world.folder.path(), keys()).err().expect(what).to_string();
        assert_eq!(std::fs::read(&path).unwrap(), before, "{what}");
        assert_eq!(std::fs::read_dir(world.folder.path()).unwrap().count(), 1, "{what}");
        error
    };
    let pragma = |name: &str, value: i64| {
        let connection = rusqlite::Connection::open(&path).unwrap();
        connection.pragma_update(None, name, value).unwrap();
    };
    pragma("user_version", 1000);
    assert!(check("newer").contains("newer build"));
    pragma("user_version", 1);
    pragma("application_id", 7);
    assert!(check("foreign").contains("not a database of Min Plan"));
    for bytes in [&b"hello"[..], &[0; 4096]] {
        std::fs::write(&path, bytes).unwrap();
        assert!(check("no database").contains("not a database of Min Plan"));
    }
}

#[tokio::test]
async fn another_master_key_opens_nothing() {
    let world = World::new().await;
    world.store.close().await.unwrap();
    let error = SqliteStore::open(world.folder.path(), server::seal::Keys::new(&[1; 32])).err().unwrap();
    assert!(error.to_string().contains("master key"));
    let store = open(world.folder.path());
    assert!(store.find_login(SARA).await.unwrap().is_some());
}
