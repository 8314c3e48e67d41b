//! The last four characters of sealed numbers, as the office said them last.

use crate::domain::{GrowerId, PersonNo};
use crate::wire::message::Tail;

use super::Store;
use super::error::StoreError;
use super::meta;
use super::queries::grower_id;

impl Store {
    /// The ends of a household's sealed numbers, in order of persons; the numbers themselves are
    /// never here.
    ///
    /// # Errors
    /// The store's own. So for every method here.
    pub fn number_tails(&self, grower: GrowerId) -> Result<Vec<Tail>, StoreError> {
        let mut statement = self.reader().prepare_cached(
            "SELECT grower, person, kind, last_four FROM number_tails
             WHERE grower = ?1 ORDER BY person, kind DESC",
        )?;
        let mut rows = statement.query([grower.key()])?;
        let mut tails = Vec::new();
        while let Some(row) = rows.next()? {
            tails.push(Tail {
                grower: grower_id(row.get(0)?)?,
                person: PersonNo::new(row.get(1)?),
                kind: row.get(2)?,
                last_four: row.get(3)?,
            });
        }
        Ok(tails)
    }

    /// The version of the table that is held; zeros before the first.
    pub(crate) fn tails_version(&self) -> Result<[u8; 8], StoreError> {
        Ok(meta::get(self.reader(), meta::name::TAILS_VERSION)?.unwrap_or_default())
    }

    /// Whether the server said that the table changed since it was fetched.
    pub(crate) fn wants_tails(&self) -> Result<bool, StoreError> {
        Ok(meta::get(self.reader(), meta::name::TAILS_WANTED)?.unwrap_or(false))
    }

    /// Notes that what is held is what the server has.
    pub(crate) fn has_tails(&mut self) -> Result<(), StoreError> {
        self.write(|transaction, _| meta::clear(transaction, meta::name::TAILS_WANTED))
    }

    /// Takes a table in place of what is held.
    pub(crate) fn put_tails(
        &mut self,
        version: &[u8; 8],
        tails: &[Tail],
    ) -> Result<(), StoreError> {
        self.write(|transaction, _| {
            transaction.prepare_cached("DELETE FROM number_tails")?.execute([])?;
            let mut statement = transaction.prepare_cached(
                "INSERT OR REPLACE INTO number_tails (grower, person, kind, last_four)
                 VALUES (?1, ?2, ?3, ?4)",
            )?;
            for tail in tails {
                let row = (tail.grower.key(), tail.person.get(), &tail.kind, &tail.last_four);
                statement.execute(row)?;
            }
            meta::clear(transaction, meta::name::TAILS_WANTED)?;
            meta::set(transaction, meta::name::TAILS_VERSION, version)
        })
    }
}
