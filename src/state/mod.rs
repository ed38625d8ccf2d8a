//! The bridge between the app's machine and the screen: signals that show what the machine holds, events and commands in,
//! effects out.
//!
//! A page asks [`Session`] for what to show and gives it commands; it never sees storage, network or clock. What is saved,
//! sent, typed and taken back is decided in the crate `session`, and nowhere in here.

mod backup;
mod calendar;
mod commands;
mod dates;
pub mod films;
mod guests;
pub mod language;
mod outside;
mod paper;
mod question;
mod remote;
mod sharing;
mod shown;
pub mod staff;
mod start;
mod unseen;

pub use backup::Restored;
pub use dates::{
    choose_plural, describe, describe_date, describe_day, describe_occasion, describe_time, describe_year_day,
};
pub use guests::{draw_link_secret, open_agenda, reflect, shown_link};
pub use paper::{as_plain, copy_text, print_page, save_text};
pub use question::{Question, use_question};
pub use session::{Contact, Failure, NewEntry, Saving, StoreError as Trouble, Unfinished};
pub use sharing::Sharing;
pub use shown::Shown;

use crate::platform::clock;
use crate::texts::Locale;
use language::{TemplateWords, use_template};
use leptos::prelude::*;
use outside::Outside;
use plan::{OpSet, Part, Refused, ReplicaId, Section, template};
use session::{Event, Machine};
use std::cell::{RefCell, RefMut};

/// What the app holds while it is open. Copied freely; everything in it is a handle.
#[derive(Clone, Copy)]
pub struct Session {
    pub saving: RwSignal<Saving>,
    /// Storage that could not be had, with the reason; the app works on and says so.
    pub trouble: RwSignal<Option<Trouble>>,
    /// How it goes with the server.
    pub contact: RwSignal<Contact>,
    pub sharing: Sharing,
    /// Whether the first questions have been answered or skipped.
    pub welcomed: RwSignal<bool>,
    /// Whether there is anything to take back.
    pub can_undo: RwSignal<bool>,
    /// What was typed and could not be kept as it is; it stays in the journal and on the screen until it can.
    pub unfinished: RwSignal<Vec<Unfinished>>,
    /// A newer build waits to be used.
    pub update: RwSignal<bool>,
    /// What speaks with the server is here.
    pub has_remote: RwSignal<bool>,
    /// The latest command that could not be carried out, where there is no field to say it under.
    pub refused: RwSignal<Option<Refused>>,
    /// Another number when more was seen of what a contact has written.
    seen: RwSignal<u64>,
    /// Another number when a field shows something else because of what is typed here.
    typing: RwSignal<u64>,
    language: RwSignal<Locale>,
    /// What the template says in it.
    template: TemplateWords,
    /// How often each part has changed: a screen that shows one part need not look when another changes.
    revisions: [RwSignal<u64>; Part::ALL.len()],
    sections: [Memo<Vec<Section>>; Part::ALL.len()],
    machine: Held<Machine>,
    outside: Held<Outside>,
}

/// Something that is there for as long as the page is, so that the program need not know how to let go of it.
type Held<T> = StoredValue<&'static RefCell<T>, LocalStorage>;

fn hold<T>(value: T) -> Held<T> {
    StoredValue::new_local(Box::leak(Box::new(RefCell::new(value))))
}

/// Follows what the machine holds; a signal that says the same as before disturbs nobody.
fn mirror<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|known| *known != value) {
        signal.set(value);
    }
}

/// The session that the app holds, for its pages.
pub fn use_session() -> Session {
    expect_context()
}

