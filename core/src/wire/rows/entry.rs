//! An entry's own columns, whatever its kind: what came before says most of it.

use super::cbor::Unfit;
use super::edit::EditColumns;
use super::kinds::{Kinds, columns};
use super::models::{Flag, Ids, Int, Letters, Model};
use super::prior;
use super::side::Side;
use super::walk::Walk;

columns! {
    /// The columns of the envelope.
    EnvelopeColumns {
        reissued: Flag,
        kind: Int,
        version: Int,
        lamport: [Int; 2],
        date: [Int; 2],
        later_that_day: Int,
        time_of_day: Int,
        uptime: [Int; 2],
        entity: [Int; 2],
        operator: [Int; 2],
        origin: Ids,
        origin_hash: Int,
    } remembers {
        last: Last,
    }
}

/// What the entry before said.
#[derive(Debug, Clone)]
struct Last {
    /// Whether there is none.
    none: bool,
    kind: i64,
    lamport: i64,
    date: i64,
    wall_s: i64,
    /// Wall clock less uptime: when the device started, by its wall clock.
    started_s: i64,
    entity: i64,
    operator: i64,
}

/// A day from which the first entry of a message counts its date: 2026-01-01.
const FIRST_DATE: i64 = 20_454;
/// The kind that the first entry of a message is taken for: a slip.
const FIRST_KIND: i64 = 16;
/// Midnight in Shanghai, in seconds before midnight UTC.
const SHANGHAI_S: i64 = 8 * 3_600;
/// When collection points open, in seconds after midnight.
const OPENING_S: i64 = 5 * 3_600;

impl Default for Last {
    fn default() -> Self {
        Last {
            none: true,
            kind: FIRST_KIND,
            lamport: 0,
            date: FIRST_DATE,
            wall_s: 0,
            started_s: FIRST_DATE * 86_400,
            entity: 0,
            operator: 0,
        }
    }
}

/// What an item of the rows is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// An entry.
    Entry,
    /// A register edit.
    Edit,
}

/// Everything that coding a message's rows learns on the way.
#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    /// Whether an entry travels as its bytes.
    pub(crate) as_bytes: Flag,
    /// How long such an entry is.
    pub(crate) bytes_length: Int,
    envelope: EnvelopeColumns,
    kinds: Kinds,
    pub(crate) edit: Option<Box<EditColumns>>,
    pub(crate) letters: Letters,
}

impl Model for State {
    fn visit(&mut self, visitor: &mut dyn FnMut(&mut super::coder::Bit)) {
        self.as_bytes.visit(visitor);
        self.bytes_length.visit(visitor);
        self.envelope.visit(visitor);
        self.kinds.visit(visitor);
        self.edit.get_or_insert_default().visit(visitor);
    }
}

impl State {
    /// The state in which every message's rows begin.
    pub(crate) fn begin() -> State {
        let prior = prior::state();
        State {
            as_bytes: prior.as_bytes.clone(),
            bytes_length: prior.bytes_length.clone(),
            envelope: prior.envelope.clone(),
            // A kind's columns are laid out when its first entry comes.
            kinds: Kinds::default(),
            edit: None,
            letters: Letters::default(),
        }
    }

    /// Walks over one item; gives the side back.
    pub(crate) fn walk<S: Side>(&mut self, what: What, side: S) -> Result<S, Unfit> {
        match what {
            What::Entry => self.walk_entry(side),
            What::Edit => self.walk_edit(side),
        }
    }

    fn walk_entry<S: Side>(&mut self, side: S) -> Result<S, Unfit> {
        let mut w = Walk { side, letters: &mut self.letters };
        let columns = &mut self.envelope;
        let last = &columns.last;
        let first = last.none;
        let reissued = w.one_more(&mut columns.reissued, 9)?;
        let kind = w.int(&mut columns.kind, last.kind)?;
        let version = w.int(&mut columns.version, 1)?;
        let lamport = w.int(of_first(&mut columns.lamport, first), last.lamport.wrapping_add(1))?;
        let date = w.int(of_first(&mut columns.date, first), last.date)?;
        let wall_s = if date == last.date && !first {
            w.int(&mut columns.later_that_day, last.wall_s)?
        } else {
            let midnight_s = date.wrapping_mul(86_400).wrapping_sub(SHANGHAI_S);
            w.int(&mut columns.time_of_day, midnight_s.wrapping_add(OPENING_S))?
        };
        let uptime_s =
            w.int(of_first(&mut columns.uptime, first), wall_s.wrapping_sub(last.started_s))?;
        let entity = w.int(of_first(&mut columns.entity, first), last.entity)?;
        let operator = w.int(of_first(&mut columns.operator, first), last.operator)?;
        let started_s = wall_s.wrapping_sub(uptime_s);
        columns.last =
            Last { none: false, kind, lamport, date, wall_s, started_s, entity, operator };
        self.kinds.walk(&prior::state().kinds, kind, version, &mut w)?;
        if reissued {
            w.array_of(2)?;
            w.id(&mut columns.origin)?;
            w.bytes(&mut columns.origin_hash, 32)?;
        }
        Ok(w.side)
    }
}

/// The model of a message's first entry, which has none before it, or of the others.
fn of_first(models: &mut [Int; 2], first: bool) -> &mut Int {
    let [others, of_first] = models;
    if first { of_first } else { others }
}
