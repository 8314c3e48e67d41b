//! What the slip's page shows, read from the view.

use std::collections::{BTreeMap, BTreeSet};

use courtyard_core::domain::bank::BankOutcome;
use courtyard_core::domain::hold::HoldDecision;
use courtyard_core::domain::slip::Slip;
use courtyard_core::domain::void::Void;
use courtyard_core::domain::{
    Body, BusinessDate, ContractId, EntryId, Fen, LiPerKg, OperatorNo, PersonNo, ProductNo,
};
use courtyard_core::ledger::words::Thread;
use courtyard_core::ledger::{CorrectionRecord, ReserveRecord, SlipRecord, State};
use courtyard_core::store::{SignedEntry, Store, StoreError, StoredEntry};
use courtyard_core::wire::SlipProof;

use crate::web::PageError;

/// A slip with everything about it.
pub(super) struct Model {
    pub(super) entry: StoredEntry,
    pub(super) slip: SlipRecord,
    pub(super) body: Slip,
    /// What is owed for it with its corrections; nothing unless it stands.
    pub(super) due: Fen,
    /// The grower's name on the slip's day, and today's if it is another.
    pub(super) name: String,
    pub(super) name_today: Option<String>,
    pub(super) seller: Option<String>,
    pub(super) deliverer: Option<String>,
    pub(super) village: String,
    pub(super) buyer: Option<String>,
    pub(super) products: BTreeMap<ProductNo, String>,
    /// The price list on the phone, and from when it held.
    pub(super) list: Option<(u32, Option<BusinessDate>)>,
    /// Floors of the contracts that its lines name.
    pub(super) floors: BTreeMap<ContractId, LiPerKg>,
    pub(super) paid: Vec<Paid>,
    pub(super) reserves: Vec<ReserveRecord>,
    /// Up to when the district's rule lets it stand unpaid.
    pub(super) until: Option<BusinessDate>,
    pub(super) corrections: Vec<CorrectionRecord>,
    pub(super) void: Option<(EntryId, Void)>,
    pub(super) decisions: Vec<(StoredEntry, HoldDecision)>,
    pub(super) threads: Vec<Thread>,
    pub(super) signed: Option<SignedEntry>,
    /// What its paper said, if it was taken over from it, and whether that is to be believed.
    pub(super) from_paper: Option<(EntryId, bool)>,
    /// The text of its QR, and whether it proves the slip by itself.
    pub(super) qr: Option<(String, bool)>,
    /// Everything about it, in the ledger's order.
    pub(super) history: Vec<StoredEntry>,
    pub(super) people: BTreeMap<OperatorNo, String>,
}

/// A payment of the slip.
pub(super) struct Paid {
    pub(super) date: BusinessDate,
    pub(super) amount: Fen,
    pub(super) by: EntryId,
    pub(super) is_bank: bool,
}

fn too_large(error: courtyard_core::domain::UnitError) -> PageError {
    crate::office::OfficeError::Document(error.to_string()).into()
}

