//! Money in the Chinese capital numerals of receipts (大写金额), which cannot be altered by a stroke.
//! Written as 支付结算办法, annex 1, asks: 整 after yuan and after jiao, 零 once where digits are nought.

use super::super::Fen;

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
/// The places within four digits, from the right.
const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];
/// Groups of four digits, from the right; 63 bits of fen reach the fifth.
const GROUPS: [&str; 5] = ["", "万", "亿", "兆", "京"];

impl Fen {
    /// Such as `壹仟贰佰叁拾肆元伍角陆分`; nothing is `零元整`.
    pub fn capital(self) -> String {
        let fen = self.get().unsigned_abs();
        let (yuan, rest) = (fen / 100, fen % 100);
        let mut text = if self.get() < 0 { "负".to_owned() } else { String::new() };
        if yuan > 0 {
            push_whole(yuan, &mut text);
            text.push('元');
        }
        match (rest / 10, rest % 10) {
            (0, 0) if yuan == 0 => text.push_str("零元整"),
            (0, 0) => text.push('整'),
            (jiao, 0) => {
                text.push(digit(jiao));
                text.push_str("角整");
            }
            (jiao, fen) => {
                if jiao > 0 {
                    text.push(digit(jiao));
                    text.push('角');
                } else if yuan > 0 {
                    text.push('零');
                }
                text.push(digit(fen));
                text.push('分');
            }
        }
        text
    }
}

fn digit(value: u64) -> char {
    usize::try_from(value).ok().and_then(|place| DIGITS.get(place)).copied().unwrap_or('零')
}

/// Writes whole yuan, without the unit.
fn push_whole(yuan: u64, text: &mut String) {
    let digits = yuan.to_string();
    let (mut skipped, mut in_group, mut begun) = (false, false, false);
    for (place, sign) in (0..digits.len()).rev().zip(digits.bytes()) {
        let value = u64::from(sign.saturating_sub(b'0'));
        if value == 0 {
            skipped = begun;
        } else {
            if skipped {
                text.push('零');
            }
            text.push(digit(value));
            text.push_str(PLACES.get(place % 4).copied().unwrap_or_default());
            (skipped, in_group, begun) = (false, true, true);
        }
        if place % 4 == 0 && in_group {
            text.push_str(GROUPS.get(place / 4).copied().unwrap_or_default());
            in_group = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_written_as_on_a_receipt() {
        for (fen, wanted) in [
            (0, "零元整"),
            (5, "伍分"),
            (50, "伍角整"),
            (56, "伍角陆分"),
            (100, "壹元整"),
            (1_005, "壹拾元零伍分"),
            (1_050, "壹拾元伍角整"),
            (123_456, "壹仟贰佰叁拾肆元伍角陆分"),
            (100_100, "壹仟零壹元整"),
            (1_000_100, "壹万零壹元整"),
            (1_050_000, "壹万零伍佰元整"),
            (10_500_000, "壹拾万零伍仟元整"),
            (100_001_000, "壹佰万零壹拾元整"),
            (10_000_000_001, "壹亿元零壹分"),
            (1_000_000_050_000, "壹佰亿零伍佰元整"),
            (-36_21, "负叁拾陆元贰角壹分"),
        ] {
            assert_eq!(Fen::new(fen).capital(), wanted, "{fen}");
        }
        let most = Fen::new(i64::MAX).capital();
        assert_eq!(
            most,
            "玖京贰仟贰佰叁拾叁兆柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零柒分"
        );
        assert!(Fen::new(i64::MIN).capital().starts_with("负玖京"));
    }

    /// Reads it back, digit by digit.
    fn read(text: &str) -> i128 {
        let (negative, text) = match text.strip_prefix('负') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mut fen, mut group, mut whole, mut last) = (0_i128, 0_i128, 0_i128, 0_i128);
        for c in text.chars() {
            if let Some(value) = DIGITS.iter().position(|d| *d == c) {
                last = i128::try_from(value).unwrap();
                continue;
            }
            match c {
                '拾' => group += last * 10,
                '佰' => group += last * 100,
                '仟' => group += last * 1_000,
                '万' => whole += (group + last) * 10_000,
                '亿' => whole += (group + last) * 100_000_000,
                '兆' => whole += (group + last) * 1_000_000_000_000,
                '京' => whole += (group + last) * 10_000_000_000_000_000,
                '元' => whole += group + last,
                '角' => fen += last * 10,
                '分' => fen += last,
                '整' => {}
                other => panic!("{other}"),
            }
            if "万亿兆京元".contains(c) {
                group = 0;
            }
            last = 0;
        }
        let all = whole * 100 + fen;
        if negative { -all } else { all }
    }

    proptest::proptest! {
        #[test]
        fn every_amount_reads_back(fen in proptest::prelude::any::<i64>(), small in 0..10_000_000_i64) {
            for fen in [fen, small, fen / 1_000_000 * 1_000_000] {
                let text = Fen::new(fen).capital();
                proptest::prop_assert_eq!(read(&text), i128::from(fen), "{}", text);
                proptest::prop_assert!(!text.contains("零零") && !text.contains("零元整") || fen == 0);
            }
        }
    }
}
