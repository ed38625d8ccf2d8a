//! The document as it is read: sections with their entries, fields with their versions. Pure questions to an [`OpSet`].

use crate::id::{Entity, Kind, OpId};
use crate::links::by_age;
use crate::meeting::{Meeting, QUESTIONS};
use crate::op::{Record, Value};
use crate::part::Part;
use crate::set::OpSet;
use crate::sorted::{set_of, sorted};
use crate::stamp::Stamp;
use crate::template::{self, Content, Template};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// One of the texts a field has right now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Version {
    pub id: OpId,
    pub at: Stamp,
    pub text: String,
}

/// A field's texts, latest first. More than one: "to udgaver", and the young person chooses.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Versions(pub Vec<Version>);

impl Versions {
    /// The text that is shown; empty when nothing has been written.
    pub fn shown(&self) -> &str {
        self.0.first().map_or("", |version| &version.text)
    }

    pub fn is_empty(&self) -> bool {
        self.shown().is_empty() && self.0.len() < 2
    }

    /// The other texts, written at the same time somewhere else.
    pub fn others(&self) -> &[Version] {
        self.0.get(1..).unwrap_or(&[])
    }
}

/// Something written in a section's list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    pub on: Entity,
    pub texts: Versions,
    /// For a person at the meeting: the kind of actor. Empty otherwise.
    pub kind: String,
    pub order: String,
}

/// A section as it stands: the template's words, or the young person's own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Section {
    pub on: Entity,
    pub part: Part,
    pub title: String,
    /// The title is the young person's own rather than the template's.
    pub named: bool,
    pub help: &'static str,
    pub examples: &'static [&'static str],
    pub hidden: bool,
    /// Added by the young person rather than by the template.
    pub added: bool,
    pub entries: Vec<Entry>,
}

/// The texts that some operations hold, in their order.
fn versions(records: Vec<&Record>) -> Versions {
    let (mut versions, mut known) = (Vec::new(), BTreeSet::new());
    for record in records {
        let text = match &record.op.value {
            Some(Value::Text(text)) => text.as_str(),
            Some(Value::Nothing) => "",
            _ => continue,
        };
        // Two people who wrote the same agree.
        if known.insert(text) {
            versions.push(Version { id: record.op.id, at: record.op.at, text: text.to_owned() });
        }
    }
    Versions(versions)
}

impl OpSet {
    /// A text field with all its versions.
    pub fn texts(&self, entity: &Entity, field: &str) -> Versions {
        versions(self.heads(entity, field))
    }

    /// The texts of these operations on one field, as far as they are known here, latest first; what one of them replaces is
    /// none.
    pub(crate) fn texts_of(&self, ids: &[OpId]) -> Versions {
        versions(self.maximal(ids.iter().filter_map(|id| self.get(*id)).collect()))
    }

    /// A setting that is on or off.
    pub fn flag(&self, entity: &Entity, field: &str) -> bool {
        self.value(entity, field).is_some_and(Value::flag)
    }

    /// What a section is called: the young person's own name for it, or else the template's; and whether it is their own.
    fn title(&self, on: &Entity, otherwise: &str) -> (String, bool) {
        let own = self.texts(on, "title");
        let named = !own.shown().trim().is_empty();
        (if named { own.shown().to_owned() } else { otherwise.to_owned() }, named)
    }

    /// The sections of a part as [`OpSet::list_sections_in`] gives them, in Danish.
    pub fn list_sections(&self, part: Part) -> Vec<Section> {
        self.list_sections_in(&template::DANISH, part)
    }

