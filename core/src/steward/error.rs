//! What a steward is told when something cannot be done.

use crate::desk::Finding;
use crate::store::{StoreError, WorkError};
use crate::sync::{SyncError, TransportError, Trouble};
use crate::wire::ErrorBody;
use crate::wire::invitation::InvitationError;

use super::operators::OperatorError;

/// Why a steward's deed was not done. Nothing of it was saved.
#[derive(Debug, thiserror::Error)]
pub enum StewardError {
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The desk found what cannot be saved.
    #[error("{}", .0.iter().map(|f| f.message.en.as_str()).collect::<Vec<_>>().join(" "))]
    Problems(Vec<Finding>),
    /// The device is not enrolled.
    #[error("the device is not enrolled")]
    NotEnrolled,
    /// The device is enrolled already.
    #[error("the device is enrolled already, as {0}")]
    AlreadyEnrolled(crate::domain::DeviceNo),
    /// The text is no invitation.
    #[error(transparent)]
    Invitation(#[from] InvitationError),
    /// The office's answer is not signed by the district that invited.
    #[error("the answer is not from the district that the invitation names")]
    NotTheDistrict,
    /// The office refused.
    #[error("{}", .0.en)]
    Refused(Box<ErrorBody>),
    /// The office could not be reached, or its answer made no sense.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The sync ended before all was exchanged, and neither the network nor the office said why.
    #[error(transparent)]
    Sync(SyncError),
    /// Nothing of this number, code or name is here.
    #[error("{what} is not known here")]
    Unknown {
        /// What was looked for.
        what: String,
    },
    /// An operator cannot work.
    #[error(transparent)]
    Operator(#[from] OperatorError),
    /// What was typed is no value of this field.
    #[error("{typed:?} is no value of {field}")]
    NotAValue {
        /// The field.
        field: String,
        /// What was typed.
        typed: String,
    },
    /// The invitation is for another village than this phone serves.
    #[error("the invitation is for another village")]
    OtherVillage,
    /// The district has ended this device.
    #[error("the device is revoked")]
    Revoked,
    /// Another device wrote it, so this one cannot sign for it.
    #[error("{0} was written by another device")]
    NotOwn(crate::domain::EntryId),
    /// The open slip was kept by another build in a form that this one cannot read.
    #[error("the open slip cannot be read by this version")]
    Unreadable,
    /// What was typed fits more than one thing.
    #[error("{what} could be: {candidates}")]
    Ambiguous {
        /// What was looked for.
        what: String,
        /// What it fits.
        candidates: String,
    },
}

/// An error for people: a stable code, and what happened, what was kept and what to do.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Said {
    /// The stable code.
    pub code: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl From<SyncError> for StewardError {
    /// No signal is no signal, whenever it goes; what the office says is said in its own words.
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Trouble(Trouble::Transport(error)) => StewardError::Transport(error),
            SyncError::Trouble(Trouble::Refused(body)) => StewardError::Refused(body),
            other => StewardError::Sync(other),
        }
    }
}

