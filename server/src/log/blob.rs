//! How a batch's entries stand in one database value: each preceded by its length as LEB128.

use super::LogError;

/// The entries, one after another, each with its length before it.
pub fn pack(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::with_capacity(entries.iter().map(|e| e.len() + 2).sum());
    for entry in entries {
        let mut rest = entry.len();
        loop {
            let low = u8::try_from(rest & 0x7F).unwrap_or(0);
            rest >>= 7;
            if rest == 0 {
                out.push(low);
                break;
            }
            out.push(low | 0x80);
        }
        out.extend_from_slice(entry);
    }
    out
}

/// The entries behind [`pack`]'s bytes.
///
/// # Errors
/// [`LogError::Corrupt`] if the lengths do not add up.
pub fn unpack(bytes: &[u8]) -> Result<Vec<Vec<u8>>, LogError> {
    let cut = || LogError::Corrupt("a batch is cut short".to_owned());
    let mut entries = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let mut length = 0_usize;
        let mut shift = 0_u32;
        loop {
            let (&byte, after) = rest.split_first().ok_or_else(cut)?;
            rest = after;
            length |= usize::from(byte & 0x7F).checked_shl(shift).ok_or_else(cut)?;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        let (entry, after) = rest.split_at_checked(length).ok_or_else(cut)?;
        entries.push(entry.to_vec());
        rest = after;
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_any_length_come_back() {
        let entries: Vec<Vec<u8>> =
            [0, 1, 127, 128, 16_383, 16_384, 70_000].iter().map(|&n| vec![7; n]).collect();
        assert_eq!(unpack(&pack(&entries)).unwrap(), entries);
        assert!(unpack(&pack(&[])).unwrap().is_empty());
    }

    #[test]
    fn a_cut_batch_is_an_error_and_not_fewer_bytes() {
        let packed = pack(&[vec![1; 300], vec![2; 5]]);
        let whole = [302, packed.len()];
        for cut in 1..packed.len() {
            assert_eq!(unpack(&packed[..cut]).is_ok(), whole.contains(&cut), "cut at {cut}");
        }
    }
}
