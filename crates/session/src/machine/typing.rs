//! What is being typed: kept at every keystroke, and never lost, also when it cannot be kept as it is.
//!
//! A field is written in from its first keystroke until it is left. What the writer saw at that keystroke goes with every
//! operation that comes of it; what arrives meanwhile is hidden by the field, and stays beside what is written in it.

use super::{Machine, Origin, TOOK};
use crate::effect::Effect;
use crate::faults::Fault;
use crate::few::{Map, Set};
use crate::storage::{Draft, NewEntry};
use plan::{Entity, OpSet, Part, Record, Refused, Seen};

/// The fields without which the words of an entry are nowhere.
const MADE_OF: [&str; 3] = ["list", "order", "kind"];

/// An entity and one of its fields.
pub(crate) type Slot = (Entity, String);

/// Words that could not be kept as they are, for the screen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unfinished {
    pub on: Entity,
    pub field: String,
    pub text: String,
}

/// One field that is being written in.
#[derive(Clone)]
struct Writing {
    /// What the next operation goes on top of: what was shown at the first keystroke, and what has been written here since.
    /// All of that, until it is on disk; what is lost of it must not leave what came before standing beside what comes
    /// after.
    seen: Seen,
    words: String,
    /// The words have been typed and not become an operation.
    waits: bool,
    /// They cannot, as they are.
    is_refused: bool,
    /// Nobody is in the field any more.
    is_left: bool,
    new: Option<NewEntry>,
}

/// All fields that are being written in.
#[derive(Default)]
pub(crate) struct Typing {
    open: Map<Slot, Writing>,
    /// Fields whose words are on their way to the disk; the journal lets go of them when they are there.
    handed_on: Set<Slot>,
    /// There are drafts of other tabs that may live.
    others: bool,
    /// Another number whenever a field shows something else than before for a reason of this module's.
    revision: u64,
}

impl Typing {
    pub(crate) fn has_refused(&self) -> bool {
        self.open.values().any(|writing| writing.is_refused)
    }

    pub(crate) fn has_unwritten(&self) -> bool {
        self.open.values().any(|writing| writing.waits && !writing.is_refused)
    }

    /// The writer has written this in a field that they are in, by whatever way. An undo may go on top of what the field
    /// has hidden from them: then what they write there stays beside it.
    pub(crate) fn follow(&mut self, record: &Record) {
        let slot = (record.op.on.clone(), record.op.field.clone());
        if let Some(writing) = self.open.get_mut(&slot)
            && record.op.parents.iter().all(|id| writing.seen.heads(&slot.1).contains(id))
        {
            writing.seen.add(&slot.1, &[record.op.id]);
        }
    }

    /// Whoever is in a field has been shown this of it, to choose from.
    pub(crate) fn show(&mut self, seen: &Seen, field: &str) {
        if let Some(writing) = self.open.get_mut(&(seen.on().clone(), field.to_owned())) {
            writing.seen.add(field, seen.heads(field));
        }
    }

    /// After an undo a field goes on from what is shown then.
    pub(crate) fn forget_written(&mut self) {
        self.open.retain(|writing| writing.waits);
        self.revision += 1;
    }
}

impl Writing {
    fn begin(seen: Seen, field: &str, new: Option<NewEntry>) -> Self {
        Self {
            seen: Seen::of_field(seen.on().clone(), field, seen.heads(field).to_vec()),
            words: String::new(),
            waits: false,
            is_refused: false,
            is_left: false,
            new,
        }
    }
}

impl Machine {
    /// A keystroke. `seen` is what the field showed when it was made, `new` where an entry belongs that may not exist yet.
    pub fn type_words(&mut self, now: u64, seen: &Seen, field: &str, text: &str, new: Option<&NewEntry>) {
        let slot = (seen.on().clone(), field.to_owned());
        let begin = || Writing::begin(seen.clone(), field, new.cloned());
        let writing = self.typing.open.get_or_insert(slot.clone(), begin);
        writing.set_words(text);
        writing.is_left = false;
        self.keep_draft(now, &slot);
        self.pump(now);
    }

    /// What was typed in a field becomes an operation, and shows.
    ///
    /// # Errors
    /// When it cannot be kept as it is. Then it is in the journal, and on the screen.
    pub fn flush(&mut self, now: u64, on: &Entity, field: &str) -> Result<(), Refused> {
        let done = self.write(now, on, field);
        self.pump(now);
        done
    }

