//! Every endpoint times everybody who could ask.

use crate::world::*;
use axum::http::Method;
use protocol::*;
use serde_json::{Value, json};

const WORD: &str = "plantedword";

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Who {
    Nobody,
    ThisYoungPerson,
    AnotherYoungPerson,
    OwnContact,
    ContactOfAnotherUnit,
    /// This young person after taking the yes back, and the contact after that.
    WithdrawnYoungPerson,
    ContactAfterWithdrawal,
    /// A phone of this young person that was signed out.
    RemovedDevice,
    /// Who stands in for the own contact.
    StandIn,
}

const EVERYBODY: [Who; 9] = [
    Who::Nobody,
    Who::ThisYoungPerson,
    Who::AnotherYoungPerson,
    Who::OwnContact,
    Who::ContactOfAnotherUnit,
    Who::WithdrawnYoungPerson,
    Who::ContactAfterWithdrawal,
    Who::RemovedDevice,
    Who::StandIn,
];

/// What the requests of the table speak of: all of it belongs to this young person and their own contact.
struct Stage {
    world: World,
    code: String,
    device_code: String,
    young: String,
    consent: String,
    device: String,
    invitation: String,
    guest: GuestLinkView,
    contact: String,
    clients: Vec<Client>,
}

fn secret() -> String {
    "5e".repeat(32)
}

async fn stage() -> Stage {
    let world = World::new().await;
    let (mut sara, mut jonas) = (world.staff(SARA).await, world.staff(JONAS).await);
    let code = sara.invite("M").await;
    let mut this = world.nobody();
    let request =
        GiveConsentRequest { secret: Some(secret()), ..yes(Some(&code), None, &["red", "meeting"], UNDER_15) };
    let consent: ConsentView = this.post("consents", &request).await.ok();
    let young = sara.only_young().await;
    let custody = RecordCustodyRequest {
        answer: CustodyView::Yes,
        given_by: "far".into(),
        on: "2026-11-20".into(),
        consent: None,
    };
    let _: YoungPersonView = sara.post(&format!("staff/young-people/{young}/custody"), &custody).await.ok();
    let _: SyncResponse = this.sync(0, &entry(1, "red", "r_nu", WORD)).await.ok();

    let mut others = Vec::new();
    for _ in 0..2 {
        let view: DeviceInvitationView = this.post("devices/invitations", &json!({})).await.ok();
        let mut other = world.nobody();
        let _: MeView = other.post("devices", &AddDeviceRequest { code: view.code }).await.ok();
        others.push(other);
    }
    let device = others[0].me().await.devices[1].id.clone();
    let removed = others[1].me().await.devices[2].id.clone();
    this.delete(&format!("devices/{removed}")).await.empty();
    let device_code: DeviceInvitationView = this.post("devices/invitations", &json!({})).await.ok();

    let guest: GuestLinkView = this.post("guests", &guest("meeting/meeting/m1")).await.ok();
    let (another, _) = world.young(&mut jonas, "N", &["red"]).await;
    let code = sara.invite("P").await;
    let invitation = sara.young_people().await.invitations[0].id.clone();
    let mut mette = world.colleague().await;
    let stand_in = mette.get("staff/session").await.ok::<StaffView>().id;
    let _: OwnStandInView =
        sara.put("staff/stand-in", &StandInRequest { staff: stand_in, until: TODAY.into() }).await.ok();
    let removed = others.pop().unwrap();
    let clients = vec![world.nobody(), this.clone(), another, sara.clone(), jonas, this, sara, removed, mette];
    let (device_code, contact) = (device_code.code, consent.staff);
    Stage { world, code, device_code, young, consent: consent.id, device, invitation, guest, contact, clients }
}

fn guest(meeting: &str) -> Value {
    json!({"meeting": meeting, "kind": "school"})
}

/// What a guest shows.
fn opening(link: &str, code: &str) -> Value {
    json!({"secret": link.rsplit('#').next(), "code": code})
}

