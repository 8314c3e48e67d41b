//! Growers by what was typed, and how their contracts stand.

use courtyard_core::domain::contract::ContractVersion;
use courtyard_core::domain::units::text::Language;
use courtyard_core::domain::{GrowerId, VillageNo};
use courtyard_core::ledger::ContractRecord;
use courtyard_core::steward::{Steward, Unpaid};
use courtyard_core::store::queries::SlipFilter;
use courtyard_core::store::{GrowerRow, PersonRow};

use crate::courtyard::Courtyard;
use crate::error::CourtyardError;
use crate::words::Words;

/// A household in a list.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Grower {
    /// Its number, such as `H-A7K-12`.
    pub id: String,
    /// The name of today; empty if none was written.
    pub name: String,
    /// The village's name.
    pub village: String,
    /// The villagers' group (村民小组); empty if none.
    pub group: String,
    /// Marks such as 脱贫户.
    pub flags: Vec<String>,
    /// Whether it is the household of who works at this phone.
    pub own_household: bool,
    /// Its contracts in force.
    pub contracts: Vec<Contract>,
}

/// A contract in force.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Contract {
    /// Its number.
    pub id: String,
    /// What is grown.
    pub product: u32,
    /// Its name.
    pub product_name: String,
    /// The contracted quantity.
    pub quantity_g: i64,
    /// What was delivered on it, as of the last sync.
    pub delivered_g: i64,
    /// The floor price (保底价).
    pub floor_li_per_kg: i64,
    /// On how much land: `0.3 亩`.
    pub area: Words,
    /// The first day of delivery, such as `2026-06-01`.
    pub from: String,
    /// The last day of delivery.
    pub until: String,
    /// How far beyond the quantity its price still holds, such as `10%`.
    pub tolerance: String,
    /// What holds beyond that.
    pub beyond: Words,
    /// How far it is delivered: `已交 x / 合同 y（截至上次同步）`.
    pub progress: Words,
}

/// A grower who waits for cash of this phone.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct UnpaidGrower {
    /// The grower's number.
    pub grower: String,
    /// The grower's name of today.
    pub grower_name: String,
    /// What may be paid.
    pub owed_fen: i64,
    /// Of how many slips.
    pub slips: u32,
}

/// A person of a household who is not its head.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Person {
    /// Which of its persons, from 1.
    pub number: u16,
    /// The name.
    pub name: String,
    /// What the person is to the head, such as 儿子; empty if not written.
    pub relation: String,
}

impl From<PersonRow> for Person {
    fn from(row: PersonRow) -> Person {
        let PersonRow { grower: _, number, name, relation, phone: _, retired: _ } = row;
        Person { number, name, relation }
    }
}

/// A grower's number as typed or handed back.
pub(crate) fn grower_id(text: &str) -> Result<GrowerId, CourtyardError> {
    text.trim().parse().map_err(|_| {
        CourtyardError::typed(
            "typed.not_a_grower",
            format!("“{text}”不是农户编号。请从名单里选。"),
            format!("{text:?} is no grower's number. Choose one from the list."),
        )
    })
}

/// The name of a village; its number if it has none.
pub(crate) fn village_name(steward: &Steward, number: VillageNo) -> Result<String, CourtyardError> {
    let villages = steward.store().villages()?;
    let named = villages.into_iter().find(|village| village.number == number);
    Ok(named.map_or_else(|| number.to_string(), |village| village.name))
}

fn contract(
    steward: &Steward,
    record: &ContractRecord,
) -> Result<Option<Contract>, CourtyardError> {
    let Some(version) = record.in_force() else { return Ok(None) };
    let ContractVersion {
        contract,
        version: _,
        grower: _,
        product,
        area,
        quantity,
        floor,
        from,
        to,
        tolerance,
        beyond,
        agreed: _,
    } = &version.terms;
    let named = steward.store().products()?.into_iter().find(|each| each.number == *product);
    let delivered = record.delivered_of(*product);
    let (zh, en) = beyond.words();
    Ok(Some(Contract {
        id: contract.to_string(),
        product: product.get(),
        product_name: named.map_or_else(|| product.to_string(), |product| product.name),
        quantity_g: quantity.get(),
        delivered_g: delivered.get(),
        floor_li_per_kg: floor.get(),
        area: Words::each(|language| area.text(language)),
        from: from.to_string(),
        until: to.to_string(),
        tolerance: tolerance.text(),
        beyond: Words::of(zh, en),
        progress: Words::each(|language: Language| {
            courtyard_core::desk::progress_text(delivered, *quantity, language)
        }),
    }))
}

