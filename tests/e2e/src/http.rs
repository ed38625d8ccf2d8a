//! As much of HTTP as the recording proxy needs: the head of a request, and its body by length or in chunks.

use std::io::{BufRead, Read};

use anyhow::{Context, Result, bail};

/// A request but for its body.
pub struct Head {
    pub method: String,
    /// With the query.
    pub path: String,
    headers: Vec<(String, String)>,
}

impl Head {
    /// `None` if the browser opened a connection and did not use it.
    pub fn read(reader: &mut impl BufRead) -> Result<Option<Self>> {
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

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    pub fn read_body(&self, reader: &mut impl BufRead) -> Result<Vec<u8>> {
        if self.header("transfer-encoding").is_some() {
            return read_chunks(reader);
        }
        let length = self.header("content-length").map_or(Ok(0), str::parse)?;
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        Ok(body)
    }

    /// The head for the server: one request, then the connection ends.
    pub fn for_server(&self, length: usize) -> String {
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
