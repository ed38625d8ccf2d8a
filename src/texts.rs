//! Every string a person sees, from `locales/da.json`.

include!(concat!(env!("OUT_DIR"), "/texts.rs"));
