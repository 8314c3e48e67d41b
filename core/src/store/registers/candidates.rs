//! What the registers say of households, as the search for likely same ones compares it.

use crate::desk::candidates::{Candidate, HouseholdFacts, Spelling, candidates};
use crate::document::register::keys::{GROWER, NAME, PERSON, PHONE, RETIRED, person_of_row};
use crate::domain::{GrowerId, VillageNo};
use crate::store::error::StoreError;
use crate::store::{Store, search_keys};

use super::fields::{is_set, of_list, text};
use super::people::NameSpan;

fn spelling(name: String) -> Spelling {
    let pinyin = search_keys(&name).pinyin;
    Spelling { name, pinyin }
}

impl Store {
    /// Households of a village, or of each village, that may be one; those retired or erased, and
    /// those that the district has linked already, are left out.
    ///
    /// # Errors
    /// The store's own.
    pub fn candidates(&self, village: Option<VillageNo>) -> Result<Vec<Candidate>, StoreError> {
        let mut facts: Vec<HouseholdFacts> = Vec::new();
        for row in self.growers(village)? {
            if row.retired || row.erased {
                continue;
            }
            facts.push(HouseholdFacts {
                grower: row.id,
                village: row.village,
                names: Vec::new(),
                phones: Some(row.phone).filter(|phone| !phone.is_empty()).into_iter().collect(),
                group: row.group,
                persons: Vec::new(),
            });
        }
        facts.sort_by_key(|household| household.grower);
        let place = |facts: &[HouseholdFacts], grower: GrowerId| {
            facts.binary_search_by_key(&grower, |household| household.grower).ok()
        };
        for listed in of_list(self.reader(), village, GROWER, "")? {
            let found = listed.row.parse().ok().and_then(|grower| place(&facts, grower));
            if let Some(household) = found.and_then(|place| facts.get_mut(place)) {
                let names = NameSpan::all(&listed.fields).into_iter();
                household.names.extend(names.map(|span| spelling(span.name)));
            }
        }
        for listed in of_list(self.reader(), village, PERSON, "")? {
            let of = person_of_row(&listed.row).and_then(|(grower, _)| place(&facts, grower));
            let Some(household) = of.and_then(|place| facts.get_mut(place)) else { continue };
            if is_set(&listed.fields, RETIRED) {
                continue;
            }
            household.persons.push(spelling(text(&listed.fields, NAME)));
            let phone = text(&listed.fields, PHONE);
            if !phone.is_empty() && !household.phones.contains(&phone) {
                household.phones.push(phone);
            }
        }
        let mut found = Vec::new();
        for candidate in candidates(&facts) {
            if self.shown(candidate.one)? != self.shown(candidate.other)? {
                found.push(candidate);
            }
        }
        Ok(found)
    }
}
