//! Every string a person sees, from `locales/`, in the language that was chosen. `leptos_i18n` makes a method for each; what it
//! has for views and for keeping the choice is not used, since that is more than 15 KB of a first visit (see `docs/adr`).

use leptos::oco::Oco;
use leptos::prelude::*;
use leptos::tachys::html::attribute::IntoAttributeValue;
use leptos::text_prop::TextProp;

#[expect(
    unused_imports,
    dead_code,
    clippy::expect_used,
    clippy::wrong_self_convention,
    reason = "it offers all that leptos_i18n can do, in that library's style"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n.rs"));
}

pub use generated::i18n::Locale;

/// The language that the app is in. Given by [`crate::app`].
pub fn use_language() -> RwSignal<Locale> {
    expect_context()
}

/// One text in all its languages. Where it is shown, it follows the language.
#[derive(Clone, Copy)]
pub struct Text(pub fn(Locale) -> &'static str);

impl Text {
    /// The words in the language of now; whoever asks while something is shown is asked again when the language changes.
    pub fn get(self) -> &'static str {
        self.0(use_language().get())
    }
}

/// The text of this name: `text!(done)`.
macro_rules! text {
    ($key:ident) => {
        $crate::texts::Text(|locale| leptos_i18n::td_string!(locale, $key))
    };
}
pub(crate) use text;

/// The text of this name with something put into it, for as long as it is shown: `words!(from_until, day = describe(until))`.
macro_rules! words {
    ($key:ident, $($name:ident = $value:expr),+) => {
        (move || {
            let locale = leptos::prelude::Get::get(&$crate::texts::use_language());
            leptos_i18n::td_string!(locale, $key, $($name = $value),+)
        })
    };
}
pub(crate) use words;

impl IntoRender for Text {
    type Output = Signal<&'static str>;

    fn into_render(self) -> Self::Output {
        Signal::derive(move || self.get())
    }
}

impl IntoAttributeValue for Text {
    type Output = Signal<&'static str>;

    fn into_attribute_value(self) -> Self::Output {
        Signal::derive(move || self.get())
    }
}

impl From<Text> for Oco<'static, str> {
    fn from(text: Text) -> Self {
        text.get().into()
    }
}

impl From<Text> for TextProp {
    fn from(text: Text) -> Self {
        Self::from(move || text)
    }
}
