//! The two cookies: one for a device of a young person, one for a session of staff. No script can read either.

use crate::ids::Token;
use axum::http::{HeaderMap, HeaderValue, header};

/// Browsers keep no cookie for longer than 400 days; every consent renews it.
const DEVICE_SECONDS: u64 = 400 * 86_400;

/// Who the cookie is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Jar {
    Young,
    Staff,
}

/// How the server is reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Transport {
    Https,
    /// On the machine itself only. WebKit keeps no `Secure` cookie that came over http, and so no `__Host-` cookie either.
    PlainLoopback,
}

impl Jar {
    fn name(self, transport: Transport) -> &'static str {
        match (self, transport) {
            (Self::Young, Transport::Https) => "__Host-minplan",
            (Self::Young, Transport::PlainLoopback) => "minplan-trial",
            (Self::Staff, Transport::Https) => "__Host-personale",
            (Self::Staff, Transport::PlainLoopback) => "personale-trial",
        }
    }

    fn seconds(self) -> u64 {
        match self {
            Self::Young => DEVICE_SECONDS,
            Self::Staff => crate::authorise::SESSION_MILLIS / 1000,
        }
    }

    /// The token that the request shows, when it shows one.
    pub fn find(self, transport: Transport, headers: &HeaderMap) -> Option<Token> {
        let name = self.name(transport);
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(known, _)| *known == name).and_then(|(_, value)| Token::from_cookie(value))
    }

    pub fn set(self, transport: Transport, token: &Token) -> [(header::HeaderName, HeaderValue); 1] {
        self.header(transport, token.as_str(), self.seconds())
    }

    pub fn clear(self, transport: Transport) -> [(header::HeaderName, HeaderValue); 1] {
        self.header(transport, "", 0)
    }

    fn header(self, transport: Transport, value: &str, seconds: u64) -> [(header::HeaderName, HeaderValue); 1] {
        let secure = match transport {
            Transport::Https => "; Secure",
            Transport::PlainLoopback => "",
        };
        let line =
            format!("{}={value}; HttpOnly{secure}; SameSite=Strict; Path=/; Max-Age={seconds}", self.name(transport));
        // Names, digits and hexadecimal characters are always a header.
        [(header::SET_COOKIE, HeaderValue::from_str(&line).unwrap_or(HeaderValue::from_static("")))]
    }
}
