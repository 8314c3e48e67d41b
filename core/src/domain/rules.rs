//! The district's rules (收购规定): the entities that buy, and the limits that warnings use.

use minicbor::{Decode, Encode};

use super::ids::EntityNo;
use super::units::{Fen, Grams, LiPerKg};

/// All rules at once; the latest entry holds.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Rules {
    /// The legal bodies on whose account something is bought.
    #[n(0)]
    pub entities: Vec<Entity>,
    /// What one weighing can be at most: the scale's capacity.
    #[n(1)]
    pub scale_capacity: Grams,
    /// Below this price a line is warned about: 0.20 元/kg unless the district says otherwise.
    #[n(2)]
    pub low_price: LiPerKg,
    /// Two slips of a grower and product within so many seconds are asked about ("第二次？").
    #[n(3)]
    pub repeat_window_s: u32,
    /// The unit that a cash payout may be rounded up to, in fen: 1 (none), 10 (角) or 100 (元).
    #[n(4)]
    pub cash_unit: Fen,
}

/// A legal body (核算主体).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Entity {
    /// Its number; 0 is the county co-op.
    #[n(0)]
    pub number: EntityNo,
    /// Its name.
    #[n(1)]
    pub name: String,
}

impl Default for Rules {
    /// What holds until the district publishes its own.
    fn default() -> Self {
        Rules {
            entities: Vec::new(),
            scale_capacity: Grams::new(300_000),
            low_price: LiPerKg::new(200),
            repeat_window_s: 120,
            cash_unit: Fen::new(100),
        }
    }
}
