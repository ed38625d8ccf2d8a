//! The line on which the server says that there is something new, and never what.

use crate::platform::clock;
use leptos::prelude::set_timeout;
use session::Heard;
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventSource};

/// How often a line is to be looked after, with [`Line::keep`].
pub const TICK: Duration = Duration::from_secs(5);
/// The server says something at least every 20 seconds. A line that has been silent for this long is dead, whatever the browser
/// thinks of it.
const SILENCE_MILLIS: u64 = 45_000;
/// Ticks between two tries to open one, at most: a minute.
const LONGEST_REST: u64 = 12;

/// What the server says on it.
const CHANGED: &str = "changed";
const ALIVE: &str = "alive";

/// The line to the server, as far as there is one.
#[derive(Default)]
pub struct Line {
    open: Option<Open>,
    /// Ticks until it is tried again, and how many it will be after that.
    rest: u64,
    next: u64,
}

impl Line {
    /// Opens it where it is wanted and not there, closes it where it is not wanted. `hear` is told whenever something comes, and when
    /// nothing will.
    pub fn keep(&mut self, wanted: bool, path: &str, hear: impl Fn(Heard) + Clone + 'static) {
        if self.open.is_some() && !(wanted && self.is_there()) {
            self.open = None;
            // Whoever holds this line is not to be asked about it now.
            let hear = hear.clone();
            set_timeout(move || hear(Heard::Lost), Duration::ZERO);
        }
        if !wanted {
            *self = Self::default();
        } else if self.speaks() {
            (self.rest, self.next) = (0, 0);
        } else if self.is_there() {
            // The answer may be on its way.
        } else if self.rest > 0 {
            self.rest -= 1;
        } else {
            self.open = Open::new(path, hear);
            self.next = (2 * self.next).clamp(1, LONGEST_REST);
            // Whoever has lost the same server comes back apart from each other.
            self.rest = self.next + clock::random().unwrap_or_default() % (self.next / 2 + 1);
        }
    }

    /// The network may be back: it is worth a try at once, whatever came of those before.
    pub fn retry_now(&mut self) {
        (self.rest, self.next) = (0, 0);
    }

    /// Whether the server would say here that there is something new: it has said something, and lately.
    pub fn speaks(&self) -> bool {
        self.is_there() && self.open.as_ref().is_some_and(|open| open.heard.get())
    }

    fn is_there(&self) -> bool {
        self.open.as_ref().is_some_and(Open::is_there)
    }
}

struct Open {
    source: EventSource,
    heard: Rc<Cell<bool>>,
    heard_at: Rc<Cell<u64>>,
    _hear: Closure<dyn FnMut(Event)>,
    _fail: Closure<dyn FnMut()>,
}

impl Open {
    fn new(path: &str, hear: impl Fn(Heard) + 'static) -> Option<Self> {
        let source = EventSource::new(&format!("/api/v1/{path}")).ok()?;
        let (heard, heard_at) = (Rc::new(Cell::new(false)), Rc::new(Cell::new(clock::now())));
        let (is_heard, at) = (heard.clone(), heard_at.clone());
        let on_event = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            is_heard.set(true);
            at.set(clock::now());
            hear(if event.type_() == CHANGED { Heard::Changed } else { Heard::Alive });
        });
        for name in [CHANGED, ALIVE] {
            source.add_event_listener_with_callback(name, on_event.as_ref().unchecked_ref()).ok()?;
        }
        // It would be opened again and again every few seconds by itself, by everybody at once.
        let failed = source.clone();
        let on_error = Closure::<dyn FnMut()>::new(move || failed.close());
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Some(Self { source, heard, heard_at, _hear: on_event, _fail: on_error })
    }

    fn is_there(&self) -> bool {
        let silence = clock::now().abs_diff(self.heard_at.get());
        self.source.ready_state() != EventSource::CLOSED && silence < SILENCE_MILLIS
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.source.set_onerror(None);
        self.source.close();
    }
}
