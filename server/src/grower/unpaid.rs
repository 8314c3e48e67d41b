//! What is unpaid, and when it comes: what the books know of it, and no more.

use courtyard_core::domain::{Body, BusinessDate, Fen, GrowerId};
use courtyard_core::ledger::ReserveRecord;
use courtyard_core::store::Store;
use maud::{Markup, html};

use super::books::{Books, too_large};
use super::frame::{day, yuan};
use crate::web::{PageError, Words};

/// What a household is owed now.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Unpaid {
    /// All of it.
    pub(super) total: Fen,
    /// What of it is reserved for the bank.
    reserved: Fen,
    /// The day of the last reserve.
    reserved_on: Option<BusinessDate>,
    /// The day up to which the district's rule allows the oldest of the rest to stand.
    until: Option<BusinessDate>,
    /// How many days it allows.
    days: u16,
    /// What stands at an estimate, because its price is not fixed.
    estimated: Fen,
}

impl Unpaid {
    pub(super) fn read(store: &Store, books: &Books) -> Result<Unpaid, PageError> {
        let days = store.rules()?.bookkeeping.overdue_days;
        let mut found = Unpaid { days, ..Unpaid::default() };
        let slips = books.entries().filter(|a| matches!(a.entry.body, Body::Slip(_)));
        for id in slips.map(|arrived| arrived.id) {
            let Some(slip) = store.slip(id)?.filter(|slip| slip.state.stands()) else { continue };
            let open = slip.remaining.minus(slip.reserved).map_err(too_large)?;
            if open > Fen::ZERO {
                let until = slip.date.days().saturating_add(i32::from(days));
                let until = BusinessDate::from_days(until);
                found.until = [found.until, until].into_iter().flatten().min();
            }
            let estimate = slip.unfixed().map_err(too_large)?;
            for (into, amount) in [
                (&mut found.total, slip.remaining),
                (&mut found.reserved, slip.reserved),
                (&mut found.estimated, estimate),
            ] {
                *into = into.plus(amount).map_err(too_large)?;
            }
        }
        for number in &books.numbers {
            found.reserved_on = found.reserved_on.max(reserved_on(store, number.grower)?);
        }
        Ok(found)
    }

    /// What is to be said of it, under the figure.
    pub(super) fn words(&self, today: BusinessDate, w: &Words) -> Markup {
        let rest = self.total.minus(self.reserved).unwrap_or_default();
        html! {
            @if self.total <= Fen::ZERO { p.hint { (w.say("grower-unpaid-none")) } }
            @if self.reserved > Fen::ZERO {
                p.hint {
                    @let on = self.reserved_on.map(|on| day(on, w)).unwrap_or_default();
                    (w.say_with("grower-unpaid-bank", &[("amount", self.reserved.text().into()), ("day", on.into())]))
                }
            }
            @if rest > Fen::ZERO {
                @if let Some(until) = self.until {
                    @let values = [("day", day(until, w).into()), ("days", i64::from(self.days).into())];
                    @if until < today {
                        p.hint { strong.ask { "▲ " (w.say_with("grower-unpaid-late", &values)) } }
                    } @else {
                        p.hint { (w.say_with("grower-unpaid-until", &values)) }
                    }
                }
            }
            @if self.estimated > Fen::ZERO {
                p.hint { (w.say("grower-estimated")) " " (yuan(self.estimated)) }
            }
        }
    }
}

/// The day of the newest reserve for the bank that has no end yet.
fn reserved_on(store: &Store, grower: GrowerId) -> Result<Option<BusinessDate>, PageError> {
    let all = store.all_kept::<ReserveRecord>(grower.into())?;
    Ok(all.into_iter().filter(ReserveRecord::is_open).map(|reserve| reserve.date).max())
}
