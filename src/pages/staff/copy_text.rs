//! What a contact reads, as plain text under the headings of an ordinary coordination plan: for a journal, or for another plan. The
//! words are the young person's, and stand as they have written them.

use crate::pages::said_text;
use crate::pages::words::{form_name, kind_name, part_name};
use crate::texts::{Locale, Text, text};
use plan::attendance::Names;
use plan::meeting::Form;
use plan::minutes::lines;
use plan::template::{self, ACTORS, Content, DANISH};
use plan::{Heading, Part, Parts, Said};
use protocol::{AgreementView, ReviewFact, ReviewPart, ReviewText, ReviewView};

/// What the template calls a section that has not been given another name: `None` when the young person has.
pub fn template_title(content: &'static Content, part: Option<Part>, id: &str, own: &str) -> Option<&'static str> {
    let known = part.and_then(|part| template::find(part, id)).filter(|known| DANISH.of(known).title == own);
    known.map(|known| content.of(known).title).or_else(|| (own == DANISH.untitled).then_some(content.untitled))
}

/// How a copy is written.
pub struct Writer<'a> {
    pub locale: Locale,
    pub content: &'static Content,
    /// The name and the home of who takes it.
    pub from: &'a str,
    /// Today, as it is said.
    pub today: &'a str,
    /// How a day like `2026-12-01` is said.
    pub say_day: &'a dyn Fn(&str) -> String,
}

impl Writer<'_> {
    /// The whole text of these parts.
    pub fn write(&self, view: &ReviewView, parts: Parts) -> String {
        let part_of = |part: &ReviewPart| Part::from_name(&part.part).filter(|part| parts.contains(*part));
        let taken: Vec<(Part, &ReviewPart)> =
            view.parts.iter().filter_map(|part| part_of(part).map(|known| (known, part))).collect();
        let names: Vec<&str> = parts.iter().map(|part| self.say(part_name(part))).collect();
        let mut out = self.line(text!(app_name), &view.label);
        out += &self.line(text!(staff_text_day), self.today);
        out += &self.line(text!(staff_text_from), self.from);
        out += &self.line(text!(staff_text_parts), &names.join(", "));
        out += &format!("{}\n", self.say(text!(staff_text_own_words)));
        for heading in Heading::ALL {
            let body: String = taken.iter().map(|(known, part)| self.under(heading, *known, part)).collect();
            if !body.is_empty() {
                let title = self.say(heading_name(heading));
                out += &format!("\n\n{title}\n{}\n{body}", "=".repeat(title.chars().count()));
            }
        }
        out
    }

    fn say(&self, text: Text) -> &'static str {
        text.0(self.locale)
    }

    fn line(&self, label: Text, value: &str) -> String {
        format!("{}: {}\n", self.say(label), below(value))
    }

    /// What a part has for a heading, each section under its own name.
    fn under(&self, heading: Heading, known: Part, part: &ReviewPart) -> String {
        let mut out = String::new();
        if heading == Heading::Meeting {
            out += &self.facts(part);
        }
        for section in part.sections.iter().filter(|section| Heading::of(known, &section.id) == heading) {
            let title = template_title(self.content, Some(known), &section.id, &section.title);
            out += &format!("\n{}\n", title.unwrap_or(&section.title));
            out += &section.texts.iter().map(|text| self.text(text)).collect::<String>();
        }
        let agreements = part.meeting.iter().flat_map(|meeting| &meeting.agreements);
        if heading == Heading::Agreements {
            let agreements: String = agreements.map(|agreement| self.agreement(agreement)).collect();
            if !agreements.is_empty() {
                out += &format!("\n{}\n{agreements}", self.meeting_name(part));
            }
        }
        out
    }

    /// Which meeting it is: there can be several.
    fn meeting_name(&self, part: &ReviewPart) -> String {
        let form = part.meeting.as_ref().map_or(Form::Network, |meeting| Form::from_name(&meeting.form));
        let date = part.facts.iter().find(|fact| fact.field == "date");
        let name = self.say(form_name(form));
        date.map_or_else(|| name.to_owned(), |date| format!("{name}, {}", (self.say_day)(&date.text)))
    }

    fn facts(&self, part: &ReviewPart) -> String {
        let fact = |ReviewFact { field, text, .. }: &ReviewFact| match field.as_str() {
            "time" => self.line(text!(when_time), text),
            "place" => self.line(text!(when_place), text),
            _ => String::new(),
        };
        let facts: String = part.facts.iter().map(fact).collect();
        let came = self.came(part);
        let is_there = part.facts.iter().any(|fact| fact.field == "date") || !facts.is_empty() || !came.is_empty();
        if is_there { format!("\n{}\n{facts}{came}", self.meeting_name(part)) } else { String::new() }
    }

    /// The kinds of people who came, as the young person or a contact has said it.
    fn came(&self, part: &ReviewPart) -> String {
        let told = part.meeting.iter().flat_map(|meeting| {
            let theirs = meeting.attendance.iter().map(|it| it.kinds.as_str());
            theirs.chain([meeting.came.as_str()]).map(Names::read)
        });
        let told: Vec<Names> = told.collect();
        let kinds = ACTORS.into_iter().filter(|kind| told.iter().any(|names| names.has(kind)));
        let entries: String = kinds.map(|kind| entry(self.say(kind_name(kind)))).collect();
        if entries.is_empty() { entries } else { format!("\n{}\n{entries}", self.say(text!(came_title))) }
    }

    fn text(&self, text: &ReviewText) -> String {
        let ReviewText { text: own, others, kind, answers, .. } = text;
        let kind = (!kind.is_empty()).then(|| self.say(kind_name(kind)));
        let mut out = match kind {
            Some(kind) if own.is_empty() => entry(kind),
            Some(kind) => entry(&format!("{own} ({kind})")),
            None => entry(own),
        };
        for other in others {
            out += &format!("  {}: {}\n", self.say(text!(staff_text_other)), below(other));
        }
        for answer in answers {
            let said = Said::from_name(&answer.said).map(|said| self.say(said_text(said))).unwrap_or_default();
            let reason =
                if answer.reason.trim().is_empty() { String::new() } else { format!(" {}", below(&answer.reason)) };
            out += &format!("  {}: {said}.{reason}\n", answer.from);
        }
        out
    }

    fn agreement(&self, agreement: &AgreementView) -> String {
        let AgreementView { what, who, due, .. } = agreement;
        let mut out = entry(what);
        if !who.is_empty() {
            out += &format!("  {}: {}\n", self.say(text!(staff_text_who)), below(who));
        }
        if !due.is_empty() {
            out += &format!("  {}: {}\n", self.say(text!(staff_text_due)), (self.say_day)(due));
        }
        out
    }
}

