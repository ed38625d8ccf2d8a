//! The agenda on paper: for who would rather have it in the hand than on a screen.

use super::lines::plain;
use super::minutes::Asked;
use super::paper::{Line, Paper, PaperPage, Piece};
use super::place::{MeetingPlace, View};
use crate::pages::voice::voice_name;
use crate::state::language::use_template;
use crate::state::use_session;
use crate::texts::text;
use leptos::prelude::*;
use plan::minutes::Private;
use plan::{Part, template};

#[component]
pub fn AgendaPage(here: MeetingPlace) -> impl IntoView {
    let session = use_session();
    let template = use_template();
    let private = RwSignal::new(Private::LeftOut);
    let (meeting, back) = (here.entity(), here.with_view(View::Before).place());
    let agenda = Memo::new(move |_| {
        let private = private.get();
        session.look(Part::Meeting, |set| set.paper_agenda(&meeting, private))
    });
    let paper = Memo::new(move |_| {
        let content = template.get();
        let title = |name| template::find(Part::Meeting, name).map_or("", |known| content.of(known).title);
        agenda.with(|agenda| {
            let voice = voice_name(&agenda.voice).map(|voice| vec![Line::plain(voice.get().to_owned())]);
            let pieces = [
                Some(Piece::numbered(title(template::AGENDA), plain(&agenda.points))),
                voice.map(|voice| Piece::list(text!(voice_title).get(), voice)),
                (!agenda.unspoken.is_empty()).then(|| Piece::list(title(template::UNSPOKEN), plain(&agenda.unspoken))),
            ];
            let pieces = pieces.into_iter().flatten().collect();
            Paper::about(text!(agenda_title).get(), text!(agenda_file).get(), &agenda.occasion, pieces)
        })
    });
    view! {
        <PaperPage title=text!(agenda_title) back paper>
            <Asked text=text!(agenda_with_unspoken) name="unspoken" private/>
        </PaperPage>
    }
}
