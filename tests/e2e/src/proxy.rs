//! A recording proxy between browser and server: what was sent is known here, whatever either of them says. It can be a
//! network that is slow, that never answers, that fails, or that loses the answer.
//!
//! Each connection carries one request, so that its end is the end of the answer and nothing needs to be understood but
//! the head and the length of the request.

use std::io::{BufReader, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use flate2::read::GzDecoder;

use crate::browser::TIMEOUT;
use crate::http::Head;
use crate::process;

/// How long it may go unnoticed that a browser has given a request up, or that the network is another one.
const PACE: Duration = Duration::from_millis(10);

/// One request as it came from the browser.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// When the last of it had come, whenever it went on from here.
    pub at: Instant,
    pub method: String,
    /// With the query.
    pub path: String,
    pub body: Vec<u8>,
    end: Arc<End>,
}

/// How a request ended. It goes on after it was recorded, so whoever asks later is told more.
#[derive(Debug, Default)]
struct End {
    answered: AtomicBool,
    given_up: AtomicBool,
}

impl Recorded {
    /// The browser has been sent an answer.
    pub fn is_answered(&self) -> bool {
        self.end.answered.load(Ordering::SeqCst)
    }

    /// The browser has closed the connection while it waited for an answer.
    pub fn is_given_up(&self) -> bool {
        self.end.given_up.load(Ordering::SeqCst)
    }

    /// Whether a word stands in what was sent, also when it was packed.
    pub fn holds(&self, word: &str) -> bool {
        let mut unpacked = Vec::new();
        let body = match GzDecoder::new(self.body.as_slice()).read_to_end(&mut unpacked) {
            Ok(_) => &unpacked,
            Err(_) => &self.body,
        };
        String::from_utf8_lossy(body).contains(word) || self.path.contains(word)
    }
}

/// What the network does with requests to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// They reach the server this much later, also those that the browser has given up: they were on their way.
    Slow(Duration),
    /// They do not reach the server and are not answered for as long as this lasts. Those that the browser has given up by
    /// then never reach it.
    Hangs,
    /// They reach the server, and the connection breaks in the place of the answer.
    LosesAnswers,
    /// They do not reach the server and are answered with 500, as by something before it that has nobody to ask.
    Fails,
}

pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

struct Shared {
    server: u16,
    is_up: AtomicBool,
    /// The first that fits a path counts.
    networks: Mutex<Vec<(String, Network)>>,
    recorded: Mutex<Vec<Recorded>>,
    open: Mutex<Vec<TcpStream>>,
}

impl Proxy {
    /// Passes on to the server at `port` of this machine.
    pub fn start(port: u16) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, process::free_port()?))?;
        let shared = Shared {
            server: port,
            is_up: false.into(),
            networks: Mutex::default(),
            recorded: Mutex::default(),
            open: Mutex::default(),
        };
        let mut proxy = Self { address: listener.local_addr()?, shared: Arc::new(shared), accepting: None };
        proxy.accept(listener);
        Ok(proxy)
    }

    /// The origin that the browser goes to.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn recorded(&self) -> Vec<Recorded> {
        lock(&self.shared.recorded).clone()
    }

    /// Forgets what was recorded, and gives it.
    pub fn take_recorded(&self) -> Vec<Recorded> {
        std::mem::take(&mut *lock(&self.shared.recorded))
    }

    /// The first request that is like this, once it has come.
    pub fn wait_for(&self, what: &str, is_it: impl Fn(&Recorded) -> bool) -> Result<Recorded> {
        let mut found = None;
        process::wait(TIMEOUT, || {
            found = lock(&self.shared.recorded).iter().find(|request| is_it(request)).cloned();
            Ok(found.is_some())
        })?;
        found.with_context(|| format!("waited {TIMEOUT:?} for the browser to send {what}"))
    }

    /// From now on the network is like this for a path; for all that begin so when it ends with a slash.
    pub fn disturb(&self, path: &str, network: Network) {
        lock(&self.shared.networks).push((path.to_owned(), network));
    }

    /// From now on nothing is disturbed. What was held up goes on.
    pub fn calm(&self) {
        lock(&self.shared.networks).clear();
    }

    /// From now on connections are refused, and those that are open break.
    pub fn down(&mut self) {
        self.shared.is_up.store(false, Ordering::SeqCst);
        // The accepting thread wakes with this connection, sees that it is over and gives the port back.
        let _ = TcpStream::connect(self.address);
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
        for stream in lock(&self.shared.open).drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    pub fn up(&mut self) -> Result<()> {
        if self.accepting.is_none() {
            let listener = TcpListener::bind(self.address).context("the proxy's port is taken")?;
            self.accept(listener);
        }
        Ok(())
    }

    fn accept(&mut self, listener: TcpListener) {
        self.shared.is_up.store(true, Ordering::SeqCst);
        let shared = Arc::clone(&self.shared);
        self.accepting = Some(std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if !shared.is_up.load(Ordering::SeqCst) {
                    return;
                }
                let shared = Arc::clone(&shared);
                // A broken connection is what the browser sees, too; there is nobody else to tell.
                std::thread::spawn(move || drop(shared.pass_on(stream)));
            }
        }));
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.down();
    }
}

