//! A table of ledger acts and what must become of each. A row is one entry:
//!
//! ```text
//! A1  slip H1 P1A 12.852-1.5 at 3.19       => counted        again counted
//! A2  pay H1 40.00 for A1:36.21 round 3.79 => payout.rounding_beyond_unit
//! =   payable:1,H1 0.00 36.21
//! ```
//!
//! `A1` is device A's entry 1. A and B are phones of village 1, D a phone of village 2, O the
//! office of village 1, C the county's. Before the act may stand `entity 2`, `lamport 9`,
//! `date 2020-07-02`, `by 7` (who works there), `jump`, `reissues A1`, `admits` with a code that the
//! district settles. Weights are kg, money yuan,
//! prices yuan per kg. After `=>` stands `counted`, `newer` or the codes it is held for, in order of
//! precedence (after `refused` if the district decided so); after
//! `again`, what becomes of the same act done once more, if not the same. A row `=` gives an
//! account's debits and credits, a slip's paid and unpaid, what is reserved of a slip, or what was
//! delivered on a contract.
//!
//! After each row the auditor totals all entries by its own code; the act issued again must not
//! count twice; and at the end the table folded from nothing, backwards, must be the same.

use std::collections::BTreeMap;

use super::{verbs_cash, verbs_corrections, verbs_debt};
use crate::domain::contract::{Agreed, Beyond, ContractVersion};
use crate::domain::device::DeviceRole;
use crate::domain::entry::Origin;
use crate::domain::hold::{Evidence, HoldDecision};
use crate::domain::note::Note;
use crate::domain::payout::{Allocation, Payout};
use crate::domain::slip::{Deduction, DeductionAmount, Line, PriceReason, Segment, Slip, Weighing};
use crate::domain::void::Void;
use crate::domain::{
    Area, BasisPoints, Body, Clock, ContractId, DeviceNo, EntityNo, Entry, EntryHash, EntryId,
    Envelope, Fen, Grade, Grams, GrowerId, Holder, LiPerKg, OperatorNo, ProductNo, Rule, VillageNo,
};
use crate::ledger::audit::{Controls, trial_balance_fen};
use crate::ledger::{
    Account, Arrived, MemoryRecords, ReadRecords as _, Records as _, Ruling, Status, apply, fold,
};

/// Runs a table; panics with the row that came out otherwise.
pub(super) fn run(table: &str) {
    let mut ledger = Ledger::default();
    for row in table.lines().map(|l| l.split('#').next().unwrap().trim()).filter(|l| !l.is_empty())
    {
        match row.strip_prefix('=') {
            Some(balance) => ledger.expect(row, balance),
            None => ledger.act(row),
        }
    }
    let backwards = fold(ledger.entries.iter().rev()).unwrap();
    assert_eq!(backwards, ledger.records, "folded from nothing, backwards:\n{table}");
}

#[derive(Default)]
pub(super) struct Ledger {
    pub(super) records: MemoryRecords,
    pub(super) entries: Vec<Arrived>,
    lamport: u64,
}

impl Ledger {
    fn act(&mut self, row: &str) {
        let (act, wanted) = row.split_once("=>").expect(row);
        let (wanted, again) = match wanted.split_once("again") {
            Some((wanted, again)) => (wanted.trim(), again.trim()),
            None => (wanted.trim(), wanted.trim()),
        };
        let arrived = self.read(act);
        self.lamport = self.lamport.max(arrived.entry.envelope.lamport);
        let outcome = apply(&mut self.records, &arrived).unwrap();
        assert_eq!(words(&outcome.status), wanted, "{row}");
        let counted = outcome.status == Status::Counted;
        assert!(counted || outcome.postings.is_empty(), "{row}: a held entry moved something");
        self.entries.push(arrived.clone());
        if let Some(ruling) = &arrived.ruling {
            self.decide(&arrived, ruling);
        }
        self.audit(&self.records, &self.entries, row);

        let mut repeated = arrived.clone();
        repeated.id.sequence = crate::domain::Sequence::new(900_000);
        repeated.entry.envelope.lamport = self.lamport + 1;
        self.aside(repeated.clone(), again, row);
        if counted && arrived.entry.body.grower().is_some() {
            repeated.entry.envelope.reissue_of =
                Some(Origin { id: arrived.id, hash: arrived.hash });
            let mut records = self.records.clone();
            let outcome = apply(&mut records, &repeated).unwrap();
            assert!(
                outcome.status.reasons().contains(&Rule::ENTRY_REISSUED_TWICE),
                "{row}: issued again, it counts twice"
            );
        }
    }

