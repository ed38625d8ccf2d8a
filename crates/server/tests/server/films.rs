//! Films: ours out of the binary and an organisation's from a folder, whole and in pieces.

use crate::shelf::*;
use crate::world::*;
use serde_json::{Value, json};
use server::http::Transport;
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

#[tokio::test]
async fn films_and_what_belongs_to_them_are_files() {
    let world = World::with(Transport::PlainLoopback, OURS).await;
    let mut client = world.nobody();
    for (path, kind, body) in [
        ("/films/films.json", "application/json", OURS[0].1),
        ("/films/en.mp4", "video/mp4", BYTES),
        ("/films/en.webp", "image/webp", b"poster"),
        ("/films/en.da.vtt", "text/vtt; charset=utf-8", b"WEBVTT"),
    ] {
        let reply = get(&mut client, path).await;
        assert_eq!((reply.status.as_u16(), reply.body.as_slice()), (200, body), "{path}");
        assert_eq!((reply.header("content-type"), reply.header("cache-control")), (kind, "no-cache"), "{path}");
        let policy = reply.header("content-security-policy");
        assert!(policy.contains("default-src 'none';") && policy.contains("media-src 'self';"), "{policy}");
        let etag = reply.header("etag").to_owned();
        let known = fetch(&mut client, "GET", path, &[("if-none-match", &etag), ("range", "bytes=0-1")]).await;
        assert_eq!((known.status.as_u16(), known.body.len(), known.header("etag")), (304, 0, etag.as_str()));
        // Its length would be that of the whole, and is left out.
        for method in ["GET", "HEAD"] {
            let known = fetch(&mut client, method, path, &[("if-none-match", &etag)]).await;
            assert_eq!((known.status.as_u16(), known.headers.contains_key("content-length")), (304, false), "{path}");
        }
        let head = fetch(&mut client, "HEAD", path, &[]).await;
        assert_eq!((head.status.as_u16(), head.body.len(), head.header("content-type")), (200, 0, kind));
        assert_eq!(head.header("content-length"), body.len().to_string(), "{path}");
    }
    for (path, status) in [("/films/tre.mp4", 404), ("/films/en.mp4.br", 404)] {
        assert_eq!(get(&mut client, path).await.status.as_u16(), status, "{path}");
    }
    assert_eq!(fetch(&mut client, "POST", "/films/en.mp4", &[]).await.status.as_u16(), 405);
    let packed = [("accept-encoding", "br")];
    let film = fetch(&mut client, "GET", "/films/en.mp4", &packed).await;
    assert_eq!((film.header("content-encoding"), film.header("accept-ranges")), ("", "bytes"));
    let captions = fetch(&mut client, "GET", "/films/en.da.vtt", &packed).await;
    assert_eq!((captions.header("content-encoding"), captions.text().as_str()), ("br", "br of the captions"));
}

#[tokio::test]
async fn without_films_the_list_is_empty() {
    let world = World::new().await;
    let reply = get(&mut world.nobody(), "/films/films.json").await;
    assert_eq!((reply.header("content-type"), reply.header("cache-control")), ("application/json", "no-cache"));
    assert_eq!(reply.ok::<Value>(), json!({ "films": [] }));
}

