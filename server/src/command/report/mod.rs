//! `courtyard report`: what the office reads, from the view of the log.
//!
//! A report is one file: what it can be asked, and the document that answers. Its name stands in
//! the list below.

mod bank;
mod cash_needed;
mod day;
mod debts;
mod document;
mod everything;
mod exceptions;
mod float;
mod headline;
mod income;
mod invoices;
mod names;
mod price_differences;
pub(crate) mod slips;
mod statement;
mod trial_balance;
mod vouchers;

use clap::{Args, Subcommand};
use courtyard_core::store::{Store, StoreError};

use self::document::{Document, Written};
pub(in crate::command) use self::everything::everything;
pub(crate) use self::exceptions::count_by_kind as exceptions_by_kind;
pub(crate) use self::names::Names;
use super::Failure;
use super::output::too_large;
use super::place::failure;
use crate::node::Node;

/// Reports of the office, as text, JSON, CSV or xlsx.
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub struct ReportArgs {
    #[command(subcommand)]
    what: Report,
}

/// What every report can do.
trait Answer {
    /// From where, and how it is written.
    fn written(&self) -> &Written;

    /// What it found.
    ///
    /// # Errors
    /// [`Failure`] if the question makes no sense or the view cannot be read.
    fn document(&self, store: &Store) -> Result<Document, Failure>;

    /// The same, for a report that needs the log beside its view: what a close kept, when a phone
    /// last spoke.
    ///
    /// # Errors
    /// [`Failure`] as for [`Answer::document`].
    fn of_node(&self, node: &mut Node) -> Result<Document, Failure> {
        self.document(node.view().map_err(failure)?.store())
    }
}

macro_rules! reports {
    ($($(#[doc = $words:literal])* $name:ident($asked:ty);)*) => {
        #[derive(Debug, Subcommand)]
        enum Report {
            $($(#[doc = $words])* $name($asked),)*
        }

        impl Report {
            fn answer(&self) -> &dyn Answer {
                match self { $(Report::$name(asked) => asked,)* }
            }
        }
    };
}

reports! {
    /// Villages, households, weight and gross purchases, since when; per household and month.
    Headline(headline::Asked);
    /// The day book (日收购清单) of a village: each slip's lines, what was paid, by whom.
    Day(day::Asked);
    /// A grower's month or year: slips with deductions explained, what was paid, what is open.
    Statement(statement::Asked);
    /// What is payable and unpaid by steward and village: tomorrow's cash.
    CashNeeded(cash_needed::Asked);
    /// Every steward's cash: opening, issued, paid, counted, difference; below zero is 垫付.
    Float(float::Asked);
    /// Bank batches: prepared, approved, filed, paid; and the lines that the bank returned.
    Bank(bank::Asked);
    /// Gross purchases of a month, grower by grower, by the date of delivery.
    Income(income::Asked);
    /// Purchase invoices (发票清单) of a month: sellers with their data; what may not be invoiced, why.
    Invoices(invoices::Asked);
    /// What growers owe by age, or each debt's year: opening, taken, repaid, closing.
    Debts(debts::Asked);
    /// Slips at the price of a list that had changed while the phone was offline, by grower.
    PriceDifferences(price_differences::Asked);
    /// Slips, the newest first.
    Slips(slips::Asked);
    /// Every account, and whether the controls agree; ends with 1 if they do not.
    TrialBalance(trial_balance::Asked);
    /// Vouchers (凭证) of a closed month for the accountants' system: `--csv` is what it imports.
    Vouchers(vouchers::Asked);
    /// What the office should look at: evidence, who acts, what settles it.
    Exceptions(exceptions::Asked);
}

/// Writes it.
///
/// # Errors
/// [`Failure`] in words.
pub fn run(args: &ReportArgs) -> Result<(), Failure> {
    let asked = args.what.answer();
    let mut node = asked.written().place.existing()?;
    asked.written().write(asked.of_node(&mut node)?)
}

/// Why the view cannot be read, in words.
fn unread(error: StoreError) -> Failure {
    let words = error.words();
    Failure::found(format!("{}\n{} ({error})", words.zh, words.en))
}

#[cfg(test)]
pub(crate) mod tests;
