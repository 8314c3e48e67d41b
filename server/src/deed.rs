//! An act of a user of the office: their number stands on every entry, their name in the list of
//! acts, and all of it is one transaction.

use courtyard_core::domain::{Body, BusinessDate, EntityNo, EntryId, VillageNo};

use crate::log::{Reads, Transaction};
use crate::node::{Node, NodeError};
use crate::office::acting::{Acting, Role};
use crate::office::error::CommandError;
use crate::office::publish::Stamp;
use crate::office::{Office, OfficeError};
use crate::rng::ServerRng;

/// What an acting user has at hand inside the transaction of their act.
pub struct Deed<'a> {
    /// The office.
    pub office: &'a mut Office,
    /// The log's one write transaction.
    pub tx: &'a mut dyn Transaction,
    /// Who acts.
    pub acting: Acting,
    /// The server's clock, in milliseconds since 1970-01-01 UTC.
    pub now_ms: i64,
    /// Randomness.
    pub rng: &'a mut ServerRng,
}

impl std::fmt::Debug for Deed<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Deed").field("acting", &self.acting).finish_non_exhaustive()
    }
}

/// What stands on the entries of a deed besides who wrote them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct On {
    /// In which office's book; none is the county's.
    pub village: Option<VillageNo>,
    /// On whose account.
    pub entity: EntityNo,
    /// The business date; today by the server's clock if none.
    pub date: Option<BusinessDate>,
}

impl Deed<'_> {
    /// The log as it stands inside the transaction.
    pub fn reads(&self) -> &dyn Reads {
        self.tx.reads()
    }

    /// Writes entries with the acting user's number, and a line for each in the list of acts.
    ///
    /// # Errors
    /// [`CommandError::NoVillage`] without such an office, or the log's error.
    pub fn write(&mut self, on: On, bodies: &[Body]) -> Result<Vec<EntryId>, OfficeError> {
        let today = Stamp::today(self.now_ms);
        let stamp = Stamp {
            date: on.date.unwrap_or(today.date),
            entity: on.entity,
            operator: self.acting.operator,
            ..today
        };
        let ids = self.office.publish(self.tx, on.village, bodies, stamp)?;
        for (body, id) in bodies.iter().zip(&ids) {
            let kind = body.kind().map_or("entry", |kind| kind.name());
            self.note(kind, &id.to_string())?;
        }
        Ok(ids)
    }

    /// Adds a line to the list of acts, in the acting user's name.
    ///
    /// # Errors
    /// The log's error.
    pub fn note(&mut self, act: &str, subject: &str) -> Result<(), OfficeError> {
        self.office.user_act(self.tx, &self.acting.name, act, subject, self.now_ms)
    }

    /// The second person of an act: another one than who acts, with one of these roles.
    ///
    /// # Errors
    /// [`CommandError::SamePerson`], [`CommandError::NoUser`] or [`CommandError::MayNot`].
    pub fn second(&mut self, name: &str, may: &[Role]) -> Result<Acting, OfficeError> {
        let second = self.office.acting(self.tx, name, may, self.now_ms)?;
        if second.operator == self.acting.operator {
            return Err(CommandError::SamePerson(second.name).into());
        }
        Ok(second)
    }
}

impl Node {
    /// One act of a user of the office in one transaction: all of it is durable on return, with the
    /// user's number on the entries and their name in the list of acts, or none of it.
    ///
    /// # Errors
    /// [`CommandError::NoUser`], [`CommandError::MayNot`], what the act answers, or the log's error.
    pub fn act_as<T>(
        &mut self,
        by: &str,
        may: &[Role],
        act: impl FnOnce(&mut Deed<'_>) -> Result<T, OfficeError>,
    ) -> Result<T, NodeError> {
        self.act(|office, tx, now_ms, rng| {
            let acting = office.acting(tx, by, may, now_ms)?;
            act(&mut Deed { office, tx, acting, now_ms, rng })
        })
    }
}

#[cfg(test)]
mod tests {
    use courtyard_core::domain::OperatorNo;
    use courtyard_core::domain::note::Note;
    use courtyard_core::domain::roster::Duty;