#[tokio::test]
async fn a_film_is_given_in_the_pieces_that_are_asked_for() {
    let mut shelf = Shelf::new();
    shelf.film("hos-os", GOOD);
    let world = shelf.world().await;
    let mut client = world.nobody();
    for (path, bytes) in [("/films/en.mp4", BYTES), ("/films/hos-os.mp4", GOOD)] {
        let length = bytes.len();
        let etag = get(&mut client, path).await.header("etag").to_owned();
        let (weak, tail) = (format!("W/{etag}"), format!("bytes={}-", length - 3));
        let over = format!("bytes={}-{}", length - 2, length + 500);
        let past = format!("bytes={length}-");
        let all = (200, 0..length);
        for (headers, (status, part)) in [
            (&[("range", "bytes=0-0")][..], (206, 0..1)),
            (&[("range", "bytes=5-9")], (206, 5..10)),
            (&[("range", tail.as_str())], (206, length - 3..length)),
            (&[("range", "bytes=0-")], (206, 0..length)),
            (&[("range", over.as_str())], (206, length - 2..length)),
            (&[("range", "bytes=-4")], (206, length - 4..length)),
            (&[("range", "bytes=-999999")], (206, 0..length)),
            (&[("range", "bytes=3-4"), ("if-range", etag.as_str())], (206, 3..5)),
            (&[("range", "bytes=3-4"), ("if-match", etag.as_str())], (206, 3..5)),
            (&[("range", "bytes=3-4"), ("if-none-match", "\"x\"")], (206, 3..5)),
            (&[("range", "bytes=2-3,999999-")], (206, 2..4)),
            // Another film by now, or one that may be: the whole.
            (&[("range", "bytes=3-4"), ("if-range", "\"x\"")], all.clone()),
            (&[("range", "bytes=3-4"), ("if-range", weak.as_str())], all.clone()),
            (&[("range", "bytes=3-4"), ("if-range", "Sun, 22 Nov 2026 00:00:00 GMT")], all.clone()),
            // Not understood, so it counts for nothing.
            (&[("range", "bytes=4-3")], all.clone()),
            (&[("range", "bytes=a-b")], all.clone()),
            (&[("range", "seconds=0-1")], all.clone()),
            (&[("range", "bytes=0-5,3-8")], all),
        ] {
            let reply = fetch(&mut client, "GET", path, headers).await;
            assert_eq!((reply.status.as_u16(), &reply.body[..]), (status, &bytes[part.clone()]), "{path} {headers:?}");
            assert_eq!(reply.header("content-length"), part.len().to_string());
            let content_range = format!("bytes {}-{}/{length}", part.start, part.end - 1);
            assert_eq!(reply.header("content-range"), if status == 206 { &content_range } else { "" }, "{headers:?}");
            assert_eq!((reply.header("content-type"), reply.header("etag")), ("video/mp4", etag.as_str()));
            assert_eq!((reply.header("accept-ranges"), reply.header("cache-control")), ("bytes", "no-cache"));
        }
        for range in [past.as_str(), "bytes=-0", "bytes=999998-,999999-"] {
            let reply = fetch(&mut client, "GET", path, &[("range", range)]).await;
            assert_eq!((reply.status.as_u16(), reply.body.len()), (416, 0), "{range}");
            assert_eq!(reply.header("content-range"), format!("bytes */{length}"));
        }
        let unwanted = fetch(&mut client, "GET", path, &[("if-match", "\"x\""), ("range", "bytes=0-1")]).await;
        assert_eq!((unwanted.status.as_u16(), unwanted.body.len()), (412, 0));
        let head = fetch(&mut client, "HEAD", path, &[("range", "bytes=0-1")]).await;
        assert_eq!((head.status.as_u16(), head.header("content-length")), (200, length.to_string().as_str()));
        assert_eq!((head.header("content-range"), head.header("accept-ranges")), ("", "bytes"));
    }
}

