//! Connections: taken, served, and let go of when they bring nothing.
//!
//! What a request says is not known here. That one takes too long, body and answer together, is seen to in `http`; here it
//! is that a connection must begin with one, and that the answer is taken: whoever sends the headers a byte at a time, or
//! nothing, or reads nothing of what they asked for, is cut off.

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

/// The headers of a request are there within this time, counted from the connection, and from the answer before.
pub const HEADERS: Duration = Duration::from_secs(10);
/// Of an answer something is taken within this time, again and again until its end.
pub const PROGRESS: Duration = Duration::from_secs(30);
/// When so much of an answer waits to be taken, no more of it is made. Headers of a request that fit into this are taken too: browsers and
/// proxies send a few kilobytes.
const WAITING: usize = 32 * 1024;
/// Where the machine has no room for another connection, others end meanwhile.
const NO_ROOM: Duration = Duration::from_secs(1);

/// How long a connection is waited for.
#[derive(Clone, Copy)]
pub struct Timeouts {
    /// For the headers of a request.
    pub headers: Duration,
    /// For the next bytes of an answer to be taken.
    pub progress: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { headers: HEADERS, progress: PROGRESS }
    }
}

/// Serves until `stop`, and then what is under way.
pub async fn serve(listener: TcpListener, app: Router, timeouts: Timeouts, stop: impl Future<Output = ()>) {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(timeouts.headers).max_buf_size(WAITING);
    let connections = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener) => accepted,
        };
        // Answers are small and somebody waits for each.
        let _ = stream.set_nodelay(true);
        let app = app.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            app.clone().oneshot(request)
        });
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(timeouts.progress));
        let connection = connections.watch(builder.serve_connection(TokioIo::new(Box::pin(stream)), service));
        // How a connection ends is the other side's business.
        tokio::spawn(async move {
            let _ = connection.await;
        });
    }
    drop(listener);
    connections.shutdown().await;
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            // The other side has hung up already.
            Err(error) if is_theirs(&error) => {}
            Err(error) => {
                tracing::error!(%error, "a connection could not be taken");
                tokio::time::sleep(NO_ROOM).await;
            }
        }
    }
}

fn is_theirs(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
