//! Paying a grower in cash (付款): what it comes to, then the payout itself.

use courtyard_core::desk::{PayoutDraft, RepaymentOffer as DeskOffer};
use courtyard_core::domain::payout::Allocation as DomainAllocation;
use courtyard_core::domain::{self, EntryId, Fen, PersonNo};
use courtyard_core::steward::Steward;

use crate::courtyard::Courtyard;
use crate::error::CourtyardError;
use crate::growers::grower_id;
use crate::slip::entry_id;
use crate::words::{Finding, Words, findings};

/// What a payout would come to.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PayoutReview {
    /// The grower's number.
    pub grower: String,
    /// The grower's name of today.
    pub grower_name: String,
    /// What is unpaid of the slips that it may pay, before it.
    pub owed_fen: i64,
    /// What is unpaid of slips that other stewards bought; they pay it, or the bank.
    pub owed_elsewhere_fen: i64,
    /// The cash to hand over.
    pub cash_fen: i64,
    /// What rounding adds for the grower.
    pub rounding_fen: i64,
    /// How the district rounds cash.
    pub rounding_rule: Words,
    /// What stays unpaid.
    pub left_fen: i64,
    /// Which slips it pays.
    pub allocations: Vec<Allocation>,
    /// Debts for which something may be kept back (扣还).
    pub offers: Vec<RepaymentOffer>,
    /// What is kept back of all of them.
    pub repaid_fen: i64,
    /// What the grower is told, besides the receipt (抵销通知).
    pub notices: Vec<Words>,
    /// What must be put right before it can be saved.
    pub problems: Vec<Finding>,
    /// Cash in hand before it; negative is what the steward advanced.
    pub float_before_fen: i64,
    /// Cash in hand after it.
    pub float_after_fen: i64,
}

/// How much of a slip is paid.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Allocation {
    /// The slip's number.
    pub slip: String,
    /// The slip's business date.
    pub date: String,
    /// How much.
    pub amount_fen: i64,
}

/// A debt for which something may be kept back today.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct RepaymentOffer {
    /// The debt's number.
    pub debt: String,
    /// What it is.
    pub words: Words,
    /// Since when it is due.
    pub due: String,
    /// What is left of it.
    pub left_fen: i64,
    /// At most so much may be kept back.
    pub most_fen: i64,
}

/// What is to be kept back for a debt.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Repay {
    /// The debt's number.
    pub debt: String,
    /// So much, or as much as may be.
    pub amount_fen: Option<i64>,
}

/// Who of the household gets the money; 0 is its head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Recipient {
    /// Whose money it is.
    pub payee: u16,
    /// Who takes it on the payee's behalf (代领人): no invoice can be made of it until the seller
    /// signs.
    pub proxy: Option<u16>,
}

/// A payout that was just saved.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Paid {
    /// Its number.
    pub id: String,
    /// The cash that was handed over.
    pub cash_fen: i64,
    /// What rounding added for the grower.
    pub rounding_fen: i64,
    /// What stays unpaid.
    pub left_fen: i64,
    /// What the grower is told, besides the receipt.
    pub notices: Vec<Words>,
}

fn offer(offer: &DeskOffer) -> RepaymentOffer {
    let DeskOffer { debt, kind, due, left, most } = offer;
    let (zh, en) = courtyard_core::desk::debt_words(*kind);
    RepaymentOffer {
        debt: debt.to_string(),
        words: Words::of(zh, en),
        due: due.to_string(),
        left_fen: left.get(),
        most_fen: most.get(),
    }
}

fn allocation(steward: &Steward, paid: &DomainAllocation) -> Result<Allocation, CourtyardError> {
    let DomainAllocation { slip, amount } = paid;
    let record = steward.store().slip(*slip)?;
    Ok(Allocation {
        slip: slip.to_string(),
        date: record.map(|record| record.date.to_string()).unwrap_or_default(),
        amount_fen: amount.get(),
    })
}

/// The payout as it was asked for.
fn draft(
    steward: &Steward,
    grower: &str,
    slips: &[String],
    repay: &[Repay],
    recipient: Option<Recipient>,
) -> Result<PayoutDraft, CourtyardError> {
    let grower = grower_id(grower)?;
    steward.must_know(grower)?;
    let mut draft = PayoutDraft::new(steward.visit(grower, None)?);
    for slip in slips {
        draft.name(entry_id(slip)?);
    }
    for wish in repay {
        let debt: EntryId = entry_id(&wish.debt)?;
        draft.repay(debt, wish.amount_fen.map(Fen::new));
    }
    if let Some(Recipient { payee, proxy }) = recipient {
        let (payee, proxy) = (PersonNo::new(payee), proxy.map(PersonNo::new));
        draft.give_to(domain::payout::Recipient { payee, proxy });
    }
    Ok(draft)
}

#[uniffi::export]
impl Courtyard {
    /// What a payout to a grower would come to, given to the head or to this recipient: of these slips, or of all that this steward bought.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`] for an unknown grower or number, or [`CourtyardError::Store`].
    #[uniffi::method(default(recipient = None))]
    pub fn review_payout(
        &self,
        grower: String,
        slips: Vec<String>,
        repay: Vec<Repay>,
        recipient: Option<Recipient>,
    ) -> Result<PayoutReview, CourtyardError> {
        let steward = self.steward();
        let draft = draft(&steward, &grower, &slips, &repay, recipient)?;
        let review = steward.review_payout(&draft)?;
        let row = steward.store().grower(grower_id(&grower)?)?;
        let allocations: Result<Vec<Allocation>, CourtyardError> =
            review.allocations.iter().map(|paid| allocation(&steward, paid)).collect();
        let before = steward.in_hand()?.balance;
        let rules = steward.store().rules()?;
        Ok(PayoutReview {
            grower,
            grower_name: row.map(|row| row.name).unwrap_or_default(),
            owed_fen: review.owed.get(),
            owed_elsewhere_fen: review.owed_elsewhere.get(),
            cash_fen: review.cash.get(),
            rounding_fen: review.rounding.get(),
            rounding_rule: Words::each(|language| rules.rounding_text(language)),
            left_fen: review.left.get(),
            allocations: allocations?,
            offers: review.offers.iter().map(offer).collect(),
            repaid_fen: Fen::sum(review.repayments.iter().map(|kept| kept.claimed))?.get(),
            notices: review.notices.into_iter().map(Words::from).collect(),
            problems: findings(review.problems),
            float_before_fen: before.get(),
            float_after_fen: before.minus(review.cash)?.get(),
        })
    }

    /// Pays in cash what [`review_payout`](Self::review_payout) showed, dated today. It is on disk
    /// when this answers.
    ///
    /// # Errors
    /// [`CourtyardError::Problem`] with what cannot be saved; nothing was written.
    #[uniffi::method(default(recipient = None))]
    pub fn pay(
        &self,
        grower: String,
        slips: Vec<String>,
        repay: Vec<Repay>,
        recipient: Option<Recipient>,
    ) -> Result<Paid, CourtyardError> {
        let mut steward = self.steward();
        let draft = draft(&steward, &grower, &slips, &repay, recipient)?;
        let today = steward.today();
        let paid = steward.pay(&draft, today, None)?;
        Ok(Paid {
            id: paid.id.to_string(),
            cash_fen: paid.cash.get(),
            rounding_fen: paid.rounding.get(),
            left_fen: paid.owed_after.get(),
            notices: paid.notices.into_iter().map(Words::from).collect(),
        })
    }
}
