//! Taking what is read along, on paper or as text. The server has it written down before either happens, and the young person sees it.

use super::copy_text::Writer;
use super::words;
use crate::components::{Button, Problem, Sheet, Show, focus_soon, live};
use crate::pages::words::part_name;
use crate::state::language::use_template;
use crate::state::staff::{copy_to_clipboard, draw_slot, now_printing, save_text, today, use_desk, when_touched};
use crate::state::{Failure, as_plain, describe_year_day};
use crate::texts::{Text, text, use_language};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::text_prop::TextProp;
use plan::{Part, Parts};
use protocol::{CopyKind, ErrorCode, ReviewMeeting, ReviewPart, ReviewView};

const HEADING: &str = "copies-title";
/// What the button that opens the sheet is called in the page.
pub const OPENS_COPIES: &str = "open-copies";

/// What may stand on paper: what was chosen, from when the server has it until somebody is back from the printer. Nothing otherwise, so
/// that the browser's own way to the printer leaves out what nobody would see was printed.
#[derive(Clone, Copy)]
pub struct OnPaper(RwSignal<Parts>);

impl OnPaper {
    /// For a page and everything in it.
    pub fn provide() {
        let paper = RwSignal::new(Parts::NONE);
        // Nobody touches the page while the printer's window is open, and some browsers look at it until that is closed.
        when_touched(move || {
            if paper.try_with_untracked(|paper| !paper.is_empty()) == Some(true) {
                paper.set(Parts::NONE);
            }
        });
        provide_context(Self(paper));
    }

    pub fn has(self, part: Part) -> bool {
        self.0.get().contains(part)
    }

    pub fn is_any(self) -> bool {
        !self.0.get().is_empty()
    }

    /// Hands these parts to the printer, unless the page is gone.
    fn print(self, parts: Parts) {
        if self.0.try_set(parts).is_none() {
            now_printing();
        }
    }
}

/// What there is something of.
pub fn written(parts: &[ReviewPart]) -> Parts {
    let is_written = |part: &&ReviewPart| {
        let said = part.meeting.as_ref().is_some_and(|meeting| {
            let ReviewMeeting { agreements, proposals, own_reflection, reflections, came, attendance, .. } = meeting;
            let has_come = !came.is_empty() || attendance.iter().any(|it| !it.kinds.is_empty());
            let is_said = !(agreements.is_empty() && proposals.is_empty() && reflections.is_empty());
            has_come || is_said || own_reflection.is_some()
        });
        said || !part.sections.is_empty() || !part.facts.is_empty()
    };
    parts.iter().filter(is_written).filter_map(|part| Part::from_name(&part.part)).collect()
}

#[component]
pub fn CopySheet(
    /// Whose words they are.
    young: StoredValue<String>,
    review: RwSignal<Option<ReviewView>>,
    open: RwSignal<bool>,
) -> impl IntoView {
    // What led to the sheet may have been made anew while it was open.
    Effect::new(move |before: Option<bool>| {
        let now = open.get();
        if before == Some(true) && !now {
            focus_soon(format!("#{OPENS_COPIES}"));
        }
        now
    });
    view! {
        <Show when=move || open.get() && review.with(Option::is_some)>
            <Copying young review open/>
        </Show>
    }
}

