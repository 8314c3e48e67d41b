//! What could not be done: a family, a stable code, and the words for a person.

use courtyard_core::steward::StewardError;

/// Why something was not done. Nothing of it was saved. `code` is stable; `reason_zh` and
/// `reason_en` say what happened, what was kept and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum CourtyardError {
    /// What was typed cannot be read, or nothing here has that number or name.
    #[error("{code}: {reason_en}")]
    Typed {
        /// The stable code.
        code: String,
        /// In Chinese.
        reason_zh: String,
        /// In English.
        reason_en: String,
    },
    /// The desk or the ledger does not take it as it stands.
    #[error("{code}: {reason_en}")]
    Problem {
        /// The stable code.
        code: String,
        /// In Chinese.
        reason_zh: String,
        /// In English.
        reason_en: String,
    },
    /// Enrolment: the phone is not enrolled, is enrolled already, was ended, or the invitation is
    /// none.
    #[error("{code}: {reason_en}")]
    Enrolment {
        /// The stable code.
        code: String,
        /// In Chinese.
        reason_zh: String,
        /// In English.
        reason_en: String,
    },
    /// The office could not be reached or refused; what is saved stays on the phone.
    #[error("{code}: {reason_en}")]
    Network {
        /// The stable code.
        code: String,
        /// In Chinese.
        reason_zh: String,
        /// In English.
        reason_en: String,
    },
    /// The phone's own file could not do it.
    #[error("{code}: {reason_en}")]
    Store {
        /// The stable code.
        code: String,
        /// In Chinese.
        reason_zh: String,
        /// In English.
        reason_en: String,
    },
}

impl CourtyardError {
    /// Something that was typed, in words.
    pub(crate) fn typed(code: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        let (code, reason_zh, reason_en) = (code.to_owned(), zh.into(), en.into());
        CourtyardError::Typed { code, reason_zh, reason_en }
    }
}

impl From<StewardError> for CourtyardError {
    fn from(error: StewardError) -> Self {
        let said = error.said();
        let (code, reason_zh, reason_en) = (said.code, said.zh, said.en);
        match error {
            StewardError::Store(_) | StewardError::Unreadable => {
                CourtyardError::Store { code, reason_zh, reason_en }
            }
            StewardError::Problems(_) | StewardError::NotOwn(_) | StewardError::Operator(_) => {
                CourtyardError::Problem { code, reason_zh, reason_en }
            }
            StewardError::NotEnrolled
            | StewardError::AlreadyEnrolled(_)
            | StewardError::Invitation(_)
            | StewardError::NotTheDistrict
            | StewardError::OtherVillage
            | StewardError::Revoked => CourtyardError::Enrolment { code, reason_zh, reason_en },
            StewardError::Refused(_) | StewardError::Transport(_) | StewardError::Sync(_) => {
                CourtyardError::Network { code, reason_zh, reason_en }
            }
            StewardError::Unknown { .. }
            | StewardError::NotAValue { .. }
            | StewardError::Ambiguous { .. } => {
                CourtyardError::Typed { code, reason_zh, reason_en }
            }
        }
    }
}

impl From<courtyard_core::store::StoreError> for CourtyardError {
    fn from(error: courtyard_core::store::StoreError) -> Self {
        StewardError::from(error).into()
    }
}

impl From<courtyard_core::domain::UnitError> for CourtyardError {
    fn from(error: courtyard_core::domain::UnitError) -> Self {
        CourtyardError::typed("typed.unreadable", error.zh(), error.to_string())
    }
}

impl From<courtyard_core::desk::NoSuchPlace> for CourtyardError {
    fn from(error: courtyard_core::desk::NoSuchPlace) -> Self {
        CourtyardError::typed(
            "typed.no_such_place",
            "这一行或这一秤已经不在。没有改动。请重新打开这张单。",
            format!("{error}. Nothing was changed. Open the slip again."),
        )
    }
}