    use super::*;
    use crate::command::place::failure;
    use crate::command::place::tests::node;
    use crate::office::published::published;

    const PASSWORD: &str = "long enough";

    fn staffed() -> (Node, tempfile::TempDir) {
        let (mut node, folder) = node();
        node.put_user("王经办", "clerk", PASSWORD).unwrap();
        node.put_user("李审核", "reviewer", PASSWORD).unwrap();
        (node, folder)
    }

    fn note(text: &str) -> Body {
        Note { about: None, text: text.into() }.into()
    }

    #[test]
    fn every_user_has_a_number_of_the_roster_and_keeps_it() {
        let (mut node, _folder) = staffed();
        node.put_user("王经办", "manager", PASSWORD).unwrap();
        let reads = node.read().unwrap();
        let users = reads.users().unwrap();
        let numbers: Vec<_> = users.iter().map(|user| user.operator.get()).collect();
        assert_eq!(numbers, [2, 1]);
        let published = published(reads.as_ref()).unwrap();
        let member = published.member(OperatorNo::new(1)).unwrap();
        assert_eq!((member.name.as_str(), member.duty), ("王经办", Duty::Office));
        assert_eq!(published.roster().count(), 2);
    }

    #[test]
    fn a_user_from_before_gets_a_number_when_they_act() {
        let (mut node, _folder) = staffed();
        node.act(|_, tx, _, _| {
            let mut old = tx.user("王经办")?.unwrap();
            old.name = "老用户".into();
            old.operator = OperatorNo::default();
            Ok(tx.put_user(&old)?)
        })
        .unwrap();
        let number = node.act_as("老用户", Role::CLERKS, |deed| Ok(deed.acting.operator)).unwrap();
        assert_eq!(number, OperatorNo::new(3));
        assert_eq!(node.read().unwrap().user("老用户").unwrap().unwrap().operator, number);
    }

    #[test]
    fn an_act_carries_the_users_number_and_leaves_a_line() {
        let (mut node, _folder) = staffed();
        let village = node.add_village("石桥村", None).unwrap();
        let on = On { village: Some(village), ..On::default() };
        let ids = node
            .act_as("李审核", Role::REVIEWERS, |deed| deed.write(on, &[note("核对过")]))
            .unwrap();
        let id = *ids.first().unwrap();
        let view = node.view().unwrap();
        let stored = view.store().entry(id).unwrap().unwrap();
        let entry = courtyard_core::domain::Entry::decode(&stored.bytes).unwrap();
        assert_eq!(entry.envelope.operator, OperatorNo::new(2));
        let act = node.read().unwrap().acts(1).unwrap().pop().unwrap();
        assert_eq!((act.actor.as_str(), act.act.as_str()), ("李审核", "note"));
        assert_eq!(act.subject, id.to_string());
    }

    #[test]
    fn who_may_not_or_is_the_same_person_leaves_nothing_behind() {
        let (mut node, _folder) = staffed();
        let before = node.read().unwrap().acts(100).unwrap().len();
        let said = failure(
            node.act_as("王经办", Role::REVIEWERS, |deed| {
                deed.write(On::default(), &[note("一")])
            })
            .unwrap_err(),
        );
        assert!(
            said.text().contains("reviewer") && said.text().contains("审核"),
            "{}",
            said.text()
        );
        let said = failure(
            node.act_as("李审核", Role::REVIEWERS, |deed| {
                deed.write(On::default(), &[note("一")])?;
                deed.second("李审核", Role::REVIEWERS)
            })
            .unwrap_err(),
        );
        assert!(said.text().contains("entry.same_person"), "{}", said.text());
        let nobody = node.act_as("没有", Role::CLERKS, |_| Ok(())).unwrap_err();
        assert!(failure(nobody).text().contains("user list"));
        assert_eq!(node.read().unwrap().acts(100).unwrap().len(), before);
    }
}
