//! A slip as it was saved: what stands on it, how it stands now, its QR; taking it back.

use courtyard_core::domain::slip::{Line, LineMarks, Slip as DomainSlip};
use courtyard_core::domain::{Body, EntryId, Fen, ProductNo};
use courtyard_core::ledger::State;
use courtyard_core::ledger::words::{Thread, Word};
use courtyard_core::steward::{Steward, StewardError, TakeBack};
use qrcode::{Color, EcLevel, QrCode};

use crate::courtyard::Courtyard;
use crate::error::CourtyardError;
use crate::open_slip::{Deduction, Segment};
use crate::today::{SlipMark, mark};
use crate::words::Words;

/// A slip (收购单).
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Slip {
    /// Its number, such as `A7K-000127`.
    pub id: String,
    /// The grower's number.
    pub grower: String,
    /// The grower's name on the slip's day.
    pub grower_name: String,
    /// The business date.
    pub date: String,
    /// Its lines, as printed.
    pub lines: Vec<SlipLine>,
    /// Net weight of all lines.
    pub net_g: i64,
    /// Settlement weight of all lines.
    pub settlement_g: i64,
    /// The amount as printed.
    pub amount_fen: i64,
    /// What its lines with a pending price are estimated at.
    pub estimate_fen: i64,
    /// What was paid of it.
    pub paid_fen: i64,
    /// What is still owed of it.
    pub remaining_fen: i64,
    /// What of it the office reserved for the bank; cash may not pay it.
    pub reserved_fen: i64,
    /// How it stands.
    pub mark: SlipMark,
    /// Why it is held or refused; empty if it counts.
    pub reasons: Vec<Words>,
    /// What the office, the grower or a reviewer says of it, with the answers.
    pub questions: Vec<Question>,
    /// Whether a payout may be begun for it on this phone.
    pub payable_here: bool,
    /// The payouts that paid of it, the oldest first.
    pub payouts: Vec<PaidPart>,
}

/// A question of the office, an objection of the grower or a review, with its answers.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Question {
    /// Its number; [`Courtyard::answer`] takes it.
    pub id: String,
    /// What it is: 核实, 异议, 审核.
    pub topic: Words,
    /// Whether it waits for somebody.
    pub waits: bool,
    /// What was said, then the answers in order.
    pub said: Vec<SaidWord>,
}

/// One word of a question.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SaidWord {
    /// Its business date.
    pub date: String,
    /// What was said.
    pub text: String,
}

impl From<Thread> for Question {
    fn from(thread: Thread) -> Question {
        let (zh, en) = thread.topic.title();
        let said = |word: &Word| SaidWord { date: word.date.to_string(), text: word.text.clone() };
        Question {
            id: thread.root.to_string(),
            topic: Words::of(zh, en),
            waits: thread.waits(),
            said: thread.words.iter().map(said).collect(),
        }
    }
}

/// A line of a slip (明细).
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SlipLine {
    /// The product's name.
    pub product_name: String,
    /// The grade's letter.
    pub grade: String,
    /// The weighings that count.
    pub weighings: Vec<SlipWeighing>,
    /// Weighings that were replaced or taken back before the save; they stay visible.
    pub replaced: Vec<SlipWeighing>,
    /// What is taken off the net weight.
    pub deductions: Vec<Deduction>,
    /// Net weight.
    pub net_g: i64,
    /// Net less deductions.
    pub settlement_g: i64,
    /// One or two prices with the weight that each is for, and why.
    pub segments: Vec<Segment>,
    /// The amount as printed.
    pub amount_fen: i64,
    /// The number of the contract that it is delivered on; none without one.
    pub contract: Option<String>,
    /// Whether nothing may be kept back from what is paid for it (粮食, 油料).
    pub unwithheld: bool,
}

/// A weighing of a slip.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SlipWeighing {
    /// 毛重.
    pub gross_g: i64,
    /// 皮重.
    pub tare_g: i64,
}

impl From<&courtyard_core::domain::slip::Weighing> for SlipWeighing {
    fn from(weighing: &courtyard_core::domain::slip::Weighing) -> SlipWeighing {
        let courtyard_core::domain::slip::Weighing { gross, tare } = weighing;
        SlipWeighing { gross_g: gross.get(), tare_g: tare.get() }
    }
}

/// What one payout paid of a slip.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PaidPart {
    /// The payout's number.
    pub payout: String,
    /// Its business date.
    pub date: String,
    /// How much of the slip it paid.
    pub amount_fen: i64,
}

/// A QR: its modules in rows from the top left, dark ones true. Draw it on white with four modules
/// of white around it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Qr {
    /// What it says.
    pub text: String,
    /// Modules in a row, and rows.
    pub size: u32,
    /// `size` × `size` modules, one byte each: 1 is dark.
    pub modules: Vec<u8>,
}

/// A number of an entry as handed back by a screen.
pub(crate) fn entry_id(text: &str) -> Result<EntryId, CourtyardError> {
    text.trim().parse().map_err(|_| {
        CourtyardError::typed(
            "typed.not_a_number",
            format!("“{text}”不是单号。单号形如 A7K-000127。"),
            format!("{text:?} is no number of a slip; one looks like A7K-000127."),
        )
    })
}

