//! A recording proxy between browser and server: what was sent is known here, whatever either of them says.
//!
//! Each connection carries one request, so that its end is the end of the answer and nothing needs to be understood but
//! the head and the length of the request.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use anyhow::{Context, Result, bail};

/// One request as it came from the browser.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub method: String,
    /// With the query.
    pub path: String,
    pub body: Vec<u8>,
}

pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

struct Shared {
    server: u16,
    is_up: AtomicBool,
    recorded: Mutex<Vec<Recorded>>,
    open: Mutex<Vec<TcpStream>>,
}

impl Proxy {
    /// Passes on to the server at `port` of this machine.
    pub fn start(port: u16) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let shared = Shared { server: port, is_up: false.into(), recorded: Mutex::default(), open: Mutex::default() };
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
        lock(&self.recorded).push(Recorded {
            method: head.method.clone(),
            path: head.path.clone(),
            body: body.clone(),
        });

        let passed = TcpStream::connect((Ipv4Addr::LOCALHOST, self.server)).and_then(|mut server| {
            server.write_all(head.for_server(body.len()).as_bytes())?;
            server.write_all(&body)?;
            lock(&self.open).push(server.try_clone()?);
            std::io::copy(&mut server, &mut browser)
        });
        browser.shutdown(Shutdown::Both)?;
        passed.map(drop).context("passing on")
    }
}

struct Head {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
}

impl Head {
    /// `None` if the browser opened a connection and did not use it.
    fn read(reader: &mut impl BufRead) -> Result<Option<Self>> {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let mut parts = line.split_whitespace().map(str::to_owned);
        let (Some(method), Some(path)) = (parts.next(), parts.next()) else { bail!("not a request: {line}") };
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            match line.trim_end().split_once(':') {
                Some((name, value)) => headers.push((name.to_ascii_lowercase(), value.trim().to_owned())),
                None => {
                    return Ok(Some(Self { method, path, headers }));
                }
            }
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    fn read_body(&self, reader: &mut impl BufRead) -> Result<Vec<u8>> {
        if self.header("transfer-encoding").is_some() {
            return read_chunks(reader);
        }
        let length = self.header("content-length").map_or(Ok(0), str::parse)?;
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        Ok(body)
    }

    fn for_server(&self, length: usize) -> String {
        let own = ["connection", "keep-alive", "content-length", "transfer-encoding"];
        let mut head = format!("{} {} HTTP/1.1\r\nconnection: close\r\n", self.method, self.path);
        if length > 0 || self.header("content-length").is_some() {
            head.push_str(&format!("content-length: {length}\r\n"));
        }
        for (name, value) in self.headers.iter().filter(|(name, _)| !own.contains(&name.as_str())) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head + "\r\n"
    }
}

fn read_chunks(reader: &mut impl BufRead) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let size = line.trim().split(';').next().unwrap_or_default();
        let size = u64::from_str_radix(size, 16).context("the length of a chunk")?;
        reader.by_ref().take(size).read_to_end(&mut body)?;
        reader.read_line(&mut line)?;
        if size == 0 {
            return Ok(body);
        }
    }
}

/// A thread that broke down while it held the list has left a list that is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_recorded_and_passed_on_whole() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = std::thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream);
            let head = Head::read(&mut reader).unwrap().unwrap();
            let body = head.read_body(&mut reader).unwrap();
            reader.get_mut().write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").unwrap();
            (head.header("cookie").map(str::to_owned), body)
        });
        let mut proxy = Proxy::start(port).unwrap();
        let mut browser = TcpStream::connect(proxy.address).unwrap();
        let request = "POST /api/x?y HTTP/1.1\r\nCookie: a=b\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n";
        browser.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        browser.read_to_string(&mut answer).unwrap();

        assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
        assert_eq!(server.join().unwrap(), (Some("a=b".to_owned()), b"hello".to_vec()));
        let recorded = proxy.recorded();
        assert_eq!((recorded[0].method.as_str(), recorded[0].path.as_str()), ("POST", "/api/x?y"));
        assert_eq!(recorded[0].body, b"hello");

        proxy.down();
        assert!(TcpStream::connect(proxy.address).is_err());
        proxy.up().unwrap();
        assert!(TcpStream::connect(proxy.address).is_ok());
    }
}
