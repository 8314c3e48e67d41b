//! `courtyard report`: what the office reads, from the view of the log.

mod exceptions;
mod income;
mod slips;
mod trial_balance;

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use courtyard_core::domain::{GrowerId, VillageNo};
use courtyard_core::store::{Store, StoreError};

use super::Failure;
use super::place::{Place, failure, no_village};
use crate::view::View;

/// Income, slips, the trial balance, and what needs looking at.
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub struct ReportArgs {
    #[command(subcommand)]
    what: Report,
}

#[derive(Debug, Subcommand)]
enum Report {
    /// Gross purchases of a month, grower by grower, by the date of delivery.
    Income(income::IncomeArgs),
    /// Slips, the newest first.
    Slips(slips::SlipsArgs),
    /// Every account, and whether the controls agree; ends with 1 if they do not.
    TrialBalance(trial_balance::TrialBalanceArgs),
    /// What the office should look at: evidence, who acts, what settles it.
    Exceptions(exceptions::ExceptionsArgs),
}

/// Writes it.
///
/// # Errors
/// [`Failure`] in words.
pub fn run(args: &ReportArgs) -> Result<(), Failure> {
    match &args.what {
        Report::Income(args) => income::run(args),
        Report::Slips(args) => slips::run(args),
        Report::TrialBalance(args) => trial_balance::run(args),
        Report::Exceptions(args) => exceptions::run(args),
    }
}

/// The view of a data folder, caught up with its log.
fn view(place: &Place) -> Result<View, Failure> {
    place.existing()?.view().map_err(failure)
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
    fn read(store: &Store) -> Result<Names, StoreError> {
        let villages = store.villages()?.into_iter().map(|v| (v.number, v.name)).collect();
        let growers = store.growers(None)?.into_iter().map(|g| (g.id, g.name)).collect();
        Ok(Names { villages, growers })
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