#[component]
fn Copying(young: StoredValue<String>, review: RwSignal<Option<ReviewView>>, open: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let paper: OnPaper = expect_context();
    let all =
        Memo::new(move |_| review.with(|view| view.as_ref().map(|view| written(&view.parts)).unwrap_or_default()));
    // `None`: everything.
    let only = RwSignal::new(None::<Part>);
    let chosen = move || only.get().map_or_else(|| all.get(), |part| Parts::NONE.with(part).common(all.get()));
    let problem = RwSignal::new(None::<TextProp>);
    let busy = RwSignal::new(false);
    // What was asked for last and is not answered: asked for again, it is the same copy.
    let asked = StoredValue::new(None::<(String, CopyKind, Parts)>);
    // What stands there as text, when the server has it.
    let as_text = RwSignal::new(None::<Parts>);
    let take = move |kind: CopyKind| {
        let parts = untrack(chosen);
        let known = asked.get_value().filter(|(_, known, of)| (*known, *of) == (kind, parts)).map(|(id, ..)| id);
        let Some(id) = known.or_else(draw_slot) else { return problem.set(Some(text!(staff_error_form).into())) };
        if busy.get_untracked() || parts.is_empty() {
            return;
        }
        busy.set(true);
        asked.set_value(Some((id.clone(), kind, parts)));
        spawn_local(async move {
            let done = desk.record_copy(&young.get_value(), id, kind, parts).await;
            // The sheet may be closed by now, and the page left.
            busy.try_set(false);
            match done {
                Ok(()) => {
                    asked.try_set_value(None);
                    problem.try_set(None);
                    if kind == CopyKind::Print {
                        open.try_set(false);
                        paper.print(parts);
                    } else {
                        as_text.try_set(Some(parts));
                    }
                }
                Err(error) => drop(problem.try_set(Some(failed(error)))),
            }
        });
    };
    let choose = move |part: Option<Part>| {
        only.set(part);
        as_text.set(None);
    };
    let choice = move |part: Option<Part>| {
        let name = part.map_or(text!(staff_copy_all), part_name);
        view! {
            <label class="choice small">
                <input
                    type="radio"
                    name="copy"
                    value=part.map_or("all", Part::name)
                    prop:checked=move || only.get() == part
                    on:change=move |_| choose(part)
                />
                <span>{name}</span>
            </label>
        }
    };
    let choices = move || std::iter::once(None).chain(all.get().iter().map(Some)).map(choice).collect_view();
    view! {
        <Sheet heading=HEADING on_close=move |()| open.set(false)>
            <div class="sheet-head">
                <h2 id=HEADING>{text!(staff_copy)}</h2>
            </div>
            <div class="stack">
                <p>{text!(staff_copy_seen)}</p>
                <fieldset class="kinds">
                    <legend>{text!(staff_copy_what)}</legend>
                    {live(choices)}
                </fieldset>
                <Problem text=problem/>
                <Show when=move || as_text.with(Option::is_some)>
                    <AsText review as_text/>
                </Show>
                <div class="sheet-foot">
                    <Button look="primary" text=text!(staff_print) on_press=move |()| take(CopyKind::Print)/>
                    <Button look="quiet" text=text!(staff_copy_text) on_press=move |()| take(CopyKind::Text)/>
                    <Button look="quiet" text=text!(staff_answer_cancel) on_press=move |()| open.set(false)/>
                </div>
            </div>
        </Sheet>
    }
}

fn failed(error: Failure) -> TextProp {
    match error {
        Failure::Offline => text!(staff_copy_offline).into(),
        Failure::Refused(ErrorCode::TooLarge) => text!(staff_copy_many).into(),
        error => words::problem(error),
    }
}

/// The text, to be looked at, and then put where it belongs.
#[component]
fn AsText(review: RwSignal<Option<ReviewView>>, as_text: RwSignal<Option<Parts>>) -> impl IntoView {
    let (desk, language, content) = (use_desk(), use_language(), use_template());
    let said = RwSignal::new(None::<Text>);
    let text = Memo::new(move |_| {
        let from = desk.who.get().map(|who| format!("{}, {}", who.name, who.unit)).unwrap_or_default();
        let say_day = |day: &str| describe_year_day(day).map_or_else(|| day.to_owned(), |day| as_plain(&day));
        let writer = Writer {
            locale: language.get(),
            content: content.get(),
            from: &from,
            today: &say_day(&today()),
            say_day: &say_day,
        };
        let parts = as_text.get().unwrap_or_default();
        review.with(|view| view.as_ref().map(|view| writer.write(view, parts)).unwrap_or_default())
    });
    let copy = move |()| {
        spawn_local(async move {
            let done = copy_to_clipboard(&text.get_untracked()).await;
            said.try_set(Some(if done { text!(staff_copy_copied) } else { text!(staff_copy_not_copied) }));
        });
    };
    view! {
        <div class="stack">
            <textarea
                class="field copy-text"
                rows="10"
                readonly
                lang=""
                aria-label=text!(staff_copy_as_text)
                prop:value=text
            ></textarea>
            <p class="soft">{text!(staff_copy_shared)}</p>
            <p class="desk-links">
                <Button look="quiet" text=text!(staff_copy_clipboard) on_press=copy/>
                <Button look="quiet" text=text!(save_as_file) on_press=move |()| save_text(&text.get_untracked())/>
            </p>
            <p role="status">{move || said.get().map(Text::get)}</p>
        </div>
    }
}
