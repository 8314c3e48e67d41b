//! What the words of a search mean: numbers of slips, and growers.

use rusqlite::Connection;

use crate::domain::{DeviceNo, EntryId, GrowerId};
use crate::store::{StoreError, certificates, growers};

use super::{SlipSelection, keys};

/// Digits of a slip's number as it is printed.
const DIGITS: usize = 6;

/// What a selection asks for beside its columns.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// Only these growers, sorted.
    pub(super) growers: Option<Vec<i64>>,
    /// Only what the words mean.
    pub(super) words: Option<Meant>,
}

/// What the words of a search mean: slips in one of these ranges, or of one of these growers.
#[derive(Debug, Default)]
pub(super) struct Meant {
    /// From one key to another, both with it.
    pub(super) numbers: Vec<(i64, i64)>,
    /// Growers, sorted.
    pub(super) growers: Vec<i64>,
}

impl Wanted {
    pub(super) fn of(
        connection: &Connection,
        selection: &SlipSelection,
    ) -> Result<Wanted, StoreError> {
        let mut wanted = Wanted::default();
        if let Some(grower) = selection.grower {
            wanted.growers = Some(growers::linked(connection, vec![grower.key()])?);
        }
        let text = selection.text.trim();
        if !text.is_empty() {
            wanted.words = Some(Meant {
                numbers: numbers(connection, text)?,
                growers: growers::linked(connection, growers::named(connection, text)?)?,
            });
        }
        Ok(wanted)
    }

    /// Whether nothing is asked beside the columns.
    pub(super) const fn is_nothing(&self) -> bool {
        self.growers.is_none() && self.words.is_none()
    }
}

/// The numbers of slips that a text means: all of it or, with its zeros, its beginning.
fn numbers(connection: &Connection, text: &str) -> Result<Vec<(i64, i64)>, StoreError> {
    if text.to_uppercase().parse::<GrowerId>().is_ok() {
        return Ok(Vec::new());
    }
    let has_dash = text.contains('-');
    let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let devices = || certificates::in_scope(connection, None);
    let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if let Some((code, rest)) = text.split_at_checked(3)
        && is_digits(rest)
        && let Ok(device) = code.parse::<DeviceNo>()
        && (has_dash || !is_digits(code) || rest.is_empty())
    {
        let known = devices()?.contains(&device);
        return Ok(if known { range(device, rest).into_iter().collect() } else { Vec::new() });
    }
    if text.is_empty() || !is_digits(&text) {
        return Ok(Vec::new());
    }
    Ok(devices()?.into_iter().filter_map(|device| range(device, &text)).collect())
}

/// The numbers of a device that begin like this; without zeros in front it is the whole number.
fn range(device: DeviceNo, digits: &str) -> Option<(i64, i64)> {
    if digits.is_empty() {
        return Some(keys(EntryId::new(device, 1), EntryId::new(device, u32::MAX)));
    }
    let number: u32 = digits.parse().ok()?;
    if !digits.starts_with('0') || digits.len() >= DIGITS {
        let id = EntryId::new(device, number);
        return Some(keys(id, id));
    }
    let missing = u32::try_from(DIGITS.checked_sub(digits.len())?).ok()?;
    let width = 10_u32.checked_pow(missing)?;
    let first = number.checked_mul(width)?;
    let last = first.checked_add(width)?.checked_sub(1)?;
    Some(keys(EntryId::new(device, first.max(1)), EntryId::new(device, last)))
}
