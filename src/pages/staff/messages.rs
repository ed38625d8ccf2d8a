//! What is written between the contact and a young person.

use super::New;
use super::of_young::{Found, Here, YoungPage};
use super::saying::{Draft, button_of};
use super::writing::{Drafts, Writing, WritingSheet};
use crate::components::{Button, live};
use crate::state::describe;
use crate::state::staff::{use_desk, while_shown};
use crate::texts::{Text, text};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use plan::author::{REPLY, TEXT};
use protocol::{MessageView, MessagesView};
use std::collections::BTreeSet;

#[component]
pub fn MessagesPage() -> impl IntoView {
    view! { <Conversation here=Here::Messages/> }
}

/// The messages to a contact for whom the one who is signed in stands in. Nothing else of the young person may be read.
#[component]
pub fn StandInMessagesPage() -> impl IntoView {
    view! { <Conversation here=Here::StandIn/> }
}

/// The thread, and where an answer is written.
#[component]
fn Conversation(here: Here) -> impl IntoView {
    let desk = use_desk();
    let params = use_params_map();
    let of_path = move |name| StoredValue::new(params.read_untracked().get(name).unwrap_or_default());
    let young = of_path("id");
    let standing_in_for = (here == Here::StandIn).then(|| of_path("contact"));
    let drafts = Drafts::provide();
    let found = Found::<MessagesView>::new(move || drafts.clear());
    let thread = found.view;
    // To ask is to have read, so what was new when somebody came is new to them as long as they are here.
    let news = StoredValue::new(BTreeSet::<String>::new());
    let again = while_shown(move || async move {
        let contact = standing_in_for.map(|contact| contact.get_value());
        let answer = desk.find_messages(&young.get_value(), contact.as_deref()).await.map(|mut found| {
            news.try_update_value(|news| {
                news.extend(found.messages.iter().filter(|it| it.new).map(|it| it.on.clone()));
                found.messages.iter_mut().for_each(|it| it.new = news.contains(&it.on));
            });
            Some(found).filter(|found| thread.try_with_untracked(|known| known.as_ref() != Some(found)) == Some(true))
        });
        found.take(answer);
    });
    let title = found.title(|view| &view.label, text!(messages_title));
    let who_reads = if here == Here::StandIn { text!(staff_standing_in_lead) } else { text!(staff_messages_seen) };
    view! {
        <YoungPage young here title problem=found.problem>
            {live(move || thread.get().map(|thread| view! { <Thread thread who_reads/> }))}
            <p class="print-only">{text!(staff_print_here)}</p>
            <WritingSheet young standing_in_for drafts on_said=again/>
        </YoungPage>
    }
}

#[component]
fn Thread(thread: MessagesView, who_reads: Text) -> impl IntoView {
    let Writing(write) = expect_context();
    let MessagesView { thread: to, messages, more, .. } = thread;
    let (is_empty, id) = (messages.is_empty(), button_of(REPLY, &to, None));
    let open = move |()| write.run(Draft::new(REPLY, &to, None, String::new(), &[(TEXT, "")]));
    view! {
        <p class="soft">{who_reads}</p>
        {more.then(|| view! { <p class="soft">{text!(staff_messages_more)}</p> })}
        {is_empty.then(|| view! { <p class="card">{text!(staff_messages_none)}</p> })}
        <ol class="thread guarded">{messages.into_iter().map(|message| view! { <Message message/> }).collect_view()}</ol>
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
