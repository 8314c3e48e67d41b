//! What a register says beside people: collection points, kinds of crates, contracts being drawn up,
//! remarks.

use crate::document::Value;
use crate::document::register::keys::{
    ABOUT, CONTENT, CRATE_TYPE, DRAFT, NAME, NOTE, PLACE, POINT, RETIRED, TARE_G, TEXT,
};
use crate::domain::{ContractId, DeviceNo, Grams, GrowerId, VillageNo};
use crate::store::Store;
use crate::store::error::StoreError;

use super::fields::{self, Fields, Listed, is_set, text};

/// A collection point (定点收购).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointRow {
    /// Its village.
    pub village: VillageNo,
    /// Its row, such as `P-A7K-1`.
    pub row: String,
    /// Its name.
    pub name: String,
    /// Where it lies; empty if not written.
    pub place: String,
    /// Whether it is no longer used.
    pub retired: bool,
}

/// A kind of crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrateTypeRow {
    /// Its village.
    pub village: VillageNo,
    /// Its row, such as `K-A7K-1`.
    pub row: String,
    /// What it is called.
    pub name: String,
    /// What it weighs empty.
    pub tare: Grams,
    /// Whether it is no longer used.
    pub retired: bool,
}

/// A remark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteRow {
    /// Its village.
    pub village: VillageNo,
    /// Its row, such as `N-A7K-1`.
    pub row: String,
    /// The household that it is about, if it is about one.
    pub about: Option<GrowerId>,
    /// The words.
    pub text: String,
}

/// A contract being drawn up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRow {
    /// Its village.
    pub village: VillageNo,
    /// The number that the contract will have.
    pub contract: ContractId,
    /// The household.
    pub grower: Option<GrowerId>,
    /// The draft, as its writer encoded it.
    pub content: Vec<u8>,
}

fn about(fields: &Fields) -> Option<GrowerId> {
    text(fields, ABOUT).parse().ok()
}

impl Store {
    fn list<T>(
        &self,
        village: Option<VillageNo>,
        list: &str,
        read: impl Fn(Listed) -> Option<T>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = fields::of_list(self.reader(), village, list, "")?;
        Ok(rows.into_iter().filter_map(read).collect())
    }

    /// The collection points of a village, or of all; those no longer used too.
    ///
    /// # Errors
    /// The store's own. So for every method here.
    pub fn points(&self, village: Option<VillageNo>) -> Result<Vec<PointRow>, StoreError> {
        self.list(village, POINT, |listed| {
            Some(PointRow {
                village: listed.village,
                name: text(&listed.fields, NAME),
                place: text(&listed.fields, PLACE),
                retired: is_set(&listed.fields, RETIRED),
                row: listed.row,
            })
        })
    }

    /// The kinds of crates of a village, or of all; those no longer used too.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `points`")]
    pub fn crate_types(&self, village: Option<VillageNo>) -> Result<Vec<CrateTypeRow>, StoreError> {
        self.list(village, CRATE_TYPE, |listed| {
            let tare = listed.fields.iter().find(|(field, _)| field == TARE_G);
            let tare = match tare.map(|(_, reading)| &reading.value) {
                Some(Value::Int(grams)) => Grams::new(*grams),
                _ => Grams::ZERO,
            };
            Some(CrateTypeRow {
                village: listed.village,
                name: text(&listed.fields, NAME),
                tare,
                retired: is_set(&listed.fields, RETIRED),
                row: listed.row,
            })
        })
    }

    /// The remarks of a village's register, or of all; cleared ones are left out.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `points`")]
    pub fn register_notes(&self, village: Option<VillageNo>) -> Result<Vec<NoteRow>, StoreError> {
        self.list(village, NOTE, |listed| {
            let text = text(&listed.fields, TEXT);
            let about = about(&listed.fields);
            (!text.is_empty()).then_some(NoteRow {
                village: listed.village,
                row: listed.row,
                about,
                text,
            })
        })
    }

    /// Contracts being drawn up in a village, or in all; cleared ones are left out.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `points`")]
    pub fn contract_drafts(&self, village: Option<VillageNo>) -> Result<Vec<DraftRow>, StoreError> {
        self.list(village, DRAFT, |listed| {
            let content = listed.fields.iter().find(|(field, _)| field == CONTENT)?;
            let Value::Bytes(content) = &content.1.value else { return None };
            Some(DraftRow {
                village: listed.village,
                contract: listed.row.parse().ok()?,
                grower: about(&listed.fields),
                content: content.clone(),
            })
        })
    }

    /// A row of this list that nobody has used: the letter, this device and its next number, so that
    /// two devices offline never take the same.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `points`")]
    pub fn next_row(
        &self,
        village: VillageNo,
        list: &str,
        letter: char,
        device: DeviceNo,
    ) -> Result<String, StoreError> {
        let begins = format!("{letter}-{device}-");
        let taken = fields::of_list(self.reader(), Some(village), list, &begins)?;
        let numbers = taken.iter().filter_map(|listed| listed.row.strip_prefix(&begins));
        let last = numbers.filter_map(|number| number.parse::<u32>().ok()).max().unwrap_or(0);
        Ok(format!("{begins}{}", last.saturating_add(1)))
    }
}
