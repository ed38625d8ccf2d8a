//! Records a conversation with the real server, and takes out of it what was drawn at random.

use super::build::PARTS;
use super::conversation::tokens;
use super::conversation::{
    Answered, Ask, Conversation, Disk, Exchange, folder, is_drawn, list_conversations, put_in_place,
};
use super::phone::Answers;
use super::story::{START, tell};
use crate::server::{Jar, Server, Template};
use axum::body::Body;
use axum::http::{HeaderMap, Request, header};
use serde_json::{Value, json};
use server::cursor::Cursor;
use std::collections::{BTreeMap, BTreeSet};

/// Between two requests.
const STEP: u64 = 1_000;

struct Recorder {
    server: Server,
    now: u64,
    jars: BTreeMap<&'static str, Jar>,
    exchanges: Vec<Exchange>,
}

impl Answers for Recorder {
    fn ask(&mut self, who: &'static str, mut ask: Ask) -> Answered {
        self.pass(STEP);
        let mut request = Request::builder().method(ask.method.as_str()).uri(format!("/api/v1/{}", ask.path));
        let jar = self.jars.entry(who).or_default();
        if !ask.body.is_null() {
            ask.headers.insert("content-type".into(), "application/json".into());
        }
        for (name, value) in &ask.headers {
            request = request.header(name, value);
        }
        let cookies: Vec<String> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            ask.headers.insert("cookie".into(), cookies.join("; "));
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let sent = if ask.body.is_null() { Body::empty() } else { Body::from(ask.body.to_string()) };
        let (parts, body) = self.server.exchange(request.header(header::HOST, "127.0.0.1:8080").body(sent).unwrap());
        keep_cookies(jar, &parts.headers);
        let text = String::from_utf8(body).unwrap();
        let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap_or(text.into()) };
        let answer = Answered { status: parts.status.as_u16(), headers: those_that_matter(&parts.headers), body };
        self.exchanges.push(Exchange { at: self.now, who: who.into(), ask, answer: answer.clone(), later: false });
        answer
    }

    fn now(&self) -> u64 {
        self.now
    }

    fn pass(&mut self, millis: u64) {
        self.now += millis;
        self.server.set_time(self.now);
    }
}

fn keep_cookies(jar: &mut Jar, headers: &HeaderMap) {
    for line in headers.get_all(header::SET_COOKIE) {
        let line = line.to_str().unwrap();
        let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
        if line.contains("Max-Age=0") {
            jar.remove(name);
        } else {
            jar.insert(name.into(), value.into());
        }
    }
}

fn those_that_matter(headers: &HeaderMap) -> BTreeMap<String, String> {
    let matter = [header::CONTENT_TYPE, header::CACHE_CONTROL, header::SET_COOKIE, header::RETRY_AFTER];
    let found =
        matter.iter().filter_map(|name| Some((name.to_string(), headers.get(name)?.to_str().unwrap().to_owned())));
    found.collect()
}

/// What only a later build asks: a route that this one never answers, or a part that it does not know.
fn mark_what_is_later(exchanges: &mut [Exchange]) {
    let answered = exchanges.iter().filter(|one| one.answer.is_success()).map(|one| one.ask.route());
    let answered: BTreeSet<String> = answered.collect();
    let knows = |name: &Value| PARTS.iter().any(|part| name == part.name());
    for one in exchanges {
        let parts = one.ask.body["parts"].as_array().into_iter().flatten();
        one.later = !answered.contains(&one.ask.route()) || !parts.into_iter().all(knows);
    }
}

/// The dark modules of a code in a link, which are others every time.
fn empty_pictures(exchanges: &mut [Exchange]) {
    for picture in exchanges.iter_mut().filter_map(|one| one.answer.body.get_mut("qr")).filter(|qr| !qr.is_null()) {
        *picture = json!({"size": 41, "path": "M4 4h7v1h-7z"});
    }
}

/// The epoch of a cursor was drawn as well, and no other server has it: without one it is good for each.
fn without_epochs(exchanges: &mut [Exchange], disk: &mut Disk) {
    let bodies = exchanges.iter_mut().flat_map(|one| [&mut one.ask.body, &mut one.answer.body]);
    for cursor in bodies.filter_map(|body| body.get_mut("cursor")) {
        *cursor = json!(Cursor::from(cursor.as_u64().unwrap()).seq);
    }
    let position = disk.meta.get_mut("position").unwrap();
    let (generation, cursor) = position.split_once(' ').unwrap();
    *position = format!("{generation} {}", Cursor::from(cursor.parse::<u64>().unwrap()).seq);
}

