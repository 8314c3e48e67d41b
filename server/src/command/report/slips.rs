//! `report slips`: slips, the newest first, held and voided ones too.

use clap::Args;
use courtyard_core::domain::{BusinessDate, Fen, Grams, GrowerId, Month};
use courtyard_core::ledger::State;
use courtyard_core::store::Store;
use courtyard_core::store::queries::SlipFilter;
use serde::Serialize;

use super::{Names, unread, view};
use crate::command::Failure;
use crate::command::output::say;
use crate::command::place::Place;
use crate::command::table::{Side, Table};

#[derive(Debug, Args)]
pub(super) struct SlipsArgs {
    /// Only this month, such as 2026-07.
    #[arg(long)]
    month: Option<Month>,
    /// Only this village, by name or number.
    #[arg(long)]
    village: Option<String>,
    /// Only this grower, such as H-A7K-12.
    #[arg(long)]
    grower: Option<GrowerId>,
    /// At most so many.
    #[arg(long, default_value_t = 100)]
    limit: u32,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Slips {
    pub(super) slips: Vec<Row>,
    /// Whether there are more than the limit.
    pub(super) more: bool,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Row {
    pub(super) slip: String,
    pub(super) date: String,
    pub(super) grower: String,
    pub(super) name: String,
    pub(super) village: String,
    pub(super) net_g: Grams,
    pub(super) settlement_g: Grams,
    pub(super) amount_fen: Fen,
    pub(super) paid_fen: Fen,
    pub(super) unpaid_fen: Fen,
    /// `counted`, `held` or `voided`.
    pub(super) state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) voided_by: Option<String>,
}

/// Which slips.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wanted<'a> {
    pub(super) month: Option<Month>,
    pub(super) village: Option<&'a str>,
    pub(super) grower: Option<GrowerId>,
    pub(super) limit: u32,
}

pub(super) fn run(args: &SlipsArgs) -> Result<(), Failure> {
    let view = view(&args.place)?;
    let wanted = Wanted {
        month: args.month,
        village: args.village.as_deref(),
        grower: args.grower,
        limit: args.limit,
    };
    say(args.place.json, &slips(view.store(), wanted)?, text)
}

/// The list.
pub(super) fn slips(store: &Store, wanted: Wanted<'_>) -> Result<Slips, Failure> {
    let names = Names::read(store).map_err(unread)?;
    let last =
        |month: Month| BusinessDate::from_days(month.first_day_after().days().saturating_sub(1));
    let filter = SlipFilter {
        grower: wanted.grower,
        village: names.find(wanted.village)?,
        from: wanted.month.map(Month::first_day),
        to: wanted.month.and_then(last),
        // One more, to know whether there are more.
        limit: wanted.limit.saturating_add(1),
        offset: 0,
    };
    let mut found = store.slips(filter).map_err(unread)?;
    let most = usize::try_from(wanted.limit).unwrap_or(usize::MAX);
    let more = found.len() > most;
    found.truncate(most);
    let slips = found
        .into_iter()
        .map(|slip| {
            let (state, voided_by) = match slip.state {
                State::Counted => ("counted", None),
                State::Held => ("held", None),
                State::Voided { by } => ("voided", Some(by.to_string())),
            };
            Row {
                slip: slip.id.to_string(),
                date: slip.date.to_string(),
                grower: slip.grower.to_string(),
                name: names.grower(slip.grower),
                village: names.village(slip.village),
                net_g: slip.net,
                settlement_g: slip.settlement,
                amount_fen: slip.amount,
                paid_fen: slip.paid,
                unpaid_fen: slip.remaining,
                state,
                voided_by,
            }
        })
        .collect();
    Ok(Slips { slips, more })
}

pub(super) fn text(slips: &Slips) -> String {
    let mut table = Table::new(&[
        ("单号 slip", Side::Left),
        ("日期 date", Side::Left),
        ("农户 grower", Side::Left),
        ("姓名 name", Side::Left),
        ("村 village", Side::Left),
        ("净重 kg", Side::Right),
        ("金额 ¥", Side::Right),
        ("未付 unpaid", Side::Right),
        ("状态 state", Side::Left),
    ]);
    for row in &slips.slips {
        let state = match row.state {
            "held" => "留存 held".to_owned(),
            "voided" => format!("作废 void {}", row.voided_by.as_deref().unwrap_or_default()),
            _ => String::new(),
        };
        table.row([
            row.slip.clone(),
            row.date.clone(),
            row.grower.clone(),
            row.name.clone(),
            row.village.clone(),
            row.net_g.kg_number(),
            row.amount_fen.yuan_number(),
            row.unpaid_fen.yuan_number(),
            state,
        ]);
    }
    let mut text = table.text();
    if slips.more {
        text.push_str("还有更多，请用 --limit。There are more: see --limit.\n");
    }
    text
}
