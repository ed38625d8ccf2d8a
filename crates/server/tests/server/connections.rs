//! Connections that bring nothing are let go of, and hold up nobody. The time they have is told.

use crate::shelf::*;
use crate::world::*;
use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Request, StatusCode};
use axum::middleware::map_response;
use axum::response::Response;
use futures_util::TryStreamExt;
use hyper::body::Frame;
use protocol::ErrorCode;
use server::connections::{Timeouts, serve};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

const SHORT: Duration = Duration::from_millis(300);
/// A test that is still waiting by then has failed.
const LONG: Duration = Duration::from_secs(60);

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

async fn start(app: Router, timeouts: Timeouts) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(serve(listener, app, timeouts, async move {
        let _ = stopped.await;
    }));
    Running { address, stop, server }
}

/// Sends a request and reads until the other side closes.
async fn ask(address: SocketAddr, headers: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(format!("GET /api/v1/me HTTP/1.1\r\nhost: x\r\n{headers}\r\n").as_bytes()).await.unwrap();
    let mut answer = String::new();
    tokio::time::timeout(LONG, stream.read_to_string(&mut answer)).await.expect("it was not closed").unwrap();
    answer
}

/// Sends headers without end, a byte at a time, until the other side has had enough.
async fn send_slowly(address: SocketAddr) {
    let (mut read, mut write) = TcpStream::connect(address).await.unwrap().into_split();
    write.write_all(b"GET /api/v1/me HTTP/1.1\r\nhost: x\r\nx: ").await.unwrap();
    let sending = tokio::spawn(async move {
        let mut beat = tokio::time::interval(Duration::from_millis(20));
        while write.write_all(b"x").await.is_ok() {
            beat.tick().await;
        }
    });
    let mut answer = Vec::new();
    // It ends with or without an error, as what was sent last was read or not.
    let _ = tokio::time::timeout(LONG, read.read_to_end(&mut answer)).await.expect("it was not closed");
    sending.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_headers_are_cut_off_and_hold_up_nobody() {
    let world = World::new().await;
    let running = start(world.router.clone(), Timeouts { headers: SHORT, ..Timeouts::default() }).await;
    let slow: Vec<_> = (0..100).map(|_| tokio::spawn(send_slowly(running.address))).collect();
    for _ in 0..20 {
        assert!(ask(running.address, "connection: close\r\n").await.starts_with("HTTP/1.1 401"));
    }
    for one in slow {
        one.await.unwrap();
    }
    // And whoever is connected and says nothing more, before or after a request.
    assert!(ask(running.address, "").await.starts_with("HTTP/1.1 401"));
    let mut nothing = TcpStream::connect(running.address).await.unwrap();
    let closed = tokio::time::timeout(LONG, nothing.read_u8()).await.expect("it was not closed");
    assert!(closed.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_lets_a_request_finish_and_waits_for_no_idle_connection() {
    let (begun, mut has_begun) = tokio::sync::mpsc::channel(1);
    let finish = Arc::new(tokio::sync::Notify::new());
    let wait = finish.clone();
    let handler = move || async move {
        begun.send(()).await.unwrap();
        wait.notified().await;
        "done"
    };
    let app = Router::new().route("/api/v1/me", axum::routing::get(handler));
    let running = start(app, Timeouts { headers: LONG * 10, ..Timeouts::default() }).await;
    // One that is kept and says nothing, and one in the middle of a request.
    let _idle = TcpStream::connect(running.address).await.unwrap();
    let under_way = tokio::spawn(ask(running.address, ""));
    has_begun.recv().await.unwrap();
    running.stop.send(()).unwrap();
    finish.notify_one();
    assert!(under_way.await.unwrap().ends_with("done"));
    tokio::time::timeout(LONG, running.server).await.expect("it did not stop").unwrap();
    assert!(TcpStream::connect(running.address).await.is_err());
}

/// Whoever asks for much and reads nothing of it. Stopping waits for what is under way, so it ends when they are cut off.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_nobody_reads_is_given_up() {
    let (begun, mut has_begun) = tokio::sync::mpsc::channel(50);
    let handler = move || async move {
        begun.send(()).await.unwrap();
        // More than both sides hold for each other.
        vec![b'x'; 64 << 20]
    };
    let app = Router::new().route("/api/v1/me", axum::routing::get(handler));
    let running = start(app, Timeouts { progress: SHORT, ..Timeouts::default() }).await;
    let mut deaf = Vec::new();
    for _ in 0..4 {
        let mut stream = TcpStream::connect(running.address).await.unwrap();
        stream.write_all(b"GET /api/v1/me HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        has_begun.recv().await.unwrap();
        deaf.push(stream);
    }
    running.stop.send(()).unwrap();
    tokio::time::timeout(LONG, running.server).await.expect("they are waited for").unwrap();
}

/// Whoever asks for films and reads nothing of them takes a little memory each. What was taken of an answer and cannot be read when the
/// connection has ended was held for it.
#[tokio::test(flavor = "multi_thread")]
async fn of_a_film_that_nobody_reads_little_is_held() {
    const READERS: u64 = 4;
    let mut shelf = Shelf::new();
    // More than both sides' systems hold for each other.
    let rest = vec![0; 19 << 20];
    let size = u32::try_from(rest.len() + 8).unwrap().to_be_bytes();
    shelf.film("lang", &[GOOD, &size, b"free", &rest].concat());
    let taken = Arc::new(AtomicU64::new(0));
    let (begun, mut has_begun) = tokio::sync::mpsc::channel(READERS as usize);
    let count = {
        let taken = taken.clone();
        move |response: Response| {
            let (taken, begun) = (taken.clone(), begun.clone());
            async move {
                begun.send(()).await.unwrap();
                response.map(|body| {
                    let count = move |bytes: &Bytes| {
                        taken.fetch_add(bytes.len() as u64, Ordering::SeqCst);
                    };
                    Body::from_stream(body.into_data_stream().inspect_ok(count))
                })
            }
        }
    };
    let world = shelf.world().await;
    let app = world.router.clone().layer(map_response(count));
    let running = start(app, Timeouts { progress: SHORT, ..Timeouts::default() }).await;
    let mut deaf = Vec::new();
    for _ in 0..READERS {
        let mut stream = TcpStream::connect(running.address).await.unwrap();
        stream.write_all(b"GET /films/lang.mp4 HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        has_begun.recv().await.unwrap();
        deaf.push(stream);
    }
    running.stop.send(()).unwrap();
    tokio::time::timeout(LONG, running.server).await.expect("they are waited for").unwrap();
    let mut sent = 0;
    for mut stream in deaf {
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let headers = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        assert!(answer.len() < rest.len(), "all of it was sent");
        sent += (answer.len() - headers) as u64;
    }
    let held = (taken.load(Ordering::SeqCst) - sent) / READERS;
    assert!(held <= 64 * 1024, "{held} bytes for each");
}

/// More than any browser or proxy sends. What is held of an answer has the same bound.
#[tokio::test(flavor = "multi_thread")]
async fn headers_of_thirty_kilobytes_still_fit() {
    let world = World::new().await;
    let running = start(world.router.clone(), Timeouts::default()).await;
    let headers = format!("connection: close\r\nx: {}\r\n", "x".repeat(31 * 1024));
    assert!(ask(running.address, &headers).await.starts_with("HTTP/1.1 401"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_known_already_has_no_body_and_no_length() {
    let mut shelf = Shelf::new();
    shelf.film("hos-os", GOOD);
    let world = shelf.world().await;
    let running = start(world.router.clone(), Timeouts::default()).await;
    for path in ["/films/hos-os.mp4", "/films/hos-os.da.vtt"] {
        let mut stream = TcpStream::connect(running.address).await.unwrap();
        let known = format!(" {path} HTTP/1.1\r\nhost: x\r\nif-none-match: *\r\n");
        // On one connection, which is good for the next request each time.
        let requests = format!("GET{known}\r\nHEAD{known}\r\nGET{known}connection: close\r\n\r\n");
        stream.write_all(requests.as_bytes()).await.unwrap();
        let mut answers = String::new();
        tokio::time::timeout(LONG, stream.read_to_string(&mut answers)).await.expect("it was not closed").unwrap();
        assert_eq!(answers.matches("HTTP/1.1 304 ").count(), 3, "{answers}");
        assert!(!answers.contains("content-length") && !answers.contains("transfer-encoding"), "{answers}");
    }
}

/// A body that never comes.
struct Never;

impl HttpBody for Never {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}

/// The clock runs ahead whenever nothing else is left to do.
#[tokio::test(start_paused = true)]
async fn a_slow_body_is_given_up_after_thirty_seconds() {
    let world = World::new().await;
    let request = Request::post("/api/v1/invitations/find").header("content-type", "application/json");
    let request = request.body(Body::new(Never)).unwrap();
    let begun = tokio::time::Instant::now();
    let reply = world.nobody().send(request).await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    reply.refused(ErrorCode::Busy);
    assert_eq!(begun.elapsed().as_secs(), 30);
}
