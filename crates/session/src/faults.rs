//! Faults that this machine once had, to be put back by a test that shows that the simulator finds them.

/// A fault that was mended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// The right to send is taken before the withdrawals are waited for, and used after.
    StalePermit,
    /// A no waits for whatever is under way, and nothing that is under way has a time limit.
    NoWaits,
    /// What is typed replaces everything that is there, also what arrived behind the writer's back.
    UnseenReplaced,
    /// "Gemt" is said when the latest words are on disk, whatever has been refused.
    SavedOverRefused,
}

/// The one that is put back, if there is one.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Faults(#[cfg(feature = "faults")] pub(crate) Option<Fault>);

impl Faults {
    #[cfg(feature = "faults")]
    pub(crate) fn has(self, fault: Fault) -> bool {
        self.0 == Some(fault)
    }

    #[cfg(not(feature = "faults"))]
    #[inline]
    pub(crate) fn has(self, _: Fault) -> bool {
        false
    }
}
