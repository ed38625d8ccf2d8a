//! The real server in this thread: its router, its decisions and its SQLite store, with the files in memory. Nothing is
//! simulated in it but the clock.

use axum::Router;
use axum::body::{Body, HttpBody, to_bytes};
use axum::http::response::Parts;
use axum::http::{Request, header};
use protocol::{CustodyView, RecordCustodyRequest, SignInRequest, StaffInvitationView, StatusView, YoungPeopleView};
use serde::Serialize;
use serde::de::DeserializeOwned;
use server::clock::Clock;
use server::http::{App, Assets, Settings, Transport, router};
use server::password::{self, Cost};
use server::seal::Keys;
use server::store::{SqliteStore, Store};
use session::Call;
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt;

const FILE: &str = "min-plan.sqlite3";
const PASSWORD: &str = "korrekt hest batteri";
const HOME: &str = "Bostedet Lindely";
/// The login, the name and the home of every contact.
pub const CONTACTS: [(&str, &str, &str); 2] = [("sara", "Sara Holm", HOME), ("jonas", "Jonas Berg", HOME)];
/// Everybody who works there: the contacts, and somebody to whom nobody says yes.
pub const STAFF: [(&str, &str, &str); 3] = [CONTACTS[0], CONTACTS[1], ("mette", "Mette Lund", HOME)];

/// The cookies of one browser.
pub type Jar = BTreeMap<String, String>;

/// What came back: whether it was a success, the body, and the cookies that the browser is to keep.
#[derive(Clone, Debug)]
pub struct Reply {
    pub success: bool,
    pub body: String,
    pub cookies: Jar,
}

impl Reply {
    pub fn json<T: DeserializeOwned>(&self) -> Option<T> {
        if self.success { serde_json::from_str(&self.body).ok() } else { None }
    }
}

pub struct Server {
    runtime: Runtime,
    folder: TempDir,
    store: Arc<dyn Store>,
    router: Router,
    now: Arc<AtomicU64>,
    jars: [Jar; STAFF.len()],
    ids: Vec<String>,
    pub requests: u64,
}

fn in_memory() -> TempDir {
    let memory = Path::new("/dev/shm");
    let builder = &mut tempfile::Builder::new();
    let builder = builder.prefix("min-plan-sim-");
    if memory.is_dir() { builder.tempdir_in(memory).unwrap() } else { builder.tempdir().unwrap() }
}

/// A database with the home in it, made once, and the identities of [`STAFF`]: every world begins with a copy of it.
pub struct Template(TempDir, Vec<String>);