    /// The office's decision by which an act is admitted.
    fn decide(&mut self, arrived: &Arrived, ruling: &Ruling) {
        let decision = HoldDecision {
            target: arrived.id,
            target_hash: arrived.hash,
            admits: ruling.admits,
            settles: ruling.settles.iter().map(|rule| rule.code.to_owned()).collect(),
            evidence: Evidence::Paper,
            reason: "有纸单".into(),
            grower: arrived.entry.body.grower(),
        };
        self.lamport += 1;
        let envelope = Envelope { lamport: self.lamport, ..arrived.entry.envelope.clone() };
        let entry = Entry { envelope, body: decision.into() };
        let hash = EntryHash::of(&entry.encode());
        let office = DeviceRole::VillageOffice;
        let decided = Arrived::new(ruling.by, hash, office, Some(VillageNo::new(1)), entry);
        apply(&mut self.records, &decided).unwrap();
        self.entries.push(decided);
    }

    /// Applies one more entry beside the table and looks what becomes of it.
    fn aside(&self, arrived: Arrived, wanted: &str, row: &str) {
        let mut records = self.records.clone();
        let outcome = apply(&mut records, &arrived).unwrap();
        assert_eq!(words(&outcome.status), wanted, "{row}: once more");
        let mut entries = self.entries.clone();
        entries.push(arrived);
        self.audit(&records, &entries, row);
    }

    fn audit(&self, records: &MemoryRecords, entries: &[Arrived], row: &str) {
        let with_status = entries.iter().map(|a| {
            let status = records.status(a.partition(), a.id);
            (a, status == Some(&Status::Counted))
        });
        let controls = Controls::of(with_status);
        assert_eq!(controls.compare(records, records.partitions()).unwrap(), [], "{row}");
        assert_eq!(trial_balance_fen(records, records.partitions()).unwrap(), 0, "{row}");
    }

    fn expect(&self, row: &str, wanted: &str) {
        let words: Vec<&str> = wanted.split_whitespace().collect();
        if verbs_debt::expect(self, row, &words) {
            return;
        }
        let got = match words[..] {
            ["slip", id, ..] => {
                let slip = self
                    .records
                    .growers()
                    .into_iter()
                    .find_map(|g| self.records.slip(g, entry_id(id)).unwrap());
                let slip = slip.expect(row);
                vec![slip.paid.get(), slip.remaining.get()]
            }
            ["reserved", id, ..] => {
                let slip = self
                    .records
                    .growers()
                    .into_iter()
                    .find_map(|g| self.records.slip(g, entry_id(id)).unwrap());
                vec![slip.expect(row).reserved.get()]
            }
            ["contract", id, ..] => {
                let contract = self
                    .records
                    .growers()
                    .into_iter()
                    .find_map(|g| self.records.contract(g, contract_id(id)).unwrap());
                vec![contract.expect(row).delivered().get()]
            }
            [account, ..] => {
                let mut sums: BTreeMap<Account, (i64, i64)> = BTreeMap::new();
                for balance in self
                    .records
                    .partitions()
                    .iter()
                    .flat_map(|&p| self.records.balances(p).unwrap())
                {
                    let (debit, credit) = sums.entry(balance.account).or_default();
                    *debit += balance.debit.get();
                    *credit += balance.credit.get();
                }
                let (debit, credit) =
                    sums.get(&self::account(account)).copied().unwrap_or_default();
                vec![debit, credit]
            }
            [] => panic!("{row}"),
        };
        let scale = if words[0] == "contract" { 3 } else { 2 };
        let count = got.len();
        let wanted: Vec<i64> =
            words[words.len() - count..].iter().map(|w| decimal(w, scale)).collect();
        assert_eq!(got, wanted, "{row}");
    }