    /// The sections of a part with everything in them, hidden ones too, in the order in which they are shown.
    pub fn list_sections_in(&self, content: &'static Content, part: Part) -> Vec<Section> {
        let mut lists = self.lists(part);
        let mut entries_of = |known: &Template| lists.remove(&template::list_name(part, known.id)).unwrap_or_default();
        let mut sections: Vec<Section> =
            template::sections(part).map(|known| self.template_section(content, known, entries_of(known))).collect();
        let added: Vec<(Stamp, Section)> = self
            .list_entities(part, "section", "made")
            .filter(|on| template::find(part, on.name()).is_none())
            .filter_map(|on| {
                let made = self.heads(on, "made").first()?.op.at;
                let entries = lists.remove(&template::list_name(part, on.name())).unwrap_or_default();
                if !self.is_section_shown(on, &entries) {
                    return None;
                }
                let (title, named) = self.title(on, content.untitled);
                let section = Section {
                    title,
                    named,
                    help: "",
                    examples: &[],
                    hidden: self.flag(on, "hidden"),
                    added: true,
                    entries,
                    part,
                    on: on.clone(),
                };
                Some((made, section))
            })
            .collect();
        let added = sorted(added, |a, b| (a.0, &a.1.on).cmp(&(b.0, &b.1.on)));
        sections.extend(added.into_iter().map(|(_, section)| section));
        sections
    }

    /// The template's sections of one meeting.
    pub fn list_sections_of_meeting(&self, content: &'static Content, meeting: &str) -> Vec<Section> {
        let mut lists = self.lists(Part::Meeting);
        let mut entries_of = |known: &Template| lists.remove(&template::list_of(meeting, known.id)).unwrap_or_default();
        template::sections(Part::Meeting)
            .map(|known| self.template_section(content, known, entries_of(known)))
            .collect()
    }

    fn template_section(&self, content: &'static Content, known: &Template, entries: Vec<Entry>) -> Section {
        let on = Entity::section(known.part, known.id);
        let words = content.of(known);
        let (title, named) = self.title(&on, words.title);
        Section {
            title,
            named,
            help: words.help,
            examples: words.examples,
            hidden: self.flag(&on, "hidden"),
            added: false,
            entries,
            part: known.part,
            on,
        }
    }

    /// Taking a section back must not take along what another device has written in it.
    fn is_section_shown(&self, on: &Entity, entries: &[Entry]) -> bool {
        !entries.is_empty() || !self.is_deleted(on)
    }

    /// Whether something was deleted and is not shown any more, so that its words can be dropped. What cannot be deleted,
    /// such as the template's sections and the meeting, is always shown, whatever somebody wrote about it.
    ///
    /// `filled` tells the lists with entries: whoever asks about everything has looked at each part once.
    pub(crate) fn is_out_of_sight(&self, on: &Entity, filled: impl Fn(Part, &str) -> bool) -> bool {
        match (on.kind(), on.part()) {
            (Some(Kind::Entry), _) => self.is_deleted(on),
            (Some(Kind::Meeting), _) => *on != template::first_meeting() && self.is_deleted(on),
            (Some(Kind::Section), Some(part)) if template::find(part, on.name()).is_none() => {
                !filled(part, &template::list_name(part, on.name())) && self.is_deleted(on)
            }
            (None, _) => on.is_of_staff() && self.is_deleted(on),
            _ => false,
        }
    }

    /// Whether an entry stands in a list and is not deleted.
    pub fn is_listed(&self, entry: &Entity) -> bool {
        self.list_on(entry, "list").next().is_some() && !self.is_deleted(entry)
    }

    /// The names of the lists in which there is something to show.
    pub(crate) fn list_names(&self, part: Part) -> BTreeSet<String> {
        set_of(self.lists(part).into_keys())
    }

    /// The entries of one section's list, in order.
    pub fn list_entries(&self, part: Part, section: &str) -> Vec<Entry> {
        self.lists(part).remove(&template::list_name(part, section)).unwrap_or_default()
    }

    /// What was deleted from one section and has its words still, so that it can be brought back.
    pub fn list_deleted(&self, part: Part, section: &str) -> Vec<Entry> {
        let mut deleted = self.lists_where(part, |on| self.is_deleted(on));
        let mut entries = deleted.remove(&template::list_name(part, section)).unwrap_or_default();
        entries.retain(|entry| !entry.texts.is_empty());
        entries
    }