/// An entry of a list; its further lines stand below its first.
fn entry(text: &str) -> String {
    format!("- {}\n", lines(text.trim()).collect::<Vec<_>>().join("\n  "))
}

/// What belongs to an entry. None of its lines begins as a heading or an entry does: nobody's words are to look like the young person's.
fn below(text: &str) -> String {
    lines(text.trim()).collect::<Vec<_>>().join("\n    ")
}

fn heading_name(heading: Heading) -> Text {
    match heading {
        Heading::Background => text!(staff_heading_background),
        Heading::Important => text!(staff_heading_important),
        Heading::Wellbeing => text!(staff_heading_wellbeing),
        Heading::EarlySigns => text!(staff_heading_early_signs),
        Heading::OwnHelp => text!(staff_heading_own_help),
        Heading::OthersHelp => text!(staff_heading_others_help),
        Heading::Avoid => text!(staff_heading_avoid),
        Heading::Admission => text!(staff_heading_admission),
        Heading::Afterwards => text!(staff_heading_afterwards),
        Heading::Network => text!(staff_heading_network),
        Heading::Meeting => text!(staff_heading_meeting),
        Heading::Agreements => text!(staff_heading_agreements),
        Heading::Other => text!(staff_heading_other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{AnswerView, AttendanceView, ByView, ReviewMeeting, ReviewSection};

    fn text(words: &str) -> ReviewText {
        ReviewText {
            on: String::new(),
            text: words.to_owned(),
            others: Vec::new(),
            kind: String::new(),
            new: true,
            answers: Vec::new(),
            suggestions: Vec::new(),
        }
    }

    fn section(part: Part, id: &str, texts: Vec<ReviewText>) -> ReviewSection {
        let title = template::find(part, id).map_or("Mine regler", |known| DANISH.of(known).title).to_owned();
        ReviewSection { id: id.to_owned(), title, texts }
    }

    fn part(part: Part, sections: Vec<ReviewSection>) -> ReviewPart {
        ReviewPart { part: part.name().to_owned(), facts: Vec::new(), sections, meeting: None }
    }

    fn view() -> ReviewView {
        let mut point = text("Jeg vil hjem");
        point.answers = vec![AnswerView {
            said: "later".to_owned(),
            reason: "Vi spørger din mor.".to_owned(),
            from: "Sara Holm, Bostedet Lindely".to_owned(),
            at: 1,
            own: true,
        }];
        let mut person = text("Mormor");
        person.kind = "relative".to_owned();
        let mut two = text("Ring til mormor");
        two.others = vec!["Ring til far".to_owned()];
        let by = ByView { from: String::new(), at: 1, own: None, new: false };
        let agreement = AgreementView {
            what: "Vi ringer til skolen".to_owned(),
            who: "Sara".to_owned(),
            due: "2026-12-04".to_owned(),
            outcome: String::new(),
            by: by.clone(),
        };
        let meeting = ReviewPart {
            part: Part::Meeting.name().to_owned(),
            facts: vec![
                ReviewFact { field: "date".to_owned(), text: "2026-12-01".to_owned(), new: false },
                ReviewFact { field: "place".to_owned(), text: "Huset".to_owned(), new: false },
            ],
            sections: vec![
                section(Part::Meeting, template::PEOPLE, vec![person]),
                section(Part::Meeting, template::AGENDA, vec![point]),
            ],
            meeting: Some(ReviewMeeting {
                on: "meeting/meeting/m1".to_owned(),
                form: "network".to_owned(),
                agreements: vec![agreement],
                proposals: Vec::new(),
                invitees: Vec::new(),
                own_reflection: None,
                reflections: Vec::new(),
                came: "home relative".to_owned(),
                attendance: vec![AttendanceView { kinds: "relative school".to_owned(), by: by.clone() }],
                brought: Vec::new(),
            }),
        };
        let about = part(
            Part::AboutMe,
            vec![
                section(Part::AboutMe, "navn", vec![text("Kald mig Bo")]),
                section(Part::AboutMe, "krop", vec![text("Rør mig ikke\nuden at spørge")]),
                section(Part::AboutMe, "00c0ffee00c0ffee-7", vec![text("Ingen sko i sengen")]),
            ],
        );
        let red = part(Part::PlanRed, vec![section(Part::PlanRed, template::HARD_ACTIONS, vec![two])]);
        let parts = vec![about, part(Part::PlanGreen, Vec::new()), red, meeting];
        ReviewView { label: "M".to_owned(), version: String::new(), last_look: None, expires_at: 0, parts }
    }

    fn write(locale: Locale, content: &'static Content, parts: Parts) -> String {
        write_of(&view(), locale, content, parts)
    }

    fn write_of(view: &ReviewView, locale: Locale, content: &'static Content, parts: Parts) -> String {
        let writer = Writer {
            locale,
            content,
            from: "Sara Holm, Bostedet Lindely",
            today: "22. november 2026",
            say_day: &|day| format!("<{day}>"),
        };
        writer.write(view, parts)
    }

    #[test]
    fn everything_stands_once_under_its_ordinary_heading() {
        let text = write(Locale::da, &DANISH, Parts::all());
        for lines in [
            "Min Plan: M\n",
            "Dag: 22. november 2026\n",
            "Kopieret af: Sara Holm, Bostedet Lindely\n",
            "\n\nBaggrund\n========\n\nDet vil jeg gerne kaldes\n- Kald mig Bo\n",
            "- Rør mig ikke\n  uden at spørge\n",
            "\n\nMine regler\n- Ingen sko i sengen\n",
            "\nGør det her nu\n- Ring til mormor\n  En anden udgave: Ring til far\n",
            "- Mormor (Familie)\n",
            "\nMit Møde, <2026-12-01>\nSted: Huset\n\nHvem kom?\n- Familie\n- Bostedet\n- Skolen\n",
            "- Jeg vil hjem\n  Sara Holm, Bostedet Lindely: Senere. Vi spørger din mor.\n",
            "- Vi ringer til skolen\n  Hvem: Sara\n  Senest: <2026-12-04>\n",
        ] {
            assert_eq!(text.matches(lines).count(), 1, "{lines:?} in {text}");
        }
        // In the order of the headings, and none that has nothing under it.
        let headings: Vec<&str> = text
            .lines()
            .zip(text.lines().skip(1))
            .filter(|(_, next)| next.starts_with("=="))
            .map(|(it, _)| it)
            .collect();
        let expected = [
            Heading::Background,
            Heading::OwnHelp,
            Heading::Avoid,
            Heading::Network,
            Heading::Meeting,
            Heading::Agreements,
            Heading::Other,
        ];
        assert_eq!(headings, expected.map(|heading| heading_name(heading).0(Locale::da)));
    }

    /// Of a meeting without a day or a place too.
    #[test]
    fn who_came_stands_under_the_meeting_when_nothing_else_does() {
        let write = |view: &ReviewView| write_of(view, Locale::da, &DANISH, Parts::all());
        let mut view = view();
        let meeting = view.parts.iter_mut().find(|part| part.meeting.is_some()).unwrap();
        meeting.facts.clear();
        assert!(write(&view).contains("\nMit Møde\n\nHvem kom?\n- Familie\n- Bostedet\n- Skolen\n"));
        let meeting = view.parts.iter_mut().find_map(|part| part.meeting.as_mut()).unwrap();
        (meeting.came, meeting.attendance) = (String::new(), Vec::new());
        let text = write(&view);
        assert!(!text.contains("Hvem kom?") && !text.contains("\nMit Møde\n\n"), "{text}");
    }

    /// A contact's reason is not to look like what the young person has written, nor anybody's words like a heading.
    #[test]
    fn nobodys_lines_begin_as_a_heading_or_an_entry_does() {
        const LIE: &str = "Ja\n\nAftaler\n=======\n- Jeg flytter\r- I dag\u{2028}- Alene";
        let mut view = view();
        view.label = LIE.to_owned();
        for part in &mut view.parts {
            part.facts.iter_mut().filter(|fact| fact.field == "place").for_each(|fact| fact.text = LIE.to_owned());
            for text in part.sections.iter_mut().flat_map(|section| &mut section.texts) {
                text.others = vec![LIE.to_owned()];
                text.answers.iter_mut().for_each(|answer| answer.reason = LIE.to_owned());
            }
            let agreements = part.meeting.iter_mut().flat_map(|meeting| &mut meeting.agreements);
            agreements.for_each(|agreement| agreement.who = LIE.to_owned());
        }
        let text = write_of(&view, Locale::da, &DANISH, Parts::all());
        let count = |line: &str| text.split(['\n', '\r', '\u{2028}']).filter(|it| *it == line).count();
        // Under one heading there are the agreements themselves.
        assert_eq!(["Aftaler", "- Jeg flytter", "- I dag", "- Alene"].map(count), [1, 0, 0, 0], "{text}");
    }

    #[test]
    fn only_what_was_chosen_is_in_it() {
        let text = write(Locale::da, &DANISH, Parts::NONE.with(Part::PlanRed));
        assert!(text.contains("Ring til mormor") && text.contains("Når det er rigtig svært"), "{text}");
        for left_out in ["Kald mig Bo", "Jeg vil hjem", "Vi ringer til skolen", "Vigtigt om mig", "Baggrund"] {
            assert!(!text.contains(left_out), "{left_out} in {text}");
        }
    }

    #[test]
    fn the_headings_are_in_the_readers_language_and_own_words_are_what_they_are() {
        let text = write(Locale::en, &template::ENGLISH, Parts::all());
        for lines in
            ["Background\n", "Do this now\n- Ring til mormor\n", "Mine regler\n", "Sara Holm, Bostedet Lindely: Later."]
        {
            assert!(text.contains(lines), "{lines:?} in {text}");
        }
    }
}