impl Session {
    /// A session that has read nothing yet; [`Session::start`] does. The template's words are read in `language`.
    pub fn new(language: RwSignal<Locale>) -> Self {
        let replica = ReplicaId(clock::random().unwrap_or_default());
        let machine = hold(Machine::new(replica));
        let template = use_template();
        let revisions = Part::ALL.map(|_| RwSignal::new(0));
        let sections = Part::ALL.map(|part| {
            Memo::new(move |_| {
                revisions[part as usize].get();
                machine.get_value().borrow().set().list_sections_in(template.get(), part)
            })
        });
        Self {
            saving: RwSignal::new(Saving::Idle),
            trouble: RwSignal::new(None),
            contact: RwSignal::new(Contact::Quiet),
            sharing: Sharing::new(),
            welcomed: RwSignal::new(false),
            can_undo: RwSignal::new(false),
            unfinished: RwSignal::new(Vec::new()),
            update: RwSignal::new(false),
            has_remote: RwSignal::new(false),
            refused: RwSignal::new(None),
            seen: RwSignal::new(0),
            typing: RwSignal::new(0),
            language,
            template,
            revisions,
            sections,
            machine,
            outside: hold(Outside::new(replica)),
        }
    }

    fn machine(&self) -> &'static RefCell<Machine> {
        self.machine.get_value()
    }

    fn outside(&self) -> RefMut<'static, Outside> {
        self.outside.get_value().borrow_mut()
    }

    /// The one way to the machine: something is done on it, the signals follow, and what it wants done outside is done, in
    /// its order.
    fn act<T>(&self, run: impl FnOnce(&mut Machine, u64) -> T) -> T {
        let done = run(&mut self.machine().borrow_mut(), clock::now());
        self.flush_effects();
        done
    }

    fn flush_effects(&self) {
        self.show(&self.machine().borrow());
        let effects = self.machine().borrow_mut().take_effects();
        // What can be answered at once is, but not before everything that was decided together is done.
        let answers: Vec<Event> = effects.into_iter().filter_map(|effect| self.carry_out(effect)).collect();
        for answer in answers {
            self.handle(answer);
        }
    }

    fn handle(&self, event: Event) {
        self.act(|machine, now| machine.handle(now, event));
    }

    fn show(&self, machine: &Machine) {
        for part in Part::ALL {
            mirror(self.revisions[part as usize], machine.set().revision(part));
        }
        mirror(self.typing, machine.typing_revision());
        mirror(self.saving, machine.saving());
        mirror(self.trouble, machine.trouble());
        mirror(self.contact, machine.contact());
        mirror(self.welcomed, machine.is_welcomed());
        mirror(self.can_undo, machine.can_undo());
        mirror(self.unfinished, machine.list_unfinished());
        // Until it is here there is nothing to show of sharing.
        let remote = self.outside().remote;
        if let Some(remote) = remote {
            (remote.show)(self, machine);
        }
    }

    /// The sections of a part with everything in them, as they stand.
    pub fn sections(&self, part: Part) -> Memo<Vec<Section>> {
        self.sections[part as usize]
    }

    /// The section of this name, as it stands.
    pub fn find_section(&self, part: Part, name: &str) -> Option<Section> {
        self.sections(part).with(|all| all.iter().find(|section| section.on.name() == name).cloned())
    }

    /// The section of a meeting with this list, as it stands. The list carries the meeting, but for the first one.
    pub fn find_in_meeting(&self, list: &str) -> Option<Section> {
        let section = template::section_of(list);
        if section == list {
            return self.find_section(Part::Meeting, section);
        }
        let content = self.template.get();
        let all = self.look(Part::Meeting, |set| set.list_sections_of_meeting(content, template::meeting_of(list)));
        all.into_iter().find(|it| it.on.name() == section)
    }

    /// Reads something of one part, and again when that part has changed.
    pub fn look<T>(&self, part: Part, read: impl FnOnce(&OpSet) -> T) -> T {
        self.revisions[part as usize].get();
        read(self.machine().borrow().set())
    }

    /// Says why a command was not carried out; a command that was takes the message away.
    pub fn report(&self, done: Result<(), Refused>) {
        self.refused.set(done.err());
    }
}

/// This moment.
pub fn now() -> u64 {
    clock::now()
}

/// Whether this was tapped before the program was there.
pub fn was_tapped(name: &str) -> bool {
    crate::platform::events::take_fragment(name)
}

/// What stands in the address after `#`: the code of an invitation, which no server sees there.
pub fn code_in_link() -> String {
    crate::platform::events::fragment()
}
