//! `docs/protocol.md` is read by strangers: its examples must be what the types say, and nothing may be left out of it.

use protocol::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeSet;

const DOCUMENT: &str = include_str!("../../../../docs/protocol.md");

/// Every example with the name of its type.
fn examples() -> Vec<(&'static str, &'static str)> {
    let blocks = DOCUMENT.split("```json ").skip(1);
    blocks.map(|block| block.split_once("```").unwrap().0.split_once('\n').unwrap()).collect()
}

/// Reads and writes it again: no field may be missing in the example, and none too many.
fn check<T: Serialize + DeserializeOwned>(example: &str) {
    let read: T = serde_json::from_str(example).unwrap_or_else(|error| panic!("{error}\n{example}"));
    let written = serde_json::to_value(&read).unwrap();
    assert_eq!(written, serde_json::from_str::<Value>(example).unwrap());
}

macro_rules! types {
    ($($name:ident)*) => {
        fn check_by_name(name: &str, example: &str) {
            match name {
                "Op" => drop(plan::Record::parse(example).unwrap()),
                $(stringify!($name) => check::<$name>(example),)*
                _ => panic!("{name} is not known here"),
            }
        }

        const TYPES: &[&str] = &["Op", $(stringify!($name)),*];
    };
}

types! {
    ErrorBody FindInvitationRequest InvitationView GiveConsentRequest SettleConsentRequest ConsentView SyncRequest SyncResponse MeView LooksView
    EraseResponse DeviceInvitationView AddDeviceRequest SignInRequest StaffView YoungPeopleView CreateInvitationRequest
    CreateGuestRequest GuestLinkView GuestsView OpenAgendaRequest AgendaView ReflectRequest StaffInvitationView ProfileView
    RecordCustodyRequest ReviewView MessagesView WriteRequest WriteResponse CopyRequest OwnStandInView StandInRequest
}

#[test]
fn every_example_is_what_the_types_say() {
    let mut seen = BTreeSet::new();
    for (name, example) in examples() {
        check_by_name(name, example);
        seen.insert(name);
    }
    assert_eq!(seen, TYPES.iter().copied().collect());
    for (name, example) in examples() {
        if name == "SyncRequest" {
            let request: SyncRequest = serde_json::from_str(example).unwrap();
            plan::Record::parse(&request.ops[0]).unwrap();
        }
    }
}

#[test]
fn every_route_is_described() {
    let router = include_str!("../../src/http/mod.rs");
    let mut count = 0;
    for line in router.lines().filter_map(|line| line.trim().strip_prefix(".route(\"")) {
        let (path, methods) = line.split_once('"').unwrap();
        for method in ["get", "post", "put", "delete"] {
            if methods.contains(&format!("{method}(")) {
                let heading = format!("### `{} /api/v1{path}", method.to_uppercase());
                let described = DOCUMENT.lines().any(|line| {
                    line.strip_prefix(&heading).is_some_and(|rest| rest.starts_with('`') || rest.starts_with('?'))
                });
                assert!(described, "{heading}");
                count += 1;
            }
        }
    }
    assert_eq!(count, DOCUMENT.lines().filter(|line| line.starts_with("### `")).count());
}

#[test]
fn every_error_is_described_with_its_status() {
    let rows = DOCUMENT.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    let mut codes = 0;
    for (name, rest) in rows {
        let Ok(status) = rest.split(' ').next().unwrap().parse::<u16>() else { continue };
        let code: ErrorCode = serde_json::from_value(Value::from(name)).unwrap();
        assert_eq!((code == ErrorCode::Unknown, code.status()), (false, status), "{name}");
        codes += 1;
    }
    // All there are, but for the one that stands for those of a newer server.
    assert_eq!(codes, 18);
}