impl Shared {
    fn pass_on(&self, mut browser: TcpStream) -> Result<()> {
        lock(&self.open).push(browser.try_clone()?);
        let mut reader = BufReader::new(browser.try_clone()?);
        let Some(head) = Head::read(&mut reader)? else {
            return Ok(());
        };
        let body = head.read_body(&mut reader)?;
        let (method, path, end) = (head.method.clone(), head.path.clone(), Arc::<End>::default());
        let request = Recorded { at: Instant::now(), method, path, body, end };
        lock(&self.recorded).push(request.clone());
        if !self.hold_up(&browser, &request)? {
            return Ok(());
        }
        if self.network_for(&request.path) == Some(Network::Fails) {
            let answer = "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            browser.write_all(answer.as_bytes())?;
            request.end.answered.store(true, Ordering::SeqCst);
            return Ok(browser.shutdown(Shutdown::Both)?);
        }

        let passed = TcpStream::connect((Ipv4Addr::LOCALHOST, self.server)).and_then(|mut server| {
            server.write_all(head.for_server(request.body.len()).as_bytes())?;
            server.write_all(&request.body)?;
            lock(&self.open).push(server.try_clone()?);
            if self.network_for(&request.path) == Some(Network::LosesAnswers) {
                return std::io::copy(&mut server, &mut std::io::sink());
            }
            let copied = std::io::copy(&mut server, &mut browser)?;
            request.end.answered.store(true, Ordering::SeqCst);
            Ok(copied)
        });
        browser.shutdown(Shutdown::Both)?;
        passed.map(drop).context("passing on")
    }

    /// Keeps a request for as long as the network does; says whether it goes on to the server.
    fn hold_up(&self, browser: &TcpStream, request: &Recorded) -> Result<bool> {
        browser.set_read_timeout(Some(PACE))?;
        loop {
            let goes_on = match self.network_for(&request.path) {
                None | Some(Network::LosesAnswers | Network::Fails) => true,
                Some(Network::Slow(time)) => request.at.elapsed() >= time,
                Some(Network::Hangs) if request.is_given_up() => return Ok(false),
                Some(Network::Hangs) => false,
            };
            if goes_on {
                browser.set_read_timeout(None)?;
                return Ok(true);
            }
            if request.is_given_up() {
                // There is nobody left to listen to; the pace is kept all the same.
                std::thread::park_timeout(PACE);
            } else if has_closed(browser) {
                if !self.is_up.load(Ordering::SeqCst) {
                    return Ok(false);
                }
                request.end.given_up.store(true, Ordering::SeqCst);
            }
        }
    }

    fn network_for(&self, path: &str) -> Option<Network> {
        let networks = lock(&self.networks);
        let fits = |(at, _): &&(String, Network)| path == at || at.ends_with('/') && path.starts_with(at);
        networks.iter().find(fits).map(|(_, network)| *network)
    }
}

/// Whether the other end has closed the connection; waits for that as long as the stream is set to wait.
fn has_closed(stream: &TcpStream) -> bool {
    match stream.peek(&mut [0]) {
        Ok(read) => read == 0,
        Err(error) => !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted),
    }
}

