//! Texts in both languages, and what the desk finds, with the place that it points at.

use courtyard_core::desk::{Finding as DeskFinding, Message};
use courtyard_core::domain::Rule;
use courtyard_core::domain::check::Place as DomainPlace;
use courtyard_core::domain::units::text::Language;

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Words {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Words {
    /// The same words, said in each language.
    pub(crate) fn each(say: impl Fn(Language) -> String) -> Words {
        Words { zh: say(Language::Zh), en: say(Language::En) }
    }

    pub(crate) fn of(zh: &str, en: &str) -> Words {
        Words { zh: zh.to_owned(), en: en.to_owned() }
    }
}

impl From<Message> for Words {
    fn from(message: Message) -> Words {
        let Message { code: _, zh, en } = message;
        Words { zh, en }
    }
}

impl From<Rule> for Words {
    fn from(rule: Rule) -> Words {
        let Rule { code: _, zh, en } = rule;
        Words::of(zh, en)
    }
}

/// Where in a draft a finding points, counted from 0 as the draft counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Place {
    /// The slip or payout as a whole.
    Entry,
    /// A line.
    Line {
        /// The line.
        line: u32,
    },
    /// A weighing of a line.
    Weighing {
        /// The line.
        line: u32,
        /// The weighing within the line.
        weighing: u32,
    },
    /// A deduction of a line.
    Deduction {
        /// The line.
        line: u32,
        /// The deduction within the line.
        deduction: u32,
    },
    /// A slip that a payout pays.
    Allocation {
        /// Which one.
        allocation: u32,
    },
}

/// A number of the draft; drafts have no more lines than fit.
pub(crate) fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl From<DomainPlace> for Place {
    fn from(place: DomainPlace) -> Place {
        match place {
            DomainPlace::Entry => Place::Entry,
            DomainPlace::Line(line) => Place::Line { line: number(line) },
            DomainPlace::Weighing { line, weighing } => {
                Place::Weighing { line: number(line), weighing: number(weighing) }
            }
            DomainPlace::Deduction { line, deduction } => {
                Place::Deduction { line: number(line), deduction: number(deduction) }
            }
            DomainPlace::Allocation(allocation) => {
                Place::Allocation { allocation: number(allocation) }
            }
        }
    }
}

/// Something that the desk found: a problem that stops a save, or a warning that never does.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Finding {
    /// The rule's stable code, such as `purchase.tare_not_below_gross`.
    pub code: String,
    /// Which number to look at, and why.
    pub words: Words,
    /// Where it is.
    pub place: Place,
}

impl From<DeskFinding> for Finding {
    fn from(finding: DeskFinding) -> Finding {
        let DeskFinding { rule, place, message } = finding;
        Finding { code: rule.code.to_owned(), words: message.into(), place: place.into() }
    }
}

/// Every finding, mirrored.
pub(crate) fn findings(found: Vec<DeskFinding>) -> Vec<Finding> {
    found.into_iter().map(Finding::from).collect()
}
