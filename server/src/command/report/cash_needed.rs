//! `report cash-needed`: what growers can come for tomorrow, by the steward who bought and may pay,
//! against the cash that steward holds.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use courtyard_core::domain::float::Holder;
use courtyard_core::domain::{BusinessDate, EntityNo, Fen, GrowerId, VillageNo};
use courtyard_core::ledger::Account;
use courtyard_core::store::Store;

use super::names::People;
use super::{Answer, Document, Names, Written, unread};
use crate::command::Failure;
use crate::command::output::too_large;
use crate::command::table::{Column, Table, cells};

/// Where.
#[derive(Debug, Args)]
pub(super) struct Asked {
    /// Only this village, by name or number.
    #[arg(long)]
    village: Option<String>,
    #[command(flatten)]
    written: Written,
}

impl Answer for Asked {
    fn written(&self) -> &Written {
        &self.written
    }

    fn document(&self, store: &Store) -> Result<Document, Failure> {
        cash_needed(store, self.village.as_deref())
    }
}

/// What one steward has to pay in one village, on one account.
#[derive(Debug, Default)]
struct Due {
    slips: usize,
    growers: BTreeSet<GrowerId>,
    unpaid: Fen,
    cash: Fen,
    since: Option<BusinessDate>,
}

pub(super) fn cash_needed(store: &Store, village: Option<&str>) -> Result<Document, Failure> {
    let names = Names::read(store)?;
    let people = People::read(store)?;
    let village = names.find(village)?;
    let mut due: BTreeMap<(Option<VillageNo>, EntityNo, Holder), Due> = BTreeMap::new();
    for id in store.unpaid(village).map_err(unread)? {
        let Some(slip) = store.slip(id).map_err(unread)? else { continue };
        let key = (slip.village, slip.entity, slip.holder());
        let due = due.entry(key).or_default();
        due.slips = due.slips.saturating_add(1);
        due.growers.insert(slip.grower);
        due.unpaid = due.unpaid.plus(slip.remaining).map_err(too_large)?;
        // What is reserved for a bank batch is not paid in cash.
        let cash = slip.remaining.minus(slip.reserved).map_err(too_large)?;
        due.cash = due.cash.plus(cash).map_err(too_large)?;
        due.since = Some(due.since.map_or(slip.date, |since| since.min(slip.date)));
    }
    let floats = floats(store)?;
    let mut stewards = Table::new(
        "stewards",
        [
            Column::text("village", "村 village"),
            Column::text("steward", "收购 steward"),
            Column::number("entity", "主体 entity"),
            Column::number("growers", "农户 growers"),
            Column::number("slips", "单数 slips").summed(),
            Column::date("since", "最早 since"),
            Column::fen("unpaid", "未付 unpaid ¥").summed(),
            Column::fen("payable_in_cash", "可付现金 cash ¥").summed(),
            Column::fen("float", "备用金 float ¥"),
            Column::fen("needed", "需备 needed ¥").summed(),
        ],
    );
    // A steward who buys in two villages has one float: what the first takes the next lacks.
    let mut left = floats.clone();
    for ((village, entity, holder), due) in due {
        let float = left.entry((entity, holder)).or_default();
        let have = (*float).max(Fen::ZERO).min(due.cash);
        // A float below zero is the steward's own money already (垫付): it has to be made good too.
        let owed = (*float).min(Fen::ZERO);
        let needed = due.cash.minus(have).and_then(|n| n.minus(owed)).map_err(too_large)?;
        *float = float.minus(have).and_then(|rest| rest.minus(owed)).map_err(too_large)?;
        stewards.row(cells![
            names.village(village),
            people.holder(holder),
            entity,
            due.growers.len(),
            due.slips,
            due.since,
            due.unpaid,
            due.cash,
            floats.get(&(entity, holder)).copied().unwrap_or_default(),
            needed,
        ]);
    }
    Ok(Document {
        title: "待付与备款 cash needed".to_owned(),
        tables: vec![stewards],
        notes: vec![
            "需备 = 可付现金 − 手中备用金；垫付的也要补还。银行批量里的不付现金。\n\
             needed = payable in cash − float in hand; what a steward advanced is made good too. What \
             is reserved for the bank is not paid in cash."
                .to_owned(),
        ],
        ..Document::default()
    })
}

fn floats(store: &Store) -> Result<BTreeMap<(EntityNo, Holder), Fen>, Failure> {
    let mut floats = BTreeMap::new();
    for total in store.trial_balance().map_err(unread)?.accounts {
        if let Account::Float { entity, holder } = total.account {
            let balance = total.debit.minus(total.credit).map_err(too_large)?;
            floats.insert((entity, holder), balance);
        }
    }
    Ok(floats)
}