/// A thread that broke down while it held the list has left a list that is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_secs(10);
    const REQUEST: &str = "POST /api/x?y HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello";

    /// What the server was sent: the cookie and the body.
    type Heard = (Option<String>, Vec<u8>);

    /// A server that answers each request with 204, and a proxy before it.
    fn start() -> (Proxy, Arc<Mutex<Vec<Heard>>>) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::<Mutex<Vec<Heard>>>::default();
        let hears = Arc::clone(&heard);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut reader = BufReader::new(stream.unwrap());
                let head = Head::read(&mut reader).unwrap().unwrap();
                let body = head.read_body(&mut reader).unwrap();
                lock(&hears).push((head.header("cookie").map(str::to_owned), body));
                let answer = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
                reader.get_mut().write_all(answer).unwrap();
            }
        });
        (Proxy::start(port).unwrap(), heard)
    }

    fn send(proxy: &Proxy, request: &str) -> TcpStream {
        let mut browser = TcpStream::connect(proxy.address).unwrap();
        browser.write_all(request.as_bytes()).unwrap();
        browser
    }

    fn answer(mut browser: TcpStream) -> String {
        let mut answer = String::new();
        browser.read_to_string(&mut answer).unwrap();
        answer
    }

    #[track_caller]
    fn wait(is_so: impl Fn() -> bool) {
        assert!(process::wait(SOON, || Ok(is_so())).unwrap(), "waited {SOON:?} in vain");
    }

    #[test]
    fn a_request_is_recorded_and_passed_on_whole() {
        let (mut proxy, heard) = start();
        let chunks = "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n";
        let answer = answer(send(&proxy, &format!("POST /api/x?y HTTP/1.1\r\nCookie: a=b\r\n{chunks}")));

        assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
        assert_eq!(*lock(&heard), [(Some("a=b".to_owned()), b"hello".to_vec())]);
        let recorded = proxy.recorded();
        assert_eq!((recorded[0].method.as_str(), recorded[0].path.as_str()), ("POST", "/api/x?y"));
        assert_eq!(recorded[0].body, b"hello");
        wait(|| recorded[0].is_answered());
        assert!(!recorded[0].is_given_up());

        proxy.down();
        assert!(TcpStream::connect(proxy.address).is_err());
        proxy.up().unwrap();
        assert!(TcpStream::connect(proxy.address).is_ok());
    }

    #[test]
    fn a_slow_network_passes_on_later_what_it_records_at_once() {
        let (proxy, heard) = start();
        let slow = Duration::from_millis(300);
        proxy.disturb("/api/", Network::Slow(slow));
        let browser = send(&proxy, REQUEST);
        wait(|| !proxy.recorded().is_empty());
        assert!(lock(&heard).is_empty());
        assert!(answer(browser).starts_with("HTTP/1.1 204"));
        assert!(proxy.recorded()[0].at.elapsed() >= slow);

        // It was on its way already.
        drop(send(&proxy, REQUEST));
        wait(|| lock(&heard).len() == 2);
        assert!(proxy.recorded()[1].is_given_up());
    }

    #[test]
    fn what_hangs_goes_on_in_a_calm_network_and_is_gone_when_it_was_given_up() {
        let (proxy, heard) = start();
        proxy.disturb("/api/x?y", Network::Hangs);
        let browser = send(&proxy, REQUEST);
        let given_up = send(&proxy, REQUEST);
        let other = send(&proxy, &REQUEST.replace("/api/x", "/api/other"));
        assert!(answer(other).starts_with("HTTP/1.1 204"), "another path is held up");
        wait(|| proxy.recorded().len() == 3);
        given_up.shutdown(Shutdown::Both).unwrap();
        wait(|| proxy.recorded().iter().filter(|request| request.is_given_up()).count() == 1);
        assert_eq!(lock(&heard).len(), 1);

        proxy.calm();
        assert!(answer(browser).starts_with("HTTP/1.1 204"));
        assert_eq!(lock(&heard).len(), 2);
        wait(|| proxy.recorded().iter().filter(|request| request.is_answered()).count() == 2);
    }

    #[test]
    fn an_answer_is_lost_or_comes_from_somebody_else() {
        let (proxy, heard) = start();
        proxy.disturb("/api/x?y", Network::LosesAnswers);
        assert_eq!(answer(send(&proxy, REQUEST)), "");
        assert_eq!(lock(&heard).len(), 1);
        assert!(!proxy.recorded()[0].is_answered());
        proxy.calm();
        proxy.disturb("/api/x?y", Network::Fails);
        assert!(answer(send(&proxy, REQUEST)).starts_with("HTTP/1.1 500"));
        assert_eq!(lock(&heard).len(), 1);
        let below = send(&proxy, &REQUEST.replace("/api/x?y", "/api/x?y/z"));
        assert!(answer(below).starts_with("HTTP/1.1 204"), "another path is disturbed");
    }
}
