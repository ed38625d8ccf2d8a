//! Guessing is slow: wrong codes and wrong passwords run out.

use crate::world::*;
use protocol::*;
use serde_json::json;
use server::limits::CODES_FROM_ADDRESS;
use server::store::MOST_DEVICES;

const WRONG: &str = "ZZZZZ-ZZZZZ";

#[tokio::test]
async fn a_hundred_wrong_codes_and_then_a_pause() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let code = sara.invite("M").await;
    let mut guesser = world.nobody();
    let find = |code: &str| FindInvitationRequest { code: code.into() };
    for _ in 0..CODES_FROM_ADDRESS - 1 {
        guesser.post("invitations/find", &find(WRONG)).await.refused(ErrorCode::WrongCode);
        // Right ones in between do not count.
        let _: InvitationView = guesser.post("invitations/find", &find(&code)).await.ok();
    }
    guesser.post("devices", &AddDeviceRequest { code: WRONG.into() }).await.refused(ErrorCode::WrongCode);
    let reply = guesser.post("invitations/find", &find(&code)).await.refused(ErrorCode::TooManyTries);
    assert_eq!(reply.header("retry-after"), "600");
    // Every way to try a code is one and the same.
    guesser.post("consents", &yes(Some(&code), None, &["red"], OVER_15)).await.refused(ErrorCode::TooManyTries);
    guesser.post("devices", &AddDeviceRequest { code: code.clone() }).await.refused(ErrorCode::TooManyTries);
    // Somebody else is not in the way, and time helps.
    let mut other = world.nobody();
    other.address = [10, 0, 0, 2].into();
    let _: InvitationView = other.post("invitations/find", &find(&code)).await.ok();
    world.pass(9 * MINUTE);
    let reply = guesser.post("invitations/find", &find(&code)).await.refused(ErrorCode::TooManyTries);
    assert_eq!(reply.header("retry-after"), "60");
    world.pass(MINUTE);
    let _: InvitationView = guesser.post("invitations/find", &find(&code)).await.ok();
}

#[tokio::test]
async fn wrong_codes_from_one_ipv6_network_block_nobody_else() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let code = sara.invite("M").await;
    let (mut wrong, mut refused) = (0, 0);
    for n in 0..1_000_u16 {
        let mut guesser = world.nobody();
        guesser.address = [0x2001, 0xdb8, 7, n % 256, 0, 0, 0, n].into();
        let reply = guesser.post("invitations/find", &FindInvitationRequest { code: WRONG.into() }).await;
        match reply.status.as_u16() {
            404 => wrong += 1,
            429 => refused += 1,
            _ => panic!("{reply:?}"),
        }
    }
    assert_eq!((wrong, refused), (300, 700));
    let mut young = world.nobody();
    let _: InvitationView = young.post("invitations/find", &FindInvitationRequest { code }).await.ok();
}

#[tokio::test]
async fn wrong_passwords_run_out_for_the_guesser_and_not_for_sara() {
    let world = World::new().await;
    let request = |password: &str| SignInRequest { login: " Sara ".into(), password: password.into() };
    let mut guesser = world.nobody();
    for _ in 0..10 {
        guesser.post("staff/session", &request("forkert kodeord")).await.refused(ErrorCode::WrongPassword);
    }
    guesser.post("staff/session", &request(PASSWORD)).await.refused(ErrorCode::TooManyTries);
    let mut sara = world.nobody();
    sara.address = [10, 0, 0, 2].into();
    let view: StaffView = sara.post("staff/session", &request(PASSWORD)).await.ok();
    assert_eq!(view.name, "Sara Holm");
    world.pass(10 * MINUTE);
    let _: StaffView = guesser.post("staff/session", &request(PASSWORD)).await.ok();
    // An unknown login reads like a wrong password.
    let unknown = SignInRequest { login: "nobody".into(), password: PASSWORD.into() };
    let wrong = guesser.post("staff/session", &request("forkert kodeord")).await.refused(ErrorCode::WrongPassword);
    let unknown = guesser.post("staff/session", &unknown).await.refused(ErrorCode::WrongPassword);
    assert_eq!(wrong.body, unknown.body);
    guesser.post("staff/session", &request(&"x".repeat(100_000))).await.refused(ErrorCode::WrongPassword);
}

#[tokio::test]
async fn only_a_known_proxy_says_where_a_request_comes_from() {
    let world = World::new().await;
    let forwarded = async |peer: [u8; 4], from: &str| {
        let mut client = world.nobody();
        client.address = peer.into();
        let body = serde_json::to_vec(&FindInvitationRequest { code: WRONG.into() }).unwrap();
        let request = axum::http::Request::builder().method("POST").uri("/api/v1/invitations/find");
        let request = request.header("content-type", "application/json").header("x-forwarded-for", from);
        client.send(request.body(body.into()).unwrap()).await.status.as_u16()
    };
    // What the client wrote itself stands before what the proxy added.
    for n in 0..CODES_FROM_ADDRESS {
        assert_eq!(forwarded([192, 0, 2, 1], &format!("9.9.9.{n}, 203.0.113.7")).await, 404);
    }
    assert_eq!(forwarded([192, 0, 2, 1], "9.9.9.99, 203.0.113.7").await, 429);
    assert_eq!(forwarded([192, 0, 2, 1], "203.0.113.8").await, 404);
    // From anybody else the header counts for nothing.
    for n in 0..CODES_FROM_ADDRESS {
        assert_eq!(forwarded([10, 9, 9, 9], &format!("203.0.113.{n}")).await, 404);
    }
    assert_eq!(forwarded([10, 9, 9, 9], "203.0.113.200").await, 429);
}

#[tokio::test]
async fn a_proxy_is_known_by_either_spelling_of_its_address() {
    // In the list as IPv4 and as IPv6, as the peer the other way round.
    for peer in ["192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2", "::ffff:192.0.2.2"] {
        let world = World::new().await;
        let forwarded = async |from: &str| {
            let mut client = world.nobody();
            client.address = peer.parse().unwrap();
            let body = serde_json::to_vec(&FindInvitationRequest { code: WRONG.into() }).unwrap();
            let request = axum::http::Request::builder().method("POST").uri("/api/v1/invitations/find");
            let request = request.header("content-type", "application/json").header("x-forwarded-for", from);
            client.send(request.body(body.into()).unwrap()).await.status.as_u16()
        };
        for n in 0..20 {
            assert_eq!(forwarded(&format!("203.0.113.{n}")).await, 404, "{peer}");
        }
    }
}

#[tokio::test]
async fn one_young_person_has_so_many_phones_and_room_again_when_one_is_gone() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["red"]).await;
    let mut codes = Vec::new();
    for _ in 0..MOST_DEVICES {
        let code: DeviceInvitationView = young.post("devices/invitations", &json!({})).await.ok();
        codes.push(AddDeviceRequest { code: code.code });
    }
    let last = codes.pop().unwrap();
    let mut added = Vec::new();
    for code in codes {
        let me: MeView = world.nobody().post("devices", &code).await.ok();
        added.extend(me.devices.into_iter().filter(|device| device.this));
    }
    assert_eq!(young.me().await.devices.len() as u64, MOST_DEVICES);
    let refused = world.nobody().post("devices", &last).await.refused(ErrorCode::TooLarge);
    assert!(refused.text().contains("16 phones"), "{}", refused.text());
    young.post("devices/invitations", &json!({})).await.refused(ErrorCode::TooLarge);
    // The code is good still.
    young.delete(&format!("devices/{}", added[0].id)).await.empty();
    let _: MeView = world.nobody().post("devices", &last).await.ok();
}
