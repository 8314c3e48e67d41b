//! The bytes of a cursor: how far a phone has taken each of three streams.
//!
//! What a new phone needs first comes first: the county's books, then its village's register, then
//! the other books of its village. Once all three are taken the cursor is one number.

use courtyard_core::wire::Cursor;

/// How far each stream was taken, by the county's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Position {
    /// The county's books.
    pub(super) county: u64,
    /// The village's register.
    pub(super) register: u64,
    /// The other books of the village.
    pub(super) village: u64,
}

impl Position {
    /// The position of a cursor of this epoch; of another epoch, or unreadable, the beginning.
    pub(super) fn of(cursor: &Cursor, epoch: u32) -> Position {
        if cursor.epoch != epoch {
            return Position::default();
        }
        Self::read(&cursor.position).unwrap_or_default()
    }

    fn read(bytes: &[u8]) -> Option<Position> {
        let mut d = minicbor::Decoder::new(bytes);
        let county = d.u64().ok()?;
        if d.position() == bytes.len() {
            return Some(Position { county, register: county, village: county });
        }
        let position = Position { county, register: d.u64().ok()?, village: d.u64().ok()? };
        (d.position() == bytes.len()).then_some(position)
    }

    /// The cursor at this position.
    pub(super) fn cursor(self, epoch: u32) -> Cursor {
        let mut e = minicbor::Encoder::new(Vec::with_capacity(5));
        let written = if self.county == self.register && self.register == self.village {
            e.u64(self.county).map(|_| ())
        } else {
            e.u64(self.county)
                .and_then(|e| e.u64(self.register))
                .and_then(|e| e.u64(self.village))
                .map(|_| ())
        };
        debug_assert!(written.is_ok(), "encoding to memory");
        Cursor { epoch, position: e.into_writer() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_comes_back_and_is_short_when_all_is_taken() {
        for position in [
            Position::default(),
            Position { county: 70_000, register: 70_000, village: 70_000 },
            Position { county: 5, register: 0, village: 0 },
            Position { county: 5, register: 5, village: 1 << 40 },
        ] {
            assert_eq!(Position::of(&position.cursor(3), 3), position);
        }
        let all = Position { county: 70_000, register: 70_000, village: 70_000 };
        assert_eq!(all.cursor(3).position.len(), 5);
    }

    #[test]
    fn a_cursor_of_another_epoch_or_of_nonsense_begins_anew() {
        let cursor = Position { county: 7, register: 7, village: 7 }.cursor(3);
        assert_eq!(Position::of(&cursor, 4), Position::default());
        for position in [vec![], vec![0xFF], vec![1, 2], vec![1, 2, 3, 4]] {
            assert_eq!(Position::of(&Cursor { epoch: 3, position }, 3), Position::default());
        }
    }
}
