//! Bytes as Crockford base 32 with a check: a text that survives being read aloud, a shell and a
//! chat, and that a QR holds in its alphanumeric mode.

use sha2::{Digest as _, Sha256};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How many bytes of SHA-256 stand behind the content.
const CHECK_BYTES: usize = 4;

/// The text of these bytes behind a prefix, with four bytes of SHA-256 over them.
pub(super) fn write(prefix: &str, content: &[u8]) -> String {
    let check: [u8; 32] = Sha256::digest(content).into();
    let mut text = String::with_capacity(prefix.len() + (content.len() + CHECK_BYTES) * 8 / 5 + 1);
    text.push_str(prefix);
    let (mut held, mut bits) = (0_u32, 0_u32);
    let symbol = |five: u32| {
        let symbol = usize::try_from(five & 31).ok().and_then(|place| ALPHABET.get(place));
        char::from(*symbol.unwrap_or(&b'0'))
    };
    for &byte in content.iter().chain(check.iter().take(CHECK_BYTES)) {
        held = ((held << 8) | u32::from(byte)) & 0xFFFF;
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(symbol(held >> bits));
        }
    }
    if bits > 0 {
        text.push(symbol(held << (5 - bits)));
    }
    text
}

/// A text that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    /// It has another beginning.
    Prefix,
    /// It was cut, or a letter is wrong.
    Damaged,
}

/// The bytes behind a text; spaces and line breaks in it, and small letters, do no harm.
pub(super) fn read(prefix: &str, text: &str) -> Result<Vec<u8>, Unread> {
    let text: String =
        text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
    let letters = text.strip_prefix(prefix).ok_or(Unread::Prefix)?;
    let mut bytes = Vec::with_capacity(letters.len() * 5 / 8);
    let (mut held, mut bits) = (0_u32, 0_u32);
    for letter in letters.bytes() {
        let five = ALPHABET
            .iter()
            .position(|&symbol| symbol == letter)
            .and_then(|place| u32::try_from(place).ok())
            .ok_or(Unread::Damaged)?;
        held = ((held << 5) | five) & 0xFFFF;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 0xFF).unwrap_or(0));
        }
    }
    let length = bytes.len().checked_sub(CHECK_BYTES).ok_or(Unread::Damaged)?;
    let check = bytes.split_off(length);
    if Sha256::digest(&bytes).get(..CHECK_BYTES) == Some(check.as_slice()) {
        Ok(bytes)
    } else {
        Err(Unread::Damaged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bytes_of_any_length_read_back(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let text = write("CX1.", &bytes);
            prop_assert_eq!(read("CX1.", &text), Ok(bytes.clone()));
            prop_assert_eq!(read("CX2.", &text), Err(Unread::Prefix));
            let by_hand = format!(" {}\n", text.to_lowercase());
            prop_assert_eq!(read("CX1.", &by_hand), Ok(bytes));
        }
    }

    #[test]
    fn a_letter_that_is_none_of_the_alphabet_is_noticed() {
        let text = write("CX1.", &[1, 2, 3]);
        for wrong in ['U', 'I', '*', '中'] {
            assert_eq!(read("CX1.", &format!("{text}{wrong}")), Err(Unread::Damaged));
        }
        assert_eq!(read("CX1.", "CX1."), Err(Unread::Damaged));
    }
}
