//! What everybody does in a conversation that is recorded. The young person's side is the app's machine, with a disk that always
//! writes; what its pages ask beside it, and what contacts and guests do, is asked as the apps ask it.
//!
//! It is told to the real server, to be recorded, and to a server of which only a recording is left.

use super::build::{LATER_PART, PARTS};
use super::conversation::Answered;
use super::phone::{Answers, Phone, ask, body, born, ours};
use super::says::says_to_it;
use plan::{Entity, Part, Parts};
use serde_json::{Value, json};
use session::{Event, Wish};

/// 22 November 2026.
pub const START: u64 = 1_795_305_600_000;
pub const TICK: u64 = 5_000;
pub const WITHOUT_NETWORK: &str = "Skrevet uden net";
pub const HALF_A_WORD: &str = "Ring til morm";

/// A contact at their computer.
pub struct Contact {
    pub who: &'static str,
    /// Sent along, where the server has told it.
    id: String,
}

impl Contact {
    fn sign_in(answers: &mut impl Answers, who: &'static str) -> Self {
        let request = json!({"login": who, "password": "korrekt hest batteri"});
        let answer = answers.ask(who, ask("POST", "staff/session", request));
        Self { who, id: body(&answer, "/id") }
    }

    pub fn asks(&self, answers: &mut impl Answers, method: &str, path: &str, body: Value) -> Answered {
        let mut ask = ask(method, path, body);
        if !self.id.is_empty() {
            ask.headers.insert("x-min-plan-staff".into(), self.id.clone());
        }
        answers.ask(self.who, ask)
    }

    fn invites(&self, answers: &mut impl Answers, label: &str) -> (String, String) {
        let answer = self.asks(answers, "POST", "staff/invitations", json!({"label": label}));
        (body(&answer, "/code"), body(&answer, "/id"))
    }

    /// Words of a contact, which each have a secret and, where there can be several, a slot.
    fn says(&self, answers: &mut impl Answers, young: &str, to: &Entity, kind: &str, fields: &[(&str, &str)]) {
        let number = 1_000 + answers.now() / 1_000 % 1_000;
        let slot = (!matches!(kind, "answer" | "reflection" | "attendance")).then(|| ours(number));
        let word = |(field, text): &(&str, &str)| {
            let mut word = json!({"to": to.as_str(), "kind": kind, "field": field, "text": text});
            if let Some(slot) = &slot {
                word["slot"] = slot.clone().into();
            }
            word
        };
        let words: Vec<Value> = fields.iter().map(word).collect();
        let request = json!({"secret": ours(number).repeat(4), "words": words});
        self.asks(answers, "POST", &format!("staff/young-people/{young}/words"), request);
    }

    /// The young person of this label, in the list.
    fn finds(&self, answers: &mut impl Answers, label: &str) -> String {
        let answer = self.asks(answers, "GET", "staff/young-people?version=", Value::Null);
        let all = answer.body["young_people"].as_array().into_iter().flatten();
        let found = all.into_iter().find(|young| young["label"] == label).cloned().unwrap_or_default();
        found["id"].as_str().unwrap_or_default().to_owned()
    }
}

/// Everybody who is left at the end.
pub struct Told {
    pub phone: Phone,
    pub tablet: Phone,
    pub child: Phone,
    /// Who has taken everything back.
    pub leaver: Phone,
}