impl StewardError {
    /// What to tell the steward.
    pub fn said(&self) -> Said {
        let own = |code: &str, zh: String, en: String| Said { code: code.to_owned(), zh, en };
        match self {
            StewardError::Store(error) => {
                let words = error.words();
                own(words.code, words.zh.to_owned(), words.en.to_owned())
            }
            StewardError::Problems(findings) => {
                let join = |text: fn(&Finding) -> &str| {
                    findings.iter().map(text).collect::<Vec<_>>().join("\n")
                };
                let code = findings.first().map_or("steward.problems", |f| f.message.code);
                own(code, join(|f| &f.message.zh), join(|f| &f.message.en))
            }
            StewardError::NotEnrolled => own(
                "steward.not_enrolled",
                "本机还没有登记，不能记账。请用县社给的邀请登记。".to_owned(),
                "This device is not enrolled, so it cannot write. Enrol it with an invitation from the office.".to_owned(),
            ),
            StewardError::AlreadyEnrolled(device) => own(
                "steward.already_enrolled",
                format!("本机已登记为 {device}，没有改动。另一个村请用另一个数据文件夹。"),
                format!("This device is enrolled already, as {device}; nothing was changed. Use another data folder for another village."),
            ),
            StewardError::Invitation(error) => own(
                "steward.not_an_invitation",
                "这不是有效的邀请，或抄错了字。请核对后重新粘贴整行。".to_owned(),
                format!("{error}. Check it and paste the whole line again."),
            ),
            StewardError::Unreadable => own(
                "steward.open_slip_unreadable",
                "未完成的单是另一版本留下的，这一版读不出来。它还在。请换回原来的版本保存，或放弃它再重新填写。".to_owned(),
                "The open slip was left by another version and cannot be read by this one. It is still here. Save it with that version, or give it up and fill it in again.".to_owned(),
            ),
            StewardError::NotTheDistrict => own(
                "steward.not_the_district",
                "对方不是邀请里写明的县社，没有登记。请检查网络，或向县社要新的邀请。".to_owned(),
                "The other end is not the district that the invitation names; nothing was enrolled. Check the network, or ask the office for a new invitation.".to_owned(),
            ),
            StewardError::Refused(body) => own(&body.code, body.zh.clone(), body.en.clone()),
            StewardError::Transport(error @ TransportError::WrongKey) => own(
                "sync.wrong_key",
                "对方不是登记时的县社服务器，没有发出任何数据。已存的都在本机。请换一个网络再同步；还不行，请联系县社。".to_owned(),
                format!("The other end is not the office's server ({error}); nothing was sent. What is saved is on this device. Sync over another network; if it stays so, call the office."),
            ),
            // A cut in mid-exchange is the same to a steward: there is no way to the office now.
            StewardError::Transport(error) => own(
                "sync.unreachable",
                "连不上县社服务器。已存的都在本机，待有信号时再同步。".to_owned(),
                format!("The office's server cannot be reached ({error}). What is saved is on this device; sync again when there is a signal."),
            ),
            StewardError::Sync(error) => own(
                "sync.not_finished",
                "同步没有完成。已确认的不会丢，其余的都在本机，请稍后再同步。".to_owned(),
                format!("The sync did not finish: {error}. What was acknowledged is safe, the rest is on this device; sync again."),
            ),
            StewardError::Unknown { what } => own(
                "steward.unknown",
                format!("这里没有“{what}”。请核对，或先同步。"),
                format!("{what} is not known here. Check it, or sync first."),
            ),
            StewardError::Operator(error) => error.said(),
            StewardError::NotAValue { field, typed } => own(
                "steward.not_a_value",
                format!("“{typed}”不能写进 {field}，没有改动。请核对后再写。"),
                format!("{typed:?} cannot stand in {field}; nothing was changed. Check it and write it again."),
            ),
            StewardError::OtherVillage => own(
                "steward.other_village",
                "这个邀请是给另一个村的，没有换号。请向县社要本村的邀请。".to_owned(),
                "The invitation is for another village; nothing was changed. Ask the office for one of this village.".to_owned(),
            ),
            StewardError::Revoked => own(
                "steward.revoked",
                "这部手机已停用，不能再开新单。已有的都在本机，同步时照常上传。请联系县社。".to_owned(),
                "This phone is revoked and begins nothing new. What it holds is here and is still sent. Call the district office.".to_owned(),
            ),
            StewardError::NotOwn(id) => own(
                "steward.not_own",
                format!("{id} 是另一台手机开的，请用那台手机出二维码。"),
                format!("{id} was written by another phone. Use that phone for its QR."),
            ),
            StewardError::Ambiguous { what, candidates } => own(
                "steward.ambiguous",
                format!("“{what}”可能是：{candidates}。请写编号。"),
                format!("{what} could be: {candidates}. Use the number."),
            ),
        }
    }
}

impl OperatorError {
    pub(super) fn said(&self) -> Said {
        let (code, zh, en) = match self {
            OperatorError::Locked => (
                "operator.locked",
                "本机已锁，没有保存。请先输入 PIN 登录。".to_owned(),
                "The phone is locked; nothing was saved. Enter a PIN first."
                    .to_owned(),
            ),
            OperatorError::WrongPin { wait_s: 0 } => (
                "operator.wrong_pin",
                "PIN 不对，没有登录。请再试。".to_owned(),
                "The PIN is wrong; nobody is signed in. Try again.".to_owned(),
            ),
            OperatorError::WrongPin { wait_s } => (
                "operator.wrong_pin",
                format!("PIN 不对，没有登录。请等 {wait_s} 秒再试。"),
                format!("The PIN is wrong; nobody is signed in. Try again after {wait_s} seconds."),
            ),
            OperatorError::Waits { wait_s } => (
                "operator.waits",
                format!("输错次数太多，还要等 {wait_s} 秒。账本没有改动。"),
                format!("Too many wrong PINs: wait {wait_s} seconds. Nothing was changed."),
            ),
            OperatorError::PlainPin => (
                "operator.plain_pin",
                "PIN 要 4 到 8 位数字，不能全相同，也不能连号。没有改动。请换一个。".to_owned(),
                "A PIN has 4 to 8 digits, not all the same and not in a row. Nothing was changed. Choose another.".to_owned(),
            ),
            OperatorError::NotInRoster(number) => (
                "operator.not_in_roster",
                format!("本村名单里没有 {number} 号人员。没有改动。请先同步，或请县社登记。"),
                format!("The roster of this village has no person {number}. Nothing was changed. Sync first, or ask the office to add them."),
            ),
            OperatorError::NotTheSteward => (
                "operator.not_the_steward",
                "只有本机供销管家能改。没有改动。请由管家登录，或先锁定。".to_owned(),
                "Only the phone's own steward may do this. Nothing was changed. Let the steward sign in, or lock first.".to_owned(),
            ),
            OperatorError::NoName => (
                "operator.no_name",
                "请写姓名。没有改动。".to_owned(),
                "A name is wanted. Nothing was changed. Give one.".to_owned(),
            ),
        };
        Said { code: code.to_owned(), zh, en }
    }
}

impl WorkError for StewardError {
    fn is_full(&self) -> bool {
        matches!(self, StewardError::Store(StoreError::Full))
    }
}
