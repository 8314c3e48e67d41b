//! The village's register from the phone: households, their persons, remarks; registered and changed
//! offline, and settled where two people wrote at once.

use crate::document::Value;
use crate::document::register::keys::{self, Key};
use crate::document::register::{plain, typed};
use crate::domain::{BusinessDate, GrowerId};
use crate::store::{Conflict, Household};

use super::{Steward, StewardError};

/// What the register says of a household; what is `None` stays as it is, an empty text is cleared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GrowerDetails {
    /// The name of its head.
    pub name: Option<String>,
    /// From which day a new name holds; without one it puts the last name right, for every day.
    pub name_since: Option<BusinessDate>,
    /// Its group (组).
    pub group: Option<String>,
    /// Its phone number.
    pub phone: Option<String>,
    /// Where it lives.
    pub address: Option<String>,
    /// Who receives the money, if not the head.
    pub payee: Option<String>,
    /// 脱贫户 or 监测户.
    pub flag: Option<String>,
    /// A mark that it no longer has.
    pub flag_off: Option<String>,
    /// Whether it no longer delivers.
    pub retired: Option<bool>,
}

/// What the register says of a person of a household; what is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonDetails {
    /// The name.
    pub name: Option<String>,
    /// What the person is to the head, such as 儿子.
    pub relation: Option<String>,
    /// The phone number.
    pub phone: Option<String>,
    /// Whether the person no longer belongs to it.
    pub retired: Option<bool>,
}

type Fields = Vec<(String, Value)>;

impl Steward {
    /// Registers a household; offline too.
    ///
    /// # Errors
    /// [`StewardError::NotEnrolled`] or the store's own.
    pub fn add_grower(&mut self, details: &GrowerDetails) -> Result<GrowerId, StewardError> {
        let grower = self.store.next_grower(self.device()?)?;
        let name = word("name", details.name.as_deref().unwrap_or_default())?;
        let mut fields = vec![(keys::grower_name_key(grower, 1), name)];
        fields.extend(details.fields(grower)?);
        self.edit(fields)?;
        Ok(grower)
    }

    /// Changes what the register says of a household. A new name that holds from a day stands beside
    /// the former ones; slips of earlier days go on showing those.
    ///
    /// # Errors
    /// [`StewardError::Unknown`] if it is not in the register, or the store's own.
    pub fn change_grower(
        &mut self,
        grower: GrowerId,
        details: &GrowerDetails,
    ) -> Result<(), StewardError> {
        let known = self.store.grower(grower)?.filter(|known| !known.erased);
        let known = known.ok_or_else(|| StewardError::Unknown { what: grower.to_string() })?;
        let mut fields = details.fields(grower)?;
        if let Some(name) = &details.name {
            let name = word("name", name)?;
            match details.name_since {
                Some(since) => {
                    let number = known.name_number.saturating_add(1);
                    fields.push((keys::grower_name_key(grower, number), name));
                    let since = Value::Text(since.to_string());
                    fields.push((keys::grower_since_key(grower, number), since));
                }
                None => {
                    fields.push((keys::grower_name_key(grower, known.name_number.max(1)), name));
                }
            }
        }
        self.edit(fields)
    }

    /// A household with all that the register says of it.
    ///
    /// # Errors
    /// [`StewardError::Unknown`] if it is not in the register, or the store's own.
    pub fn household(&self, grower: GrowerId) -> Result<Household, StewardError> {
        let found = self.store.household(grower)?;
        found.ok_or_else(|| StewardError::Unknown { what: grower.to_string() })
    }

    /// Adds a person to a household, and gives the number.
    ///
    /// # Errors
    /// [`StewardError::Unknown`] if the household is not in the register, or the store's own.
    pub fn add_person(
        &mut self,
        grower: GrowerId,
        details: &PersonDetails,
    ) -> Result<u16, StewardError> {
        self.household(grower)?;
        let person = self.store.next_person(grower)?;
        self.edit(details.fields(grower, person)?)?;
        Ok(person)
    }

    /// Changes what the register says of a person of a household. The head, 0, is changed with
    /// [`change_grower`](Self::change_grower).
    ///
    /// # Errors
    /// [`StewardError::Unknown`] if there is no such person, or the store's own.
    pub fn change_person(
        &mut self,
        grower: GrowerId,
        person: u16,
        details: &PersonDetails,
    ) -> Result<(), StewardError> {
        if !self.store.persons(grower)?.iter().any(|known| known.number == person) {
            return Err(StewardError::Unknown { what: keys::person_row(grower, person) });
        }
        self.edit(details.fields(grower, person)?)
    }

