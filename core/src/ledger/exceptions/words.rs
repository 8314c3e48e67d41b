//! The short words of exceptions in both languages: names of kinds for headings, who acts, and what
//! the acts are called. What to do stands in the kind's own sentence.

use super::{Act, ExceptionKind, Owner};

/// Chinese and English.
type Both = (&'static str, &'static str);

impl ExceptionKind {
    /// Its name in a heading, in Chinese and English.
    pub const fn title(self) -> Both {
        match self {
            ExceptionKind::HeldEntry => ("留存待核", "Held entries"),
            ExceptionKind::OffListPrice => ("价目不符", "Off the price list"),
            ExceptionKind::LowPrice => ("价格过低", "Unusually low price"),
            ExceptionKind::ZeroAmount => ("金额为零", "Comes to nothing"),
            ExceptionKind::LikelyDuplicate => ("疑似重复", "Likely twice"),
            ExceptionKind::ContractExceeded => ("合同超量", "Contract exceeded"),
            ExceptionKind::BeyondYield => ("超出产能", "Beyond the land's yield"),
            ExceptionKind::UnsoundContract => ("合同不符", "Unsound contract"),
            ExceptionKind::LateVoid => ("隔日作废", "Voided on another day"),
            ExceptionKind::UnregisteredGrower => ("未登记农户", "Unregistered grower"),
            ExceptionKind::ClockDoubt => ("时间存疑", "Clock in doubt"),
            ExceptionKind::NewerKind => ("新版记录", "Entries of a newer kind"),
            ExceptionKind::ListChanged => ("价目已变", "Price list had changed"),
            ExceptionKind::WeightOutlier => ("重量异常", "Unusual weight"),
            ExceptionKind::Overpaid => ("多付", "Overpaid"),
            ExceptionKind::BankExcess => ("银行多付", "Overpaid by the bank"),
            ExceptionKind::RepaymentIdle => ("扣款未抵", "Kept back in vain"),
            ExceptionKind::RefundDue => ("应收退款", "Refund due"),
            ExceptionKind::OverduePayable => ("逾期未付", "Overdue payable"),
            ExceptionKind::PriceUnfixed => ("待定价", "Price not fixed"),
            ExceptionKind::OwnHousehold => ("收购自家", "Own household"),
            ExceptionKind::FloatDifference => ("盘点不符", "Count differs"),
            ExceptionKind::StewardAdvanced => ("管家垫付", "Steward advanced money"),
            ExceptionKind::SequenceMissing => ("缺号", "Numbers missing"),
            ExceptionKind::Fork => ("同号两份", "Two contents, one number"),
            ExceptionKind::PhoneSilent => ("手机失联", "Silent phone"),
            ExceptionKind::RegisterConflict => ("名册冲突", "Register conflict"),
            ExceptionKind::LikelySameGrower => ("疑似同户", "Likely one household"),
            ExceptionKind::OpenObjection => ("异议待复", "Open objection"),
            ExceptionKind::OpenQuestion => ("核实待复", "Open question"),
            ExceptionKind::ReviewReopened => ("审核重开", "Review reopened"),
        }
    }

    /// The kind with this stable code, with or without `exception.` before it.
    pub fn by_code(code: &str) -> Option<ExceptionKind> {
        let name = |kind: ExceptionKind| kind.rule().code;
        ExceptionKind::ALL
            .iter()
            .copied()
            .find(|&kind| name(kind) == code || name(kind).strip_prefix("exception.") == Some(code))
    }
}

impl Owner {
    /// Everybody who acts on exceptions.
    pub const ALL: [Owner; 5] =
        [Owner::Steward, Owner::Clerk, Owner::Reviewer, Owner::Manager, Owner::Administrator];

    /// Who that is, in Chinese and English.
    pub const fn title(self) -> Both {
        match self {
            Owner::Steward => ("管家", "Steward"),
            Owner::Clerk => ("经办", "Clerk"),
            Owner::Reviewer => ("审核", "Reviewer"),
            Owner::Manager => ("主管", "Manager"),
            Owner::Administrator => ("管理员", "Administrator"),
        }
    }

    /// The owner with this word.
    pub fn by_name(name: &str) -> Option<Owner> {
        Owner::ALL.into_iter().find(|owner| owner.name() == name)
    }
}

impl Act {
    /// What it is called, in Chinese and English.
    pub const fn title(self) -> Both {
        match self {
            Act::Void => ("作废", "Void it"),
            Act::WriteAgain => ("重新开单", "Write it again"),
            Act::AmendContract => ("签新版合同", "Sign a new version of the contract"),
            Act::Register => ("登记农户", "Register the household"),
            Act::Update => ("升级软件", "Update the software"),
            Act::SetClock => ("校准手机时间", "Set the phone's clock"),
            Act::Decide => ("认可或不认可", "Admit or refuse it"),
            Act::Adjust => ("调整", "Adjust it"),
            Act::Confirm => ("请农户确认", "Ask the grower for a word"),
            Act::Ask => ("核实", "Ask about it"),
            Act::Answer => ("回复", "Answer it"),
            Act::Pay => ("付款", "Pay it"),
            Act::FixPrice => ("定价", "Fix the price"),
            Act::Receive => ("收回退款", "Receive the refund"),
            Act::Sync => ("同步手机，或停用", "Sync the phone, or revoke it"),
            Act::Recover => ("凭纸单补录", "Enter it from paper"),
            Act::Renew => ("换新的单号段", "Give the phone a new key"),
            Act::Settle => ("选定一个值", "Choose one value"),
            Act::Link => ("关联户号", "Link the two numbers"),
            Act::Review => ("审核", "Review it"),
            Act::Approve => ("处理差额", "Settle the difference"),
            Act::IssueFloat => ("补拨备用金", "Issue cash"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_and_an_owner_are_found_again_by_their_words() {
        for &kind in ExceptionKind::ALL {
            let code = kind.rule().code;
            assert_eq!(ExceptionKind::by_code(code), Some(kind));
            assert_eq!(
                ExceptionKind::by_code(code.strip_prefix("exception.").unwrap()),
                Some(kind)
            );
        }
        for owner in Owner::ALL {
            assert_eq!(Owner::by_name(owner.name()), Some(owner));
        }
        assert_eq!(ExceptionKind::by_code("exception"), None);
    }
}
