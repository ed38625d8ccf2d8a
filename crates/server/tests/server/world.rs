//! A server in this process with two homes, a clock that is told, and people who use it.

use crate::between::{Between, Watched};
use axum::Router;
use axum::body::{Body, BodyDataStream, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use futures_util::StreamExt;
use protocol::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use server::clock::Clock;
use server::films;
use server::http::{App, Assets, Settings, Transport, router};
use server::password::{self, Cost};
use server::seal::Keys;
use server::store::{SqliteStore, Store};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tempfile::TempDir;
use tower::ServiceExt;

/// 22 November 2026.
pub const START: u64 = 1_795_305_600_000;
pub const MINUTE: u64 = 60_000;
pub const HOUR: u64 = 60 * MINUTE;
pub const DAY: u64 = 24 * HOUR;
pub const TODAY: &str = "2026-11-22";
pub const YEAR: u64 = 365 * DAY;

pub const SARA: &str = "sara";
/// At another home.
pub const JONAS: &str = "jonas";
pub const PASSWORD: &str = "korrekt hest batteri";
pub const HOMES: [(&str, &str, &str); 2] = [("Bostedet Lindely", "Sara Holm", SARA), ("BUA Aaen", "Jonas Berg", JONAS)];

pub const FILES: &[(&str, &[u8])] = &[
    ("ung/index.html", b"<!doctype html>ung"),
    ("ung/index.html.br", b"br of index"),
    ("ung/index.html.gz", b"gz of index"),
    ("ung/frame.html", b"<!doctype html><style>a{}</style>frame"),
    ("ung/sw.js", b"// worker"),
    ("ung/ung-0123456789abcdef.js", b"// glue"),
    ("ung/icons/app-192.png", b"png"),
    ("ung/ung-0123456789abcdef_bg.wasm", b"wasm"),
    ("personale/index.html", b"<!doctype html>personale"),
    ("personale/style-0123456789abcdef.css", b"a{}"),
];

pub struct World {
    pub folder: TempDir,
    pub store: Arc<dyn Store>,
    pub keys: Keys,
    pub router: Router,
    /// What happens in the middle of a request.
    pub between: Between,
    now: Arc<AtomicU64>,
}

impl World {
    pub async fn new() -> Self {
        Self::with(Transport::PlainLoopback, FILES).await
    }

    pub async fn with(transport: Transport, files: &[(&'static str, &'static [u8])]) -> Self {
        Self::with_assets(transport, Assets::from_files(files)).await
    }

    pub async fn with_films(files: &[(&'static str, &'static [u8])], folder: films::Folder) -> Self {
        Self::with_assets(Transport::PlainLoopback, Assets::from_files(files).with_films(folder).unwrap()).await
    }

    async fn with_assets(transport: Transport, assets: Assets) -> Self {
        let folder = TempDir::new().unwrap();
        let keys = keys();
        let store = open(folder.path());
        let now = Arc::new(AtomicU64::new(START));
        for (unit, name, login) in HOMES {
            let unit = store.create_unit(unit, START).await.unwrap();
            let hash = password::hash(PASSWORD, Cost::Test).unwrap().unwrap();
            store.create_staff(&unit, name, login, &hash, START).await.unwrap();
        }
        let between = Between::default();
        let router = build(store.clone(), &between, now.clone(), transport, assets);
        Self { folder, store, keys, router, between, now }
    }

    pub fn set_time(&self, millis: u64) {
        self.now.store(millis, Ordering::SeqCst);
    }

    pub fn pass(&self, millis: u64) {
        self.now.fetch_add(millis, Ordering::SeqCst);
    }

    pub fn nobody(&self) -> Client {
        Client { router: self.router.clone(), cookies: BTreeMap::new(), address: [10, 0, 0, 1].into() }
    }

    pub async fn staff(&self, login: &str) -> Client {
        let mut client = self.nobody();
        let request = SignInRequest { login: login.into(), password: PASSWORD.into() };
        let _: StaffView = client.post("staff/session", &request).await.ok();
        client
    }

    /// Mette, of the same home as Sara.
    pub async fn colleague(&self) -> Client {
        let unit = self.store.find_unit(HOMES[0].0).await.unwrap().unwrap();
        let hash = password::hash(PASSWORD, Cost::Test).unwrap().unwrap();
        self.store.create_staff(&unit, "Mette Lund", "mette", &hash, START).await.unwrap();
        self.staff("mette").await
    }

    /// A young person of seventeen who has said yes to this contact.
    pub async fn young(&self, staff: &mut Client, label: &str, parts: &[&str]) -> (Client, ConsentView) {
        let mut client = self.nobody();
        let consent = client.accept(&staff.invite(label).await, parts).await;
        (client, consent)
    }

    /// Stops the server and starts it again on the same files.
    pub async fn restart(&mut self) {
        self.store.close().await.unwrap();
        self.store = open(self.folder.path());
        let assets = Assets::from_files(FILES);
        self.router = build(self.store.clone(), &self.between, self.now.clone(), Transport::PlainLoopback, assets);
    }
}

pub fn keys() -> Keys {
    Keys::new(&[42; 32])
}

pub fn open(folder: &Path) -> Arc<dyn Store> {
    Arc::new(SqliteStore::open(folder, keys()).unwrap())
}

fn build(
    inner: Arc<dyn Store>,
    between: &Between,
    now: Arc<AtomicU64>,
    transport: Transport,
    assets: Assets,
) -> Router {
    let public_url = match transport {
        Transport::Https => "https://plan.example.dk",
        Transport::PlainLoopback => "http://127.0.0.1:8080",
    };
    let settings = Settings {
        public_url: public_url.into(),
        transport,
        trusted_proxies: vec![[192, 0, 2, 1].into(), "::ffff:192.0.2.2".parse().unwrap()],
        password_cost: Cost::Test,
    };
    let clock = Clock::from_fn(move || now.load(Ordering::SeqCst));
    let store = Arc::new(Watched { inner, between: between.clone() });
    router(App::new(store, clock, settings, assets))
}

/// A browser, more or less: it keeps cookies.
#[derive(Clone)]
pub struct Client {
    pub router: Router,
    pub cookies: BTreeMap<String, String>,
    pub address: IpAddr,
}

/// A test that is still waiting by then has failed.
const LONG: Duration = Duration::from_secs(60);
/// What is told is told by now; what is not is not.
const QUIET: Duration = Duration::from_millis(200);

/// An open stream of events.
pub struct Events(BodyDataStream);

impl Events {
    /// The next one, as it is on the wire; `None` at the end.
    pub async fn next(&mut self) -> Option<String> {
        let bytes = self.0.next().await?.unwrap();
        Some(String::from_utf8(bytes.to_vec()).unwrap())
    }

    pub async fn hears(&mut self) {
        let said = tokio::time::timeout(LONG, self.next()).await.expect("nothing is told");
        assert_eq!(said.as_deref(), Some("event: changed\ndata: {}\n\n"));
    }

    pub async fn hears_nothing(&mut self) {
        let said = tokio::time::timeout(QUIET, self.next()).await;
        assert!(said.is_err(), "{said:?}");
    }

    pub async fn ends(&mut self) {
        assert_eq!(tokio::time::timeout(LONG, self.next()).await.expect("it goes on"), None);
    }
}

#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    #[track_caller]
    pub fn ok<T: DeserializeOwned>(self) -> T {
        assert!(self.status.is_success(), "{} {}", self.status, self.text());
        serde_json::from_slice(&self.body).unwrap()
    }

    #[track_caller]
    pub fn empty(self) {
        assert_eq!((self.status, self.body.as_slice()), (StatusCode::NO_CONTENT, &[][..]), "{}", self.text());
    }

    /// A refusal; its status must be the code's own, and it must say something.
    #[track_caller]
    pub fn refused(self, code: ErrorCode) -> Self {
        let body: ErrorBody = serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{self:?}"));
        assert_eq!((body.code, self.status.as_u16()), (code, code.status()), "{}", body.message);
        assert!(!body.message.is_empty());
        self
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Client {
    pub async fn send(&mut self, mut request: Request<Body>) -> Reply {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request.headers_mut().insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(self.address, 50_000)));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        for line in headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.into(), value.into());
            }
        }
        // A stream has no end; its beginning is all that is waited for.
        if headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream") {
            let begun = response.into_body().into_data_stream().next().await.unwrap().unwrap();
            return Reply { status, headers, body: begun.to_vec() };
        }
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec();
        Reply { status, headers, body }
    }

    /// Opens a stream of events.
    pub async fn listen(&mut self, path: &str) -> Events {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder().uri(format!("/api/v1/{path}")).header(header::COOKIE, cookies.join("; "));
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(self.address, 50_000)));
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        Events(response.into_body().into_data_stream())
    }

    pub async fn raw(&mut self, method: Method, path: &str, body: impl Into<Body>) -> Reply {
        let request = Request::builder().method(method).uri(format!("/api/v1/{path}"));
        let request = request.header(header::CONTENT_TYPE, "application/json").header(header::HOST, "127.0.0.1:8080");
        self.send(request.body(body.into()).unwrap()).await
    }

    /// A body that is said to be packed in this way.
    pub async fn packed(&mut self, path: &str, encoding: &str, body: Vec<u8>) -> Reply {
        let request = Request::builder().method(Method::POST).uri(format!("/api/v1/{path}"));
        let request = request.header(header::CONTENT_TYPE, "application/json").header(header::HOST, "127.0.0.1:8080");
        self.send(request.header(header::CONTENT_ENCODING, encoding).body(body.into()).unwrap()).await
    }

    pub async fn post(&mut self, path: &str, body: &impl Serialize) -> Reply {
        self.raw(Method::POST, path, serde_json::to_vec(body).unwrap()).await
    }

    pub async fn put(&mut self, path: &str, body: &impl Serialize) -> Reply {
        self.raw(Method::PUT, path, serde_json::to_vec(body).unwrap()).await
    }

    pub async fn get(&mut self, path: &str) -> Reply {
        let request = Request::builder().uri(format!("/api/v1/{path}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub async fn delete(&mut self, path: &str) -> Reply {
        let request = Request::builder().method(Method::DELETE).uri(format!("/api/v1/{path}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub async fn invite(&mut self, label: &str) -> String {
        let request = CreateInvitationRequest { label: label.into() };
        let view: StaffInvitationView = self.post("staff/invitations", &request).await.ok();
        view.code.unwrap()
    }

    pub async fn accept(&mut self, code: &str, parts: &[&str]) -> ConsentView {
        self.post("consents", &yes(Some(code), None, parts, OVER_15)).await.ok()
    }

    pub async fn withdraw(&mut self, consent: &str) -> ConsentView {
        self.post(&format!("consents/{consent}/withdraw"), &json!({})).await.ok()
    }

    pub async fn sync(&mut self, cursor: u64, ops: &[String]) -> Reply {
        self.post("sync", &SyncRequest { protocol: PROTOCOL, cursor, ops: ops.to_vec() }).await
    }

    pub async fn me(&mut self) -> MeView {
        self.get("me").await.ok()
    }

    pub async fn young_people(&mut self) -> YoungPeopleView {
        self.get("staff/young-people").await.ok()
    }

    /// The identity of the only young person in the list.
    pub async fn only_young(&mut self) -> String {
        let YoungPeopleView { young_people, .. } = self.young_people().await;
        assert_eq!(young_people.len(), 1);
        young_people[0].id.clone()
    }

    pub async fn review(&mut self, young: &str) -> Reply {
        self.get(&format!("staff/young-people/{young}/review")).await
    }
}

pub const OVER_15: (&str, &str) = ("2024-06-01", "2027-06-01");
pub const UNDER_15: (&str, &str) = ("2027-06-01", "2030-06-01");

pub fn yes(code: Option<&str>, replaces: Option<&str>, parts: &[&str], days: (&str, &str)) -> GiveConsentRequest {
    GiveConsentRequest {
        secret: None,
        code: code.map(str::to_owned),
        replaces: replaces.map(str::to_owned),
        parts: parts.iter().map(|part| (*part).to_owned()).collect(),
        turns_15: days.0.into(),
        turns_18: days.1.into(),
    }
}

/// An operation by replica 1, as the app would write it.
pub fn op(seq: u64, on: &str, field: &str, parents: &[u64], value: Value) -> String {
    json!({
        "v": 1, "id": id(seq), "at": format!("{}.0", START + seq), "by": "young", "on": on, "f": field,
        "p": parents.iter().map(|seq| id(*seq)).collect::<Vec<_>>(), "c": seq, "val": value,
    })
    .to_string()
}

pub fn id(seq: u64) -> String {
    format!("{:016x}-{seq}", 1)
}

/// The three operations that put an entry into a section.
pub fn entry(seq: u64, part: &str, section: &str, text: &str) -> Vec<String> {
    let on = format!("{part}/entry/{:016x}-{seq}", 1);
    vec![
        op(seq, &on, "list", &[], section.into()),
        op(seq + 1, &on, "order", &[], format!("V{seq}").into()),
        op(seq + 2, &on, "text", &[], text.into()),
    ]
}

/// Every byte in the data folder, the log included.
pub fn bytes_in(folder: &Path) -> Vec<u8> {
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().flat_map(|file| std::fs::read(file).unwrap()).collect()
}

pub fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}
