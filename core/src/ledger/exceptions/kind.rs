//! The kinds of exceptions: their words, who acts, and what settles them.

use crate::domain::Rule;

/// Who acts on an exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// 供销管家, at the phone that wrote.
    Steward,
    /// 经办.
    Clerk,
    /// 审核.
    Reviewer,
    /// 主管.
    Manager,
    /// 管理员.
    Administrator,
}

impl Owner {
    /// A word for reports and pages.
    pub const fn name(self) -> &'static str {
        match self {
            Owner::Steward => "steward",
            Owner::Clerk => "clerk",
            Owner::Reviewer => "reviewer",
            Owner::Manager => "manager",
            Owner::Administrator => "administrator",
        }
    }
}

/// What settles an exception: then it is no longer derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// Void the entry.
    Void,
    /// Write the entry again, rightly.
    WriteAgain,
    /// Sign a new version of the contract.
    AmendContract,
    /// Put the grower into the village's register.
    Register,
    /// Update this node's software.
    Update,
    /// Set the phone's clock right; what was written before stays marked.
    SetClock,
    /// Admit or refuse the held entry.
    Decide,
    /// Adjust the slip's amount.
    Adjust,
    /// Ask the grower for a word on it, and write that down.
    Confirm,
    /// Ask the steward, or answer.
    Ask,
    /// Answer the objection or question.
    Answer,
    /// Pay, in cash or by the bank.
    Pay,
    /// Fix the price.
    FixPrice,
    /// Receive what is due back, or repay it out of slips.
    Receive,
    /// Bring the phone to a signal, or revoke it.
    Sync,
    /// Re-enter the slip from its paper.
    Recover,
    /// Give the phone a new key and issue its entries again.
    Renew,
    /// Choose one value.
    Settle,
    /// Link the two numbers, or say that they are two.
    Link,
    /// Look at it and say that it is in order.
    Review,
    /// Approve the difference.
    Approve,
    /// Issue cash to the steward.
    IssueFloat,
}

impl Act {
    /// A word for reports and pages.
    pub const fn name(self) -> &'static str {
        match self {
            Act::Void => "void",
            Act::WriteAgain => "write_again",
            Act::AmendContract => "amend_contract",
            Act::Register => "register",
            Act::Update => "update",
            Act::SetClock => "set_clock",
            Act::Decide => "decide",
            Act::Adjust => "adjust",
            Act::Confirm => "confirm",
            Act::Ask => "ask",
            Act::Answer => "answer",
            Act::Pay => "pay",
            Act::FixPrice => "fix_price",
            Act::Receive => "receive",
            Act::Sync => "sync",
            Act::Recover => "recover",
            Act::Renew => "renew",
            Act::Settle => "settle",
            Act::Link => "link",
            Act::Review => "review",
            Act::Approve => "approve",
            Act::IssueFloat => "issue_float",
        }
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $unit:literal, $owner:ident,
        [$($act:ident),*], $zh:literal, $en:literal;)*) => {
        /// What an exception is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ExceptionKind {
            $($(#[$doc])* $variant,)*
        }

        impl ExceptionKind {
            /// Every kind.
            pub const ALL: &[ExceptionKind] = &[$(ExceptionKind::$variant,)*];

            /// Its stable code and its words: what was found and what to do.
            pub const fn rule(self) -> Rule {
                match self {
                    $(ExceptionKind::$variant => Rule { code: $code, zh: $zh, en: $en },)*
                }
            }

            /// The unit of its measure; empty if it has none.
            pub const fn unit(self) -> &'static str {
                match self { $(ExceptionKind::$variant => $unit,)* }
            }

            /// Who acts.
            pub const fn owner(self) -> Owner {
                match self { $(ExceptionKind::$variant => Owner::$owner,)* }
            }

            /// The acts that settle it.
            pub const fn acts(self) -> &'static [Act] {
                match self { $(ExceptionKind::$variant => &[$(Act::$act),*],)* }
            }
        }
    };
}

