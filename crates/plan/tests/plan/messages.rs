//! What is written to a contact and by them.

use crate::history::Device;
use plan::edit::Refused;
use plan::{Entity, Message, Record};

const SARA: &str = "795cf0cdece784571974c54a06a7f0d1";

fn write(device: &mut Device, field: &str, text: &str) {
    let seen = device.set.see(&Entity::of_draft(SARA));
    let records = device.editor.set_text(&device.set, &seen, field, text).unwrap();
    device.apply(&records);
}

fn send(device: &mut Device) -> Result<usize, Refused> {
    device.editor.begin_change();
    let records = device.editor.send_message(&device.set, SARA)?;
    device.apply(&records);
    Ok(records.len())
}

fn texts(all: &[Message]) -> Vec<(&str, &str, bool)> {
    all.iter().map(|it| (it.text.as_str(), it.quote.as_str(), it.is_read)).collect()
}

#[test]
fn what_is_sent_is_what_was_written_and_its_place_is_empty_again() {
    let mut device = Device::new(1);
    assert_eq!(send(&mut device), Ok(0), "nothing is no message");
    write(&mut device, "text", "  \n ");
    assert_eq!(send(&mut device), Ok(0));
    write(&mut device, "text", " Kan vi tale sammen i morgen? \n");
    write(&mut device, "quote", "Ring til min bror");
    send(&mut device).unwrap();
    write(&mut device, "quote", "En gåtur");
    send(&mut device).unwrap();
    let all = device.set.list_messages(SARA);
    let expected = [("Kan vi tale sammen i morgen?", "Ring til min bror", false), ("", "En gåtur", false)];
    assert_eq!(texts(&all), expected);
    assert_eq!(device.set.list_messages("jonas"), []);
    assert_eq!(device.set.list_threads().into_iter().collect::<Vec<_>>(), [SARA]);
    assert_eq!(device.set.list_latest_replies(), [], "one's own are no news");
    for field in ["text", "quote"] {
        assert_eq!(device.set.texts(&Entity::of_draft(SARA), field).shown(), "");
    }
}

/// Two tabs write the same message at once: one is sent, and the other one waits where it was written.
#[test]
fn what_another_tab_has_written_is_not_lost_when_a_message_is_sent() {
    let (mut device, mut other) = (Device::new(1), Device::new(2));
    write(&mut other, "text", "Ring til mig");
    write(&mut device, "text", "Hej Sara");
    let there: Vec<Record> = other.set.iter().cloned().collect();
    device.apply(&there);
    let draft = Entity::of_draft(SARA);
    let shown = device.set.texts(&draft, "text").shown().to_owned();
    let hidden = device.set.texts(&draft, "text").others()[0].text.clone();
    send(&mut device).unwrap();
    assert_eq!(texts(&device.set.list_messages(SARA)), [(shown.as_str(), "", false)]);
    assert_eq!(device.set.texts(&draft, "text").shown(), hidden);
    send(&mut device).unwrap();
    assert_eq!(device.set.list_messages(SARA).len(), 2);
    assert_eq!(device.set.texts(&draft, "text").shown(), "");
}

#[test]
fn whose_thread_something_is_in_is_in_its_name() {
    let thread = |on: &str| on.parse::<Entity>().unwrap().thread().map(str::to_owned);
    for (on, expected) in [
        (format!("messages/message/00c0ffee00c0ffee-1_{SARA}"), Some(SARA)),
        (format!("messages/reply/{SARA}_0123456789abcdef_{SARA}"), Some(SARA)),
        // Somebody who stands in writes in the thread of whom they stand in for.
        (format!("messages/reply/{SARA}_0123456789abcdef_jonas"), Some(SARA)),
        (format!("messages/thread/{SARA}"), Some(SARA)),
        (format!("messages/draft/{SARA}"), None),
        (format!("messages/later/x_{SARA}"), None),
        (format!("meeting/message/x_{SARA}"), None),
        ("messages/message/x".to_owned(), None),
    ] {
        assert_eq!(thread(&on).as_deref(), expected, "{on}");
    }
}

#[test]
fn a_message_that_was_taken_away_stays_away_when_it_is_read() {
    let mut device = Device::new(1);
    write(&mut device, "text", "Ikke alligevel");
    send(&mut device).unwrap();
    let on = device.set.list_messages(SARA).remove(0).on;
    let records = device.editor.delete_entry(&device.set, &device.set.see(&on)).unwrap();
    device.apply(&records);
    let read = format!(
        "{{\"v\":1,\"id\":\"00000000000000aa-1\",\"at\":\"1795305600000.0\",\"by\":\"server\",\"on\":\"{on}\",\"f\":\"read\",\"p\":[],\"c\":1,\"val\":true}}"
    );
    device.apply(&[Record::parse(&read).unwrap()]);
    assert_eq!(device.set.list_messages(SARA), []);
    assert!(device.set.list_threads().is_empty(), "a thread in which nothing is left");
    // Whoever brings it back has it as it was read.
    let records = device.editor.set_flag(&device.set, &on, "deleted", false).unwrap();
    device.apply(&records);
    assert_eq!(texts(&device.set.list_messages(SARA)), [("Ikke alligevel", "", true)]);
}
