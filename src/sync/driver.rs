//! One exchange with the server: what to send is decided here, by what the permit allows.

use super::api::{self, Failure};
use plan::{OpId, OpSet, Permit};
use protocol::{MAX_OPS, PROTOCOL, SyncRequest, SyncResponse};
use std::collections::BTreeSet;

/// Bytes of operations in one request; well under what the server takes.
const MAX_BYTES: usize = 1_000_000;

/// Which of the operations that wait may leave the phone now, in order, as much as fits one request.
pub fn select(permit: &Permit, set: &OpSet, outbox: &BTreeSet<OpId>, skip: &BTreeSet<OpId>) -> Vec<String> {
    let mut bytes = 0;
    outbox
        .iter()
        .filter(|id| !skip.contains(id))
        .filter_map(|id| set.get(*id))
        .filter(|record| permit.allows(&record.op.on))
        .map(|record| record.raw().to_owned())
        .take(MAX_OPS)
        .take_while(|raw| {
            bytes += raw.len();
            bytes <= MAX_BYTES
        })
        .collect()
}

/// Sends and fetches once.
///
/// # Errors
/// When there is no answer, or the server says no.
pub async fn exchange(permit: &Permit, cursor: u64, ops: Vec<String>) -> Result<SyncResponse, Failure> {
    debug_assert!(!permit.parts().is_empty());
    api::sync(&SyncRequest { protocol: PROTOCOL, cursor, ops }).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use plan::consent::{Consent, Custody, permit};
    use plan::{Day, Editor, Part, ReplicaId};

    #[test]
    fn only_what_was_ticked_is_sent() {
        let mut set = OpSet::new();
        let mut editor = Editor::new(ReplicaId(7));
        let mut outbox = BTreeSet::new();
        for part in Part::ALL {
            let section = plan::template::sections(part).next().unwrap();
            let (_, records) = editor.add_entry(&set, part, section.id, part.name(), None).unwrap();
            for record in records {
                outbox.insert(record.op.id);
                set.insert(record);
            }
        }
        let consent = Consent {
            id: "c".into(),
            recipient: String::new(),
            unit: String::new(),
            parts: [Part::PlanRed, Part::Meeting].into_iter().collect(),
            given_at: 0,
            expires_at: 1_000,
            custody: Custody::NotNeeded,
            withdrawn_at: None,
            turns_15: Day::new(1960, 1, 1).unwrap(),
        };
        let permit = permit([&consent], 10).unwrap();
        let sent = select(&permit, &set, &outbox, &BTreeSet::new());
        assert_eq!(sent.len(), 6);
        assert!(sent.iter().all(|raw| raw.contains("\"on\":\"red/") || raw.contains("\"on\":\"meeting/")));
        assert!(select(&permit, &set, &outbox, &outbox).is_empty());
    }
}
