//! How people get into a demo's pages: a user for each role, a household's card with its PIN, and
//! a slip's address at which anybody checks it.

use std::fmt::Write as _;

use courtyard_core::domain::{EntryId, GrowerId};
use courtyard_core::store::{SlipFilter, StoreError};
use serde::Serialize;

use super::run::Ran;
use super::staff::{MANAGER, PASSWORD, STAFF};
use crate::command::Failure;
use crate::command::place::failure;
use crate::office::acting::Role;
use crate::office::cards;

/// All ways in.
#[derive(Debug, Clone, Serialize)]
pub struct Logins {
    /// Where the server listens.
    pub address: String,
    /// One user for each role.
    pub users: Vec<Login>,
    /// A household.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grower: Option<CardLogin>,
    /// A slip on paper.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slip: Option<SlipCheck>,
}

/// A user of the office.
#[derive(Debug, Clone, Serialize)]
pub struct Login {
    /// The name to sign in with.
    pub name: &'static str,
    /// What they may do.
    pub role: &'static str,
    /// The same in every demo: it protects nothing.
    pub password: &'static str,
}

/// A household's card: issued anew by every run, and the one before opens nothing any more.
#[derive(Debug, Clone, Serialize)]
pub struct CardLogin {
    /// Its number.
    pub grower: String,
    /// Its name.
    pub name: String,
    /// What follows the server's address in the card's QR.
    pub path: String,
    /// What the household types.
    pub pin: String,
}

/// What the QR on a slip says.
#[derive(Debug, Clone, Serialize)]
pub struct SlipCheck {
    /// The slip's number.
    pub slip: String,
    /// What follows the server's address in the slip's QR.
    pub path: String,
}

impl Logins {
    /// Sees to it that they open what they should; the card is a new one.
    ///
    /// # Errors
    /// What the office or a store says.
    pub fn of(ran: &mut Ran) -> Result<Logins, Failure> {
        let users = STAFF.map(|(name, role)| Login { name, role, password: PASSWORD }).into();
        let mut logins =
            Logins { address: ran.server.address().to_owned(), users, grower: None, slip: None };
        let Some((grower, name, slip)) = household(ran).map_err(told)? else {
            return Ok(logins);
        };
        let issued =
            ran.county.node().act_as(MANAGER, Role::CLERKS, |deed| cards::issue(deed, grower));
        let issued = issued.map_err(failure)?;
        logins.grower = Some(CardLogin {
            grower: grower.to_string(),
            name,
            path: issued.token.address(""),
            pin: issued.pin,
        });
        // Only the phone that wrote a slip holds what signs for it.
        let proof = ran.phones.iter().find_map(|phone| phone.proof(slip).ok());
        logins.slip =
            proof.map(|proof| SlipCheck { slip: slip.to_string(), path: proof.to_address("") });
        Ok(logins)
    }

    /// Lines for a person.
    pub fn text(&self) -> String {
        let mut text = format!(
            "\n在浏览器打开 Open in a browser:\n  县社 office  {}/\n    密码都是 password of each: \
             {PASSWORD}（只在演示中 in demos only）\n",
            self.address
        );
        // Writing into a string cannot fail.
        for user in &self.users {
            let zh = Role::by_word(user.role).map_or("", Role::zh);
            let _ = writeln!(text, "    {zh} {:<14} {}", user.role, user.name);
        }
        if let Some(card) = &self.grower {
            let CardLogin { grower, name, path, pin } = card;
            let _ = writeln!(
                text,
                "  农户 grower  {}{path}\n    PIN {pin}（{name} {grower}）",
                self.address
            );
        }
        if let Some(check) = &self.slip {
            let _ = writeln!(text, "  收购单核验 slip check  {}{}", self.address, check.path);
        }
        text
    }
}

/// The first household of the plan from which a phone bought, with its newest slip of a phone.
fn household(ran: &mut Ran) -> Result<Option<(GrowerId, String, EntryId)>, Failed> {
    let phones: Vec<_> = ran.phones.iter().filter_map(|phone| phone.device().ok()).collect();
    let growers = ran.county.growers().to_vec();
    let view = ran.county.node().view()?;
    let store = view.store();
    for grower in growers {
        let filter = SlipFilter { grower: Some(grower), limit: u32::MAX, ..SlipFilter::default() };
        let slips = store.slips(filter)?;
        let mut standing = slips.iter().filter(|slip| slip.state.stands());
        if let Some(slip) = standing.find(|slip| phones.contains(&slip.id.device)) {
            let name = store.grower(grower)?.map(|row| row.name).unwrap_or_default();
            return Ok(Some((grower, name, slip.id)));
        }
    }
    Ok(None)
}

/// The node's or the store's error.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Node(#[from] crate::node::NodeError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn told(error: Failed) -> Failure {
    Failure::found(error.to_string())
}
