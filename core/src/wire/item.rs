//! Whether bytes are one CBOR item within the limits: asked of every entry at the door and before
//! a phone signs it.

use super::error::WireError;
use super::limits;

/// Checks an entry: its size, that it is one whole CBOR item and nothing more, how deep it nests and
/// how long its strings are. Nothing is allocated beyond a few bytes for each level.
///
/// # Errors
/// [`WireError::OverLimit`] naming the limit, or [`WireError::Undecodable`].
///
/// ```
/// use courtyard_core::wire::{WireError, item, limits};
/// assert!(item::check(&[0x82, 0x01, 0x02]).is_ok());
/// let deep = [0x81; 17]; // an array in an array in an array …
/// let error = item::check(&deep).unwrap_err();
/// assert!(matches!(error, WireError::OverLimit { limit, .. } if *limit == limits::CBOR_DEPTH));
/// ```
pub fn check(bytes: &[u8]) -> Result<(), WireError> {
    limits::ENTRY_BYTES.check_len(bytes.len())?;
    let mut rest = bytes;
    // How many items are still to come, on each level.
    let mut open: Vec<u64> = Vec::new();
    loop {
        let (major, argument) = head(&mut rest)?;
        let inside = match major {
            2 | 3 => {
                limits::STRING_BYTES.check(argument)?;
                let length = usize::try_from(argument).unwrap_or(usize::MAX);
                let (_, after) = rest
                    .split_at_checked(length)
                    .ok_or(WireError::undecodable("an entry is cut short"))?;
                rest = after;
                0
            }
            4 => argument,
            5 => argument.saturating_mul(2),
            6 => 1,
            _ => 0,
        };
        if inside > 0 {
            // Every item takes a byte, so no more can come than bytes are left.
            if inside > u64::try_from(rest.len()).unwrap_or(u64::MAX)
                && open.len() < limits::CBOR_DEPTH.len()
            {
                return Err(WireError::undecodable("an entry is cut short"));
            }
            open.push(inside);
            limits::CBOR_DEPTH.check_len(open.len())?;
            continue;
        }
        while let Some(left) = open.last_mut() {
            *left = left.saturating_sub(1);
            if *left > 0 {
                break;
            }
            open.pop();
        }
        if open.is_empty() {
            break;
        }
    }
    if rest.is_empty() { Ok(()) } else { Err(WireError::undecodable("bytes follow an entry")) }
}

/// An item's major type and argument; definite lengths only.
fn head(rest: &mut &[u8]) -> Result<(u8, u64), WireError> {
    let cut = WireError::undecodable("an entry is cut short");
    let (&first, after) = rest.split_first().ok_or(cut.clone())?;
    let length = match first & 0x1F {
        low @ 0..=23 => {
            *rest = after;
            return Ok((first >> 5, u64::from(low)));
        }
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => return Err(WireError::undecodable("an entry has an item of no definite length")),
    };
    let (argument, after) = after.split_at_checked(length).ok_or(cut)?;
    *rest = after;
    let argument = argument.iter().fold(0, |sum, &byte| (sum << 8) | u64::from(byte));
    Ok((first >> 5, argument))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn nested(depth: usize) -> Vec<u8> {
        let mut bytes = vec![0x81; depth];
        bytes.push(0);
        bytes
    }

    fn text(length: usize) -> Vec<u8> {
        minicbor::to_vec("a".repeat(length)).unwrap()
    }

    fn limit_of(bytes: &[u8]) -> Option<&'static str> {
        match check(bytes) {
            Err(WireError::OverLimit { limit, .. }) => Some(limit.name),
            _ => None,
        }
    }

    #[test]
    fn each_limit_passes_at_its_value_and_not_one_beyond() {
        assert_eq!(check(&nested(limits::CBOR_DEPTH.len())), Ok(()));
        assert_eq!(limit_of(&nested(limits::CBOR_DEPTH.len() + 1)), Some("cbor_depth"));
        assert_eq!(check(&text(limits::STRING_BYTES.len())), Ok(()));
        assert_eq!(limit_of(&text(limits::STRING_BYTES.len() + 1)), Some("string_bytes"));
        let long = |bytes: usize| {
            let mut array = vec![0x99];
            let items = bytes - 3;
            array.extend(u16::try_from(items).unwrap().to_be_bytes());
            array.resize(bytes, 0);
            array
        };
        assert_eq!(check(&long(limits::ENTRY_BYTES.len() - 1)), Ok(()));
        let mut longest = vec![0x9A, 0, 0, 0xFF, 0xFB];
        longest.resize(limits::ENTRY_BYTES.len(), 0);
        assert_eq!(check(&longest), Ok(()));
        longest.push(0);
        assert_eq!(limit_of(&longest), Some("entry_bytes"));
    }

    #[test]
    fn a_cut_entry_and_one_with_bytes_after_it_are_undecodable() {
        let whole = [0x83, 0x01, 0x62, b'a', b'b', 0xF6];
        assert_eq!(check(&whole), Ok(()));
        for cut in 0..whole.len() {
            assert!(check(&whole[..cut]).is_err(), "{cut}");
        }
        assert!(check(&[0x01, 0x02]).is_err());
        assert!(check(&[0x9F, 0x01, 0xFF]).is_err(), "indefinite length");
    }

    proptest! {
        #[test]
        fn any_bytes_are_judged_without_a_panic(bytes: Vec<u8>) {
            let _ = check(&bytes);
        }
    }
}