fn words(field: &str) -> Value {
    let one = |field| json!({"to": "red/entry/0000000000000001-1", "kind": "answer", "field": field, "text": "yes"});
    json!({"secret": secret(), "words": [one(field), one("reason")]})
}

fn copy(part: &str) -> Value {
    json!({"id": "00c0ffee00c0ffee", "kind": "print", "parts": [part]})
}

fn reflection(link: &str, code: &str) -> Value {
    let mut body = opening(link, code);
    for field in ["heard", "safe", "informed"] {
        body[field] = "yes".into();
    }
    body["words"] = "".into();
    body
}

struct Row {
    method: Method,
    path: &'static str,
    body: fn(&Stage) -> Value,
    /// In the order of [`EVERYBODY`].
    expected: [u16; 9],
}

const fn row(method: Method, path: &'static str, body: fn(&Stage) -> Value, expected: [u16; 9]) -> Row {
    Row { method, path, body, expected }
}

fn nothing(_: &Stage) -> Value {
    json!({})
}

#[rustfmt::skip]
fn table() -> Vec<Row> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    const DELETE: Method = Method::DELETE;
    const PUT: Method = Method::PUT;
    let only_young = [401, 200, 200, 401, 401, 200, 401, 401, 401];
    let only_staff = [401, 401, 401, 200, 200, 401, 200, 401, 200];
    vec![
        // A code is a right of its own: whoever has it.
        row(POST, "invitations/find", |s| json!({"code": s.code}), [200; 9]),
        row(POST, "consents", |s| json!(yes(Some(&s.code), None, &["red"], UNDER_15)), [200; 9]),
        row(POST, "consents", |s| json!(yes(None, Some(&s.consent), &["red"], UNDER_15)), [401, 200, 404, 401, 401, 200, 401, 401, 401]),
        // Whoever has a yes's secret is the phone that made it.
        row(POST, "consents/settle", |_| json!({"secret": secret()}), [200; 9]),
        row(POST, "consents/settle", |_| json!({"secret": secret(), "withdraw": true}), [200; 9]),
        row(POST, "consents/settle", |_| json!({"secret": "0".repeat(64)}), [404; 9]),
        row(POST, "consents/{consent}/withdraw", nothing, [401, 200, 404, 401, 401, 200, 401, 401, 401]),
        row(POST, "sync", |_| json!({"protocol": 1, "cursor": 0, "ops": []}), [401, 200, 200, 401, 401, 403, 401, 401, 401]),
        row(GET, "me", nothing, only_young),
        row(GET, "events", nothing, only_young),
        row(POST, "erase", nothing, only_young),
        row(GET, "looks", nothing, only_young),
        row(POST, "devices/invitations", nothing, only_young),
        row(POST, "devices", |s| json!({"code": s.device_code}), [200, 200, 409, 200, 200, 200, 200, 200, 200]),
        row(DELETE, "devices/{device}", nothing, [401, 204, 404, 401, 401, 204, 401, 401, 401]),
        row(POST, "guests", |_| guest("meeting/meeting/m1"), [401, 200, 403, 401, 401, 403, 401, 401, 401]),
        row(POST, "guests", |_| guest("red/section/r_nu"), [401, 400, 400, 401, 401, 400, 401, 401, 401]),
        row(GET, "guests", nothing, only_young),
        row(DELETE, "guests/{guest}", nothing, [401, 204, 404, 401, 401, 204, 401, 401, 401]),
        // A link with its code is a right of its own, until the no. What has run out is in `guests.rs`.
        row(POST, "guests/agenda", |s| opening(&s.guest.link, &s.guest.code), [200, 200, 200, 200, 200, 404, 404, 200, 200]),
        row(POST, "guests/agenda", |s| opening(&s.guest.link, &s.device_code), [404; 9]),
        row(POST, "guests/agenda", |s| opening(&"0".repeat(64), &s.guest.code), [404; 9]),
        row(POST, "guests/reflection", |s| reflection(&s.guest.link, &s.guest.code), [204, 204, 204, 204, 204, 404, 404, 204, 204]),
        row(POST, "guests/reflection", |s| reflection(&s.guest.link, &s.device_code), [404; 9]),
        row(POST, "guests/reflection", |s| reflection(&"0".repeat(64), &s.guest.code), [404; 9]),
        row(POST, "staff/session", |_| json!({"login": SARA, "password": PASSWORD}), [200; 9]),
        row(POST, "staff/session", |_| json!({"login": SARA, "password": "forkert kodeord"}), [401; 9]),
        row(GET, "staff/session", nothing, only_staff),
        row(DELETE, "staff/session", nothing, [401, 401, 401, 204, 204, 401, 204, 401, 204]),
        row(GET, "staff/events", nothing, only_staff),
        row(GET, "staff/profile", nothing, only_staff),
        row(PUT, "staff/profile", |_| json!({"about": "a", "hours": "", "away": ""}), only_staff),
        row(GET, "staff/stand-in", nothing, only_staff),
        row(PUT, "staff/stand-in", |s| json!({"staff": s.contact, "until": TODAY}), [401, 401, 401, 404, 404, 401, 404, 401, 200]),
        row(DELETE, "staff/stand-in", nothing, only_staff),
        row(GET, "staff/young-people", nothing, only_staff),
        row(POST, "staff/invitations", |_| json!({"label": "Q"}), only_staff),
        row(DELETE, "staff/invitations/{invitation}", nothing, [401, 401, 401, 204, 404, 401, 204, 401, 404]),
        row(POST, "staff/young-people/{young}/custody", |_| json!({"answer": "no", "given_by": "mor", "on": "2026-11-22"}),
            [401, 401, 401, 200, 404, 401, 403, 401, 404]),
        row(GET, "staff/young-people/{young}/review", nothing, [401, 401, 401, 200, 404, 401, 403, 401, 404]),
        // Nobody has said yes to messages here; who reads them by a yes is in `messages.rs`.
        row(GET, "staff/young-people/{young}/messages", nothing, [401, 401, 401, 403, 404, 401, 403, 401, 404]),
        // Nor to who stands in; who has one is in `stand_ins.rs`.
        row(GET, "staff/young-people/{young}/messages/{contact}", nothing, [401, 401, 401, 404, 404, 401, 404, 401, 403]),
        row(POST, "staff/young-people/{young}/words/{contact}", |_| words("said"), [401, 401, 401, 404, 404, 401, 404, 401, 403]),
        row(POST, "staff/young-people/{young}/copies", |_| copy("red"), [401, 401, 401, 204, 404, 401, 403, 401, 404]),
        row(POST, "staff/young-people/{young}/copies", |_| copy("about"), [401, 401, 401, 403, 404, 401, 403, 401, 404]),
        row(POST, "staff/young-people/{young}/words", |_| words("said"), [401, 401, 401, 200, 404, 401, 403, 401, 404]),
        row(POST, "staff/young-people/{young}/words", |_| words("text"), [401, 401, 401, 403, 404, 401, 403, 401, 404]),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_endpoint_answers_everybody_as_it_should() {
    let rows: Vec<_> = (0..table().len()).map(|row| tokio::spawn(check_row(row))).collect();
    let mut cells = 0;
    for row in rows {
        cells += row.await.unwrap();
    }
    println!("authorisation: {cells} of {cells} cells as expected (endpoint and body x who)");
    assert_eq!(cells, table().len() * EVERYBODY.len());
}

/// Each cell on a stage of its own, since many of them change it.
async fn check_row(row: usize) -> usize {
    let row = &table()[row];
    for (place, who) in EVERYBODY.into_iter().enumerate() {
        let mut stage = stage().await;
        if matches!(who, Who::WithdrawnYoungPerson | Who::ContactAfterWithdrawal) {
            stage.clients[1].withdraw(&stage.consent).await;
        }
        let path = row.path.replace("{consent}", &stage.consent).replace("{device}", &stage.device);
        let path = path
            .replace("{guest}", &stage.guest.id)
            .replace("{invitation}", &stage.invitation)
            .replace("{contact}", &stage.contact)
            .replace("{young}", &stage.young);
        let body = (row.body)(&stage);
        let client = &mut stage.clients[place];
        let reply = match row.method {
            Method::GET => client.get(&path).await,
            Method::DELETE => client.delete(&path).await,
            Method::PUT => client.put(&path, &body).await,
            _ => client.post(&path, &body).await,
        };
        let cell = format!("{} {} by {who:?}: {}", row.method, row.path, reply.text());
        assert_eq!(reply.status.as_u16(), row.expected[place], "{cell}");
        let may_read = matches!(
            (who, row.path),
            (Who::ThisYoungPerson, "sync") | (Who::OwnContact, "staff/young-people/{young}/review")
        );
        assert_eq!(reply.text().contains(WORD), may_read, "{cell}");
        check_error(&reply, &cell);
    }
    EVERYBODY.len()
}

fn check_error(reply: &Reply, cell: &str) {
    if !reply.status.is_success() {
        let body: ErrorBody = serde_json::from_slice(&reply.body).expect(cell);
        assert_eq!(body.code.status(), reply.status.as_u16(), "{cell}");
    }
}

#[tokio::test]
async fn the_table_has_every_route() {
    // Kept by hand beside the router: a route that is added there must get a row here.
    let router = include_str!("../../src/http/mod.rs");
    let routes: Vec<&str> =
        router.lines().filter_map(|line| line.trim().strip_prefix(".route(\"/")?.split('"').next()).collect();
    assert!(routes.len() > 10);
    for route in routes {
        let known = table().iter().any(|row| {
            let pieces = |path: &str| {
                let named = |piece: &str| if piece.starts_with('{') { "{}".to_owned() } else { piece.to_owned() };
                path.split('/').map(named).collect::<Vec<_>>()
            };
            pieces(row.path) == pieces(route)
        });
        assert!(known, "{route}");
    }
}

#[tokio::test]
async fn sessions_end() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let view: StaffView = sara.get("staff/session").await.ok();
    assert_eq!(view.expires_at, START + 8 * HOUR);
    // Used every half hour it lasts eight hours, and not longer.
    for _ in 0..15 {
        world.pass(30 * MINUTE);
        let _: StaffView = sara.get("staff/session").await.ok();
    }
    world.pass(30 * MINUTE);
    sara.get("staff/session").await.refused(ErrorCode::SignedOut);
    // Not used for an hour it is over.
    let mut sara = world.staff(SARA).await;
    world.pass(HOUR);
    sara.get("staff/young-people").await.refused(ErrorCode::SignedOut);
    // And signing out ends it at once, for a copied cookie too.
    let mut sara = world.staff(SARA).await;
    let mut copy = sara.clone();
    sara.delete("staff/session").await.empty();
    assert!(sara.cookies.is_empty());
    copy.get("staff/session").await.refused(ErrorCode::SignedOut);
}

#[tokio::test]
async fn one_kind_of_cookie_does_not_open_the_other_door() {
    let mut stage = stage().await;
    let token = stage.clients[1].cookies["minplan-trial"].clone();
    let mut swapped = stage.world.nobody();
    swapped.cookies.insert("personale-trial".into(), token);
    swapped.get("staff/young-people").await.refused(ErrorCode::SignedOut);
    let token = stage.clients[3].cookies["personale-trial"].clone();
    let mut swapped = stage.world.nobody();
    swapped.cookies.insert("minplan-trial".into(), token);
    swapped.get("me").await.refused(ErrorCode::SignedOut);
    for broken in ["", "x", &"g".repeat(64), &"0".repeat(64), &"0".repeat(65)] {
        let mut client = stage.world.nobody();
        client.cookies.insert("minplan-trial".into(), (*broken).to_owned());
        client.get("me").await.refused(ErrorCode::SignedOut);
    }
    let _: MeView = stage.clients[1].get("me").await.ok();
}
