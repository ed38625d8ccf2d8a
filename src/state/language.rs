//! The language of the app: the one that was chosen on this phone, and Danish until then.

use crate::platform::{events, worker};
use crate::storage::local;
use crate::texts::Locale;
use leptos::prelude::*;

const CHOICE: &str = "min-plan-language";

/// Gives the language to everything below, and the page says that it is in it.
pub fn provide_language() -> RwSignal<Locale> {
    let language = RwSignal::new(chosen());
    provide_context(language);
    // Chosen in another tab: this one speaks it, too.
    events::on_kept(CHOICE, move || language.set(chosen()));
    Effect::new(move |_| events::say_language(name(language.get())));
    language
}

fn chosen() -> Locale {
    local::read(CHOICE).and_then(|name| name.parse().ok()).unwrap_or_default()
}

/// The language that the app is not in now.
pub fn other_language(locale: Locale) -> Locale {
    match locale {
        Locale::da => Locale::en,
        Locale::en => Locale::da,
    }
}

/// Takes up what was tapped in the first paint: English, alone or before something else.
pub fn take_up_tapped(language: RwSignal<Locale>) {
    if events::take_fragment("en") || events::replace_fragment("en-begynd", "begynd") {
        choose_language(language, Locale::en);
    }
}

/// From now on, and when the app is opened again.
pub fn choose_language(language: RwSignal<Locale>, locale: Locale) {
    language.set(locale);
    // It is in Danish, and whoever reads something else has read it.
    worker::skip_welcome();
    local::write(CHOICE, name(locale));
}

/// As `lang` has it.
pub fn name(locale: Locale) -> &'static str {
    match locale {
        Locale::da => "da",
        Locale::en => "en",
    }
}
