//! The kinds of entries in the words of the field.

use courtyard_core::domain::Kind;

/// A kind's word in Chinese.
pub(crate) const fn kind_zh(kind: Option<Kind>) -> &'static str {
    let Some(kind) = kind else { return "新版本的记录" };
    match kind {
        Kind::Products => "品名目录",
        Kind::PriceList => "价目表",
        Kind::Rules => "收购规定",
        Kind::Village => "村",
        Kind::DeviceCertificate => "手机证书",
        Kind::Steward => "人员名单",
        Kind::DeviceRevocation => "停用手机",
        Kind::Slip => "收购单",
        Kind::Void => "作废",
        Kind::Return => "退货",
        Kind::PriceFix => "定价",
        Kind::Adjustment => "调整",
        Kind::RecoveredEntry => "补录",
        Kind::ContractVersion => "合同",
        Kind::Prepayment => "预付货款",
        Kind::InputCredit => "农资赊销",
        Kind::Deposit => "定金",
        Kind::Confirmation => "确认",
        Kind::Payout => "付款",
        Kind::Receipt => "收款",
        Kind::BankReserve => "批量付款预留",
        Kind::BankApprove => "批量付款审批",
        Kind::BankFile => "批量付款文件",
        Kind::BankResult => "批量付款结果",
        Kind::FloatIssue => "备用金拨付",
        Kind::FloatAccept => "备用金签收",
        Kind::FloatCount => "备用金盘点",
        Kind::FloatDifference => "盘点差额处理",
        Kind::Note => "备注",
        Kind::Question => "核实",
        Kind::Answer => "回复",
        Kind::Objection => "异议",
        Kind::Review => "审核",
        Kind::HoldDecision => "留存认定",
        Kind::IdentityLink => "户号关联",
        Kind::IdentityUnlink => "户号解除关联",
        Kind::MonthClose => "结账",
    }
}
