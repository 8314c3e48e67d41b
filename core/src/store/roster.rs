//! The district's roster as a table: who works where, under which number, at which phone.

use rusqlite::{Connection, OptionalExtension as _, Transaction};

use crate::domain::roster::Member;
use crate::domain::{Body, DeviceNo, EntryId, GrowerId, OperatorNo};

use super::Store;
use super::entries::Place;
use super::error::StoreError;
use super::published;

/// Takes a person of the roster; the latest entry of a number holds, whichever arrived first.
pub(crate) fn put(
    transaction: &Transaction<'_>,
    place: Place,
    member: &Member,
) -> Result<(), StoreError> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO roster (number, close_index, lamport, entry, device, active, household)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (number) DO UPDATE SET close_index = excluded.close_index,
             lamport = excluded.lamport, entry = excluded.entry, device = excluded.device,
             active = excluded.active, household = excluded.household
         WHERE (excluded.close_index, excluded.lamport, excluded.entry)
             >= (close_index, lamport, entry)",
    )?;
    statement.execute((
        member.number.get(),
        place.close,
        place.lamport,
        place.id,
        member.device.map(DeviceNo::get),
        member.active,
        member.household.map(GrowerId::key),
    ))?;
    Ok(())
}

/// The person in whose name a phone writes when nobody has entered a PIN; of two, whom the roster
/// named last.
pub(crate) fn of_device(
    connection: &Connection,
    device: DeviceNo,
) -> Result<Option<OperatorNo>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT number FROM roster WHERE device = ?1 AND active
         ORDER BY close_index DESC, lamport DESC, entry DESC LIMIT 1",
    )?;
    let number: Option<u16> = statement.query_row([device.get()], |row| row.get(0)).optional()?;
    Ok(number.map(OperatorNo::new))
}

impl Store {
    /// The whole roster, in order of numbers; those who left too.
    ///
    /// # Errors
    /// The store's own. So for every method here.
    pub fn roster(&self) -> Result<Vec<Member>, StoreError> {
        let mut statement =
            self.reader().prepare_cached("SELECT entry FROM roster ORDER BY number")?;
        let keys = statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
        let members = keys.into_iter().map(|key| self.member_in(key));
        members.filter_map(Result::transpose).collect()
    }

    /// The person of the roster with this number.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `roster`")]
    pub fn member(&self, number: OperatorNo) -> Result<Option<Member>, StoreError> {
        let mut statement =
            self.reader().prepare_cached("SELECT entry FROM roster WHERE number = ?1")?;
        let key = statement.query_row([number.get()], |row| row.get(0)).optional()?;
        key.map_or(Ok(None), |key| self.member_in(key))
    }

    /// The person in whose name a phone writes when nobody has entered a PIN; 0 if the roster names
    /// nobody.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `roster`")]
    pub fn operator_of(&self, device: DeviceNo) -> Result<OperatorNo, StoreError> {
        Ok(of_device(self.reader(), device)?.unwrap_or_default())
    }

    /// Whether this household is the own one of whoever writes: of this person or, for 0, of nobody.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `roster`")]
    pub fn is_own_household(
        &self,
        operator: OperatorNo,
        grower: GrowerId,
    ) -> Result<bool, StoreError> {
        let mut statement = self
            .reader()
            .prepare_cached("SELECT 1 FROM roster WHERE number = ?1 AND household = ?2")?;
        Ok(statement.exists((operator.get(), grower.key()))?)
    }

    fn member_in(&self, key: i64) -> Result<Option<Member>, StoreError> {
        let Some(id) = EntryId::from_key(key) else { return Ok(None) };
        Ok(match published::entry(self.reader(), id)?.map(|entry| entry.body) {
            Some(Body::Steward(member)) => Some(member),
            _ => None,
        })
    }
}
