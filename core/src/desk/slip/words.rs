//! The numbers of a case, said in both languages before the rule's own words.

use super::super::message::{Finding, Message};
use super::review::LineReview;
use super::{DraftWeighing, SlipDraft};
use crate::domain::check::{Limits, Place};
use crate::domain::rule::Rule;
use crate::domain::units::text::Language::{self, En, Zh};

/// What can be said about one line of a draft.
pub(super) struct Words<'a> {
    pub(super) draft: &'a SlipDraft,
    pub(super) line: &'a LineReview,
    pub(super) limits: Limits,
}

impl Words<'_> {
    /// The rule with the numbers that it is about.
    pub(super) fn finding(&self, rule: Rule, place: Place) -> Finding {
        self.saying(rule, place, |language| self.numbers(rule, place, language))
    }

    /// The rule with these facts; the line is named in front of them.
    pub(super) fn saying(
        &self,
        rule: Rule,
        place: Place,
        facts: impl Fn(Language) -> String,
    ) -> Finding {
        let message = Message::about(rule, |language| {
            let (line, facts) = (self.named(language), facts(language));
            match (facts.is_empty(), language) {
                (true, _) => line,
                (false, Zh) => format!("{line}：{facts}"),
                (false, En) => format!("{line}: {facts}"),
            }
        });
        Finding { rule, place, message }
    }

    /// `竹叶菜 A`, with the line's number in front where there are several.
    fn named(&self, language: Language) -> String {
        let line = format!("{} {}", self.line.name, self.line.grade);
        let number = self.line.line.saturating_add(1);
        match language {
            _ if self.draft.lines().len() < 2 => line,
            Zh => format!("第 {number} 条 {line}"),
            En => format!("Line {number}, {line}"),
        }
    }

    fn numbers(&self, rule: Rule, place: Place, language: Language) -> String {
        match place {
            Place::Weighing { line, weighing } => self
                .draft
                .lines()
                .get(line)
                .and_then(|l| l.weighings.get(weighing))
                .map(|w| self.weighing(rule, weighing, w, language))
                .unwrap_or_default(),
            Place::Deduction { line, deduction } => self
                .draft
                .lines()
                .get(line)
                .and_then(|l| l.deductions.get(deduction))
                .map(|d| match language {
                    Zh => format!("扣重 {}", d.amount.text(Zh)),
                    En => format!("deduction {}", d.amount.text(En)),
                })
                .unwrap_or_default(),
            _ if rule == Rule::PURCHASE_DEDUCTIONS_NOT_BELOW_NET => {
                let (net, off) = (self.line.net.text(language), self.line.deducted.text(language));
                match language {
                    Zh => format!("净重 {net}，扣重 {off}"),
                    En => format!("net {net}, deducted {off}"),
                }
            }
            _ => String::new(),
        }
    }

    fn weighing(
        &self,
        rule: Rule,
        number: usize,
        weighing: &DraftWeighing,
        language: Language,
    ) -> String {
        let number = number.saturating_add(1);
        let gross = weighing.weighing.gross.text(language);
        let tare = weighing.weighing.tare.text(language);
        let most = self.limits.scale_capacity.text(language);
        match (rule == Rule::PURCHASE_BEYOND_CAPACITY, language) {
            (true, Zh) => format!("第 {number} 秤毛重 {gross}，最大称量 {most}"),
            (true, En) => format!("weighing {number} gross {gross}, capacity {most}"),
            (false, Zh) => format!("第 {number} 秤毛重 {gross}，皮重 {tare}"),
            (false, En) => format!("weighing {number} gross {gross}, tare {tare}"),
        }
    }
}
