//! How far a phone has come in what the server keeps of a young person.

/// A sequence number, and the epoch of the database in which it was given: a stretch of its life from one start to the next. Put back
/// from a backup, a database counts anew from where the backup ends, and the same number stands for something else.
///
/// A phone keeps it as one number that it does not look into, below 2^53.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Cursor {
    /// 0 where nothing has been written since before there were epochs.
    pub epoch: u32,
    pub seq: u64,
}

impl Cursor {
    const SEQ_BITS: u32 = 30;
    const EPOCH_BITS: u32 = 23;
    /// The last sequence number that there can be; [`crate::store::KEPT_OPS`] are kept at a time.
    pub const LAST_SEQ: u64 = (1 << Self::SEQ_BITS) - 1;

    pub fn at(self, seq: u64) -> Self {
        Self { seq, ..self }
    }

    /// An epoch of random bytes; never 0.
    pub fn epoch_of(random: [u8; 4]) -> u32 {
        (u32::from_be_bytes(random) >> (32 - Self::EPOCH_BITS)).max(1)
    }
}

impl From<u64> for Cursor {
    /// What no server has given is an epoch that none knows.
    fn from(number: u64) -> Self {
        let epoch = u32::try_from(number >> Self::SEQ_BITS).unwrap_or(u32::MAX);
        Self { epoch, seq: number & Self::LAST_SEQ }
    }
}

impl From<Cursor> for u64 {
    fn from(Cursor { epoch, seq }: Cursor) -> Self {
        Self::from(epoch) << Cursor::SEQ_BITS | seq
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_one_number_that_javascript_can_hold() {
        for cursor in [Cursor::default(), Cursor { epoch: 7, seq: 49 }] {
            assert_eq!(Cursor::from(u64::from(cursor)), cursor);
        }
        let last = Cursor { epoch: Cursor::epoch_of([255; 4]), seq: Cursor::LAST_SEQ };
        assert_eq!(u64::from(last), (1 << 53) - 1);
        assert_eq!(Cursor::epoch_of([0; 4]), 1);
        assert_eq!(Cursor::from(u64::MAX).epoch, u32::MAX, "no epoch that was given");
    }

    #[test]
    fn a_cursor_from_before_epochs_is_its_sequence_number() {
        assert_eq!(Cursor::from(49), Cursor { epoch: 0, seq: 49 });
    }
}
