//! Before the season the office takes on its own people and a steward for each phone, and sets cash
//! out for them; at each month's end it closes. What stands already is left as it is.

use courtyard_core::domain::check::Limits;
use courtyard_core::domain::float::FloatIssue;
use courtyard_core::domain::roster::{Duty, Member};
use courtyard_core::domain::{Body, BusinessDate, DeviceNo, Holder, Month};

use super::county::County;
use super::plan::{Person, Plan};
use crate::deed::On;
use crate::node::NodeError;
use crate::office::Office;
use crate::office::acting::{Role, next_operator};
use crate::office::error::CommandError;
use crate::office::published::published;

/// Prepares.
pub(super) const CLERK: &str = "王经办";
/// Approves.
pub(super) const REVIEWER: &str = "李审核";
/// Answers for the district.
pub(super) const MANAGER: &str = "张主管";
/// Reads everything.
const AUDITOR: &str = "周审计";
/// Keeps users and phones.
const ADMINISTRATOR: &str = "陈管理";
/// One user for each role, by name and role.
pub(super) const STAFF: [(&str, &str); 5] = [
    (CLERK, "clerk"),
    (REVIEWER, "reviewer"),
    (MANAGER, "manager"),
    (AUDITOR, "auditor"),
    (ADMINISTRATOR, "administrator"),
];
/// The demo's people sign in with it. It is known to everybody, so it protects nothing.
pub(super) const PASSWORD: &str = "courtyard-demo";

impl County {
    /// The office's users: one for each role. Who changed the password has the demo's again.
    ///
    /// # Errors
    /// The node's own.
    pub fn settle_users(&mut self) -> Result<(), NodeError> {
        for (name, role) in STAFF {
            let known = {
                let reads = self.node().read()?;
                Office::verify_user(reads.as_ref(), name, PASSWORD)?
            };
            if known.is_none_or(|user| user.role != role) {
                self.node().put_user(name, role, PASSWORD)?;
            }
        }
        Ok(())
    }

    /// Takes a steward on for this phone and sets the float out, both or neither.
    ///
    /// # Errors
    /// The node's own.
    pub fn take_on(
        &mut self,
        person: &Person,
        device: DeviceNo,
        date: BusinessDate,
    ) -> Result<(), NodeError> {
        let village = self.village(person.village);
        let household = person.household.and_then(|place| self.grower(place));
        self.node().act_as(MANAGER, Role::KEEPERS, |deed| {
            let stands = published(deed.reads())?;
            if stands.roster().any(|member| member.device == Some(device)) {
                return Ok(());
            }
            let number = next_operator(deed.reads())?;
            let member = Body::from(Member {
                number,
                name: person.name.clone(),
                village: Some(village),
                duty: Duty::Steward,
                active: true,
                household,
                device: Some(device),
            });
            if let Some(breach) = member.check(&Limits::LEDGER).first() {
                return Err(CommandError::Rule(breach.rule).into());
            }
            deed.write(On { date: Some(date), ..On::default() }, &[member])?;
            let entity = stands.village(village).map(|v| v.entity).unwrap_or_default();
            let on = On { village: Some(village), entity, date: Some(date) };
            let to = Holder::Person(number);
            let cash = FloatIssue { from: Holder::Office, to, amount: person.float };
            deed.write(on, &[cash.into()])?;
            Ok(())
        })
    }

    /// The villages of the plan whose month is over by the clock and not closed yet.
    ///
    /// # Errors
    /// The node's own.
    pub fn unclosed(&mut self, plan: &Plan, month: Month) -> Result<Vec<usize>, NodeError> {
        let today = BusinessDate::at(self.node().now_ms().div_euclid(1_000));
        if today < month.first_day_after() {
            return Ok(Vec::new());
        }
        let district = self.node().view()?.store().district()?;
        let open = |place: &usize| {
            district.last_closed(self.village(*place)).is_none_or(|last| last < month)
        };
        Ok((0..plan.villages.len()).filter(open).collect())
    }

    /// Closes the month of a village.
    ///
    /// # Errors
    /// The node's own.
    pub fn close(&mut self, place: usize, month: Month) -> Result<(), NodeError> {
        let village = self.village(place);
        self.node().close_month(village, month, CLERK, REVIEWER).map(|_| ())
    }
}