    fn write(&mut self, now: u64, on: &Entity, field: &str) -> Result<(), Refused> {
        let slot = (on.clone(), field.to_owned());
        let Some(writing) = self.typing.open.get(&slot).filter(|writing| writing.waits).cloned() else { return Ok(()) };
        let new = writing.new.as_ref().filter(|_| self.set.value(on, "list").is_none()).zip(on.part());
        if new.is_some() && writing.words.trim().is_empty() {
            self.discard(on, field);
            return Ok(());
        }
        let seen = if self.faults.has(Fault::UnseenReplaced) { self.set.see(on) } else { writing.seen };
        let words = &writing.words;
        let done = self.run(now, |editor, set| match new {
            Some((entry, part)) => editor.add_entry_as(set, &seen, part, &entry.section, words, entry.kind.as_deref()),
            None => editor.set_text(set, &seen, field, words),
        });
        if let Some(writing) = self.typing.open.get_mut(&slot) {
            match &done {
                Ok(_) => writing.go_on(),
                Err(_) => writing.is_refused = true,
            }
        }
        self.typing.revision += 1;
        // Again, with what it goes on top of now.
        self.keep_draft(now, &slot);
        if done.is_ok() {
            self.typing.handed_on.insert(slot.clone());
            self.forget_if_left(&slot);
            self.drop_drafts();
        }
        done.map(drop)
    }

    /// Somebody has left a field; everything that can be handed on has been.
    pub fn leave(&mut self, on: &Entity, field: &str) {
        let slot = (on.clone(), field.to_owned());
        if let Some(writing) = self.typing.open.get_mut(&slot) {
            writing.is_left = true;
            self.forget_if_left(&slot);
        }
    }

    fn forget_if_left(&mut self, slot: &Slot) {
        if self.typing.open.get(slot).is_some_and(|writing| writing.is_left && !writing.waits) {
            self.typing.open.remove(slot);
            self.typing.revision += 1;
        }
    }

    /// Nothing that stands in a field is to be kept.
    pub fn discard(&mut self, on: &Entity, field: &str) {
        let slot = (on.clone(), field.to_owned());
        self.typing.open.remove(&slot);
        self.typing.handed_on.remove(&slot);
        self.typing.revision += 1;
        self.effects.push(Effect::DropDraft { on: on.to_string(), field: field.to_owned() });
    }

    /// Keeps what was refused as it stands now; somebody is making it shorter.
    pub fn keep_unfinished(&mut self, now: u64, on: &Entity, field: &str, text: &str) {
        let slot = (on.clone(), field.to_owned());
        if let Some(writing) = self.typing.open.get_mut(&slot) {
            writing.set_words(text);
            self.typing.revision += 1;
            self.keep_draft(now, &slot);
        }
    }

    /// Writes what was refused before where it belongs; somebody has made it shorter, or there is room now.
    ///
    /// # Errors
    /// When it cannot be kept this time either. It stays where it is.
    pub fn finish(&mut self, now: u64, on: &Entity, field: &str, text: &str) -> Result<(), Refused> {
        self.editor.begin_change();
        self.keep_unfinished(now, on, field, text);
        let done = self.flush(now, on, field);
        self.editor.begin_change();
        done
    }

    /// What could not be kept as it is.
    pub fn list_unfinished(&self) -> Vec<Unfinished> {
        let refused = self.typing.open.iter().filter(|(_, writing)| writing.is_refused);
        let view = |((on, field), writing): &(Slot, Writing)| Unfinished {
            on: on.clone(),
            field: field.clone(),
            text: writing.words.clone(),
        };
        refused.map(view).collect()
    }

    /// The words of whoever is writing in this field here, which the field goes on showing whatever arrives.
    pub fn own_words(&self, on: &Entity, field: &str) -> Option<&str> {
        self.typing.open.get(&(on.clone(), field.to_owned())).map(|writing| writing.words.as_str())
    }

    /// Another number whenever [`Machine::own_words`] or [`Machine::list_unfinished`] may answer something else.
    pub fn typing_revision(&self) -> u64 {
        self.typing.revision
    }

    /// What was shown of an entity, and what has been written in it here since.
    pub(crate) fn with_own(&self, seen: &Seen) -> Seen {
        let own = self.typing.open.iter().filter(|((on, _), _)| on == seen.on());
        let own: Vec<_> = own.map(|((_, field), writing)| (field, writing.seen.heads(field))).collect();
        let mut seen = seen.clone();
        for (field, heads) in own {
            seen.add(field, heads);
        }
        seen
    }

    fn keep_draft(&mut self, now: u64, (on, field): &Slot) {
        let Some(writing) = self.typing.open.get(&(on.clone(), field.clone())) else { return };
        // What makes the entry and what the words stand on may be on no disk either, and in no other tab that lives.
        let made = MADE_OF.iter().flat_map(|field| self.set.heads(on, field));
        let ops = made.chain(self.set.latest_seen(&writing.seen, field));
        let ops = ops.filter(|record| self.saver.has(&record.op.id.to_string())).map(|record| record.raw().to_owned());
        let ops = ops.collect();
        self.effects.push(Effect::KeepDraft(Draft {
            on: on.to_string(),
            field: field.clone(),
            text: writing.words.clone(),
            at: now,
            seen: Some(writing.seen.heads(field).iter().map(ToString::to_string).collect()),
            new: writing.new.clone(),
            ops,
        }));
    }

