//! `courtyard report`: what the office reads, from the view of the log.
//!
//! A report is one file: what it can be asked, and the document that answers. Its name stands in
//! the list below.

mod document;
mod exceptions;
mod income;
mod slips;
mod trial_balance;

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use courtyard_core::domain::{GrowerId, VillageNo};
use courtyard_core::store::{Store, StoreError};

use self::document::{Document, Written};
use super::Failure;
use super::output::too_large;
use super::place::{failure, no_village};

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
    /// Gross purchases of a month, grower by grower, by the date of delivery.
    Income(income::Asked);
    /// Slips, the newest first.
    Slips(slips::Asked);
    /// Every account, and whether the controls agree; ends with 1 if they do not.
    TrialBalance(trial_balance::Asked);
    /// What the office should look at: evidence, who acts, what settles it.
    Exceptions(exceptions::Asked);
}

/// Writes it.
///
/// # Errors
/// [`Failure`] in words.
pub fn run(args: &ReportArgs) -> Result<(), Failure> {
    let asked = args.what.answer();
    let view = asked.written().place.existing()?.view().map_err(failure)?;
    asked.written().write(asked.document(view.store())?)
}

/// Why the view cannot be read, in words.
fn unread(error: StoreError) -> Failure {
    let words = error.words();
    Failure::found(format!("{}\n{} ({error})", words.zh, words.en))
}

/// Names for numbers, read once.
struct Names {
    villages: BTreeMap<VillageNo, String>,
    growers: BTreeMap<GrowerId, String>,
}

impl Names {
    fn read(store: &Store) -> Result<Names, Failure> {
        let villages = store.villages().map_err(unread)?;
        let growers = store.growers(None).map_err(unread)?;
        Ok(Names {
            villages: villages.into_iter().map(|v| (v.number, v.name)).collect(),
            growers: growers.into_iter().map(|g| (g.id, g.name)).collect(),
        })
    }

    /// The village's name, or its number if it has none; empty without a village.
    fn village(&self, number: Option<VillageNo>) -> String {
        number.map_or_else(String::new, |number| {
            self.villages.get(&number).cloned().unwrap_or_else(|| number.to_string())
        })
    }

    /// The grower's name in the register; empty if they are in none.
    fn grower(&self, id: GrowerId) -> String {
        self.growers.get(&id).cloned().unwrap_or_default()
    }

    /// The village that a person means by its name or number.
    fn find(&self, asked: Option<&str>) -> Result<Option<VillageNo>, Failure> {
        let Some(asked) = asked.map(str::trim) else { return Ok(None) };
        let named = self.villages.iter().find(|(_, name)| *name == asked).map(|(n, _)| *n);
        let numbered = || {
            let number = asked.parse().ok().map(VillageNo::new)?;
            self.villages.contains_key(&number).then_some(number)
        };
        named.or_else(numbered).map(Some).ok_or_else(|| no_village(asked))
    }
}

#[cfg(test)]
mod tests;
