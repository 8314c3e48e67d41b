//! Households under several numbers, as a table: each linked number with the one that is shown.

use rusqlite::{Connection, OptionalExtension as _, Transaction};

use crate::domain::{EntryId, GrowerId, Kind};
use crate::ledger::Arrived;
use crate::ledger::identity::Identities;

use super::entries;
use super::{Store, StoreError};

/// Makes the table anew after a link or unlink came; there are few.
pub(crate) fn refresh(transaction: &Transaction<'_>, arrived: &Arrived) -> Result<(), StoreError> {
    let kind = arrived.entry.body.kind();
    if !matches!(kind, Some(Kind::IdentityLink | Kind::IdentityUnlink)) {
        return Ok(());
    }
    transaction.execute("DELETE FROM identities", [])?;
    let mut statement =
        transaction.prepare_cached("INSERT INTO identities (grower, shown) VALUES (?1, ?2)")?;
    for (grower, shown) in fold(transaction)?.all() {
        statement.execute((grower.key(), shown.key()))?;
    }
    Ok(())
}

fn fold(connection: &Connection) -> Result<Identities, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id FROM entries e WHERE e.partition IS NULL AND e.kind IN (?1, ?2)
             AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.entry = e.id)",
    )?;
    let kinds = (Kind::IdentityLink.number(), Kind::IdentityUnlink.number());
    let keys: Vec<i64> = statement.query_map(kinds, |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut all: Vec<Arrived> = Vec::new();
    for id in keys.into_iter().filter_map(EntryId::from_key) {
        all.extend(entries::get(connection, id)?.map(|stored| stored.arrived));
    }
    Ok(Identities::fold(&all))
}

/// The number under which a grower is shown.
pub(crate) fn shown(connection: &Connection, grower: GrowerId) -> Result<GrowerId, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT shown FROM identities WHERE grower = ?1")?;
    let key: Option<i64> = statement.query_row([grower.key()], |row| row.get(0)).optional()?;
    Ok(key.and_then(GrowerId::from_key).unwrap_or(grower))
}

impl Store {
    /// Which numbers are one household, with every link.
    ///
    /// # Errors
    /// The store's own. So for every method here.
    pub fn identities(&self) -> Result<Identities, StoreError> {
        fold(self.reader())
    }

    /// The number under which a grower is shown: their own unless a link says otherwise.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `identities`")]
    pub fn shown(&self, grower: GrowerId) -> Result<GrowerId, StoreError> {
        shown(self.reader(), grower)
    }

    /// Every number of a grower's household, the shown one first.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `identities`")]
    pub fn household_numbers(&self, grower: GrowerId) -> Result<Vec<GrowerId>, StoreError> {
        let shown = self.shown(grower)?;
        let mut statement = self.reader().prepare_cached(
            "SELECT grower FROM identities WHERE shown = ?1 AND grower <> ?1 ORDER BY grower",
        )?;
        let keys = statement.query_map([shown.key()], |row| row.get(0))?;
        let mut all = vec![shown];
        for key in keys {
            all.extend(GrowerId::from_key(key?));
        }
        Ok(all)
    }
}
