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
    HeldEntry = "exception.held_entry", "", Reviewer, [WriteAgain],
        "这条记录留存待核，没有计入。请看原因，核实后重新开单。",
        "This entry is held and not counted. Read the reasons, look into it and write it again.";
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
}