impl Model {
    /// Reads a slip; `None` if there is none.
    pub(super) fn read(
        store: &Store,
        id: EntryId,
        server: Option<&str>,
    ) -> Result<Option<Model>, PageError> {
        let (Some(entry), Some(slip)) = (store.entry(id)?, store.slip(id)?) else {
            return Ok(None);
        };
        let Body::Slip(body) = entry.arrived.entry.body.clone() else { return Ok(None) };
        let (grower, day) = (slip.grower, slip.date);
        let name = store.name_on(grower, day)?.unwrap_or_default();
        let today = store.grower(grower)?.map(|row| row.name);
        let person = |number: PersonNo| match number.get() {
            0 => Ok(None),
            other => store
                .person_name_on(grower, other, day)
                .map(|name| name.or_else(|| Some(format!("#{other}")))),
        };
        let villages = store.villages()?.into_iter().map(|row| (row.number, row.name));
        let villages: BTreeMap<_, _> = villages.collect();
        let rules = store.rules()?;
        let buyer = rules.entities.iter().find(|entity| entity.number == slip.entity);
        let list = match slip.price_list {
            Some(version) => Some((version, store.price_list(version)?.map(|list| list.from))),
            None => None,
        };
        let mut floors = BTreeMap::new();
        for contract in slip.lines.iter().filter_map(|line| line.contract) {
            let known = store.contract(grower, contract)?;
            floors.extend(known.as_ref().and_then(|c| c.terms()).map(|t| (contract, t.floor)));
        }
        let all = store.all_kept::<ReserveRecord>(grower.into())?;
        let of_slip = |reserve: &ReserveRecord| reserve.allocations.iter().any(|a| a.slip == id);
        let reserves: Vec<ReserveRecord> = all.into_iter().filter(of_slip).collect();
        let mut corrections = store.corrections_of(grower)?;
        corrections.retain(|correction| correction.slip == id);
        let void = match slip.state {
            State::Voided { by } => {
                store.entry(by)?.and_then(|entry| match entry.arrived.entry.body {
                    Body::Void(void) => Some((by, void)),
                    _ => None,
                })
            }
            _ => None,
        };
        let threads = store.threads_about(id)?;
        let history = history(store, id, &reserves, &threads)?;
        let signed = store.signed_entry(id)?;
        let recovered = history.iter().find_map(|entry| match &entry.arrived.entry.body {
            Body::RecoveredEntry(body) if body.id() == id => {
                Some((entry.arrived.id, SlipProof::of(body)))
            }
            _ => None,
        });
        let root = store.trusted()?.map(|trust| *trust.root());
        let from_paper = recovered
            .as_ref()
            .map(|(by, proof)| (*by, root.is_some_and(|root| proof.verify(&root).is_ok())));
        let proof = signed.as_ref().and_then(|signed| signed.proof.clone());
        let proof = proof.or(recovered.map(|(_, proof)| proof));
        let qr = match (proof, server) {
            (Some(proof), Some(server)) => Some((proof.to_address(server), true)),
            (Some(proof), None) => Some((proof.to_text(), true)),
            (None, Some(server)) => Some((format!("{server}/slips/{id}"), false)),
            (None, None) => None,
        };
        let until = day.days().saturating_add(i32::from(rules.bookkeeping.overdue_days));
        Ok(Some(Model {
            due: if slip.state.stands() { slip.due().map_err(too_large)? } else { Fen::ZERO },
            name_today: today.filter(|today| *today != name),
            name,
            seller: person(body.visit.seller)?,
            deliverer: person(body.visit.deliverer)?,
            village: slip.village.and_then(|v| villages.get(&v).cloned()).unwrap_or_default(),
            buyer: buyer.map(|entity| entity.name.clone()).filter(|name| !name.is_empty()),
            products: store.products()?.into_iter().map(|p| (p.number, p.name)).collect(),
            list,
            floors,
            paid: paid(store, &slip, &reserves)?,
            reserves,
            until: BusinessDate::from_days(until),
            corrections,
            void,
            decisions: store.decisions(id)?,
            threads,
            signed,
            from_paper,
            qr,
            history,
            people: store.roster()?.into_iter().map(|m| (m.number, m.name)).collect(),
            body,
            entry,
            slip,
        }))
    }

    /// A product's name, or its number.
    pub(super) fn product(&self, number: ProductNo) -> String {
        self.products.get(&number).cloned().unwrap_or_else(|| number.to_string())
    }

    /// Who wrote an entry: a person of the roster, else the device's code.
    pub(super) fn who(&self, operator: OperatorNo, id: EntryId) -> String {
        self.people
            .get(&operator)
            .map_or_else(|| id.device.to_string(), |name| format!("{name} ({})", id.device))
    }
}

/// What paid a slip, in cash and by the bank, in the order of days.
fn paid(
    store: &Store,
    slip: &SlipRecord,
    reserves: &[ReserveRecord],
) -> Result<Vec<Paid>, StoreError> {
    let mut all = Vec::new();
    for payout in store.payouts_of(slip.grower)?.iter().filter(|payout| payout.state.stands()) {
        for part in payout.effect.paid.iter().filter(|part| part.slip == slip.id) {
            let (date, amount, by) = (payout.date, part.amount, payout.id);
            all.push(Paid { date, amount, by, is_bank: false });
        }
    }
    for settled in reserves.iter().filter_map(|reserve| reserve.settled.as_ref()) {
        if matches!(settled.outcome, BankOutcome::Paid(_)) {
            for part in settled.paid.iter().filter(|part| part.slip == slip.id) {
                let (date, amount, by) = (settled.date, part.amount, settled.by);
                all.push(Paid { date, amount, by, is_bank: true });
            }
        }
    }
    all.sort_by_key(|paid| (paid.date, paid.by));
    Ok(all)
}

/// The entry, what names it, what answers that, and what the bank said of its reserves.
fn history(
    store: &Store,
    id: EntryId,
    reserves: &[ReserveRecord],
    threads: &[Thread],
) -> Result<Vec<StoredEntry>, StoreError> {
    let mut ids: BTreeSet<EntryId> = store.about(id)?.into_iter().collect();
    ids.insert(id);
    for thread in threads {
        ids.extend(thread.words.iter().map(|word| word.id));
    }
    ids.extend(reserves.iter().filter_map(|r| r.settled.as_ref()).map(|settled| settled.by));
    let mut all = Vec::new();
    for id in ids {
        all.extend(store.entry(id)?);
    }
    all.sort_by_key(|entry| entry.arrived.order());
    Ok(all)
}