/// What was drawn at random, by made-up names of the same length, in the order in which they come.
fn make_up(text: &str) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for token in tokens(text).into_iter().filter(|token| is_drawn(token)) {
        let number = names.len() + 1;
        let made_up = || {
            if token.len() == 11 {
                format!("00000-{number:05}")
            } else {
                format!("{number:0>width$}", width = token.len())
            }
        };
        // A code that the story has thought up is refused by everybody.
        if token != "ABCDE-FGHJK" {
            names.entry(token.to_owned()).or_insert_with(made_up);
        }
    }
    names
}

/// Tells the whole story to a server of this build.
fn record(build: &str) -> Conversation {
    let server = Server::new(&Template::new());
    let mut recorder = Recorder { server, now: START, jars: BTreeMap::new(), exchanges: Vec::new() };
    let told = tell(&mut recorder);
    let mut exchanges = recorder.exchanges;
    mark_what_is_later(&mut exchanges);
    empty_pictures(&mut exchanges);
    let mut disk = told.phone.disk;
    without_epochs(&mut exchanges, &mut disk);
    let text = serde_json::to_string(&Conversation { build: String::new(), exchanges, disk }).unwrap();
    let made_up: Conversation = serde_json::from_str(&put_in_place(&text, &make_up(&text))).unwrap();
    Conversation { build: build.into(), ..made_up }
}

/// One exchange on a line, so that what is another in the next recording can be seen.
fn write(name: &str, conversation: &Conversation) {
    let lines = conversation.exchanges.iter().map(|one| serde_json::to_string(one).unwrap());
    let lines: Vec<String> = lines.collect();
    let build = serde_json::to_string(&conversation.build).unwrap();
    let disk = serde_json::to_string(&conversation.disk).unwrap();
    let text = format!("{{\"build\":{build},\"exchanges\":[\n{}\n],\n\"disk\":{disk}}}\n", lines.join(",\n"));
    std::fs::write(folder().join(format!("{name}.json")), text).unwrap();
}

/// Whoever releases a build records it: see the README beside the recordings.
#[test]
fn the_story_asks_for_everything_that_this_build_answers() {
    let name = std::env::var("RECORD_AS").unwrap_or_default();
    let told = record(&std::env::var("RECORDED_BUILD").unwrap_or_default());
    if !name.is_empty() {
        write(&name, &told);
    }
    let routes: BTreeSet<String> = told.exchanges.iter().filter(|one| !one.later).map(|one| one.ask.route()).collect();
    let source = include_str!("../../../../server/src/http/mod.rs");
    let mut all = 0;
    for line in source.lines().filter_map(|line| line.trim().strip_prefix(".route(\"/")) {
        let (path, handlers) = line.split_once('"').unwrap();
        for method in ["get", "post", "put", "delete"] {
            if handlers.contains(&format!(" {method}(")) || handlers.contains(&format!(".{method}(")) {
                let route = format!("{} {}", method.to_uppercase(), path.replace("{contact}", "{id}"));
                assert!(routes.contains(&route), "the story does not ask {route}");
                all += 1;
            }
        }
    }
    assert!(all >= 15, "{all}");
    assert!(told.exchanges.iter().any(|one| one.later), "nor for what there is not");
}

/// Nothing in what is kept was drawn at random, and nobody's words but the story's are in it.
#[test]
fn a_recording_is_made_up_and_says_the_same_when_it_is_made_again() {
    let (one, other) = (record("x"), record("x"));
    // What was drawn at random has another order every time.
    let told = |all: &Conversation| -> Vec<_> {
        all.exchanges.iter().map(|one| (one.at, one.ask.route(), one.answer.status, one.later)).collect()
    };
    assert_eq!(told(&one), told(&other));
    for (name, kept) in list_conversations() {
        let text = serde_json::to_string(&kept).unwrap();
        for token in tokens(&text).into_iter().filter(|token| is_drawn(token) && *token != "ABCDE-FGHJK") {
            let is_made_up = token.bytes().take(5).all(|byte| byte == b'0') || token.bytes().all(|byte| byte == b'9');
            assert!(is_made_up, "{name}: {token}");
        }
    }
}
