//! What the office does once the season is in: payment through the bank, prices, corrections,
//! reviews, the difference of a count. Each step is one transaction with a line in the list of acts,
//! so that a demo that goes on does none twice.

use courtyard_core::domain::bank::BankOutcome;
use courtyard_core::domain::question::{Answer as Reply, Question, Review};
use courtyard_core::domain::{BatchId, BusinessDate, Fen, GrowerId, PersonNo, VillageNo};
use courtyard_core::ledger::words::{Thread, Topic};
use courtyard_core::ledger::{CountRecord, SlipRecord};
use courtyard_core::store::{SlipFilter, Store, StoreError};

use super::county::County;
use super::staff::{CLERK, REVIEWER};
use crate::deed::{Deed, On};
use crate::folder::write_secret;
use crate::log::{NumberKind, NumberOf};
use crate::node::NodeError;
use crate::office::acting::Role;
use crate::office::bank::{self, Answer, Wanted};
use crate::office::sealed::SealingKey;
use crate::office::{OfficeError, correct, float};
use crate::rng;

/// The word of these steps in the list of acts.
const STEP: &str = "demo.step";
/// Whose slips go through the bank.
const BY_BANK: usize = 5;

fn unread(error: StoreError) -> OfficeError {
    OfficeError::Document(format!("the view: {error}"))
}

impl County {
    /// All of it, for a season of this many villages that ended on this day.
    ///
    /// # Errors
    /// The node's own.
    pub fn settle(&mut self, villages: usize, until: BusinessDate) -> Result<(), NodeError> {
        self.pay_by_bank(until)?;
        for place in 0..villages.saturating_sub(1) {
            let step = format!("prices of village {place}");
            self.once(place, &step, CLERK, |store, deed, village| {
                fix_prices(store, deed, village, until)
            })?;
        }
        self.correct()?;
        self.once(5, "count", CLERK, |store, deed, village| {
            let counts = store.kept_everywhere::<CountRecord>().map_err(unread)?;
            let open =
                counts.iter().find(|count| count.state.stands() && count.village == Some(village));
            let Some(count) = open else { return Ok(()) };
            float::difference(store, deed, count.id, "找零误差", REVIEWER).map(|_| ())
        })
    }

    fn pay_by_bank(&mut self, until: BusinessDate) -> Result<(), NodeError> {
        let private = self.sealing_key()?;
        self.seal_accounts()?;
        self.once(0, "bank prepare", CLERK, |store, deed, village| {
            let wanted = Wanted { village, entity: None, until, growers: Vec::new() };
            bank::prepare(store, deed, &wanted).map(|_| ())
        })?;
        self.once(0, "bank approve", REVIEWER, |store, deed, _| {
            bank::approve(store, deed, batch(store)?).map(|_| ())
        })?;
        self.once(0, "bank file", CLERK, |store, deed, _| {
            bank::file(store, deed, batch(store)?, &private).map(|_| ())
        })?;
        self.once(0, "bank answer", CLERK, |store, deed, _| {
            let number = batch(store)?;
            let lines = store.bank_batch(number).map_err(unread)?;
            let reserves = lines.map(|batch| batch.reserves).unwrap_or_default();
            let answers: Vec<Answer> = (1_u64..)
                .zip(&reserves)
                .map(|(line, reserve)| {
                    let outcome = match line {
                        1 => BankOutcome::Returned("户名不符".to_owned()),
                        _ => BankOutcome::Paid(format!("DF{line:06}")),
                    };
                    Answer { line, reserve: reserve.id, outcome, amount: Some(reserve.amount) }
                })
                .collect();
            bank::answer(store, deed, number, &answers).map(|_| ())
        })
    }

    /// The private part of the district's sealing key, which is made if there is none.
    fn sealing_key(&mut self) -> Result<[u8; 32], NodeError> {
        let path = self.node().folder().sealing_key();
        let failed = |error: String| NodeError::Office(OfficeError::Document(error));
        let made = match std::fs::read_to_string(&path) {
            Ok(text) => {
                let mut private = [0; 32];
                hex::decode_to_slice(text.trim(), &mut private)
                    .map_err(|error| failed(error.to_string()))?;
                SealingKey::of_private(&private).map_err(|error| NodeError::Office(error.into()))?
            }
            Err(_) => {
                let made = SealingKey::make(rng::system().as_mut());
                let text = format!("{}\n", hex::encode(made.private));
                write_secret(&path, text.as_bytes()).map_err(|error| failed(error.to_string()))?;
                made
            }
        };
        if self.node().read()?.sealing_key()?.is_none() {
            self.node().act(|_, tx, _, _| Ok(tx.put_sealing_key(&made.public)?))?;
        }
        Ok(made.private)
    }

    /// Accounts of the first growers of the first village to whom something is owed.
    fn seal_accounts(&mut self) -> Result<(), NodeError> {
        self.once(0, "bank accounts", CLERK, |store, deed, village| {
            let mut growers: Vec<GrowerId> = Vec::new();
            for slip in standing(store, village)? {
                if slip.payable_in_cash() > Fen::ZERO && !growers.contains(&slip.grower) {
                    growers.push(slip.grower);
                }
            }
            growers.sort_unstable();
            for grower in growers.into_iter().take(BY_BANK) {
                let of = NumberOf { grower, person: PersonNo::new(0), kind: NumberKind::Bank };
                let number = format!("62284800{:011}", grower.counter);
                let Deed { office, tx, now_ms, rng, .. } = deed;
                office.put_number(
                    *tx,
                    of,
                    &number,
                    CLERK,
                    Some(REVIEWER),
                    *now_ms,
                    rng.as_mut(),
                )?;
            }
            Ok(())
        })
    }

