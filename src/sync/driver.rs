//! One exchange with the server: what to send is decided here, by what the permit allows.

use super::api::{self, Failure};
use plan::{OpId, OpSet, Permit};
use protocol::{MAX_OPS, PROTOCOL, SyncRequest, SyncResponse};
use std::collections::BTreeSet;

/// Bytes of operations in one request; well under what the server takes.
const MAX_BYTES: usize = 1_000_000;

/// The longest rest between two tries, in ticks of the app's clock: two minutes at five seconds each.
const LONGEST_REST: u32 = 24;

/// How long to leave a server alone that does not answer: twice as long after every failure, counted in ticks, since the
/// phone's clock may be set in the meantime.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Patience {
    rest: u32,
    next: u32,
}

impl Patience {
    /// Whether it may be asked now.
    pub fn is_over(&self) -> bool {
        self.rest == 0
    }

    /// Time has passed.
    pub fn tick(&mut self) {
        self.rest = self.rest.saturating_sub(1);
    }

    /// It did not answer, or said no. The chance number keeps phones apart that have all lost the same server.
    pub fn fail(&mut self, chance: u64) {
        let spread = u32::try_from(chance % u64::from(self.next / 2 + 1)).unwrap_or_default();
        self.rest = (self.next + spread).min(LONGEST_REST);
        self.next = (2 * self.next).clamp(1, LONGEST_REST);
    }
}

/// Which of the operations that wait may leave the phone now, in order, as much as fits one request.
pub fn select(permit: &Permit<'_>, set: &OpSet, outbox: &BTreeSet<OpId>, skip: &BTreeSet<OpId>) -> Vec<String> {
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
pub async fn exchange(permit: &Permit<'_>, cursor: u64, ops: Vec<String>) -> Result<SyncResponse, Failure> {
    debug_assert!(!permit.parts().is_empty());
    api::sync(&SyncRequest { protocol: PROTOCOL, cursor, ops }).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use plan::consent::{Consent, Custody, permit};
    use plan::{Day, Editor, Part, ReplicaId};

    #[test]
    fn a_server_that_does_not_answer_is_asked_less_and_less() {
        let mut patience = Patience::default();
        assert!(patience.is_over());
        let mut rests = Vec::new();
        for _ in 0..9 {
            patience.fail(0);
            let mut rest = 0;
            while !patience.is_over() {
                patience.tick();
                rest += 1;
            }
            rests.push(rest);
        }
        assert_eq!(rests, [0, 1, 2, 4, 8, 16, 24, 24, 24]);
        patience = Patience::default();
        for chance in 0..100 {
            patience.fail(chance);
            assert!(patience.rest <= LONGEST_REST, "{patience:?}");
        }
    }

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
