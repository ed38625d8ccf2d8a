//! What is written between the contact and a young person.

use super::review::is_over;
use super::saying::{Draft, button_of};
use super::writing::{Drafts, Writing, WritingSheet};
use super::{New, StaffPage, words};
use crate::components::{Button, Notice, Tone, live};
use crate::state::staff::{use_desk, while_shown};
use crate::state::{Failure, describe};
use crate::texts::text;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;
use plan::author::{REPLY, TEXT};
use protocol::{MessageView, MessagesView};
use std::collections::BTreeSet;

#[component]
pub fn MessagesPage() -> impl IntoView {
    let desk = use_desk();
    let params = use_params_map();
    let id = StoredValue::new(params.read_untracked().get("id").unwrap_or_default());
    let thread = RwSignal::new(None::<MessagesView>);
    let problem = RwSignal::new(None::<Failure>);
    let drafts = Drafts::provide();
    // To ask is to have read, so what was new when somebody came is new to them as long as they are here.
    let news = StoredValue::new(BTreeSet::<String>::new());
    let look = move || async move {
        match desk.find_messages(&id.get_value()).await {
            Ok(mut found) => {
                news.update_value(|news| {
                    news.extend(found.messages.iter().filter(|it| it.new).map(|it| it.on.clone()));
                    found.messages.iter_mut().for_each(|it| it.new = news.contains(&it.on));
                });
                if thread.with_untracked(|known| known.as_ref() != Some(&found)) {
                    thread.set(Some(found));
                }
                problem.set(None);
            }
            Err(error) => {
                if is_over(error) {
                    thread.set(None);
                    drafts.clear();
                }
                problem.set(Some(error));
            }
        }
    };
    let again = while_shown(look);
    let title = Signal::derive(move || {
        let of = |thread: &Option<MessagesView>| thread.as_ref().map(|thread| thread.label.clone());
        thread.with(of).unwrap_or_else(|| text!(messages_title).get().to_owned())
    });
    view! {
        <StaffPage title=title>
            <p class="no-print">
                <A href="/personale" attr:class="button quiet">
                    {text!(staff_back)}
                </A>
            </p>
            {move || problem.get().map(|error| view! { <Notice tone=Tone::Careful text=words::error(error)/> })}
            {live(move || thread.get().map(|thread| view! { <Thread thread/> }))}
            <WritingSheet young=id drafts on_said=again/>
        </StaffPage>
    }
}

#[component]
fn Thread(thread: MessagesView) -> impl IntoView {
    let Writing(write) = expect_context();
    let MessagesView { thread: to, messages, more, .. } = thread;
    let (is_empty, id) = (messages.is_empty(), button_of(REPLY, &to, None));
    let open = move |()| write.run(Draft::new(REPLY, &to, None, String::new(), &[(TEXT, "")]));
    view! {
        <p class="soft">{text!(staff_messages_seen)}</p>
        {more.then(|| view! { <p class="soft">{text!(staff_messages_more)}</p> })}
        {is_empty.then(|| view! { <p class="card">{text!(staff_messages_none)}</p> })}
        <ol class="thread">{messages.into_iter().map(|message| view! { <Message message/> }).collect_view()}</ol>
        <div id=id tabindex="-1" class="no-print">
            <Button look="primary" text=text!(staff_reply) on_press=open/>
        </div>
    }
}

#[component]
fn Message(message: MessageView) -> impl IntoView {
    let MessageView { text, quote, from, at, new, .. } = message;
    let is_young = from.is_empty();
    view! {
        <li class="message" class:mine=!is_young>
            {(!quote.is_empty()).then(|| view! { <p class="quote" lang="">{quote}</p> })}
            {(!text.is_empty()).then(|| view! { <p class="own" lang="">{text}</p> })}
            <p class="soft">
                {(!is_young).then(|| view! { <span>{from}" · "</span> })} {move || describe(at)}
                " " {new.then(|| view! { <New/> })}
            </p>
        </li>
    }
}
