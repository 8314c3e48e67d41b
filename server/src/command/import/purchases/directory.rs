//! Who is who in the district: villages, growers, goods, people of the roster.

use std::collections::BTreeMap;

use courtyard_core::domain::{GrowerId, OperatorNo, VillageNo};
use courtyard_core::ledger::Published;

use crate::command::import::Bad;
use crate::command::import::goods::Goods;
use crate::command::import::growers::Households;
use crate::command::place::find_village;
use crate::log::{LogError, Reads};
use crate::office::error::CommandError;
use crate::office::published::published;

/// Who is who in the district, read once.
pub(super) struct Directory {
    pub(super) published: Published,
    pub(super) goods: Goods,
    households: BTreeMap<VillageNo, Households>,
}

impl Directory {
    pub(super) fn read(reads: &dyn Reads) -> Result<Directory, LogError> {
        let published = published(reads)?;
        let goods = Goods::of(published.products().cloned());
        let mut households = BTreeMap::new();
        for village in published.villages() {
            households.insert(village.number, Households::read(reads, village.number)?);
        }
        Ok(Directory { published, goods, households })
    }

    pub(super) fn village(&self, line: u64, asked: &str) -> Result<VillageNo, Bad> {
        find_village(&self.published, asked).ok_or_else(|| {
            Bad::new(
                line,
                format!("没有“{asked}”这个村，请先用 admin village add 新增。"),
                format!("There is no village {asked:?}. Add it first with admin village add."),
            )
        })
    }

    pub(super) fn grower(
        &self,
        line: u64,
        village: VillageNo,
        asked: &str,
    ) -> Result<GrowerId, Bad> {
        let found = self.households.get(&village).map(|known| known.called(asked));
        match found.unwrap_or_default().as_slice() {
            [one] => Ok(*one),
            [] => Err(Bad::new(
                line,
                format!("这个村的名册里没有“{asked}”，请先登记。"),
                format!("The village's register has no {asked:?}. Register them first."),
            )),
            _ => Err(Bad::new(
                line,
                format!("名册里有不止一户“{asked}”，请写户号，如 H-A7K-12。"),
                format!("The register has more than one {asked:?}. Write the number, as H-A7K-12."),
            )),
        }
    }
}

/// Whose float paid.
pub(super) fn payer(published: &Published, asked: &str) -> Result<OperatorNo, CommandError> {
    let number = asked.trim_start_matches('P').parse().ok().map(OperatorNo::new);
    let mut found =
        published.roster().filter(|member| member.name == asked || Some(member.number) == number);
    match (found.next(), found.next()) {
        (Some(member), None) => Ok(member.number),
        _ => Err(CommandError::said(
            format!(
                "人员名册里没有“{asked}”，或不止一人。没有导入。可用 admin steward list 查看。"
            ),
            format!(
                "The roster has no {asked:?}, or more than one. Nothing was imported. See admin \
                 steward list."
            ),
        )),
    }
}
