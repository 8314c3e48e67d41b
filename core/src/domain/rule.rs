//! Every rule that can stop a save, hold an entry or warn: a stable code and its words.
//!
//! The code is what files, reports and other programs see and never changes; the words are what a
//! person reads: what happened and what to do. The rules themselves stand in
//! `catalogue.rs` (purchases, payouts, contracts, warnings), `money.rs` (debts, bank, floats) and
//! `bookkeeping.rs` (corrections, decisions, closes).

use std::fmt;

use minicbor::encode::Write;
use minicbor::{Decode, Decoder, Encode, Encoder};

/// Declares a group of rules: their codes and words, and the group's list.
macro_rules! rules {
    ($(#[$doc:meta])* $group:ident { $($name:ident = $code:literal, $zh:literal, $en:literal;)* }) => {
        impl Rule {
            $(#[doc = $en] pub const $name: Rule = Rule { code: $code, zh: $zh, en: $en };)*
        }

        $(#[$doc])*
        pub(super) const $group: &[Rule] = &[$(Rule::$name,)*];
    };
}

mod bookkeeping;
mod catalogue;
mod money;

/// A rule of the field by name: what happened and what to do, in Chinese and English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rule {
    /// Stable code, such as `purchase.tare_not_below_gross`.
    pub code: &'static str,
    /// What happened and what to do, in Chinese.
    pub zh: &'static str,
    /// The same in English.
    pub en: &'static str,
}

impl Rule {
    /// Every rule that this build knows.
    pub fn all() -> impl Iterator<Item = Rule> {
        [catalogue::PURCHASES, money::MONEY, bookkeeping::BOOKKEEPING]
            .into_iter()
            .flatten()
            .copied()
    }

    /// The rule with this code, if this build knows it.
    pub fn by_code(code: &str) -> Option<Rule> {
        Rule::all().find(|rule| rule.code == code)
    }

    /// Whether it only asks to look again: a warning never stops a save and never holds an entry.
    pub fn is_warning(self) -> bool {
        self.code.starts_with("warn.")
    }
}

/// A rule is kept as its code.
impl<C> Encode<C> for Rule {
    fn encode<W: Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.str(self.code)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Rule {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        Rule::by_code(d.str()?)
            .ok_or_else(|| minicbor::decode::Error::message("a rule that this build does not know"))
    }
}

impl fmt::Display for Rule {
    /// The words with the code behind them, for logs and reports in English.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.en, self.code)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn is_chinese(c: char) -> bool {
        ('\u{4E00}'..='\u{9FFF}').contains(&c)
    }

    #[test]
    fn every_code_is_unique_and_found_again() {
        let codes: BTreeSet<&str> = Rule::all().map(|rule| rule.code).collect();
        assert_eq!(codes.len(), Rule::all().count());
        for rule in Rule::all() {
            assert_eq!(Rule::by_code(rule.code), Some(rule));
            let bytes = minicbor::to_vec(rule).unwrap();
            assert_eq!(minicbor::decode::<Rule>(&bytes).unwrap(), rule);
            let (group, name) = rule.code.split_once('.').unwrap();
            for part in [group, name] {
                assert!(!part.is_empty(), "{}", rule.code);
                assert!(part.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{}", rule.code);
            }
        }
        assert_eq!(Rule::by_code("purchase.nonsense"), None);
    }

    #[test]
    fn every_rule_speaks_chinese_and_english_in_sentences() {
        for rule in Rule::all() {
            assert!(rule.zh.chars().filter(|&c| is_chinese(c)).count() >= 8, "{}", rule.code);
            assert!(rule.zh.ends_with(['。', '？']), "{}", rule.code);
            assert!(!rule.en.chars().any(is_chinese), "{}", rule.code);
            assert!(rule.en.split_whitespace().count() >= 5, "{}", rule.code);
            assert!(rule.en.ends_with(['.', '?']), "{}", rule.code);
            // Words that tell a steward nothing.
            for empty in ["操作失败", "错误码", "operation failed", "invalid", "error"] {
                assert!(!rule.zh.contains(empty), "{}", rule.code);
                assert!(!rule.en.to_lowercase().contains(empty), "{}", rule.code);
            }
        }
    }

    #[test]
    fn only_the_warnings_are_warnings() {
        assert!(Rule::WARN_REPEAT.is_warning());
        assert!(!Rule::PURCHASE_NO_LINES.is_warning());
    }
}
