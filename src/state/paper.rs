//! What leaves the app as a paper, or as a text for people to read. The phone itself asks which printer, and where to.

use crate::platform::files;

/// Hands the page that is shown to the printer.
pub fn print_page() {
    files::print();
}

/// Hands a text to the phone as a file of this name.
pub fn save_text(name: &str, text: &str) {
    files::save(&format!("{name}.txt"), "text/plain;charset=utf-8", &as_plain(text));
}

/// Whether the phone has taken it to paste it elsewhere.
pub async fn copy_text(text: &str) -> bool {
    files::copy(&as_plain(text)).await
}

/// Without the spaces that only keep a day and its month on one line of a screen: nobody who searches in it types them.
pub fn as_plain(text: &str) -> String {
    text.replace('\u{a0}', " ")
}
