//! Every place in the two apps, once. A page is linked to through these names, and the end-to-end tests read the list.

pub const HOME: &str = "/";
pub const PLAN: &str = "/plan";
pub const ABOUT: &str = "/om-mig";
pub const MEETING: &str = "/moede";
pub const SHARE: &str = "/del";
pub const CODE: &str = "/del/kode";
pub const HARD: &str = "/svaert";
pub const MORE: &str = "/mere";
pub const DEVICES: &str = "/mere/telefoner";

/// A sheet over a page: a section that is written in.
pub fn section(page: &str, name: &str) -> String {
    format!("{page}/{name}")
}

/// One consent, to change it or take it back.
pub fn consent(id: &str) -> String {
    format!("{SHARE}/{id}")
}