    fn read(&self, act: &str) -> Arrived {
        let words: Vec<&str> = act.split_whitespace().collect();
        let id = entry_id(words[0]);
        let mut envelope = Envelope {
            lamport: self.lamport + 1,
            date: "2020-07-01".parse().unwrap(),
            clock: Clock::default(),
            entity: EntityNo::new(1),
            operator: OperatorNo::new(0),
            reissue_of: None,
        };
        let mut lamport_jump = false;
        let mut settles = Vec::new();
        let mut rest = &words[1..];
        let body = loop {
            match rest {
                ["entity", n, more @ ..] => {
                    envelope.entity = EntityNo::new(n.parse().unwrap());
                    rest = more;
                }
                ["lamport", n, more @ ..] => {
                    envelope.lamport = n.parse().unwrap();
                    rest = more;
                }
                ["date", d, more @ ..] => {
                    envelope.date = d.parse().unwrap();
                    rest = more;
                }
                ["by", person, more @ ..] => {
                    let number = person.trim_start_matches('P').parse().unwrap();
                    envelope.operator = OperatorNo::new(number);
                    rest = more;
                }
                ["admits", code, more @ ..] => {
                    settles.push(Rule::by_code(code).expect(code));
                    rest = more;
                }
                ["jump", more @ ..] => {
                    lamport_jump = true;
                    rest = more;
                }
                ["reissues", of, more @ ..] => {
                    let id = entry_id(of);
                    envelope.reissue_of = Some(Origin { id, hash: self.hash(id) });
                    rest = more;
                }
                _ => break self.body(rest),
            }
        };
        let entry = Entry { envelope, body };
        let (role, village) = match words[0].chars().next().unwrap() {
            'O' => (DeviceRole::VillageOffice, Some(1)),
            'C' => (DeviceRole::CountyOffice, None),
            'D' => (DeviceRole::Phone, Some(2)),
            _ => (DeviceRole::Phone, Some(1)),
        };
        let hash = EntryHash::of(&entry.encode());
        let arrived = Arrived::new(id, hash, role, village.map(VillageNo::new), entry);
        let by = EntryId::new(device('O'), 800_000 + id.sequence.get());
        let ruling = (!settles.is_empty()).then_some(Ruling { by, admits: true, settles });
        Arrived { lamport_jump, ruling, ..arrived }
    }

    fn known(&self, id: EntryId) -> (EntryHash, Option<GrowerId>) {
        let of = self.entries.iter().find(|a| a.id == id);
        (self.hash(id), of.and_then(|a| a.entry.body.grower()))
    }

    pub(super) fn hash(&self, id: EntryId) -> EntryHash {
        let of = self.entries.iter().find(|a| a.id == id);
        of.map_or(EntryHash::of(b"not in the table"), |a| a.hash)
    }