#[tokio::test]
async fn several_pieces_come_in_one_answer() {
    let mut shelf = Shelf::new();
    shelf.film("hos-os", GOOD);
    let world = shelf.world().await;
    let mut client = world.nobody();
    for (path, bytes) in [("/films/en.mp4", BYTES), ("/films/hos-os.mp4", GOOD)] {
        let length = bytes.len();
        let reply = fetch(&mut client, "GET", path, &[("range", "bytes=10-11, 0-2, 999999-, -1")]).await;
        assert_eq!((reply.status.as_u16(), reply.header("content-range")), (206, ""));
        assert_eq!(reply.header("content-length"), reply.body.len().to_string());
        let boundary = reply.header("content-type").strip_prefix("multipart/byteranges; boundary=").unwrap();
        assert!((1..=70).contains(&boundary.len()) && boundary.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        let mut expected = Vec::new();
        for part in [10..12, 0..3, length - 1..length] {
            let (first, last) = (part.start, part.end - 1);
            let head = format!(
                "\r\n--{boundary}\r\ncontent-type: video/mp4\r\ncontent-range: bytes {first}-{last}/{length}\r\n\r\n"
            );
            expected.extend(head.into_bytes());
            expected.extend(&bytes[part]);
        }
        expected.extend(format!("\r\n--{boundary}--\r\n").into_bytes());
        assert_eq!(reply.body, expected, "{path}");
    }
}

/// More than is read from the disk at once, and an end within a piece.
#[tokio::test]
async fn a_long_film_comes_from_the_disk_piece_by_piece() {
    let mut shelf = Shelf::new();
    // What a player does not know it leaves out: a box of its own behind the film.
    let rest: Vec<u8> = (0..300_000_u32).map(|at| (at % 251) as u8).collect();
    let size = u32::try_from(rest.len() + 8).unwrap().to_be_bytes();
    let long = [GOOD, &size, b"free", &rest].concat();
    shelf.film("hos-os", &long);
    let world = shelf.world().await;
    let mut client = world.nobody();
    assert!(get(&mut client, "/films/hos-os.mp4").await.body == long);
    let part = fetch(&mut client, "GET", "/films/hos-os.mp4", &[("range", "bytes=1000-250000")]).await;
    assert!(part.body == long[1000..=250_000]);
}

#[tokio::test]
async fn a_film_that_is_another_since_the_start_is_not_played() {
    let mut shelf = Shelf::new();
    shelf.film("hos-os", GOOD);
    let world = shelf.world().await;
    let mut client = world.nobody();
    let film = get(&mut client, "/films/hos-os.mp4").await;
    assert_eq!(film.status.as_u16(), 200);
    shelf.put("hos-os.mp4", fixture!("mpeg4.mp4"));
    is_not_played(&mut client, film.header("etag")).await;
    shelf.remove("hos-os.mp4");
    is_not_played(&mut client, film.header("etag")).await;
}

#[tokio::test]
async fn a_film_of_the_same_length_and_time_is_another() {
    let mut shelf = Shelf::new();
    shelf.film("hos-os", GOOD);
    let path = shelf.path().join("hos-os.mp4");
    let time = fs::metadata(&path).unwrap().modified().unwrap();
    let other: Vec<u8> = GOOD.iter().rev().copied().collect();
    let with_time = |name: &str, bytes: &[u8]| {
        shelf.put(name, bytes);
        File::options().write(true).open(shelf.path().join(name)).unwrap().set_modified(time).unwrap();
    };
    // One that was moved to its place, and one that was written over it.
    for moves in [true, false] {
        with_time("hos-os.mp4", GOOD);
        let world = shelf.world().await;
        let mut client = world.nobody();
        let film = get(&mut client, "/films/hos-os.mp4").await;
        assert_eq!(film.status.as_u16(), 200);
        if moves {
            with_time("new.mp4", &other);
            fs::rename(shelf.path().join("new.mp4"), &path).unwrap();
        } else {
            // The clock of some disks goes by hundredths of a second.
            let before = changed(&path);
            while changed(&path) == before {
                with_time("hos-os.mp4", &other);
            }
        }
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), time);
        is_not_played(&mut client, film.header("etag")).await;
    }
}

fn changed(path: &Path) -> (i64, i64) {
    let state = fs::metadata(path).unwrap();
    (state.ctime(), state.ctime_nsec())
}

/// Whatever is asked of it: what a phone has is not said to be right either.
async fn is_not_played(client: &mut Client, etag: &str) {
    for headers in [
        &[][..],
        &[("range", "bytes=0-")],
        &[("range", "bytes=0-1")],
        &[("range", "bytes=0-1,4-5")],
        &[("range", "bytes=999999-")],
        &[("range", "x")],
        &[("if-none-match", etag)],
        &[("if-match", "\"x\"")],
    ] {
        for method in ["GET", "HEAD"] {
            let reply = fetch(client, method, "/films/hos-os.mp4", headers).await;
            assert_eq!((reply.status.as_u16(), reply.header("content-range")), (503, ""), "{method} {headers:?}");
            assert_eq!((reply.header("cache-control"), reply.header("etag")), ("no-store", ""));
        }
    }
}
