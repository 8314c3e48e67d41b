//! Who may do what concerns people's data, and when a second person has to agree.

use super::acting::{Acting, Role};
use super::error::CommandError;
use super::{Office, OfficeError};
use crate::log::Transaction;

/// Who may write and remove personal data.
pub const WRITES: &[Role] = &[Role::Clerk, Role::Manager, Role::Administrator];
/// Who may agree as the second person.
pub const AGREES: &[Role] = &[Role::Reviewer, Role::Manager, Role::Administrator];
/// Who may see whole numbers: purchase invoices need them.
pub const REVEALS: &[Role] = &[Role::Clerk, Role::Administrator];

impl Office {
    /// Two different users who change or remove personal data together: the one who does it, and
    /// the one who agrees.
    ///
    /// # Errors
    /// [`CommandError::NoUser`], [`CommandError::MayNot`], or [`CommandError::SamePerson`] if there
    /// is no second or it is the first.
    pub fn two_persons(
        &mut self,
        tx: &mut dyn Transaction,
        by: &str,
        approved_by: Option<&str>,
        now_ms: i64,
    ) -> Result<(Acting, Acting), OfficeError> {
        let first = self.acting(tx, by, WRITES, now_ms)?;
        let second = approved_by.ok_or_else(|| CommandError::SamePerson(first.name.clone()))?;
        let second = self.acting(tx, second, AGREES, now_ms)?;
        if first.name == second.name {
            return Err(CommandError::SamePerson(first.name).into());
        }
        Ok((first, second))
    }
}