    fn body(&self, words: &[&str]) -> Body {
        match *words {
            ["slip", grower, ref lines @ ..] => {
                let lines = lines.split(|w| *w == "+").filter(|l| !l.is_empty());
                let lines = lines.map(line).collect();
                Slip {
                    grower: grower_id(grower),
                    lines,
                    price_list: None,
                    visit: Default::default(),
                }
                .into()
            }
            ["pay", grower, cash, ref more @ ..] => {
                let mut payout = Payout {
                    grower: grower_id(grower),
                    cash: yuan(cash),
                    allocations: Vec::new(),
                    rounding: Fen::ZERO,
                    repayments: Vec::new(),
                    recipient: Default::default(),
                };
                let mut words = more.iter().copied().filter(|w| *w != "for");
                while let Some(word) = words.next() {
                    match word.split_once(':') {
                        Some((slip, amount)) => payout
                            .allocations
                            .push(Allocation { slip: entry_id(slip), amount: yuan(amount) }),
                        None if word == "round" => {
                            payout.rounding = yuan(words.next().expect("an amount"));
                        }
                        None => {
                            let value = words.next().expect("a value");
                            verbs_debt::more_of_payout(&mut payout, word, value);
                        }
                    }
                }
                payout.into()
            }
            ["void", target, ref more @ ..] => {
                let target = entry_id(target);
                let of = self.entries.iter().find(|a| a.id == target);
                let grower = of.and_then(|a| a.entry.body.grower());
                let mut void = Void {
                    target,
                    target_hash: self.hash(target),
                    grower: grower.unwrap_or(grower_id("H1")),
                    reason: "称错了".into(),
                    replacement: None,
                };
                let mut words = more.iter();
                while let Some(word) = words.next() {
                    match *word {
                        "for" => void.replacement = words.next().map(|id| entry_id(id)),
                        "differs" => void.target_hash = EntryHash::of(b"other bytes"),
                        "wordless" => void.reason.clear(),
                        grower => void.grower = grower_id(grower),
                    }
                }
                void.into()
            }
            ["contract", id, version, grower, product, quantity, "floor", floor, ref more @ ..] => {
                let day = "2020-07-01".parse().unwrap();
                let terms = ContractVersion {
                    contract: contract_id(id),
                    version: version.trim_start_matches('v').parse().unwrap(),
                    grower: grower_id(grower),
                    product: ProductNo::new(product.trim_start_matches('P').parse().unwrap()),
                    area: Area::new(300),
                    quantity: kg(quantity),
                    floor: per_kg(floor),
                    from: day,
                    to: day,
                    tolerance: BasisPoints::new(1_000),
                    beyond: Beyond::ListPrice,
                    agreed: Agreed {
                        return_hours: more
                            .iter()
                            .find_map(|w| w.strip_suffix("hours"))
                            .map(|hours| hours.parse().unwrap()),
                        ..Agreed::default()
                    },
                };
                terms.into()
            }
            ["note", ref words @ ..] => Note { about: None, text: words.join(" ") }.into(),
            ["newer"] => Body::Unknown { kind: 99, version: 1 },
            ref other => verbs_cash::body(other, &|id| self.hash(id))
                .or_else(|| verbs_corrections::body(other, &|id| self.known(id)))
                .or_else(|| verbs_debt::body(self, other))
                .unwrap_or_else(|| panic!("no act: {other:?}")),
        }
    }
}

/// `P1A 12.852-1.5 at 3.19|~3.19 [less 0.3|2%] [on K1] [as 36.22] [of grain]`
fn line(words: &[&str]) -> Line {
    let [product, weighed, "at", price, more @ ..] = words else { panic!("no line: {words:?}") };
    let (number, grade) = product.trim_start_matches('P').split_at(product.len() - 2);
    let grade = Grade::new(grade.bytes().next().unwrap() - b'A').unwrap();
    let (gross, tare) = weighed.split_once('-').unwrap_or((weighed, "0"));
    let mut line = Line {
        product: ProductNo::new(number.parse().unwrap()),
        grade,
        weighings: vec![Weighing { gross: kg(gross), tare: kg(tare) }],
        deductions: Vec::new(),
        segments: Vec::new(),
        amount: Fen::ZERO,
        contract: None,
        marks: Default::default(),
    };
    let mut stated = None;
    for pair in more.chunks(2) {
        match *pair {
            ["less", off] => {
                let amount = match off.strip_suffix('%') {
                    Some(share) => DeductionAmount::Share(BasisPoints::new(decimal(share, 2))),
                    None => DeductionAmount::Weight(kg(off)),
                };
                line.deductions.push(Deduction { amount, reason: "水".into() });
            }
            ["on", contract] => line.contract = Some(contract_id(contract)),
            ["as", amount] => stated = Some(yuan(amount)),
            ["of", "grain"] => line.marks.unwithheld = true,
            _ => panic!("no part of a line: {pair:?}"),
        }
    }
    let weight = line.settlement().unwrap();
    let (price, reason) = match price.strip_prefix('~') {
        Some(estimate) => (estimate, PriceReason::Pending),
        None => (*price, PriceReason::List),
    };
    line.segments = vec![Segment { weight, price: per_kg(price), reason }];
    line.amount = stated.unwrap_or(line.computed_amount().unwrap());
    line
}