fn line(line: &Line, name: String) -> SlipLine {
    let (net, settlement) = (line.net().unwrap_or_default(), line.settlement().unwrap_or_default());
    let Line { product: _, grade, weighings, deductions, segments, amount, contract, marks } = line;
    let LineMarks { unwithheld, replaced } = marks;
    SlipLine {
        product_name: name,
        grade: grade.to_string(),
        weighings: weighings.iter().map(SlipWeighing::from).collect(),
        replaced: replaced.iter().map(SlipWeighing::from).collect(),
        deductions: deductions.iter().map(Deduction::from).collect(),
        net_g: net.get(),
        settlement_g: settlement.get(),
        segments: segments.iter().map(Segment::from).collect(),
        amount_fen: amount.get(),
        contract: contract.map(|contract| contract.to_string()),
        unwithheld: *unwithheld,
    }
}

fn payouts(
    steward: &Steward,
    id: EntryId,
    slip: &DomainSlip,
) -> Result<Vec<PaidPart>, CourtyardError> {
    let mut parts = Vec::new();
    for payout in steward.store().payouts_of(slip.grower)? {
        if payout.state != State::Counted {
            continue;
        }
        for paid in payout.effect.paid.iter().filter(|paid| paid.slip == id) {
            parts.push(PaidPart {
                payout: payout.id.to_string(),
                date: payout.date.to_string(),
                amount_fen: paid.amount.get(),
            });
        }
    }
    Ok(parts)
}

fn read(steward: &Steward, id: EntryId) -> Result<Slip, CourtyardError> {
    let unknown = || StewardError::Unknown { what: id.to_string() };
    let stored = steward.store().entry(id)?.ok_or_else(unknown)?;
    let record = steward.store().slip(id)?.ok_or_else(unknown)?;
    let Body::Slip(slip) = &stored.arrived.entry.body else { return Err(unknown().into()) };
    let products = steward.store().products()?;
    let name = |number: ProductNo| {
        let found = products.iter().find(|product| product.number == number);
        found.map_or_else(|| number.to_string(), |product| product.name.clone())
    };
    let lines = slip.lines.iter().map(|each| line(each, name(each.product))).collect();
    let holder = steward.holder()?;
    let payable = record.state == State::Counted && record.payable_in_cash() > Fen::ZERO;
    let here = EntryId::new(steward.device()?, 0);
    Ok(Slip {
        id: id.to_string(),
        grower: record.grower.to_string(),
        grower_name: steward.store().name_on(record.grower, record.date)?.unwrap_or_default(),
        date: record.date.to_string(),
        lines,
        net_g: record.net.get(),
        settlement_g: record.settlement.get(),
        amount_fen: record.amount.get(),
        estimate_fen: record.estimate.get(),
        paid_fen: record.paid.get(),
        remaining_fen: record.remaining.get(),
        reserved_fen: record.reserved.get(),
        mark: mark(steward, id, record.state)?,
        reasons: stored.status.reasons().iter().copied().map(Words::from).collect(),
        questions: steward.store().threads_about(id)?.into_iter().map(Question::from).collect(),
        payable_here: payable && record.may_be_paid_by(here, holder),
        payouts: payouts(steward, id, slip)?,
    })
}

#[uniffi::export]
impl Courtyard {
    /// A slip with everything that stands on it.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`] if it is not here, or [`CourtyardError::Store`].
    pub fn slip(&self, id: String) -> Result<Slip, CourtyardError> {
        read(&self.steward(), entry_id(&id)?)
    }

    /// The QR of a slip that this phone wrote: the address at which the office checks it, with the
    /// whole proof in it.
    ///
    /// # Errors
    /// [`CourtyardError::Problem`] if another phone wrote it, [`CourtyardError::Typed`] if it is not
    /// here or too long for a QR.
    pub fn slip_qr(&self, id: String) -> Result<Qr, CourtyardError> {
        let text = self.steward().slip_qr(entry_id(&id)?)?;
        let too_long = || {
            CourtyardError::typed(
                "slip.too_long_for_qr",
                "这张单太长，放不进一个二维码。单号和签名仍在本机。",
                "This slip is too long for one QR. Its number and signature are on this phone.",
            )
        };
        let code =
            QrCode::with_error_correction_level(&text, EcLevel::L).map_err(|_| too_long())?;
        let size = u32::try_from(code.width()).map_err(|_| too_long())?;
        let dark = |color: Color| u8::from(color == Color::Dark);
        let modules = code.to_colors().into_iter().map(dark).collect();
        Ok(Qr { text, size, modules })
    }

    /// Answers a question, an objection or a review; `settles` says that nothing is left open.
    /// Answers the number of the entry.
    ///
    /// # Errors
    /// [`CourtyardError::Problem`] if it says nothing, [`CourtyardError::Typed`] if the question is
    /// not here, or [`CourtyardError::Store`].
    pub fn answer(
        &self,
        question: String,
        text: String,
        settles: bool,
    ) -> Result<String, CourtyardError> {
        let question = entry_id(&question)?;
        Ok(self.steward().answer(question, &text, settles)?.to_string())
    }

    /// Takes a slip or a payout back, whole, with the reason. Where a second person must agree the
    /// refusal says so; `ask` then writes it all the same and it waits for the district.
    ///
    /// # Errors
    /// [`CourtyardError::Problem`] in words; nothing was written.
    pub fn void_entry(
        &self,
        id: String,
        reason: String,
        ask: bool,
    ) -> Result<String, CourtyardError> {
        let target = entry_id(&id)?;
        let mut steward = self.steward();
        let today = steward.today();
        let back = TakeBack { target, reason: &reason, replacement: None, ask };
        Ok(steward.void(back, today, None)?.to_string())
    }
}
