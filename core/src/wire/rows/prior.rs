//! What every receiver expects before the first row: probabilities frozen with the protocol.
//!
//! `prior.bin` holds them, one record for each adaptive bit that differs from an even chance:
//! how many bits lie between it and the one before (LEB128), its probability of a one in 65,536ths
//! (two bytes, high first), and how often it counts as seen. The bits are numbered in the order in
//! which the columns declare their models. See `train.rs` for how the file is made.

use std::sync::OnceLock;

use super::entry::State;
use super::models::Model as _;
use crate::wire::bytes::Reader;

/// The frozen probabilities of columns generation 1.
const PRIOR: &[u8] = include_bytes!("prior.bin");

/// The state in which every message's rows begin.
pub(crate) fn state() -> &'static State {
    static STATE: OnceLock<State> = OnceLock::new();
    STATE.get_or_init(|| with(PRIOR))
}

/// A new state with these probabilities laid into it.
pub(crate) fn with(prior: &[u8]) -> State {
    let mut state = State::default();
    let mut records = Reader::new(prior);
    let mut before = records.number().ok();
    state.visit(&mut |bit| {
        let Some(left) = before.as_mut() else { return };
        if *left > 0 {
            *left -= 1;
            return;
        }
        if let (Ok([high, low]), Ok(seen)) = (records.array::<2>(), records.byte()) {
            bit.one = u16::from_be_bytes([high, low]);
            bit.seen = seen;
        }
        before = records.number().ok();
    });
    state
}