fn words(status: &Status) -> String {
    let codes = |rules: &[Rule]| rules.iter().map(|r| r.code).collect::<Vec<_>>().join(" ");
    match status {
        Status::Held(rules) => codes(rules),
        Status::Refused(rules) => format!("refused {}", codes(rules)),
        Status::Counted | Status::Newer => status.name().into(),
    }
}

pub(super) fn device(letter: char) -> DeviceNo {
    DeviceNo::new(u16::try_from(u32::from(letter) - u32::from('A') + 1).unwrap()).unwrap()
}

pub(super) fn entry_id(text: &str) -> EntryId {
    let letter = text.chars().next().unwrap();
    EntryId::new(device(letter), text[1..].parse().unwrap_or_else(|_| panic!("no id: {text}")))
}

pub(super) fn grower_id(text: &str) -> GrowerId {
    GrowerId::new(device('A'), text.trim_start_matches('H').parse().expect(text))
}

pub(super) fn contract_id(text: &str) -> ContractId {
    ContractId::new(device('A'), text.trim_start_matches('K').parse().expect(text))
}

/// `stock:1`, `payable:1,H1`, `float:1,A`, `float:1,P7`, `suspense:1,office`.
fn account(text: &str) -> Account {
    let (name, owner) = text.split_once(':').expect(text);
    let (entity, owner) = owner.split_once(',').unwrap_or((owner, ""));
    let owner = match owner {
        "" => 0,
        owner if owner.starts_with('H') => grower_id(owner).key(),
        owner => holder(owner).key(),
    };
    let entity = entity.parse().unwrap();
    (0..=u8::MAX)
        .filter_map(|number| Account::from_key((number, entity, owner)))
        .find(|account| account.name() == name)
        .unwrap_or_else(|| panic!("no account: {text}"))
}

/// `office`, `P7`, or the letter of a phone.
pub(super) fn holder(text: &str) -> Holder {
    match text {
        "office" => Holder::Office,
        phone if phone.len() == 1 => Holder::Phone(device(phone.chars().next().unwrap())),
        person => person.parse().expect(person),
    }
}

pub(super) fn kg(text: &str) -> Grams {
    Grams::new(decimal(text.trim_end_matches("kg"), 3))
}

pub(super) fn yuan(text: &str) -> Fen {
    Fen::new(decimal(text, 2))
}

pub(super) fn per_kg(text: &str) -> LiPerKg {
    LiPerKg::new(decimal(text, 3))
}

/// A decimal text in the smallest unit; exact, or the table is wrong.
pub(super) fn decimal(text: &str, places: usize) -> i64 {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    assert!(rest.len() <= places, "{text} is finer than {places} places");
    let whole: i64 = whole.parse().unwrap_or_else(|_| panic!("no number: {text}"));
    let rest: i64 = format!("{rest:0<places$}").parse().unwrap_or(0);
    sign * (whole * 10_i64.pow(u32::try_from(places).unwrap()) + rest)
}