    fn lists(&self, part: Part) -> BTreeMap<String, Vec<Entry>> {
        self.lists_where(part, |on| !self.is_deleted(on))
    }

    fn lists_where(&self, part: Part, wanted: impl Fn(&Entity) -> bool) -> BTreeMap<String, Vec<Entry>> {
        let mut lists: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
        for on in self.list_entities(part, "entry", "list") {
            let Some(Value::Text(list)) = self.value(on, "list") else {
                continue;
            };
            if !wanted(on) {
                continue;
            }
            let entry = Entry {
                texts: self.texts(on, "text"),
                kind: self.value(on, "kind").map(|kind| kind.text().to_owned()).unwrap_or_default(),
                order: self.value(on, "order").map(|key| key.text().to_owned()).unwrap_or_default(),
                on: on.clone(),
            };
            // An entry without a word left (everything in it erased) is nothing to show.
            if !entry.texts.0.is_empty() || !entry.kind.is_empty() {
                lists.entry(list.clone()).or_default().push(entry);
            }
        }
        for entries in lists.values_mut() {
            *entries = sorted(std::mem::take(entries), |a, b| (&a.order, &a.on).cmp(&(&b.order, &b.on)));
        }
        lists
    }

    /// The whole state as text: equal states give equal bytes. For tests and for telling replicas apart.
    pub fn canonical(&self) -> String {
        let mut out = String::new();
        // Writing to a string does not fail.
        let _ = self.write_canonical(&mut out);
        out
    }

    fn write_canonical(&self, out: &mut String) -> std::fmt::Result {
        for part in Part::ALL {
            for section in self.list_sections(part) {
                writeln!(out, "{} {:?} {} {}", section.on, section.title, section.hidden, section.added)?;
                for field in ["text", "title"] {
                    writeln!(out, "  {field} {:?}", self.texts(&section.on, field).0)?;
                }
            }
            for (list, entries) in self.lists(part) {
                writeln!(out, "{} {list} {entries:?}", part.name())?;
            }
        }
        for Meeting { on, form, .. } in self.list_meetings() {
            writeln!(out, "{on} {form:?}")?;
            for field in template::MEETING_FIELDS.into_iter().chain(QUESTIONS) {
                writeln!(out, "{field} {:?}", self.texts(&on, field).0)?;
            }
            let (agreed, proposed) = (self.list_agreements(&on), self.list_proposals(&on));
            writeln!(out, "{agreed:?} {proposed:?} {:?}", self.list_reflections(&on))?;
            writeln!(out, "{:?} {:?}", self.attendance(&on), self.list_brought(&on))?;
        }
        Ok(())
    }

    /// What was written in a field before, latest first, without what it says now.
    pub fn history(&self, entity: &Entity, field: &str) -> Vec<Version> {
        let now = self.texts(entity, field);
        let mut records = by_age(self.list_on(entity, field).collect());
        records.reverse();
        // Of one stretch of typing only the end is worth showing; what was there before everything was taken away, or before
        // somebody chose between versions, is an end too.
        let typed_on = records
            .iter()
            .filter(|record| !record.op.value.as_ref().map_or("", Value::text).is_empty())
            .filter_map(|record| match record.op.parents.as_slice() {
                [before] => self
                    .get(*before)
                    .filter(|b| b.op.id.replica == record.op.id.replica && b.op.change == record.op.change),
                _ => None,
            })
            .map(|before| before.op.id);
        let typed_on = set_of(typed_on);
        let mut versions: Vec<Version> = Vec::new();
        let mut known = set_of(now.0.iter().map(|version| version.text.as_str()));
        for record in records {
            let text = record.op.value.as_ref().map_or("", Value::text);
            if !text.is_empty() && !typed_on.contains(&record.op.id) && known.insert(text) {
                versions.push(Version { id: record.op.id, at: record.op.at, text: text.to_owned() });
            }
        }
        versions
    }
}
