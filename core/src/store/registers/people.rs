//! A household whole: its names with the days from which they hold, its persons, what is noted.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::document::register::keys::{
    self, GROWER, NAME, PAYEE, PERSON, PHONE, RELATION, RETIRED, SINCE, USUAL_POINT, person_of_row,
};
use crate::domain::{BusinessDate, GrowerId, VillageNo};
use crate::store::error::StoreError;
use crate::store::{GrowerRow, Store, growers};

use super::fields::{self, Fields, is_set, text};
use super::points::NoteRow;

/// A name of a household's head, and from which day it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameSpan {
    /// Which of the household's names, from 1.
    pub number: u32,
    /// The name.
    pub name: String,
    /// From this day on; `None`: on every day.
    pub since: Option<BusinessDate>,
}

impl NameSpan {
    /// The names among a grower's fields, in the order of their numbers; cleared ones are left out.
    pub(crate) fn all(fields: &[(String, crate::document::Reading)]) -> Vec<NameSpan> {
        let value = |field: &str| {
            let found = fields.iter().find(|(name, _)| name == field);
            found.and_then(|(_, reading)| reading.value.as_text())
        };
        let numbered = |field: &str| field.strip_prefix(NAME)?.strip_prefix('/')?.parse().ok();
        let mut names: Vec<NameSpan> = fields
            .iter()
            .filter_map(|(field, reading)| {
                let number: u32 = numbered(field)?;
                let since = value(&format!("{SINCE}/{number}")).and_then(|day| day.parse().ok());
                Some(NameSpan { number, name: reading.value.as_text()?.to_owned(), since })
            })
            .collect();
        names.sort_by_key(|span| span.number);
        names
    }

    /// The name on a day: of those that hold by then the one with the highest number; before the
    /// first, the first.
    pub fn on(names: &[NameSpan], day: BusinessDate) -> Option<&str> {
        let held = names.iter().rev().find(|span| span.since.is_none_or(|since| since <= day));
        held.or(names.first()).map(|span| span.name.as_str())
    }
}

/// A person of a household who is not its head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// The household.
    pub grower: GrowerId,
    /// Which of its persons, from 1.
    pub number: u16,
    /// The name.
    pub name: String,
    /// What the person is to the head; empty if not written.
    pub relation: String,
    /// The phone number; empty if none.
    pub phone: String,
    /// Whether the person no longer belongs to it.
    pub retired: bool,
}

impl PersonRow {
    fn of(grower: GrowerId, number: u16, fields: &Fields) -> Self {
        PersonRow {
            grower,
            number,
            name: text(fields, NAME),
            relation: text(fields, RELATION),
            phone: text(fields, PHONE),
            retired: is_set(fields, RETIRED),
        }
    }
}

/// A household with all that the register says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Household {
    /// Its row in the list of growers.
    pub row: GrowerRow,
    /// The names of its head, with the days from which they hold.
    pub names: Vec<NameSpan>,
    /// Who receives the money, if not the head; empty if the head does.
    pub payee: String,
    /// The point at which it usually delivers; empty if not written.
    pub usual_point: String,
    /// Its other persons, in order of their numbers.
    pub persons: Vec<PersonRow>,
    /// Remarks about it.
    pub notes: Vec<NoteRow>,
}

fn names(
    connection: &Connection,
    village: VillageNo,
    grower: GrowerId,
) -> Result<(Fields, Vec<NameSpan>), StoreError> {
    let fields = fields::of_row(connection, village, GROWER, &grower.to_string())?;
    let names = NameSpan::all(&fields);
    Ok((fields, names))
}

impl Store {
    /// A household with all that the register says of it; `None` if it is not there.
    ///
    /// # Errors
    /// The store's own. So for every method here.
    pub fn household(&self, grower: GrowerId) -> Result<Option<Household>, StoreError> {
        let Some(row) = self.grower(grower)? else { return Ok(None) };
        let (fields, names) = names(self.reader(), row.village, grower)?;
        let about = |note: &NoteRow| note.about == Some(grower);
        Ok(Some(Household {
            names,
            payee: text(&fields, PAYEE),
            usual_point: text(&fields, USUAL_POINT),
            persons: self.persons(grower)?,
            notes: self.register_notes(Some(row.village))?.into_iter().filter(about).collect(),
            row,
        }))
    }

