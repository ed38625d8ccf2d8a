//! A small builder of elements on Leptos' signals and owners.
//!
//! Every element, handler and live piece goes through the same few functions, so the program holds them once. With a
//! type per view the young person's app was half again as large as its budget (see `docs/adr`).
//!
//! What is live is built again when a signal that it read changes; what it had set up before is let go with it.

use leptos::prelude::*;
use leptos::reactive::effect::RenderEffect;
use leptos::reactive::owner::Owner;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Document, Element, Event, HtmlElement, HtmlInputElement, HtmlTextAreaElement, Node};

const SVG: &str = "http://www.w3.org/2000/svg";

/// An element that is being built.
#[derive(Clone)]
pub struct El(Element);

fn document() -> Document {
    #[expect(clippy::expect_used, reason = "this module only ever runs in a page")]
    web_sys::window().and_then(|window| window.document()).expect("a page has a document")
}

/// A new element.
pub fn el(tag: &str) -> El {
    #[expect(clippy::expect_used, reason = "the names of elements are in this program's own text")]
    El(document().create_element(tag).expect("a name of an element"))
}

/// A new element of a drawing.
pub fn svg(tag: &str) -> El {
    #[expect(clippy::expect_used, reason = "the names of elements are in this program's own text")]
    El(document().create_element_ns(Some(SVG), tag).expect("a name of an element"))
}

/// A new element at the end of the page.
pub fn body_end() -> El {
    let host = el("div");
    if let Some(body) = document().body() {
        let _ = body.append_child(&host.0);
    }
    host
}

/// Runs now, and again whenever a signal it read has changed, for as long as what is being built is there.
pub fn effect(run: Box<dyn Fn()>) {
    StoredValue::new_local(RenderEffect::new(move |_| run()));
}

/// A value that follows signals and is only new when it differs. One function per type of value rather than per use.
pub fn memo<T: PartialEq + Send + Sync + 'static>(value: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    let value: Box<dyn Fn() -> T + Send + Sync> = Box::new(value);
    Memo::new(move |_| value())
}

impl El {
    pub fn node(&self) -> &Element {
        &self.0
    }

    pub fn class(self, names: &str) -> Self {
        self.0.set_class_name(names);
        self
    }

    pub fn id(self, id: &str) -> Self {
        self.0.set_id(id);
        self
    }

    pub fn attr(self, name: &str, value: &str) -> Self {
        // A name of an attribute is in this program's own text, so there is nothing to fail.
        let _ = self.0.set_attribute(name, value);
        self
    }

    pub fn text(self, text: &str) -> Self {
        let _ = self.0.append_with_str_1(text);
        self
    }

    pub fn child(self, child: Self) -> Self {
        let _ = self.0.append_child(&child.0);
        self
    }

