//! What the demo says at its end: every figure read from the server's view, never from the plan.

use std::collections::BTreeMap;

use courtyard_core::domain::device::DeviceRole;
use courtyard_core::domain::{BusinessDate, Fen, Grams};
use courtyard_core::store::Totals;
use serde::Serialize;

use super::run::Ran;
use crate::command::Failure;

mod books;

pub use books::Books;

/// What a run took, in seconds.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Seconds {
    /// Recording on the phones.
    pub record: f64,
    /// Exchanging with the server.
    pub sync: f64,
}

/// Purchases of a village or a month.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Part {
    /// Slips that stand.
    pub purchases: i64,
    /// Their net weight.
    pub net_g: Grams,
    /// What they came to.
    pub amount_fen: Fen,
}

/// The summary.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// Villages.
    pub villages: usize,
    /// Growers in the registers.
    pub growers: usize,
    /// Phones with a certificate.
    pub phones: usize,
    /// Slips that stand.
    pub purchases: i64,
    /// Their net weight.
    pub net_g: Grams,
    /// What they came to.
    pub amount_fen: Fen,
    /// By village.
    pub by_village: BTreeMap<String, Part>,
    /// By month of delivery.
    pub by_month: BTreeMap<String, Part>,
    /// Cash that was paid out.
    pub paid_fen: Fen,
    /// Debits less credits.
    pub trial_balance_fen: Fen,
    /// Whether totals made straight from the entries by other code agree with the balances.
    pub controls_agree: bool,
    /// Whether every phone's own file says the same as the server's.
    pub replicas_agree: bool,
    /// Entries that are held.
    pub held: usize,
    /// Forks and refusals that were set aside, on the server and on phones.
    pub set_aside: usize,
    /// The bookkeeping, if the plan has people who keep books.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub books: Option<Books>,
    /// Requests of this run.
    pub requests: u64,
    /// Bytes on the wire in this run, both ways.
    pub wire_bytes: u64,
    /// What this run took.
    pub seconds: Seconds,
}

impl Summary {
    /// Reads it from the server's view and from the phones' files.
    ///
    /// # Errors
    /// If one of them cannot be read.
    pub fn of(ran: &mut Ran) -> Result<Summary, Failure> {
        let told = |error: &dyn std::fmt::Display| Failure::found(error.to_string());
        let (mut set_aside, phones) = {
            let log = ran.county.node().read().map_err(|e| told(&e))?;
            let devices = log.devices().map_err(|e| told(&e))?;
            let phones = devices.iter().filter(|d| d.certificate.role == DeviceRole::Phone).count();
            (log.set_aside().map_err(|e| told(&e))?.len(), phones)
        };
        let view = ran.county.node().view().map_err(|e| told(&e))?;
        let store = view.store();
        let read = || -> Result<Summary, courtyard_core::store::StoreError> {
            let names: BTreeMap<_, String> =
                store.villages()?.into_iter().map(|v| (v.number, v.name)).collect();
            let from = BusinessDate::FIRST;
            let to = BusinessDate::LAST;
            let all = store.totals(from, to)?;
            let by_village = store.totals_by_village()?.into_iter().map(|(number, totals)| {
                let name = names.get(&number).cloned();
                (name.unwrap_or_else(|| number.to_string()), part(totals))
            });
            let by_month = store.totals_by_month()?;
            Ok(Summary {
                villages: names.len(),
                growers: store.growers(None)?.len(),
                phones,
                purchases: all.purchases,
                net_g: all.net_g,
                amount_fen: all.amount_fen,
                by_village: by_village.collect(),
                by_month: by_month.into_iter().map(|(m, t)| (m.to_string(), part(t))).collect(),
                paid_fen: store.paid_in_cash(from, to)?,
                trial_balance_fen: store.trial_balance()?.difference,
                controls_agree: store.control_differences()?.is_empty(),
                replicas_agree: true,
                held: store.held()?.len(),
                set_aside: 0,
                books: ran.books_until.map(|day| Books::of(store, day)).transpose()?,
                requests: 0,
                wire_bytes: 0,
                seconds: ran.seconds,
            })
        };
        let mut summary = read().map_err(|e| told(&e))?;
        for phone in &ran.phones {
            let (village, own) = phone.digests().map_err(|e| told(&e))?;
            let office = store.digests(village).map_err(|e| told(&e))?;
            summary.replicas_agree &= own == office;
            set_aside = set_aside.saturating_add(phone.set_aside().map_err(|e| told(&e))?);
            let (requests, bytes) = phone.traffic();
            summary.requests = summary.requests.saturating_add(requests);
            summary.wire_bytes = summary.wire_bytes.saturating_add(bytes);
        }
        summary.set_aside = set_aside;
        Ok(summary)
    }

    /// Whether everything agrees.
    pub fn is_sound(&self) -> bool {
        self.controls_agree && self.replicas_agree && self.trial_balance_fen == Fen::ZERO
    }

    /// A few lines for a person.
    pub fn text(&self) -> String {
        let yes = |agree: bool| if agree { "一致 agree" } else { "不一致 DO NOT AGREE" };
        format!(
            "{} 个村 villages，{} 户 growers，{} 部手机 phones\n\
             收购 purchases {}：{}，{}\n\
             已付 paid {}\n\
             试算平衡 trial balance {}；总控 controls {}；各副本 replicas {}\n\
             留存待核 held {}，另存 set aside {}\n{}\
             {} 次请求 requests，{} 字节 bytes；记账 recording {:.1} s，同步 sync {:.1} s",
            self.villages,
            self.growers,
            self.phones,
            self.purchases,
            self.net_g.text(courtyard_core::domain::units::text::Language::Zh),
            self.amount_fen.text(),
            self.paid_fen.text(),
            self.trial_balance_fen.text(),
            yes(self.controls_agree),
            yes(self.replicas_agree),
            self.held,
            self.set_aside,
            self.books.as_ref().map(|books| books.text() + "\n").unwrap_or_default(),
            self.requests,
            self.wire_bytes,
            self.seconds.record,
            self.seconds.sync,
        )
    }
}

fn part(totals: Totals) -> Part {
    Part { purchases: totals.purchases, net_g: totals.net_g, amount_fen: totals.amount_fen }
}
