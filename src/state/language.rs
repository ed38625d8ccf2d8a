//! The language of the app: the one that was chosen on this phone, and Danish until then.

use crate::lazy::lazy;
use crate::platform::{clock, events, worker};
use crate::storage::local;
use crate::texts::Locale;
use leptos::prelude::*;
use leptos::task::spawn_local;
use plan::template::{self, Content};

const CHOICE: &str = "min-plan-language";
/// The start waits for English no longer than this: the hard-times page has to be there.
const ENGLISH_LIMIT_MILLIS: u64 = 3_000;
/// When a chunk could not be had, it is asked for again after this long.
const AGAIN_MILLIS: u64 = 5_000;

/// What the template says, in the language of now. Danish until the English words are here.
#[derive(Clone, Copy)]
pub struct TemplateWords {
    language: RwSignal<Locale>,
    english: RwSignal<Option<&'static Content>>,
    are_missing: RwSignal<bool>,
    /// They are asked for until they are here.
    are_wanted: StoredValue<bool>,
}

lazy! {
    /// The template in English. A first visit begins in Danish and does not wait for it.
    fn english() -> &'static Content { &template::ENGLISH }
}

impl TemplateWords {
    pub fn get(self) -> &'static Content {
        match self.language.get() {
            Locale::da => &template::DANISH,
            Locale::en => self.english.get().unwrap_or(&template::DANISH),
        }
    }

    /// They are in another language than the page, since they could not be had.
    pub fn are_missing(self) -> bool {
        self.language.get() == Locale::en && self.are_missing.get()
    }

    /// Fetches the English words, so that they are there when somebody wants them. Whoever reads them already asks until they come.
    pub async fn fetch(self) {
        if self.english.get_untracked().is_none() {
            let brought = english().await;
            self.take(brought.ok());
        }
    }

    fn take(self, brought: Option<&'static Content>) {
        self.are_missing.set(brought.is_none());
        if brought.is_some() {
            self.english.set(brought);
        }
    }

    /// Waits for them, though not for long.
    pub async fn ready(self) {
        if self.language.get_untracked() == Locale::en {
            clock::within(ENGLISH_LIMIT_MILLIS, self.fetch()).await;
        }
    }

    /// Asks for them until they are here, or nobody wants them any more.
    async fn bring_english(self) {
        if self.are_wanted.get_value() {
            return;
        }
        self.are_wanted.set_value(true);
        while self.english.get_untracked().is_none() && self.language.get_untracked() == Locale::en {
            let brought = english().await.ok();
            self.take(brought);
            if brought.is_none() {
                clock::sleep(AGAIN_MILLIS).await;
            }
        }
        self.are_wanted.set_value(false);
    }
}

/// The words of the template, for whoever shows them.
pub fn use_template() -> TemplateWords {
    expect_context()
}

/// Gives the language to everything below, and the page says that it is in it.
pub fn provide_language() -> RwSignal<Locale> {
    let language = RwSignal::new(chosen());
    provide_context(language);
    // Chosen in another tab: this one speaks it, too.
    events::on_kept(CHOICE, move || language.set(chosen()));
    Effect::new(move |_| {
        let locale = language.get();
        events::say_language(name(locale));
        // Also at every start: the worker may have been told something else, or nothing, by an earlier build or another tab.
        worker::show_english(locale == Locale::en);
    });
    let words = TemplateWords {
        language,
        english: RwSignal::new(None),
        are_missing: RwSignal::new(false),
        are_wanted: StoredValue::new(false),
    };
    provide_context(words);
    Effect::new(move |_| {
        if language.get() == Locale::en {
            spawn_local(words.bring_english());
        }
    });
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
