//! A film, whole or in the pieces that a player asks for. Of one on the disk no more than three pieces are in memory for each who asks: the
//! one that is read, and those that wait to be taken, of which `connections` lets two be there.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use sha2::{Digest, Sha256};
use std::io::{self, SeekFrom};
use std::ops::Range;
use std::sync::Arc;
use std::vec::IntoIter;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use super::etags;
use super::ranges::{self, Asked};
use crate::films::Movie;

const KIND: &str = "video/mp4";

/// Read from the disk at once.
const PIECE: u64 = 32 * 1024;

/// A film, wherever it lies.
pub struct Film {
    length: u64,
    etag: HeaderValue,
    source: Source,
}

#[derive(Clone)]
enum Source {
    Inside(&'static [u8]),
    OnDisk(Arc<Movie>),
}

/// A film from which bytes can be taken.
enum Opened {
    Inside(&'static [u8]),
    OnDisk(File),
}

/// What an answer is made of: words between the parts, and parts of the film.
enum Piece {
    Words(String),
    Part(Range<u64>),
}

impl Film {
    /// One that was built into this binary.
    pub fn inside(bytes: &'static [u8]) -> Self {
        let etag = etags::of(&Sha256::digest(bytes));
        Self { length: bytes.len() as u64, etag, source: Source::Inside(bytes) }
    }

    /// One of an organisation's.
    pub fn on_disk(movie: Movie) -> Self {
        Self { length: movie.length, etag: etags::of(&movie.digest), source: Source::OnDisk(Arc::new(movie)) }
    }

    pub async fn answer(&self, method: &Method, request: &HeaderMap) -> Response {
        // Before anything is said of it: one that is another by now is not the one that somebody may have.
        let film = match self.open().await {
            Ok(Some(film)) => film,
            Ok(None) => return unfit("a film is another than when the server was started; start it again"),
            Err(_) => {
                return unfit("a film cannot be read; look into the folder of the films and start the server again");
            }
        };
        if etags::is_unwanted(request, &self.etag) {
            return self.with_headers(StatusCode::PRECONDITION_FAILED, Body::empty());
        }
        if etags::is_known(request, &self.etag) {
            return self.with_headers(StatusCode::NOT_MODIFIED, Body::empty());
        }
        let range = request.get(header::RANGE).filter(|_| {
            // Asked for the headers alone, they are those of the whole.
            method == Method::GET && !etags::is_part_of_another(request, &self.etag)
        });
        let range = range.and_then(|range| range.to_str().ok());
        match range.map_or(Asked::All, |range| ranges::asked(range, self.length)) {
            Asked::All if method == Method::HEAD => {
                let mut response = self.with_headers(StatusCode::OK, Body::empty());
                insert(&mut response, header::CONTENT_LENGTH, &self.length.to_string());
                insert(&mut response, header::CONTENT_TYPE, KIND);
                response
            }
            Asked::All => self.of(film, StatusCode::OK, KIND, vec![Piece::Part(0..self.length)]),
            Asked::Nothing => {
                let mut response = self.with_headers(StatusCode::RANGE_NOT_SATISFIABLE, Body::empty());
                insert(&mut response, header::CONTENT_RANGE, &format!("bytes */{}", self.length));
                response
            }
            Asked::Parts(parts) => match &parts[..] {
                [part] => {
                    let content_range = self.content_range(part);
                    let pieces = vec![Piece::Part(part.clone())];
                    let mut response = self.of(film, StatusCode::PARTIAL_CONTENT, KIND, pieces);
                    insert(&mut response, header::CONTENT_RANGE, &content_range);
                    response
                }
                _ => self.several(film, &parts),
            },
        }
    }

    async fn open(&self) -> io::Result<Option<Opened>> {
        match &self.source {
            Source::Inside(bytes) => Ok(Some(Opened::Inside(bytes))),
            Source::OnDisk(movie) => Ok(movie.open().await?.map(Opened::OnDisk)),
        }
    }

    /// Several parts in one answer. What stands between them is made of what all of the film's bytes come to, so it is not in them.
    fn several(&self, film: Opened, parts: &[Range<u64>]) -> Response {
        let boundary = self.etag.to_str().unwrap_or_default().trim_matches('"').to_owned();
        let mut pieces = Vec::new();
        for part in parts {
            let content_range = self.content_range(part);
            pieces.push(Piece::Words(format!(
                "\r\n--{boundary}\r\ncontent-type: {KIND}\r\ncontent-range: {content_range}\r\n\r\n"
            )));
            pieces.push(Piece::Part(part.clone()));
        }
        pieces.push(Piece::Words(format!("\r\n--{boundary}--\r\n")));
        let kind = format!("multipart/byteranges; boundary={boundary}");
        self.of(film, StatusCode::PARTIAL_CONTENT, &kind, pieces)
    }

    fn content_range(&self, part: &Range<u64>) -> String {
        format!("bytes {}-{}/{}", part.start, part.end - 1, self.length)
    }

    fn of(&self, film: Opened, status: StatusCode, kind: &str, pieces: Vec<Piece>) -> Response {
        let length: u64 = pieces.iter().map(Piece::length).sum();
        let body = match film {
            Opened::Inside(bytes) => inside(bytes, pieces),
            Opened::OnDisk(file) => on_disk(file, pieces),
        };
        let mut response = self.with_headers(status, body);
        insert(&mut response, header::CONTENT_LENGTH, &length.to_string());
        insert(&mut response, header::CONTENT_TYPE, kind);
        response
    }

    fn with_headers(&self, status: StatusCode, body: Body) -> Response {
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(header::ETAG, self.etag.clone());
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        response
    }
}

impl Piece {
    fn length(&self) -> u64 {
        match self {
            Self::Words(words) => words.len() as u64,
            Self::Part(part) => part.end - part.start,
        }
    }
}

fn insert(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// Somebody has to look into the folder. Which film was asked for is nobody's business, so the log does not say it.
fn unfit(words: &'static str) -> Response {
    tracing::error!("{words}");
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::SERVICE_UNAVAILABLE, headers, "The film cannot be played now.\n").into_response()
}

fn inside(bytes: &'static [u8], pieces: Vec<Piece>) -> Body {
    let pieces = pieces.into_iter().map(move |piece| match piece {
        Piece::Words(words) => Bytes::from(words),
        Piece::Part(part) => Bytes::from_static(&bytes[part.start as usize..part.end as usize]),
    });
    Body::from_stream(stream::iter(pieces.map(Ok::<_, io::Error>)))
}

fn on_disk(file: File, pieces: Vec<Piece>) -> Body {
    let reading = Reading { file, pieces: pieces.into_iter(), left: 0 };
    Body::from_stream(stream::try_unfold(reading, Reading::next))
}

/// A file that is read as fast as somebody takes it.
struct Reading {
    file: File,
    pieces: IntoIter<Piece>,
    /// Of the part that is being read.
    left: u64,
}

impl Reading {
    async fn next(mut self) -> io::Result<Option<(Bytes, Self)>> {
        while self.left == 0 {
            match self.pieces.next() {
                None => return Ok(None),
                Some(Piece::Words(words)) => return Ok(Some((words.into(), self))),
                Some(Piece::Part(part)) => {
                    self.file.seek(SeekFrom::Start(part.start)).await?;
                    self.left = part.end - part.start;
                }
            }
        }
        let mut bytes = vec![0; self.left.min(PIECE) as usize];
        let read = self.file.read(&mut bytes).await?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes.truncate(read);
        self.left -= read as u64;
        Ok(Some((bytes.into(), self)))
    }
}
