//! The two apps as files, from inside the binary.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io;
use std::path::Path;

use super::error::ApiError;
use super::etags;
use super::films::Film;
use super::guard::policy;
use crate::films::Folder;

include!(concat!(env!("OUT_DIR"), "/apps.rs"));

/// Where the list of the films is.
const FILMS: &str = "/films/films.json";

const NOT_BUILT: &str = "The apps are not in this build of the server. Run `cargo xtask build` first.\n";

/// One file, with the forms it is packed in.
struct Asset {
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
    kind: &'static str,
    etag: HeaderValue,
    /// What a page with a style of its own allows beyond what every answer does.
    policy: Option<HeaderValue>,
    /// The name changes with the bytes.
    is_hashed: bool,
}

/// Every file by its path.
pub struct Assets {
    files: HashMap<String, Asset>,
    /// Those that are asked for piece by piece.
    films: HashMap<String, Film>,
}

impl Assets {
    /// The apps that were built into this binary.
    pub fn embedded() -> Self {
        Self::from_files(FILES)
    }

    /// Apps from a folder like `dist`, for trials. They are kept for as long as the program runs.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn from_folder(folder: &Path) -> io::Result<Self> {
        let mut files: Vec<(&'static str, &'static [u8])> = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(below) = folders.pop() {
            for entry in std::fs::read_dir(below)? {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                } else if let Ok(name) = path.strip_prefix(folder) {
                    let name = name.to_string_lossy().replace('\\', "/");
                    files.push((name.leak(), std::fs::read(&path)?.leak()));
                }
            }
        }
        Ok(Self::from_files(&files))
    }

    /// Files by name, as `ung/index.html` or `personale/start-0123456789abcdef.js.br`.
    pub fn from_files(files: &[(&str, &'static [u8])]) -> Self {
        let by_name: HashMap<&str, &'static [u8]> = files.iter().copied().collect();
        let plain = files.iter().filter(|(name, _)| {
            let packed_from = name.strip_suffix(".br").or_else(|| name.strip_suffix(".gz"));
            packed_from.is_none_or(|original| !by_name.contains_key(original))
        });
        let mut assets = Self { files: HashMap::new(), films: HashMap::new() };
        for (name, bytes) in plain {
            let path = match name.strip_prefix("ung/") {
                Some(rest) => format!("/{rest}"),
                None => format!("/{name}"),
            };
            if name.ends_with(".mp4") {
                assets.films.insert(path, Film::inside(bytes));
                continue;
            }
            let asset = Asset {
                brotli: by_name.get(format!("{name}.br").as_str()).copied(),
                gzip: by_name.get(format!("{name}.gz").as_str()).copied(),
                ..Asset::plain(name, bytes)
            };
            assets.files.insert(path, asset);
        }
        // An app without films has a list without films.
        assets.files.entry(FILMS.to_owned()).or_insert_with(|| Asset::plain(FILMS, b"{\"films\":[]}"));
        assets
    }

    /// Whether both apps are there.
    pub fn is_complete(&self) -> bool {
        ["/index.html", "/frame.html", "/personale/index.html"].iter().all(|page| self.files.contains_key(*page))
    }

    /// With an organisation's own films beside ours or in their place. Theirs is played where both have a name.
    ///
    /// # Errors
    /// When the list of ours cannot be read.
    pub fn with_films(mut self, folder: Folder) -> Result<Self, serde_json::Error> {
        let ours = self.files.get(FILMS).map_or(&b"{}"[..], |list| list.plain);
        let mut list = match serde_json::from_slice::<Value>(ours)?["films"].take() {
            Value::Array(films) => films,
            _ => Vec::new(),
        };
        if folder.instead {
            let names: Vec<String> =
                list.drain(..).filter_map(|film| Some(film["name"].as_str()?.to_owned())).collect();
            names.iter().for_each(|name| self.remove_film(name));
        }
        for film in folder.films {
            let name = &film.listed.name;
            self.remove_film(name);
            let listed = serde_json::to_value(&film.listed)?;
            match list.iter_mut().find(|known| known["name"].as_str() == Some(name)) {
                Some(ours) => *ours = listed,
                None => list.push(listed),
            }
            self.films.insert(format!("/films/{name}.mp4"), Film::on_disk(film.movie));
            for (name, bytes) in film.files {
                // Kept for as long as the program runs, like everything else here. Its name is not made of its bytes, however it looks.
                let asset = Asset { is_hashed: false, ..Asset::plain(&name, bytes.leak()) };
                self.files.insert(format!("/films/{name}"), asset);
            }
        }
        let list = serde_json::to_vec(&json!({ "films": list }))?;
        self.files.insert(FILMS.to_owned(), Asset::plain(FILMS, list.leak()));
        Ok(self)
    }

    fn remove_film(&mut self, name: &str) {
        let files = format!("/films/{name}.");
        self.files.retain(|path, _| !path.starts_with(&files));
        self.films.retain(|path, _| !path.starts_with(&files));
    }

    pub async fn answer(&self, method: &Method, path: &str, headers: &HeaderMap) -> Response {
        if !matches!(*method, Method::GET | Method::HEAD) {
            return ApiError::wrong_method().into_response();
        }
        let is_route = !path.rsplit('/').next().is_some_and(|last| last.contains('.'));
        let file = match path {
            "/personale" | "/gaest" => "/personale/index.html",
            path if is_route && path.starts_with("/personale/") => "/personale/index.html",
            "/" => "/index.html",
            _ if is_route => "/frame.html",
            path => path,
        };
        if let Some(film) = self.films.get(file) {
            return film.answer(method, headers).await;
        }
        match self.files.get(file) {
            Some(asset) => asset.answer(method, headers),
            None if is_route => text(StatusCode::SERVICE_UNAVAILABLE, NOT_BUILT),
            // Never the page: a script that is missing must fail, and not be parsed as HTML.
            None => text(StatusCode::NOT_FOUND, "There is no such file.\n"),
        }
    }
}

fn text(status: StatusCode, words: &'static str) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, words).into_response()
}

impl Asset {
    fn plain(name: &str, bytes: &'static [u8]) -> Self {
        Self {
            plain: bytes,
            brotli: None,
            gzip: None,
            kind: kind_of(name),
            policy: inline_style(name, bytes).and_then(|style| HeaderValue::from_str(&policy(&style)).ok()),
            etag: etags::of(&Sha256::digest(bytes)),
            is_hashed: is_hashed(name),
        }
    }

    fn answer(&self, method: &Method, request: &HeaderMap) -> Response {
        let (bytes, encoding) = self.packed_for(request);
        let cache = if self.is_hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
        let known = etags::is_known(request, &self.etag);
        let body = if known || method == Method::HEAD { Body::empty() } else { Body::from(bytes) };
        let mut response = Response::new(body);
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        headers.insert(header::ETAG, self.etag.clone());
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(policy) = &self.policy {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy.clone());
        }
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.kind));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        if let Some(encoding) = encoding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    }

    fn packed_for(&self, request: &HeaderMap) -> (&'static [u8], Option<&'static str>) {
        if let Some(bytes) = self.brotli.filter(|_| accepts(request, "br")) {
            return (bytes, Some("br"));
        }
        if let Some(bytes) = self.gzip.filter(|_| accepts(request, "gzip")) {
            return (bytes, Some("gzip"));
        }
        (self.plain, None)
    }
}

/// What stands between the style tags of a page, to be allowed by its hash.
fn inline_style(name: &str, bytes: &[u8]) -> Option<String> {
    let page = name.ends_with(".html").then(|| std::str::from_utf8(bytes).ok()).flatten()?;
    let (_, rest) = page.split_once("<style>")?;
    let (style, _) = rest.split_once("</style>")?;
    Some(format!("'self' 'sha256-{}'", BASE64.encode(Sha256::digest(style))))
}

fn accepts(request: &HeaderMap, encoding: &str) -> bool {
    let lines = request.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|item| {
        let mut pieces = item.split(';').map(str::trim);
        let named = pieces.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let refused = pieces.any(|piece| piece.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32)));
        named && !refused
    })
}

/// `name-0123456789abcdef.js`, `name-0123456789abcdef_bg.wasm`: sixteen hexadecimal characters after a hyphen.
fn is_hashed(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let Some((_, rest)) = file.rsplit_once('-') else { return false };
    let hash = rest.split(['.', '_']).next().unwrap_or("");
    hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn kind_of(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "vtt" => "text/vtt; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
