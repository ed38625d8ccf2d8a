//! What tells one state of a file from another, and what a request says of the states it knows.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// A strong one, from the SHA-256 of the bytes.
pub fn of(digest: &[u8]) -> HeaderValue {
    let etag = format!("\"{}\"", crate::ids::hex(&digest[..digest.len().min(16)]));
    HeaderValue::from_str(&etag).unwrap_or(HeaderValue::from_static("\"\""))
}

/// `if-none-match`: who asks has these bytes. A proxy may have made the mark a weak one.
pub fn is_known(request: &HeaderMap, own: &HeaderValue) -> bool {
    names(request, header::IF_NONE_MATCH, |etag| etag.strip_prefix("W/").unwrap_or(etag) == own)
}

/// `if-match`: who asks wants these bytes or none.
pub fn is_unwanted(request: &HeaderMap, own: &HeaderValue) -> bool {
    request.contains_key(header::IF_MATCH) && !names(request, header::IF_MATCH, |etag| etag == own)
}

/// `if-range`: who asks has a part of other bytes. A date is never ours, since no file here has one.
pub fn is_part_of_another(request: &HeaderMap, own: &HeaderValue) -> bool {
    request.get(header::IF_RANGE).is_some_and(|etag| etag != own)
}

fn names(request: &HeaderMap, header: HeaderName, is_own: impl Fn(&str) -> bool) -> bool {
    let lists = request.get_all(header).iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).map(str::trim).any(|etag| etag == "*" || is_own(etag))
}