    /// The name that a household's head had on a day: what a slip of that day shows. `None` if the
    /// register does not know the household.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `household`")]
    pub fn name_on(
        &self,
        grower: GrowerId,
        day: BusinessDate,
    ) -> Result<Option<String>, StoreError> {
        let Some(village) = growers::village(self.reader(), grower)? else { return Ok(None) };
        let (_, names) = names(self.reader(), village, grower)?;
        Ok(NameSpan::on(&names, day).map(str::to_owned))
    }

    /// The names of every household whose head has had more than one, with their days.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `household`")]
    pub fn renamed(&self) -> Result<BTreeMap<GrowerId, Vec<NameSpan>>, StoreError> {
        let mut renamed = BTreeMap::new();
        for listed in fields::of_list(self.reader(), None, GROWER, "")? {
            let names = NameSpan::all(&listed.fields);
            if let (true, Ok(grower)) = (names.len() > 1, listed.row.parse()) {
                renamed.insert(grower, names);
            }
        }
        Ok(renamed)
    }

    /// The persons of a household besides its head, in order of their numbers; former ones too.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `household`")]
    pub fn persons(&self, grower: GrowerId) -> Result<Vec<PersonRow>, StoreError> {
        let Some(village) = growers::village(self.reader(), grower)? else {
            return Ok(Vec::new());
        };
        let begins = format!("{grower}-");
        let rows = fields::of_list(self.reader(), Some(village), PERSON, &begins)?;
        let mut persons: Vec<PersonRow> = rows
            .iter()
            .filter_map(|listed| {
                let (of, number) = person_of_row(&listed.row)?;
                (of == grower).then(|| PersonRow::of(grower, number, &listed.fields))
            })
            .collect();
        persons.sort_by_key(|person| person.number);
        Ok(persons)
    }

    /// The number that the next person of a household gets.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `household`")]
    pub fn next_person(&self, grower: GrowerId) -> Result<u16, StoreError> {
        let last = self.persons(grower)?.last().map_or(0, |person| person.number);
        last.checked_add(1).ok_or_else(|| StoreError::inconsistent("65,535 persons"))
    }

    /// The name of a person of a household on a day; 0 is its head.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `household`")]
    pub fn person_name_on(
        &self,
        grower: GrowerId,
        person: u16,
        day: BusinessDate,
    ) -> Result<Option<String>, StoreError> {
        if person == 0 {
            return self.name_on(grower, day);
        }
        let Some(village) = growers::village(self.reader(), grower)? else { return Ok(None) };
        let row = keys::person_row(grower, person);
        let fields = fields::of_row(self.reader(), village, PERSON, &row)?;
        Ok(Some(text(&fields, NAME)).filter(|name| !name.is_empty()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(number: u32, name: &str, since: Option<&str>) -> NameSpan {
        let since = since.map(|day| day.parse().unwrap());
        NameSpan { number, name: name.to_owned(), since }
    }

    #[test]
    fn a_day_has_the_name_that_held_then() {
        let names = [
            span(1, "王桂花", None),
            span(2, "王贵花", Some("2026-07-10")),
            span(3, "王贵华", Some("2026-08-01")),
        ];
        for (day, name) in [
            ("2026-07-09", "王桂花"),
            ("2026-07-10", "王贵花"),
            ("2026-07-31", "王贵花"),
            ("2026-08-01", "王贵华"),
        ] {
            assert_eq!(NameSpan::on(&names, day.parse().unwrap()), Some(name), "{day}");
        }
        assert_eq!(NameSpan::on(&[], "2026-07-09".parse().unwrap()), None);
        let late = [span(1, "李", Some("2026-07-01"))];
        assert_eq!(NameSpan::on(&late, "2020-01-01".parse().unwrap()), Some("李"));
    }
}