/// The whole story.
pub fn tell(answers: &mut impl Answers) -> Told {
    let sara = Contact::sign_in(answers, "sara");
    let jonas = Contact::sign_in(answers, "jonas");
    let wrong = json!({"login": "sara", "password": "forkert hest batteri"});
    answers.ask("nobody", ask("POST", "staff/session", wrong));
    sara.asks(answers, "GET", "staff/session", Value::Null);
    let profile = json!({"about": "Jeg laver pandekager.", "hours": "Hverdage mellem 8 og 15", "away": "Jonas læser."});
    sara.asks(answers, "PUT", "staff/profile", profile);
    sara.asks(answers, "GET", "staff/profile", Value::Null);

    let mut phone = Phone::new("phone", 1, answers);
    prepares(answers, &mut phone);
    let (code, _) = sara.invites(answers, "M fra stuen");
    answers.ask("phone", ask("POST", "invitations/find", json!({"code": "ABCDE-FGHJK"})));
    answers.ask("phone", ask("POST", "invitations/find", json!({"code": code})));
    answers.ask("nobody", ask("POST", "sync", json!({"protocol": 1, "cursor": 0, "ops": []})));
    let days = json!({"secret": ours(9).repeat(4), "code": code, "parts": ["red", LATER_PART],
        "turns_15": "2024-06-01", "turns_18": "2027-06-01"});
    answers.ask("phone", ask("POST", "consents", days));
    phone.accepts(answers, code, PARTS.into_iter().collect(), 2024);
    takes_back(answers, &mut phone);

    // Another phone of the same person's, which writes as well.
    let answer = answers.ask("phone", ask("POST", "devices/invitations", json!({})));
    let mut tablet = Phone::new("tablet", 2, answers);
    let answer = answers.ask("tablet", ask("POST", "devices", json!({"code": body(&answer, "/code")})));
    let me = serde_json::from_value(answer.body).unwrap();
    tablet.does(answers, |machine, now| machine.join(now, &me));
    let walk = tablet.find("Gå en tur om søen");
    tablet.writes(answers, &walk, "text", "Gå to gange om søen");
    phone.sync(answers);

    // Read by who may.
    let young = sara.finds(answers, "M fra stuen");
    let review = sara.asks(answers, "GET", &format!("staff/young-people/{young}/review?version="), Value::Null);
    let again = format!("staff/young-people/{young}/review?version={}", body(&review, "/version"));
    sara.asks(answers, "GET", &again, Value::Null);
    answers.ask("phone", ask("GET", "looks", Value::Null));
    is_a_guest(answers, &mut phone);
    adults_write(answers, &sara, &mut phone, &young);

    // What is refused, and how.
    refusals(answers);
    let given = answers.ask("phone", ask("POST", "consents/settle", json!({"secret": ours(phone.secrets).repeat(4)})));
    assert!(given.is_success(), "{given:?}");

    // Another contact, for less and then for more, and not at all.
    let (code, _) = jonas.invites(answers, "M");
    let red: Parts = [Part::PlanRed].into_iter().collect();
    let first = phone.accepts(answers, code, red, 2024);
    let more = [Part::PlanRed, Part::Meeting].into_iter().collect();
    let wish = Wish { code: None, replaces: Some(first), parts: more, born: born(2024) };
    let second = phone.says_yes(answers, wish).and_then(Result::ok).unwrap_or_default();
    let young = jonas.finds(answers, "M");
    let point = phone.find("Min skole");
    jonas.says(answers, &young, &point, "answer", &[("said", "yes"), ("reason", "")]);
    phone.sync(answers);
    phone.does(answers, |machine, now| machine.say_no(now, &second));
    phone.does(answers, |machine, now| machine.erase_sent(now));
    phone.sync(answers);
    answers.ask("phone", ask("GET", "me", Value::Null));

    let child = too_young(answers, &jonas);
    let leaver = leaves(answers, &sara);

    // The end of the day.
    let (_, id) = sara.invites(answers, "Ingen");
    sara.asks(answers, "DELETE", &format!("staff/invitations/{id}"), Value::Null);
    phone.sync(answers);
    sara.finds(answers, "M fra stuen");
    sara.asks(answers, "GET", &format!("staff/young-people/{young}/review?version="), Value::Null);
    jonas.asks(answers, "DELETE", "staff/session", Value::Null);
    jonas.asks(answers, "GET", "staff/session", Value::Null);

    // The network is gone, and somebody stops in the middle of a word.
    phone.is_offline = true;
    phone.adds(answers, Part::PlanRed, "r_nu", WITHOUT_NETWORK, None);
    let seen = phone.machine.set().see(&phone.find("Ring til mormor"));
    phone.does(answers, |machine, now| machine.type_words(now, &seen, "text", HALF_A_WORD, None));
    Told { phone, tablet, child, leaver }
}

/// Everything that can be written, in every part.
fn prepares(answers: &mut impl Answers, phone: &mut Phone) {
    phone.writes(answers, &Entity::section(Part::AboutMe, "navn"), "text", "Mikkel");
    phone.adds(answers, Part::AboutMe, "udsagn", "Jeg kan godt lide at fiske", None);
    phone.adds(answers, Part::PlanGreen, "g_tegn", "Jeg synger", None);
    phone.adds(answers, Part::PlanYellow, "y_trig", "For mange i rummet", None);
    phone.adds(answers, Part::PlanRed, "r_nu", "Gå en tur om søen", None);
    phone.adds(answers, Part::PlanRed, "r_nu", "Ring til mormor", None);
    phone.adds(answers, Part::PlanRed, "r_nu", "Noget, der skal væk", None);
    phone.adds(answers, Part::PlanAfter, "a_bagefter", "Sov længe", None);
    phone.adds(answers, Part::Meeting, "m_dagsorden", "Jeg vil hjem i weekenden", None);
    phone.adds(answers, Part::Meeting, "m_dagsorden", "Min skole", None);
    phone.adds(answers, Part::Meeting, "m_hvem", "Lise", Some("school"));
    phone.adds(answers, Part::Meeting, "m_hvorfor", "For at blive hørt", None);
    phone.adds(answers, Part::Meeting, "m_ikke", "Min far", None);
    let meeting = plan::template::first_meeting();
    for (field, text) in [("date", "2026-11-22"), ("time", "14:30"), ("place", "Huset"), ("voice", "self")] {
        phone.writes(answers, &meeting, field, text);
    }
    let triggers = Entity::section(Part::PlanYellow, "y_trig");
    phone.writes(answers, &triggers, "title", "Når det bliver for meget");
    let signs = Entity::section(Part::PlanRed, "r_tegn");
    phone.does(answers, |machine, now| machine.set_flag(now, &signs, "hidden", true)).unwrap();
    phone.does(answers, |machine, now| machine.add_section(now, Part::PlanAfter, "Min egen")).unwrap();
}