    pub fn maybe(self, child: Option<Self>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    pub fn children(self, children: Vec<Self>) -> Self {
        children.into_iter().fold(self, Self::child)
    }

    /// Calls back at an event.
    pub fn on(self, event: &str, run: impl FnMut(Event) + 'static) -> Self {
        self.listen(event, Box::new(run));
        self
    }

    fn listen(&self, event: &str, run: Box<dyn FnMut(Event)>) {
        let closure = Closure::wrap(run);
        let _ = self.0.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
        // Held for as long as what is being built is there.
        StoredValue::new_local(closure);
    }

    /// Calls back when it is pressed.
    pub fn press(self, mut run: impl FnMut() + 'static) -> Self {
        self.on("click", move |_| run())
    }

    /// Children that follow signals.
    pub fn live(self, build: impl Fn() -> Vec<Self> + 'static) -> Self {
        self.live_boxed(Box::new(build));
        self
    }

    fn live_boxed(&self, build: Box<dyn Fn() -> Vec<Self>>) {
        let host = self.0.clone();
        effect(Box::new(move || {
            let focused = focused_in(&host);
            let children: js_sys::Array = build().into_iter().map(|child| child.0).collect();
            host.replace_children_with_node(&children);
            // Whoever works with the keyboard stays where they were.
            if let Some(again) = focused.and_then(|id| document().get_element_by_id(&id)) {
                focus(&again);
            }
        }));
    }

    /// Text that follows signals.
    pub fn live_text(self, text: impl Fn() -> String + 'static) -> Self {
        let host = self.0.clone();
        let text: Box<dyn Fn() -> String> = Box::new(text);
        effect(Box::new(move || host.set_text_content(Some(&text()))));
        self
    }

    /// An attribute that follows signals; `None` takes it away.
    pub fn live_attr(self, name: &'static str, value: impl Fn() -> Option<String> + 'static) -> Self {
        let host = self.0.clone();
        let value: Box<dyn Fn() -> Option<String>> = Box::new(value);
        effect(Box::new(move || {
            let _ = match value() {
                Some(value) => host.set_attribute(name, &value),
                None => host.remove_attribute(name),
            };
        }));
        self
    }

    /// An attribute that is there or not.
    pub fn live_flag(self, name: &'static str, on: impl Fn() -> bool + 'static) -> Self {
        self.live_attr(name, move || on().then(String::new))
    }

    /// A button that may have nothing to do right now. It keeps the focus all the same, so that whoever has just used it is
    /// not thrown out of where they were.
    pub fn live_off(self, off: impl Fn() -> bool + 'static) -> Self {
        self.live_attr("aria-disabled", move || off().then(|| "true".to_owned()))
    }

    /// A field's value that follows signals; typing is not disturbed by what says the same.
    pub fn live_value(self, value: impl Fn() -> String + 'static) -> Self {
        let host = self.clone();
        let value: Box<dyn Fn() -> String> = Box::new(value);
        effect(Box::new(move || host.set_value(&value())));
        self
    }

    /// Whether a box is ticked, following signals.
    pub fn live_checked(self, on: impl Fn() -> bool + 'static) -> Self {
        let host = self.0.clone();
        let on: Box<dyn Fn() -> bool> = Box::new(on);
        effect(Box::new(move || {
            if let Some(input) = host.dyn_ref::<HtmlInputElement>() {
                input.set_checked(on());
            }
        }));
        self
    }

    /// A list in which each row stays the same element for as long as its key is there, so that nobody is thrown out of
    /// a field they write in.
    pub fn keyed(self, keys: impl Fn() -> Vec<String> + 'static, row: impl Fn(&str) -> Self + 'static) -> Self {
        self.keyed_boxed(Box::new(keys), Box::new(row));
        self
    }

    fn keyed_boxed(&self, keys: Box<dyn Fn() -> Vec<String>>, row: Box<dyn Fn(&str) -> Self>) {
        let host = self.0.clone();
        let rows: Rc<RefCell<HashMap<String, (Self, Owner)>>> = Rc::default();
        let outer = Owner::current().unwrap_or_default();
        effect(Box::new(move || {
            let keys = keys();
            // An element that is moved loses the focus, and one that goes takes it along.
            let focused = document().active_element().filter(|focused| host.contains(Some(focused)));
            let mut rows = rows.borrow_mut();
            rows.retain(|key, (row, owner)| {
                let stays = keys.contains(key);
                if !stays {
                    row.0.remove();
                    owner.cleanup();
                }
                stays
            });
            let mut before: Option<Node> = host.first_child();
            for key in keys {
                let (element, _) = rows.entry(key).or_insert_with_key(|key| {
                    let owner = outer.child();
                    (untrack(|| owner.with(|| row(key))), owner)
                });
                if before.as_ref() == Some(element.0.unchecked_ref()) {
                    before = element.0.next_sibling();
                } else {
                    let _ = host.insert_before(&element.0, before.as_ref());
                }
            }
            if let Some(focused) = focused {
                let around =
                    if focused.is_connected() { Some(focused) } else { host.closest("dialog, main").ok().flatten() };
                let has_it = document().active_element();
                around.iter().filter(|around| has_it.as_ref() != Some(around)).for_each(focus);
            }
        }));
    }

    /// What stands in a field.
    pub fn value(&self) -> String {
        value_of(&self.0)
    }

    /// Puts words in a field, unless they stand there.
    pub fn set_value(&self, value: &str) {
        if self.value() == value {
            return;
        }
        if let Some(area) = self.0.dyn_ref::<HtmlTextAreaElement>() {
            area.set_value(value);
        } else if let Some(input) = self.0.dyn_ref::<HtmlInputElement>() {
            input.set_value(value);
        }
    }
}

fn value_of(element: &Element) -> String {
    if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>() {
        return area.value();
    }
    element.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::value).unwrap_or_default()
}

/// What stands in the field that an event came from.
pub fn typed(event: &Event) -> String {
    target(event).map(|element| value_of(&element)).unwrap_or_default()
}

/// Whether the box that an event came from is ticked.
pub fn ticked(event: &Event) -> bool {
    target(event).and_then(|element| element.dyn_into::<HtmlInputElement>().ok()).is_some_and(|input| input.checked())
}

fn target(event: &Event) -> Option<Element> {
    event.target().and_then(|target| target.dyn_into().ok())
}

/// The field that an event came from, as the browser knows it.
pub fn input_of(event: &Event) -> Option<HtmlInputElement> {
    target(event).and_then(|element| element.dyn_into().ok())
}

/// Whether what an event came from stands open now.
pub fn is_open(event: &Event) -> bool {
    target(event).is_some_and(|element| element.has_attribute("open"))
}

/// Calls back when a form is sent, and keeps the browser from sending it itself.
pub fn on_submit(form: El, mut run: impl FnMut() + 'static) -> El {
    form.on("submit", move |event| {
        event.prevent_default();
        run();
    })
}

/// The id of what has the focus inside an element.
fn focused_in(host: &Element) -> Option<String> {
    let focused = document().active_element()?;
    (host.contains(Some(&focused)) && !focused.id().is_empty()).then(|| focused.id())
}

/// Moves the focus.
pub fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// Moves the focus to what the selector finds a moment from now, or to the page when that is not there or not shown.
pub fn focus_soon(css: String) {
    request_animation_frame(move || {
        let document = document();
        for css in [css.as_str(), "main"] {
            if let Some(element) = document.query_selector(css).ok().flatten() {
                focus(&element);
                if document.active_element().as_ref() == Some(&element) {
                    return;
                }
            }
        }
    });
}

/// Calls back at an event of the whole window, for as long as what is being built is there.
pub fn on_window(event: &'static str, run: impl FnMut(Event) + 'static) {
    let closure = Closure::wrap(Box::new(run) as Box<dyn FnMut(Event)>);
    let Some(window) = web_sys::window() else { return };
    let _ = window.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    let held = StoredValue::new_local(closure);
    on_cleanup(move || {
        held.try_with_value(|closure| {
            if let Some(window) = web_sys::window() {
                let _ = window.remove_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
            }
        });
    });
}

/// Calls back once, later.
pub fn after(wait: Duration, run: Box<dyn FnOnce()>) -> Option<TimeoutHandle> {
    set_timeout_with_handle(run, wait).ok()
}
