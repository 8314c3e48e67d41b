//! Who acts at the office: a user with a role and a number in the district's roster, which stands
//! on every entry that they write.

use courtyard_core::domain::roster::{Duty, Member};
use courtyard_core::domain::{Body, OperatorNo};

use super::error::CommandError;
use super::published::published;
use super::{Office, OfficeError};
use crate::log::{LogError, Reads, Transaction, User};

/// What a user of the office may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// 经办: prepares what others approve.
    Clerk,
    /// 审核: reviews, approves, decides on what is held.
    Reviewer,
    /// 主管: what a reviewer may, and closes.
    Manager,
    /// 审计: reads everything, writes nothing.
    Auditor,
    /// 管理员: users, devices, villages.
    Administrator,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 5] =
        [Role::Clerk, Role::Reviewer, Role::Manager, Role::Auditor, Role::Administrator];
    /// Whoever prepares entries: all but the auditor and the administrator.
    pub const CLERKS: &'static [Role] = &[Role::Clerk, Role::Reviewer, Role::Manager];
    /// Whoever approves, reviews and decides.
    pub const REVIEWERS: &'static [Role] = &[Role::Reviewer, Role::Manager];
    /// Whoever looks at what others did.
    pub const OVERSEERS: &'static [Role] = &[Role::Manager, Role::Auditor, Role::Administrator];
    /// Whoever keeps people, devices and lists.
    pub const KEEPERS: &'static [Role] = &[Role::Manager, Role::Administrator];

    /// The word in the log, in commands and in the console.
    pub const fn word(self) -> &'static str {
        match self {
            Role::Clerk => "clerk",
            Role::Reviewer => "reviewer",
            Role::Manager => "manager",
            Role::Auditor => "auditor",
            Role::Administrator => "administrator",
        }
    }

    /// The word in Chinese.
    pub const fn zh(self) -> &'static str {
        match self {
            Role::Clerk => "经办",
            Role::Reviewer => "审核",
            Role::Manager => "主管",
            Role::Auditor => "审计",
            Role::Administrator => "管理员",
        }
    }

    /// The role with this word.
    pub fn by_word(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// Somebody who acts at the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acting {
    /// The name they sign in with; it stands in the list of acts.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Their number, which stands on what they write.
    pub operator: OperatorNo,
}

impl Office {
    /// The user who acts, if their role is one of these. A user from before users had numbers gets
    /// one now.
    ///
    /// # Errors
    /// [`CommandError::NoUser`] or [`CommandError::MayNot`].
    pub fn acting(
        &mut self,
        tx: &mut dyn Transaction,
        name: &str,
        may: &[Role],
        now_ms: i64,
    ) -> Result<Acting, OfficeError> {
        let name = name.trim();
        let mut user = tx.user(name)?.ok_or_else(|| CommandError::NoUser(name.to_owned()))?;
        let role = Role::by_word(&user.role)
            .filter(|role| may.contains(role))
            .ok_or_else(|| CommandError::MayNot { user: name.to_owned(), may: may.to_vec() })?;
        if self.number_user(tx, &mut user, now_ms)? {
            tx.put_user(&user)?;
        }
        Ok(Acting { name: user.name, role, operator: user.operator })
    }

    /// Gives a user a number of the roster, if they have none; whether it did.
    pub(super) fn number_user(
        &mut self,
        tx: &mut dyn Transaction,
        user: &mut User,
        now_ms: i64,
    ) -> Result<bool, OfficeError> {
        if user.operator != OperatorNo::default() {
            return Ok(false);
        }
        user.operator = next_operator(tx.reads())?;
        let member = Member {
            number: user.operator,
            name: user.name.clone(),
            village: None,
            duty: Duty::Office,
            active: true,
            household: None,
            device: None,
        };
        self.publish_now(tx, None, &[Body::from(member)], now_ms)?;
        Ok(true)
    }
}

/// The next number of the roster; never given twice.
///
/// # Errors
/// The log's error; [`LogError::Corrupt`] if every number was given.
pub fn next_operator(reads: &dyn Reads) -> Result<OperatorNo, LogError> {
    let published = published(reads)?;
    let roster = published.roster().map(|member| member.number.get());
    let users = reads.users()?;
    let last = roster.chain(users.iter().map(|user| user.operator.get())).max().unwrap_or(0);
    last.checked_add(1)
        .map(OperatorNo::new)
        .ok_or_else(|| LogError::Corrupt("every number of the roster was given".to_owned()))
}
