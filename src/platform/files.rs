//! Files to and from the phone, and paper. Nothing here touches the network.

use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::set_timeout;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlInputElement, Url};

/// Hands a text to the phone as a file of this type to keep.
pub fn save(name: &str, kind: &str, text: &str) -> bool {
    let give = || -> Option<()> {
        let options = BlobPropertyBag::new();
        options.set_type(kind);
        let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options).ok()?;
        let url = Url::create_object_url_with_blob(&blob).ok()?;
        let document = web_sys::window()?.document()?;
        let link: HtmlAnchorElement = document.create_element("a").ok()?.dyn_into().ok()?;
        link.set_href(&url);
        link.set_download(name);
        link.click();
        // Some browsers only begin to read after the click; what is taken away too early is an empty file.
        set_timeout(move || drop(Url::revoke_object_url(&url)), Duration::from_secs(60));
        Some(())
    };
    give().is_some()
}

/// Puts a text where it can be pasted from. Whether the browser has done so: it may refuse, and some have no such thing.
pub async fn copy(text: &str) -> bool {
    let write = || -> Option<Promise> {
        let clipboard = Reflect::get(&web_sys::window()?.navigator(), &"clipboard".into()).ok()?;
        let write: Function = Reflect::get(&clipboard, &"writeText".into()).ok()?.dyn_into().ok()?;
        write.call1(&clipboard, &text.into()).ok()?.dyn_into().ok()
    };
    match write() {
        Some(written) => JsFuture::from(written).await.is_ok(),
        None => false,
    }
}

/// Hands the page that is shown to the printer.
pub fn print() {
    if let Some(window) = web_sys::window() {
        // A browser without a printer says so itself.
        let _ = window.print();
    }
}

/// The text of the file that was chosen.
pub async fn read(input: HtmlInputElement) -> Option<String> {
    let file = input.files()?.get(0)?;
    // The same file can be chosen again after an error.
    let text = JsFuture::from(file.text()).await.ok()?.as_string();
    input.set_value("");
    text
}

/// Asks the browser not to throw our storage away when space is short.
pub async fn ask_to_persist() -> bool {
    let Some(Ok(asked)) = web_sys::window().map(|window| window.navigator().storage().persist()) else { return false };
    JsFuture::from(asked).await.is_ok_and(|kept| kept.as_bool() == Some(true))
}