    /// Adds a remark to the register, about a household or about the village; gives its row.
    ///
    /// # Errors
    /// [`StewardError::NotEnrolled`] or the store's own.
    pub fn add_remark(
        &mut self,
        about: Option<GrowerId>,
        text: &str,
    ) -> Result<String, StewardError> {
        if let Some(grower) = about {
            self.household(grower)?;
        }
        let (village, device) = (self.village()?, self.device()?);
        let row = self.store.next_row(village, keys::NOTE, 'N', device)?;
        let key = |field| Key::new(keys::NOTE, &row, field).to_string();
        let mut fields = vec![(key(keys::TEXT), word("text", text)?)];
        if let Some(grower) = about {
            fields.push((key(keys::ABOUT), Value::Text(grower.to_string())));
        }
        self.edit(fields)?;
        Ok(row)
    }

    /// Takes a remark away.
    ///
    /// # Errors
    /// [`StewardError::Unknown`] if it is not there, or the store's own.
    pub fn remove_remark(&mut self, row: &str) -> Result<(), StewardError> {
        let village = self.village()?;
        if !self.store.register_notes(Some(village))?.iter().any(|note| note.row == row) {
            return Err(StewardError::Unknown { what: row.to_owned() });
        }
        self.edit(vec![(Key::new(keys::NOTE, row, keys::TEXT).to_string(), Value::Null)])
    }

    /// Settles a field that two people wrote at once: one of the values, or another one.
    ///
    /// # Errors
    /// [`StewardError::Unknown`] if the field is in no conflict, [`StewardError::NotAValue`] if
    /// the text is no value of it, or the store's own.
    pub fn settle(&mut self, key: &str, value: &str) -> Result<Value, StewardError> {
        let all = self.conflicts()?;
        let unknown = || StewardError::Unknown { what: key.to_owned() };
        let conflict = all.iter().find(|conflict| conflict.key == key).ok_or_else(unknown)?;
        let value = conflict.typed(value).ok_or_else(|| not_a_value(key, value))?;
        self.edit(vec![(key.to_owned(), value.clone())])?;
        Ok(value)
    }

    fn edit(&mut self, fields: Fields) -> Result<(), StewardError> {
        let village = self.village()?;
        if fields.is_empty() {
            return Ok(());
        }
        self.may_begin()?;
        // Nobody writes on a locked phone.
        self.operator()?;
        let signer = self.signer.as_ref().ok_or(StewardError::NotEnrolled)?;
        self.store.work(signer, |work| {
            work.edit(village, fields.clone()).map(|_| ()).map_err(StewardError::from)
        })
    }
}

impl Conflict {
    /// The value that a person means by what they typed to settle it.
    pub fn typed(&self, text: &str) -> Option<Value> {
        let stands: Vec<&Value> = std::iter::once(&self.shown).chain(&self.others).collect();
        typed(&Key::parse(&self.key)?, text, &stands)
    }
}

fn not_a_value(field: &str, typed: &str) -> StewardError {
    StewardError::NotAValue { field: field.to_owned(), typed: typed.chars().take(40).collect() }
}

/// A text as the register takes it; an empty one clears the field.
fn word(field: &str, text: &str) -> Result<Value, StewardError> {
    let text = plain(text).ok_or_else(|| not_a_value(field, text))?;
    Ok(if text.is_empty() { Value::Null } else { Value::Text(text) })
}

fn texts<'t>(
    fields: impl IntoIterator<Item = (&'t str, &'t Option<String>)>,
    key: impl Fn(&str) -> String,
) -> Result<Fields, StewardError> {
    let mut all = Fields::new();
    for (field, text) in fields {
        if let Some(text) = text {
            all.push((key(field), word(field, text)?));
        }
    }
    Ok(all)
}

impl GrowerDetails {
    /// The assignments of everything but the name.
    fn fields(&self, grower: GrowerId) -> Result<Fields, StewardError> {
        let named = [
            (keys::GROUP, &self.group),
            (keys::PHONE, &self.phone),
            (keys::ADDRESS, &self.address),
            (keys::PAYEE, &self.payee),
        ];
        let mut fields = texts(named, |field| keys::grower_key(grower, field))?;
        for (flag, on) in [(&self.flag, true), (&self.flag_off, false)] {
            if let Some(flag) = flag {
                fields.push((keys::grower_flag_key(grower, flag), Value::Bool(on)));
            }
        }
        if let Some(retired) = self.retired {
            fields.push((keys::grower_key(grower, keys::RETIRED), Value::Bool(retired)));
        }
        Ok(fields)
    }
}

impl PersonDetails {
    fn fields(&self, grower: GrowerId, person: u16) -> Result<Fields, StewardError> {
        let named = [
            (keys::NAME, &self.name),
            (keys::RELATION, &self.relation),
            (keys::PHONE, &self.phone),
        ];
        let mut fields = texts(named, |field| keys::person_key(grower, person, field))?;
        if let Some(retired) = self.retired {
            let key = keys::person_key(grower, person, keys::RETIRED);
            fields.push((key, Value::Bool(retired)));
        }
        Ok(fields)
    }
}
