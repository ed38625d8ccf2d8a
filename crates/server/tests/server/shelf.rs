//! Films to ask for: ours, and an organisation's folder.

use crate::world::*;
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use server::films;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

pub const BYTES: &[u8] = b"0123456789abcdefghij";

/// Ours: two films, as the build leaves them.
pub const OURS: &[(&str, &[u8])] = &[
    ("ung/films/films.json", br#"{"films":[{"name":"en","seconds":40},{"name":"to","seconds":50}]}"#),
    ("ung/films/films.json.br", b"br of the list"),
    ("ung/films/en.mp4", BYTES),
    ("ung/films/en.webp", b"poster"),
    ("ung/films/en.da.vtt", b"WEBVTT"),
    ("ung/films/en.da.vtt.br", b"br of the captions"),
    ("ung/films/to.mp4", b"another"),
    ("ung/films/to.webp", b"another poster"),
];

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../fixtures/films/", $name))
    };
}

pub(crate) use fixture;

pub const GOOD: &[u8] = fixture!("two-seconds.mp4");
pub const CAPTIONS: &str = "WEBVTT\n\n00:00.000 --> 00:01.500\nHej. Kom ind.\n";

/// An organisation's folder.
pub struct Shelf {
    folder: TempDir,
    pub films: Vec<Value>,
    pub instead: bool,
}

impl Shelf {
    pub fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), films: Vec::new(), instead: false }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path().join(name), bytes).unwrap();
    }

    pub fn remove(&self, name: &str) {
        fs::remove_file(self.path().join(name)).unwrap();
    }

    /// A film with all that it needs, and how it is described.
    pub fn film(&mut self, name: &str, movie: &[u8]) -> &mut Value {
        self.put(&format!("{name}.mp4"), movie);
        self.put(&format!("{name}.webp"), fixture!("poster.webp"));
        self.put(&format!("{name}.da.vtt"), CAPTIONS);
        self.films.push(json!({
            "name": name,
            "title": { "da": "Hos os" },
            "about": { "da": "Sådan er et møde her." },
            "idea": { "da": "Hvor vi sidder" },
            "transcript": { "da": "En dør går op.\nHej. Kom ind." },
        }));
        self.films.last_mut().unwrap()
    }

    pub fn read(&self) -> films::Folder {
        self.put("films.json", json!({ "instead": self.instead, "films": self.films }).to_string());
        films::read(self.path()).unwrap_or_else(|failure| panic!("{failure}"))
    }

    pub async fn world(&self) -> World {
        World::with_films(OURS, self.read()).await
    }
}

pub async fn fetch(client: &mut Client, method: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    client.send(request.body(Body::empty()).unwrap()).await
}

pub async fn get(client: &mut Client, path: &str) -> Reply {
    fetch(client, "GET", path, &[]).await
}
