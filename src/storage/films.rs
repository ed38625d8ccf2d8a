//! The films that are kept on the phone, in a cache of the browser of their own: the service worker answers from it, and an update of
//! the app leaves it alone. What is sealed is elsewhere; a film is the same for everybody.

use super::StoreError;
use super::request::why;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, Cache, CacheStorage, Request, Response, ResponseInit, Url};

/// As `public/sw.js` knows it.
const CACHE: &str = "min-plan-films";
const LENGTH: &str = "content-length";

/// Where a file is, for the page and for the cache.
pub fn address(file: &str) -> String {
    format!("/films/{file}")
}

fn caches() -> Option<CacheStorage> {
    let window = web_sys::window()?;
    // Absent on pages that are not secure.
    let is_there = Reflect::has(&window, &"caches".into()).unwrap_or(false);
    is_there.then(|| window.caches().ok()).flatten()
}

fn error(thrown: JsValue) -> StoreError {
    why(thrown.dyn_into().ok())
}

async fn open() -> Result<Cache, StoreError> {
    let caches = caches().ok_or(StoreError::Blocked)?;
    JsFuture::from(caches.open(CACHE)).await.map(JsCast::unchecked_into).map_err(error)
}

/// The same, where there is one: whoever only looks makes none.
async fn find() -> Option<Cache> {
    let is_there = JsFuture::from(caches()?.has(CACHE)).await.ok()?;
    if is_there == true { open().await.ok() } else { None }
}

async fn read(cache: &Cache, file: &str) -> Option<Response> {
    JsFuture::from(cache.match_with_str(&address(file))).await.ok()?.dyn_into().ok()
}

/// Whether this browser can keep films at all.
pub fn is_possible() -> bool {
    caches().is_some()
}

/// What was kept as a text.
pub async fn read_text(file: &str) -> Option<String> {
    let kept = read(&find().await?, file).await?;
    JsFuture::from(kept.text().ok()?).await.ok()?.as_string()
}

/// Whether all of these are kept, and the first of them has this length.
pub async fn has(files: &[String], bytes: u64) -> bool {
    let Some(cache) = find().await else { return false };
    for (at, file) in files.iter().enumerate() {
        let Some(kept) = read(&cache, file).await else { return false };
        let length = kept.headers().get(LENGTH).ok().flatten();
        if at == 0 && length != Some(bytes.to_string()) {
            return false;
        }
    }
    true
}

/// Keeps the list and these files, or none of the files that were not there before.
pub async fn keep(list: (&str, &str), files: &[(String, Blob)]) -> Result<(), StoreError> {
    let cache = open().await?;
    let mut new = Vec::new();
    for (file, _) in files {
        if read(&cache, file).await.is_none() {
            new.push(file);
        }
    }
    let done = keep_all(&cache, list, files).await;
    if done.is_err() {
        for file in new {
            delete(&cache, file).await;
        }
    }
    done
}

/// Takes away what is none of these films, each with its files and the length of the first; and what is only half of one.
pub async fn keep_only((list, text): (&str, &str), films: &[(Vec<String>, u64)]) {
    let Some(cache) = find().await else { return };
    let mut fitting = vec![address(list)];
    for (files, bytes) in films {
        if has(files, *bytes).await {
            fitting.extend(files.iter().map(|file| address(file)));
        }
    }
    let Ok(keys) = JsFuture::from(cache.keys()).await else { return };
    for request in Array::from(&keys).iter().filter_map(|request| request.dyn_into::<Request>().ok()) {
        let is_fitting = |path: String| fitting.contains(&path);
        if !Url::new(&request.url()).is_ok_and(|url| is_fitting(url.pathname())) {
            let _ = JsFuture::from(cache.delete_with_request(&request)).await;
        }
    }
    if fitting.len() > 1 {
        let _ = put_text(&cache, list, text).await;
    }
}

async fn keep_all(cache: &Cache, (list, text): (&str, &str), files: &[(String, Blob)]) -> Result<(), StoreError> {
    put_text(cache, list, text).await?;
    for (file, body) in files {
        put(cache, file, body).await?;
    }
    Ok(())
}

async fn put_text(cache: &Cache, file: &str, text: &str) -> Result<(), StoreError> {
    let options = BlobPropertyBag::new();
    options.set_type("application/json");
    let text = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options).map_err(error)?;
    put(cache, file, &text).await
}

async fn put(cache: &Cache, file: &str, body: &Blob) -> Result<(), StoreError> {
    let headers = Object::new();
    for (name, value) in
        [("content-type", body.type_()), (LENGTH, body.size().to_string()), ("accept-ranges", "bytes".to_owned())]
    {
        Reflect::set(&headers, &name.into(), &value.into()).map_err(error)?;
    }
    let options = ResponseInit::new();
    options.set_headers(&headers);
    let response = Response::new_with_opt_blob_and_init(Some(body), &options).map_err(error)?;
    JsFuture::from(cache.put_with_str(&address(file), &response)).await.map(drop).map_err(error)
}

/// Takes these away.
pub async fn remove(files: &[String]) {
    let Some(cache) = find().await else { return };
    for file in files {
        delete(&cache, file).await;
    }
}

async fn delete(cache: &Cache, file: &str) {
    // What is not there need not go.
    let _ = JsFuture::from(cache.delete_with_str(&address(file))).await;
}

/// Takes everything of films away.
pub async fn remove_all() {
    if let Some(caches) = caches() {
        let _ = JsFuture::from(caches.delete(CACHE)).await;
    }
}

/// Bytes that the browser would still let us keep, as far as it says so.
pub async fn find_room() -> Option<u64> {
    let asked = web_sys::window()?.navigator().storage().estimate().ok()?;
    let estimate = JsFuture::from(asked).await.ok()?;
    let figure = |name: &str| Reflect::get(&estimate, &name.into()).ok()?.as_f64();
    // A whole number, and never less than nothing.
    Some((figure("quota")? - figure("usage")?).max(0.0) as u64)
}