kinds! {
    /// An entry that is kept but does not count.
    HeldEntry = "exception.held_entry", "", Reviewer, [Decide, WriteAgain],
        "这条记录留存待核，没有计入。请看原因，核实后认可或不认可，或重新开单。",
        "This entry is held and not counted. Read the reasons, then admit it, refuse it, or write it again.";
    /// A price that is not the list's, or not the contract's floor that it claims to be.
    OffListPrice = "exception.off_list_price", "li_per_kg", Reviewer, [Void, WriteAgain],
        "成交价与价目表不同，请向管家核实原因。",
        "The price is not the list's. Ask the steward why.";
    /// A price below the district's low price.
    LowPrice = "exception.low_price", "li_per_kg", Reviewer, [Void, WriteAgain],
        "价格低得少见，请核实是否少打了一位。",
        "The price is unusually low. See whether a digit is missing.";
    /// A line that comes to nothing.
    ZeroAmount = "exception.zero_amount", "g", Clerk, [Void, WriteAgain],
        "这条明细的金额为零，请核实重量和价格。",
        "This line comes to nothing. Check its weight and price.";
    /// Two slips that may be one purchase.
    LikelyDuplicate = "exception.likely_duplicate", "s", Clerk, [Void],
        "两张单的农户、品名相同，重量相近，时间紧挨，请核实是否重复。",
        "Two slips of one grower and product, of near weight, moments apart. Is one a repeat?";
    /// More was delivered on a contract than agreed, with the tolerance.
    ContractExceeded = "exception.contract_exceeded", "g", Reviewer, [AmendContract, Void],
        "合同已超量，超出部分按合同约定处理，请核对价格。",
        "The contract is exceeded. What is beyond it follows the contract; check the prices.";
    /// More was delivered than the land usually yields. A purchase invoice covers self-produced
    /// goods only (发票管理办法: 虚开发票).
    BeyondYield = "exception.beyond_yield", "g", Reviewer, [AmendContract, Void],
        "交货超过这块地的常年产量，请核实是否自产。",
        "More was delivered than this land usually yields. Check that it is self-produced.";
    /// A slip on a contract that is unknown, not in force, or over something else.
    UnsoundContract = "exception.unsound_contract", "", Clerk, [AmendContract, Void, WriteAgain],
        "收购单写的合同对不上，请补签或改正合同。",
        "The contract that the slip names does not fit. Sign it, or correct the slip.";
    /// A void by a phone on another day than its slip: a second person looks at it.
    LateVoid = "exception.late_void", "", Reviewer, [WriteAgain],
        "隔日作废，需要第二人核实原因。",
        "Voided on another day than it was written. A second person checks the reason.";
    /// A grower who stands in no register.
    UnregisteredGrower = "exception.unregistered_grower", "", Clerk, [Register],
        "名册里没有这户农户，请补登记。",
        "This grower is in no register. Register the household.";
    /// A run of entries of one device whose clock cannot be believed.
    ClockDoubt = "exception.clock_doubt", "", Steward, [SetClock],
        "手机时间不可靠，请核对单上的日期，并校准手机时间。金额不受影响。",
        "The phone's clock is in doubt. Check the dates and set the clock. Amounts are not affected.";
    /// Entries of a kind that this build does not know.
    NewerKind = "exception.newer_kind", "", Administrator, [Update],
        "有新版本软件写的记录，已原样保存，请升级后再看。",
        "There are entries of a newer version, kept as they are. Update to read them.";
    /// A slip whose list was replaced before it was written, while its phone was offline.
    ListChanged = "exception.list_changed", "fen", Clerk, [Adjust],
        "开单时价目表已更新，手机还没收到。按印出的价格付款，差额如下。",
        "The list had changed, but the phone did not know yet. The printed price is honoured; this is the difference.";
    /// A line far heavier than its product's lines usually are.
    WeightOutlier = "exception.weight_outlier", "g", Clerk, [Void, WriteAgain],
        "这条明细比平时重得多，请核实是否多打了一位。",
        "This line is far heavier than usual. See whether there is a digit too many.";
    /// Cash paid beyond what was unpaid.
    Overpaid = "exception.overpaid", "fen", Reviewer, [Confirm, Void],
        "付款超过应付，多付的挂在管家名下。请农户确认，或作废其中一笔付款。",
        "More was paid than was owed; the rest stands under the steward. Ask the grower, or void one payout.";
    /// The bank paid beyond what was unpaid, and the grower has not said that it came.
    BankExcess = "exception.bank_excess", "fen", Clerk, [Confirm],
        "银行付款超过应付，多付的挂在县社名下。请农户确认是否收到，确认后转为应收退款。",
        "The bank paid more than was owed; the rest stands under the office. Ask the grower whether it came: then a refund is due.";
    /// Repayments that were kept back and did not repay: the grower is still owed them.
    RepaymentIdle = "exception.repayment_idle", "fen", Clerk, [Pay, Confirm],
        "扣下的货款没有抵销欠款，仍应付给农户。",
        "What was kept back did not repay the debt. It is still owed to the grower.";
    /// A grower has to give something back.
    RefundDue = "exception.refund_due", "fen", Clerk, [Receive],
        "有应收退款未结，请收回或经农户同意后从货款抵销。",
        "A refund is due. Receive it, or repay it out of slips when the grower agrees.";
    /// A payable that is older than the district allows.
    OverduePayable = "exception.overdue_payable", "days", Manager, [Pay],
        "货款超过期限仍未付清，请尽快安排付款。",
        "A payable is overdue. Arrange its payment.";
    /// A pending price that nobody has fixed.
    PriceUnfixed = "exception.price_unfixed", "days", Manager, [FixPrice],
        "待定价的收购单还没有定价，请尽快定价并告知农户。",
        "A pending price is not fixed yet. Fix it and tell the grower.";
    /// A purchase of a steward from their own household: allowed and looked at.
    OwnHousehold = "exception.own_household", "", Reviewer, [Review],
        "管家收购自家产品，允许但要复核。",
        "A steward bought from their own household. That is allowed and reviewed.";
    /// A count that the ledger does not agree with and that nobody has settled.
    FloatDifference = "exception.float_difference", "fen", Manager, [Approve, Ask],
        "备用金盘点与账面不符，请查明原因并处理差额。",
        "A count differs from the ledger. Find out why and settle the difference.";
    /// A float below zero: the steward has advanced money.
    StewardAdvanced = "exception.steward_advanced", "fen", Clerk, [IssueFloat],
        "管家垫付了货款，请补拨备用金。",
        "The steward has advanced money. Issue cash to make it good.";
    /// Numbers of a device that are known to exist and are not here.
    SequenceMissing = "exception.sequence_missing", "entries", Clerk, [Sync, Recover],
        "这部手机有缺号，请同步手机，或凭纸单补录。",
        "Numbers of this phone are missing. Sync it, or re-enter the slips from paper.";
    /// Two contents under one number.
    Fork = "exception.fork", "", Administrator, [Renew],
        "同一个单号有两种内容，第一份有效，第二份已留存。这部手机要换新的单号段。",
        "One number has two contents. The first stands, the second is kept aside. The phone needs a new key.";
    /// A phone that has not synced for days.
    PhoneSilent = "exception.phone_silent", "days", Clerk, [Sync],
        "这部手机多日没有同步，请联系管家。",
        "This phone has not synced for days. Ask its steward.";
    /// Two values for one field of a register.
    RegisterConflict = "exception.register_conflict", "", Clerk, [Settle],
        "名册里同一项有两个值，两个都保留着，请选定一个。",
        "One field of the register has two values. Both are kept; choose one.";
    /// Two numbers that may be one household.
    LikelySameGrower = "exception.likely_same_grower", "", Clerk, [Link],
        "两个户号可能是同一户，请核实后关联。",
        "Two numbers may be one household. Look into it and link them.";
    /// A grower objects and nobody has answered.
    OpenObjection = "exception.open_objection", "", Reviewer, [Answer, Adjust, Void],
        "农户有异议，请核实后回复。",
        "A grower objects. Look into it and answer.";
    /// The office asked and nobody has answered.
    OpenQuestion = "exception.open_question", "", Steward, [Answer],
        "县社的核实还没有回复，请管家回复。",
        "A question of the office is not answered yet. The steward answers.";
    /// An accepted entry that was changed afterwards.
    ReviewReopened = "exception.review_reopened", "", Reviewer, [Review],
        "审核通过后又作废或更正，请重新审核。",
        "It was accepted and then voided or corrected. Review it again.";
}
