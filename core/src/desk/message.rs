//! What a person reads: the numbers of this case, then the rule's own words.

use serde::Serialize;

use crate::domain::check::Place;
use crate::domain::rule::Rule;
use crate::domain::units::text::Language;

/// A rule's words about one case, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// The rule's stable code.
    pub code: &'static str,
    /// What happened and what to do, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl Message {
    /// The rule's words alone.
    pub fn of(rule: Rule) -> Message {
        Message { code: rule.code, zh: rule.zh.to_owned(), en: rule.en.to_owned() }
    }

    /// The facts of this case, then the rule's words. Without facts the rule's words alone.
    pub fn about(rule: Rule, facts: impl Fn(Language) -> String) -> Message {
        let (zh, en) = (facts(Language::Zh), facts(Language::En));
        if zh.is_empty() {
            return Message::of(rule);
        }
        Message {
            code: rule.code,
            zh: format!("{zh}。{}", rule.zh),
            en: format!("{en}. {}", rule.en),
        }
    }
}

/// Something found in a draft: a problem stops the save, a warning asks to look again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// Which part of the draft to look at; lines and weighings as the draft counts them.
    pub place: Place,
    /// What to show.
    pub message: Message,
}
