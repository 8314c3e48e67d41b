//! A binary arithmetic coder with adaptive bits.
//!
//! The interval `low..=high` of 32 bits is split at the bit's probability; leading bytes that both
//! ends share are written out. Writer and reader keep the same interval, so the reader knows how
//! many bytes the writer wrote and how it ended: bits have exactly one spelling.

use crate::wire::error::WireError;

/// The probability that a bit is one, in 65,536ths, and how often it was seen, up to a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bit {
    pub(crate) one: u16,
    pub(crate) seen: u8,
}

/// Beyond so many sightings a probability moves by the same share each time.
pub(crate) const STEADY: u8 = 60;

impl Default for Bit {
    fn default() -> Self {
        Bit { one: 1 << 15, seen: 0 }
    }
}

impl Bit {
    /// Moves towards what was seen: by 1/1.5 the first time, then by less and less.
    pub(crate) fn learn(&mut self, bit: bool) {
        // 65,536 / (seen + 1.5)
        let share = 131_072 / (2 * u32::from(self.seen) + 3);
        let one = u32::from(self.one);
        let moved =
            if bit { one + (((65_535 - one) * share) >> 16) } else { one - ((one * share) >> 16) };
        // Never certain: a bit may always turn out the other way.
        self.one = u16::try_from(moved.clamp(CLEAREST, 65_535 - CLEAREST)).unwrap_or(1 << 15);
        if self.seen < STEADY {
            self.seen += 1;
        }
    }
}

/// The nearest that a probability comes to certainty.
const CLEAREST: u32 = 24;

/// Where bits go, or come from. A writer gives back the bit that it is given; a reader gives the
/// bit that stands in the stream.
pub(crate) trait Bits {
    /// One bit of this probability in 65,536ths.
    fn code(&mut self, bit: bool, one: u16) -> bool;

    /// One bit of an adaptive probability, which learns.
    fn bit(&mut self, bit: bool, model: &mut Bit) -> bool {
        let bit = self.code(bit, model.one);
        model.learn(bit);
        bit
    }
}

/// The interval that writer and reader share.
#[derive(Debug, Clone)]
struct Interval {
    low: u32,
    high: u32,
}

impl Interval {
    fn new() -> Self {
        Interval { low: 0, high: u32::MAX }
    }

    /// Where the ones end.
    fn split(&self, one: u16) -> u32 {
        let width = u64::from(self.high - self.low);
        let ones = (width * u64::from(one)) >> 16;
        self.low + u32::try_from(ones).unwrap_or(0)
    }

    fn narrow(&mut self, bit: bool, split: u32) {
        if bit {
            self.high = split;
        } else {
            self.low = split + 1;
        }
    }

    /// The leading byte, once both ends share it.
    fn settled(&mut self) -> Option<u8> {
        if (self.low ^ self.high) >> 24 != 0 {
            return None;
        }
        let [byte, ..] = self.high.to_be_bytes();
        self.low <<= 8;
        self.high = (self.high << 8) | 0xFF;
        Some(byte)
    }

    /// The fewest bytes that, with zeros after them, lie in the interval.
    fn last_bytes(&self) -> ([u8; 4], usize) {
        for length in 0..4_usize {
            let below = u32::MAX.checked_shr(u32::try_from(8 * length).unwrap_or(32)).unwrap_or(0);
            if let Some(up) = self.low.checked_add(below) {
                let value = up & !below;
                if value <= self.high {
                    return (value.to_be_bytes(), length);
                }
            }
        }
        (self.low.to_be_bytes(), 4)
    }
}

/// Writes bits.
#[derive(Debug, Clone)]
pub(crate) struct BitWriter {
    interval: Interval,
    out: Vec<u8>,
}

impl BitWriter {
    pub(crate) fn new() -> Self {
        BitWriter { interval: Interval::new(), out: Vec::new() }
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        let (bytes, length) = self.interval.last_bytes();
        self.out.extend(bytes.iter().take(length));
        self.out
    }
}

impl Bits for BitWriter {
    fn code(&mut self, bit: bool, one: u16) -> bool {
        let split = self.interval.split(one);
        self.interval.narrow(bit, split);
        while let Some(byte) = self.interval.settled() {
            self.out.push(byte);
        }
        bit
    }
}

/// Reads bits; beyond the end it reads zeros, and [`BitReader::end`] tells.
#[derive(Debug, Clone)]
pub(crate) struct BitReader<'a> {
    interval: Interval,
    /// The four bytes of the stream that stand against the interval.
    value: u32,
    bytes: &'a [u8],
    /// How many bytes have settled.
    settled: usize,
}

impl<'a> BitReader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        let mut reader = BitReader { interval: Interval::new(), value: 0, bytes, settled: 0 };
        for place in 0..4 {
            reader.value = (reader.value << 8) | reader.byte(place);
        }
        reader
    }

    fn byte(&self, place: usize) -> u32 {
        self.bytes.get(place).copied().map_or(0, u32::from)
    }

    /// Whether more was read than there is; then everything read since is meaningless.
    pub(crate) fn overrun(&self) -> bool {
        self.settled > self.bytes.len()
    }

    /// The stream must end here, as its writer ended it.
    pub(crate) fn end(&self) -> Result<(), WireError> {
        let (bytes, length) = self.interval.last_bytes();
        let ended =
            self.bytes.get(self.settled..).is_some_and(|rest| bytes.get(..length) == Some(rest));
        if ended {
            Ok(())
        } else {
            Err(WireError::undecodable("the rows do not end where they should"))
        }
    }
}

impl Bits for BitReader<'_> {
    fn code(&mut self, _: bool, one: u16) -> bool {
        let split = self.interval.split(one);
        let bit = self.value <= split;
        self.interval.narrow(bit, split);
        while self.interval.settled().is_some() {
            self.value = (self.value << 8) | self.byte(self.settled + 4);
            self.settled += 1;
        }
        bit
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn write(bits: &[(bool, usize)]) -> Vec<u8> {
        let mut models = [Bit::default(); 4];
        let mut w = BitWriter::new();
        for &(bit, model) in bits {
            w.bit(bit, &mut models[model]);
        }
        w.finish()
    }

    fn read(bytes: &[u8], bits: &[(bool, usize)]) -> (Vec<bool>, bool) {
        let mut models = [Bit::default(); 4];
        let mut r = BitReader::new(bytes);
        let read = bits.iter().map(|&(_, model)| r.bit(false, &mut models[model])).collect();
        (read, r.end().is_ok())
    }

    #[test]
    fn a_thousand_equal_bits_take_a_few_bytes() {
        assert!(write(&[(true, 0); 1_000]).len() <= 5);
        assert_eq!(write(&[]), Vec::<u8>::new());
    }

    proptest! {
        #[test]
        fn bits_read_back_and_not_from_a_cut_or_longer_stream(
            bits in prop::collection::vec((any::<bool>(), 0_usize..4), 0..400),
        ) {
            let bytes = write(&bits);
            let wanted: Vec<bool> = bits.iter().map(|&(bit, _)| bit).collect();
            prop_assert_eq!(read(&bytes, &bits), (wanted.clone(), true));
            for cut in 0..bytes.len() {
                prop_assert_ne!(read(&bytes[..cut], &bits), (wanted.clone(), true));
            }
            for more in [0_u8, 1, 255] {
                let mut longer = bytes.clone();
                longer.push(more);
                prop_assert_ne!(read(&longer, &bits), (wanted.clone(), true));
            }
        }
    }
}