fn grower(steward: &Steward, row: GrowerRow) -> Result<Grower, CourtyardError> {
    let mut contracts = Vec::new();
    for record in steward.contracts(Some(row.id))? {
        contracts.extend(contract(steward, &record)?);
    }
    Ok(Grower {
        id: row.id.to_string(),
        village: village_name(steward, row.village)?,
        own_household: steward.is_own_household(row.id)?,
        name: row.name,
        group: row.group,
        flags: row.flags,
        contracts,
    })
}

#[uniffi::export]
impl Courtyard {
    /// Growers whose name, pinyin, initials or number fit what was typed, the closest first.
    ///
    /// # Errors
    /// [`CourtyardError::Store`].
    pub fn search_growers(&self, text: String, limit: u32) -> Result<Vec<Grower>, CourtyardError> {
        let steward = self.steward();
        let rows = steward.store().search(&text, limit)?;
        rows.into_iter().map(|row| grower(&steward, row)).collect()
    }

    /// Growers who sold last on this phone's village, the latest first.
    ///
    /// # Errors
    /// [`CourtyardError::Store`].
    pub fn recent_growers(&self, limit: u32) -> Result<Vec<Grower>, CourtyardError> {
        let steward = self.steward();
        let filter = SlipFilter { limit: limit.saturating_mul(4), ..SlipFilter::default() };
        let mut seen: Vec<GrowerId> = Vec::new();
        let mut found = Vec::new();
        for slip in steward.store().slips(filter)? {
            if seen.contains(&slip.grower) || found.len() >= usize::try_from(limit).unwrap_or(0) {
                continue;
            }
            seen.push(slip.grower);
            if let Some(row) = steward.store().grower(slip.grower)? {
                found.push(grower(&steward, row)?);
            }
        }
        Ok(found)
    }

    /// The village's growers as a list opens with them: who sold last first, the others by pinyin.
    ///
    /// # Errors
    /// [`CourtyardError::Enrolment`] or [`CourtyardError::Store`].
    pub fn growers(&self, limit: u32) -> Result<Vec<Grower>, CourtyardError> {
        let steward = self.steward();
        let rows = steward.growers_at_hand(usize::try_from(limit).unwrap_or(usize::MAX))?;
        rows.into_iter().map(|row| grower(&steward, row)).collect()
    }

    /// Growers of whose slips something may be paid in cash on this phone, the longest waiting first.
    ///
    /// # Errors
    /// [`CourtyardError::Enrolment`], [`CourtyardError::Problem`] while the phone is locked, or
    /// [`CourtyardError::Store`].
    pub fn unpaid_growers(&self) -> Result<Vec<UnpaidGrower>, CourtyardError> {
        let steward = self.steward();
        let mut all = Vec::new();
        for Unpaid { grower, owed, slips } in steward.unpaid_growers()? {
            let row = steward.store().grower(grower)?;
            all.push(UnpaidGrower {
                grower: grower.to_string(),
                grower_name: row.map(|row| row.name).unwrap_or_default(),
                owed_fen: owed.get(),
                slips,
            });
        }
        Ok(all)
    }

    /// The other persons of a household: who delivers, who gets the money. The head is 0 and stands
    /// with the grower.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`] for no grower's number, or [`CourtyardError::Store`].
    pub fn persons(&self, grower: String) -> Result<Vec<Person>, CourtyardError> {
        let rows = self.steward().store().persons(grower_id(&grower)?)?;
        Ok(rows.into_iter().filter(|row| !row.retired).map(Person::from).collect())
    }

    /// One grower.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`] if there is none of this number, or [`CourtyardError::Store`].
    pub fn grower(&self, id: String) -> Result<Grower, CourtyardError> {
        let steward = self.steward();
        let id = grower_id(&id)?;
        steward.must_know(id)?;
        let row = steward.store().grower(id)?;
        row.map(|row| grower(&steward, row)).unwrap_or_else(|| Err(unknown(id)))
    }
}

fn unknown(id: GrowerId) -> CourtyardError {
    courtyard_core::steward::StewardError::Unknown { what: id.to_string() }.into()
}
