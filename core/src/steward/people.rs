//! Growers of the village: registered and changed offline, found by what a steward types.

use crate::document::Value;
use crate::document::register::keys;
use crate::domain::GrowerId;

use super::{Steward, StewardError};

/// What the register says of a household; what is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GrowerDetails {
    /// The name of its head.
    pub name: Option<String>,
    /// Its group (组).
    pub group: Option<String>,
    /// Its phone number.
    pub phone: Option<String>,
    /// 脱贫户 or 监测户.
    pub flag: Option<String>,
}

impl Steward {
    /// Registers a household; offline too.
    ///
    /// # Errors
    /// [`StewardError::NotEnrolled`] or the store's own.
    pub fn add_grower(&mut self, details: &GrowerDetails) -> Result<GrowerId, StewardError> {
        let grower = self.store.next_grower(self.device()?)?;
        let name = details.name.clone().unwrap_or_default();
        let mut fields = vec![(keys::grower_name_key(grower, 1), Value::Text(name))];
        fields.extend(self::fields(grower, details));
        self.edit(fields)?;
        Ok(grower)
    }

    /// Changes what the register says of a household; former names are kept.
    ///
    /// # Errors
    /// [`StewardError::Unknown`] if it is not in the register, or the store's own.
    pub fn change_grower(
        &mut self,
        grower: GrowerId,
        details: &GrowerDetails,
    ) -> Result<(), StewardError> {
        let known = self.store.grower(grower)?;
        let known = known.ok_or_else(|| StewardError::Unknown { what: grower.to_string() })?;
        let mut fields = self::fields(grower, details);
        if let Some(name) = &details.name {
            let number = known.name_number.saturating_add(1);
            fields.push((keys::grower_name_key(grower, number), Value::Text(name.clone())));
        }
        self.edit(fields)
    }

    fn edit(&mut self, fields: Vec<(String, Value)>) -> Result<(), StewardError> {
        let village = self.village()?;
        let signer = self.signer.as_ref().ok_or(StewardError::NotEnrolled)?;
        self.store.work(signer, |work| {
            work.edit(village, fields.clone()).map(|_| ()).map_err(StewardError::from)
        })
    }
}

/// The assignments of everything but the name.
fn fields(grower: GrowerId, details: &GrowerDetails) -> Vec<(String, Value)> {
    let mut fields = Vec::new();
    for (field, text) in [(keys::GROUP, &details.group), (keys::PHONE, &details.phone)] {
        if let Some(text) = text {
            fields.push((keys::grower_key(grower, field), Value::Text(text.clone())));
        }
    }
    if let Some(flag) = &details.flag {
        fields.push((keys::grower_flag_key(grower, flag), Value::Bool(true)));
    }
    fields
}