/// What was written is written anew, taken back, deleted, and taken away for good.
fn takes_back(answers: &mut impl Answers, phone: &mut Phone) {
    let call = phone.find("Ring til mormor");
    phone.writes(answers, &call, "text", "Ring til far");
    phone.does(answers, |machine, now| machine.undo(now)).unwrap();
    let sleep = phone.machine.set().see(&phone.find("Sov længe"));
    phone.does(answers, |machine, now| machine.delete_entry(now, &sleep)).unwrap();
    let away = phone.machine.set().see(&phone.find("Noget, der skal væk"));
    phone.does(answers, |machine, now| machine.erase(now, &away)).unwrap();
}

/// What adults say to it, and what the young person says to that.
fn adults_write(answers: &mut impl Answers, sara: &Contact, phone: &mut Phone, young: &str) {
    answers.ask("phone", ask("GET", "events", Value::Null));
    sara.asks(answers, "GET", "staff/events", Value::Null);
    let (point, meeting) = (phone.find("Jeg vil hjem i weekenden"), plan::template::first_meeting());
    let walk = phone.find("Gå en tur om søen");
    sara.says(answers, young, &point, "answer", &[("said", "later"), ("reason", "Vi spørger din mor.")]);
    sara.says(answers, young, &walk, "suggestion", &[("text", "Tag en ven med")]);
    let when = [("date", "2026-12-01"), ("time", "10:00"), ("place", "Biblioteket")];
    sara.says(answers, young, &meeting, "proposal", &when);
    let what = [("what", "Vi ringer til din skole"), ("who", "Sara"), ("due", "2026-12-04")];
    sara.says(answers, young, &meeting, "agreement", &what);
    let how = [("heard", "yes"), ("safe", "partly"), ("informed", "yes"), ("words", "Tak for kaffe")];
    sara.says(answers, young, &meeting, "reflection", &how);
    sara.says(answers, young, &meeting, "attendance", &[("came", "home school")]);
    sara.says(answers, young, &meeting, "invitee", &[("actor", "doctor"), ("why", "Hun kender dig")]);
    phone.sync(answers);
    says_to_it(answers, phone);
    let path = format!("staff/young-people/{young}");
    let messages = sara.asks(answers, "GET", &format!("{path}/messages"), Value::Null);
    if let Ok(thread) = body(&messages, "/thread").parse() {
        sara.says(answers, young, &thread, "reply", &[("text", "Ja, lad os tale i morgen")]);
    }
    stands_in(answers, sara, young);
    phone.sync(answers);
    let copy = json!({"id": ours(55), "kind": "print", "parts": ["red"]});
    sara.asks(answers, "POST", &format!("{path}/copies"), copy);
    answers.ask("phone", ask("GET", "looks", Value::Null));
}

/// Sara is away, and Mette reads and answers what is written to her.
fn stands_in(answers: &mut impl Answers, sara: &Contact, young: &str) {
    let mette = Contact::sign_in(answers, "mette");
    sara.asks(answers, "DELETE", "staff/stand-in", Value::Null);
    sara.asks(answers, "GET", "staff/stand-in", Value::Null);
    let named = json!({"staff": mette.id, "until": "2026-11-24"});
    sara.asks(answers, "PUT", "staff/stand-in", named);
    let list = mette.asks(answers, "GET", "staff/young-people?version=", Value::Null);
    let contact = Some(body(&list, "/standing_in/0/contact")).filter(|id| !id.is_empty());
    let contact = contact.unwrap_or_else(|| "9".repeat(32));
    let path = format!("staff/young-people/{young}");
    let thread = mette.asks(answers, "GET", &format!("{path}/messages/{contact}"), Value::Null);
    let word = json!({"to": body(&thread, "/thread"), "kind": "reply", "field": "text", "slot": ours(44),
        "text": "Sara har fri. Jeg læser i dag."});
    let request = json!({"secret": ours(44).repeat(4), "words": [word]});
    mette.asks(answers, "POST", &format!("{path}/words/{contact}"), request);
}