impl Template {
    pub fn new() -> Self {
        let folder = in_memory();
        let runtime = runtime();
        let store = open(folder.path());
        let ids = runtime.block_on(async {
            let mut ids = Vec::new();
            let unit = store.create_unit(HOME, 0).await.unwrap();
            for (login, name, _) in STAFF {
                let hash = password::hash(PASSWORD, Cost::Test).unwrap().unwrap();
                ids.push(store.create_staff(&unit, name, login, &hash, 0).await.unwrap().as_str().to_owned());
            }
            store.close().await.unwrap();
            ids
        });
        Self(folder, ids)
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn open(folder: &Path) -> Arc<dyn Store> {
    Arc::new(SqliteStore::open(folder, Keys::new(&[42; 32])).unwrap())
}

fn build(store: Arc<dyn Store>, now: Arc<AtomicU64>) -> Router {
    let settings = Settings {
        public_url: "http://127.0.0.1:8080".into(),
        transport: Transport::PlainLoopback,
        trusted_proxies: Vec::new(),
        password_cost: Cost::Test,
    };
    let clock = Clock::from_fn(move || now.load(Ordering::SeqCst));
    router(App::new(store, clock, settings, Assets::from_files(&[])))
}

impl Server {
    pub fn new(template: &Template) -> Self {
        let folder = in_memory();
        std::fs::copy(template.0.path().join(FILE), folder.path().join(FILE)).unwrap();
        let runtime = runtime();
        let store = open(folder.path());
        let now = Arc::new(AtomicU64::new(0));
        let router = build(store.clone(), now.clone());
        Self { runtime, folder, store, router, now, jars: Default::default(), ids: template.1.clone(), requests: 0 }
    }

    /// The identity of one of [`STAFF`].
    pub fn id(&self, who: usize) -> String {
        self.ids[who].clone()
    }

    /// The contact whose identity it is.
    pub fn find_contact(&self, id: &str) -> Option<usize> {
        self.ids.iter().position(|known| known == id)
    }

    pub fn set_time(&self, now: u64) {
        self.now.store(now, Ordering::SeqCst);
    }

    /// One request with a browser's cookies.
    pub fn ask(&mut self, jar: &Jar, call: &Call) -> Reply {
        self.requests += 1;
        let mut request = Request::builder().method(call.method).uri(format!("/api/v1/{}", call.path));
        request = request.header(header::CONTENT_TYPE, "application/json").header(header::HOST, "127.0.0.1:8080");
        let cookies: Vec<String> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let request = request.body(Body::from(call.body.clone().unwrap_or_default())).unwrap();
        let (head, body) = self.exchange(request);
        let lines = head.headers.get_all(header::SET_COOKIE).iter();
        let cookies = lines.filter_map(|line| {
            let (name, value) = line.to_str().ok()?.split(';').next()?.split_once('=')?;
            Some((name.to_owned(), value.to_owned()))
        });
        let (success, cookies) = (head.status.is_success(), cookies.collect());
        Reply { success, body: String::from_utf8(body).unwrap(), cookies }
    }

    /// One request, and all that comes back. Of a stream, which has no end, it is the beginning.
    pub fn exchange(&mut self, request: Request<Body>) -> (Parts, Vec<u8>) {
        let router = self.router.clone();
        self.runtime.block_on(async move {
            let (head, mut body) = router.oneshot(request).await.unwrap().into_parts();
            if head.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream") {
                let first = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await;
                return (head, first.unwrap().unwrap().into_data().unwrap().to_vec());
            }
            (head, to_bytes(body, usize::MAX).await.unwrap().to_vec())
        })
    }

    /// What one of [`STAFF`] asks, signed in anew when that is over.
    pub fn staff(&mut self, who: usize, call: &Call) -> Reply {
        let jar = self.jars[who].clone();
        let reply = self.ask(&jar, call);
        if reply.success || !reply.body.contains("signed_out") {
            return reply;
        }
        let sign_in = SignInRequest { login: STAFF[who].0.into(), password: PASSWORD.into() };
        let signed_in = self.ask(&Jar::new(), &Call::post("staff/session", &sign_in));
        assert!(signed_in.success, "{}", signed_in.body);
        self.jars[who] = signed_in.cookies;
        let jar = self.jars[who].clone();
        self.ask(&jar, call)
    }

    /// A code from a contact.
    pub fn invite(&mut self, contact: usize) -> String {
        #[derive(Serialize)]
        struct Label {
            label: &'static str,
        }
        let reply = self.staff(contact, &Call::post("staff/invitations", &Label { label: "M fra stuen" }));
        reply.json::<StaffInvitationView>().and_then(|view| view.code).unwrap()
    }

    /// The consents that a contact can read by now.
    pub fn list_readable(&mut self, contact: usize) -> Vec<String> {
        let reply = self.staff(contact, &Call::get("staff/young-people"));
        let people: YoungPeopleView = reply.json().unwrap_or_else(|| panic!("no list of people: {}", reply.body));
        let active = people.young_people.into_iter().filter(|young| young.status == StatusView::Active);
        let mut readable = Vec::new();
        for young in active {
            let review = self.staff(contact, &Call::get(format!("staff/young-people/{}/review", young.id)));
            assert!(review.success, "an active consent that cannot be read: {}", review.body);
            readable.push(young.consent.id);
        }
        readable
    }

    /// The custody holder's answer for everybody who waits for one. Answers with whose it was.
    pub fn record_custody(&mut self, contact: usize, yes: bool) -> Vec<String> {
        let reply = self.staff(contact, &Call::get("staff/young-people"));
        let people: YoungPeopleView = reply.json().unwrap_or_else(|| panic!("no list of people: {}", reply.body));
        let mut recorded = Vec::new();
        for young in people.young_people {
            if matches!(young.status, StatusView::WaitingForCustody | StatusView::RefusedByCustody) {
                let answer = if yes { CustodyView::Yes } else { CustodyView::No };
                let request =
                    RecordCustodyRequest { answer, given_by: "mor".into(), on: "2026-11-22".into(), consent: None };
                let path = format!("staff/young-people/{}/custody", young.id);
                if self.staff(contact, &Call::post(path, &request)).success && yes {
                    recorded.push(young.consent.id);
                }
            }
        }
        recorded
    }

    /// A copy of the database as it is now, as a backup would be.
    pub fn back_up(&mut self) -> PathBuf {
        self.runtime.block_on(self.store.close()).unwrap();
        let copy = self.folder.path().join("backup");
        std::fs::copy(self.folder.path().join(FILE), &copy).unwrap();
        self.start();
        copy
    }

    /// The backup is put back: the server has forgotten everything since.
    pub fn restore(&mut self, copy: &Path) {
        self.runtime.block_on(self.store.close()).unwrap();
        std::fs::copy(copy, self.folder.path().join(FILE)).unwrap();
        self.start();
    }

    fn start(&mut self) {
        self.store = open(self.folder.path());
        self.router = build(self.store.clone(), self.now.clone());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.runtime.block_on(self.store.close());
    }
}