    /// A bulk of three adjustments, a question, an answer, a review that a void opens again.
    fn correct(&mut self) -> Result<(), NodeError> {
        self.once(3, "adjust", CLERK, |store, deed, village| {
            let slips = standing(store, village)?;
            let planned = slips.iter().filter(|slip| is_unpaid(slip)).take(3).map(|slip| {
                correct::adjustment(store, slip.id, None, Fen::new(100), "称重偏差，整批补差")
            });
            let planned = planned.collect::<Result<Vec<_>, _>>()?;
            correct::write(store, deed, planned, None).map(|_| ())
        })?;
        self.once(5, "ask", CLERK, |store, deed, village| {
            let Some(slip) = standing(store, village)?.into_iter().next() else { return Ok(()) };
            let text = "这张单的皮重与平常不同，请说明。".to_owned();
            let ask = Question { target: slip.id, target_hash: slip.hash, text };
            deed.write(on(&slip), &[ask.into()]).map(|_| ())
        })?;
        self.once(6, "review", REVIEWER, |store, deed, village| {
            let unpaid = standing(store, village)?.into_iter().find(is_unpaid);
            let Some(slip) = unpaid else { return Ok(()) };
            let review = Review {
                target: slip.id,
                target_hash: slip.hash,
                accepts: true,
                text: "单据齐全".to_owned(),
            };
            deed.write(on(&slip), &[review.into()]).map(|_| ())
        })?;
        self.once(6, "void", CLERK, |store, deed, village| {
            let unpaid = standing(store, village)?.into_iter().find(is_unpaid);
            let Some(slip) = unpaid else { return Ok(()) };
            let void = correct::void(store, slip.id, "与纸质单重复", None)?;
            correct::write(store, deed, vec![void], None).map(|_| ())
        })?;
        self.once(0, "reply", CLERK, |store, deed, village| {
            let threads = store.threads().map_err(unread)?;
            let objects = |thread: &&Thread| thread.topic == Topic::Objection;
            let Some(thread) = threads.iter().find(objects) else { return Ok(()) };
            let text = "已核对磅单，数量无误。".to_owned();
            let reply = Reply { question: thread.root, text, settles: false };
            let entity = store.entity_of(village).map_err(unread)?;
            let on = On { village: thread.village, entity, date: None };
            deed.write(on, &[reply.into()]).map(|_| ())
        })
    }

    /// Does a step in a village, unless the list of acts has it.
    fn once(
        &mut self,
        place: usize,
        step: &str,
        by: &str,
        act: impl Fn(&Store, &mut Deed<'_>, VillageNo) -> Result<(), OfficeError>,
    ) -> Result<(), NodeError> {
        let acts = self.node().read()?.acts(u32::MAX)?;
        if acts.iter().any(|done| done.act == STEP && done.subject == step) {
            return Ok(());
        }
        let village = self.village(place);
        self.node().act_on_balances(village, by, Role::CLERKS, |store, deed| {
            act(store, deed, village)?;
            deed.note(STEP, step)
        })
    }
}

fn on(slip: &SlipRecord) -> On {
    On { village: slip.village, entity: slip.entity, date: None }
}

fn is_unpaid(slip: &SlipRecord) -> bool {
    slip.paid == Fen::ZERO && slip.remaining > Fen::ZERO && slip.unfixed_lines().next().is_none()
}

/// The only batch of the demo.
fn batch(store: &Store) -> Result<BatchId, OfficeError> {
    let batches = store.bank_batches().map_err(unread)?;
    let none = || OfficeError::Document("no batch was prepared".to_owned());
    batches.first().map(|batch| batch.number).ok_or_else(none)
}

/// The slips of a village that stand, the newest first.
fn standing(store: &Store, village: VillageNo) -> Result<Vec<SlipRecord>, OfficeError> {
    let filter = SlipFilter { village: Some(village), limit: u32::MAX, ..SlipFilter::default() };
    let mut all = Vec::new();
    for row in store.slips(filter).map_err(unread)? {
        all.extend(store.slip(row.id).map_err(unread)?.filter(|slip| slip.state.stands()));
    }
    all.sort_by_key(|slip| std::cmp::Reverse((slip.date, slip.id)));
    Ok(all)
}

/// The price of everything that was bought at a price to be fixed: a little above the estimate of
/// the last slip.
fn fix_prices(
    store: &Store,
    deed: &mut Deed<'_>,
    village: VillageNo,
    until: BusinessDate,
) -> Result<(), OfficeError> {
    let mut prices = std::collections::BTreeMap::new();
    for slip in standing(store, village)? {
        for (_, line) in slip.unfixed_lines() {
            if let Some(segment) = line.segments.first() {
                prices.entry(line.product).or_insert(segment.price);
            }
        }
    }
    let span = correct::Span { village, from: BusinessDate::FIRST, to: until };
    for (product, price) in prices {
        let price = courtyard_core::domain::LiPerKg::new(price.get().saturating_add(200));
        let planned = correct::price_fixes(store, span, product, price)?;
        correct::write(store, deed, planned, None)?;
    }
    Ok(())
}
