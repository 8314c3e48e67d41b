//! Every rule that can stop a save, hold an entry or warn: a stable code and its words.

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