    /// When everything is on disk, the journal lets go of what was handed on, unless somebody has typed on since.
    pub(crate) fn drop_drafts(&mut self) {
        if self.saver.is_busy() {
            return;
        }
        for slot in self.typing.handed_on.take() {
            if let Some(writing) = self.typing.open.get_mut(&slot) {
                // From here on only the latest matters.
                self.set.trim_seen(&mut writing.seen, &slot.1);
                if writing.waits {
                    continue;
                }
            }
            self.effects.push(Effect::DropDraft { on: slot.0.to_string(), field: slot.1 });
        }
    }

    /// Drafts may have been too young to be taken up at the start. Nobody is disturbed who is writing.
    pub(crate) fn look_for_drafts(&mut self) {
        if self.typing.others && !self.typing.has_unwritten() {
            self.effects.push(Effect::FindLeftBehind);
        }
    }

    /// What was being typed when a tab was killed is written now, as an ordinary edit on top of what its writer saw.
    pub(crate) fn take_up_drafts(&mut self, now: u64, drafts: Vec<(String, Draft)>, others: bool) {
        self.typing.others = others;
        for (name, draft) in drafts {
            let ops: Vec<Record> = draft.ops.iter().filter_map(|raw| self.read(raw)).collect();
            let Some((slot, writing)) = writing_of(&self.set, draft) else {
                self.effects.push(Effect::ForgetDraft(name));
                continue;
            };
            if self.typing.open.has(&slot) {
                // Somebody is in that field here, or two tabs have left something in it: one after the other.
                self.typing.others = true;
                continue;
            }
            let is_words = |record: &Record| {
                record.op.field == slot.1 && record.op.value.as_ref().is_some_and(|v| v.text() == writing.words)
            };
            let is_written = ops.iter().any(is_words);
            self.typing.open.insert(slot.clone(), Writing { waits: !is_written, ..writing });
            self.broadcast(Origin::Here, ops.iter().map(|record| record.raw().to_owned()).collect());
            let batch = self.insert(ops, Origin::Here);
            self.enqueue(batch);
            self.typing.handed_on.insert(slot.clone());
            let change = self.editor.begin_change();
            // In a slot of this tab first, which is let go of when the words are on disk or somebody says so.
            self.keep_draft(now, &slot);
            let _ = self.flush(now, &slot.0, &slot.1);
            self.editor.begin_change();
            self.forget_if_left(&slot);
            self.drop_drafts();
            // Whoever was taken for dead and lives goes on top of this.
            let heads = self.set.heads(&slot.0, &slot.1).into_iter().map(|record| &record.op);
            let new = heads.filter(|op| (op.id.replica, op.change) == (change.replica, change.first));
            let new = new.map(|op| op.id.to_string());
            let told = [TOOK.to_owned(), name.clone(), slot.0.to_string(), slot.1.clone()];
            let told: Vec<String> = told.into_iter().chain(new).collect();
            if told.len() > 4 {
                self.effects.push(Effect::Broadcast(told));
            }
            self.effects.push(Effect::ForgetDraft(name));
        }
    }

    /// Another tab has taken up a draft: the name it lay under, the field, and what it has written there.
    pub(crate) fn receive_taken(&mut self, told: &[String]) {
        let [name, on, field, ids @ ..] = told else { return };
        let is_ours = name.contains(&format!("{:016x}.", self.editor.change().replica.0));
        let Ok(on) = on.parse::<Entity>() else { return };
        if let Some(writing) = self.typing.open.get_mut(&(on, field.clone())).filter(|_| is_ours) {
            let ids: Vec<_> = ids.iter().filter_map(|id| id.parse().ok()).collect();
            writing.seen.add(field, &ids);
        }
    }
}

impl Writing {
    fn set_words(&mut self, text: &str) {
        text.clone_into(&mut self.words);
        self.waits = true;
    }

    /// What was typed is an operation now; the next one goes on top of it.
    fn go_on(&mut self) {
        self.waits = false;
        self.is_refused = false;
    }
}

/// A draft as a field that was written in and left. `None` when it is about nothing that there could be.
fn writing_of(set: &OpSet, draft: Draft) -> Option<(Slot, Writing)> {
    let (on, field, new) = match draft.on.split_once("/new/") {
        // As an earlier build kept what was to become an entry: by its section, and a number in the field's name.
        Some((part, section)) => {
            let number = draft.field.strip_prefix("text-").unwrap_or("0");
            let on = Entity::entry(Part::from_name(part)?, &format!("{number:0>16}-0"));
            (on, "text".to_owned(), Some(NewEntry { section: section.to_owned(), kind: None }))
        }
        None => (draft.on.parse().ok()?, draft.field, draft.new),
    };
    let seen = match draft.seen {
        Some(ids) => Seen::of_field(on.clone(), &field, ids.iter().filter_map(|id| id.parse().ok()).collect()),
        None => set.see(&on),
    };
    let mut writing = Writing { is_left: true, ..Writing::begin(seen, &field, new) };
    writing.set_words(&draft.text);
    Some(((on, field), writing))
}