/// Who has a link and a code.
fn is_a_guest(answers: &mut impl Answers, phone: &mut Phone) {
    let invited = json!({"meeting": "meeting/meeting/m1", "kind": "school"});
    let invited = answers.ask("phone", ask("POST", "guests", invited));
    let secret = body(&invited, "/link").split_once('#').map(|(_, secret)| secret.to_owned()).unwrap_or_default();
    let shown = json!({"secret": secret, "code": body(&invited, "/code")});
    answers.ask("guest", ask("POST", "guests/agenda", shown.clone()));
    let mut said = shown.clone();
    for (field, text) in [("heard", "yes"), ("safe", "yes"), ("informed", "no"), ("words", "Godt møde")] {
        said[field] = text.into();
    }
    answers.ask("guest", ask("POST", "guests/reflection", said));
    phone.sync(answers);
    answers.ask("phone", ask("GET", "guests", Value::Null));
    // One that has none is asked after by the name of nobody.
    let id = Some(body(&invited, "/id")).filter(|id| !id.is_empty()).unwrap_or_else(|| "9".repeat(32));
    answers.ask("phone", ask("DELETE", &format!("guests/{id}"), Value::Null));
    answers.ask("guest", ask("POST", "guests/agenda", shown));
}

fn refusals(answers: &mut impl Answers) {
    let op = |by: &str, on: &str| {
        let op = json!({"v": 1, "id": format!("{}-1", ours(77)), "at": format!("{START}.0"), "by": by, "on": on,
            "f": "text", "p": [], "c": 1, "val": "Ikke mine ord"});
        op.to_string()
    };
    let ops = [op("staff:sara", "red/section/r_nu"), op("young", "later/section/x"), "intet".to_owned()];
    answers.ask("phone", ask("POST", "sync", json!({"protocol": 1, "cursor": 0, "ops": ops})));
    answers.ask("phone", ask("POST", "sync", json!({"protocol": 99, "cursor": 0, "ops": []})));
    answers.ask("phone", ask("POST", "consents/settle", json!({"secret": ours(66).repeat(4)})));
    answers.ask("phone", ask("GET", "later", Value::Null));
    answers.ask("phone", ask("PATCH", "sync", Value::Null));
    answers.ask("phone", ask("POST", &format!("consents/{}/withdraw", "9".repeat(32)), json!({})));
}

/// Somebody of thirteen, whose custody holder is asked.
fn too_young(answers: &mut impl Answers, jonas: &Contact) -> Phone {
    let mut child = Phone::new("child", 3, answers);
    let (code, _) = jonas.invites(answers, "Lille N");
    child.accepts(answers, code, [Part::PlanRed].into_iter().collect(), 2028);
    child.adds(answers, Part::PlanRed, "r_nu", "Min bamse", None);
    child.happens(answers, Event::Tick);
    answers.ask("child", ask("POST", "sync", json!({"protocol": 1, "cursor": 0, "ops": []})));
    let young = jonas.finds(answers, "Lille N");
    let yes = json!({"answer": "yes", "given_by": "mor", "on": "2026-11-22"});
    jonas.asks(answers, "POST", &format!("staff/young-people/{young}/custody"), yes);
    answers.pass(TICK);
    child.sync(answers);
    child.sync(answers);
    child
}

/// Somebody who takes everything back.
fn leaves(answers: &mut impl Answers, sara: &Contact) -> Phone {
    let mut leaver = Phone::new("leaver", 4, answers);
    let (code, _) = sara.invites(answers, "Væk");
    let consent = leaver.accepts(answers, code, [Part::PlanGreen].into_iter().collect(), 2024);
    leaver.adds(answers, Part::PlanGreen, "g_tegn", "Jeg tegner", None);
    let young = sara.finds(answers, "Væk");
    sara.asks(answers, "GET", &format!("staff/young-people/{young}/review?version="), Value::Null);
    leaver.does(answers, |machine, now| machine.say_no(now, &consent));
    sara.asks(answers, "GET", &format!("staff/young-people/{young}/review?version="), Value::Null);
    leaver.does(answers, |machine, now| machine.erase_sent(now));
    answers.ask("leaver", ask("POST", "sync", json!({"protocol": 1, "cursor": 0, "ops": []})));
    let me = answers.ask("leaver", ask("GET", "me", Value::Null));
    let device = body(&me, "/devices/0/id");
    answers.ask("leaver", ask("DELETE", &format!("devices/{device}"), Value::Null));
    answers.ask("leaver", ask("GET", "me", Value::Null));
    leaver
}
