//! Why the office did not do what it was asked: a reason of the door, or a fault of its own.

use courtyard_core::domain::Rule;
use courtyard_core::wire::{Challenge, Door, ErrorBody, WireError};

use super::acting::Role;
use crate::log::LogError;

/// Why a whole request was refused; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// A reason of the door's table.
    #[error("refused at the door: {}", .0.code())]
    Door(Door),
    /// A session is wanted; the challenge to sign comes with the refusal.
    #[error("refused at the door: {}", .0.code())]
    Session(Door, Challenge),
    /// The request cannot be read.
    #[error("refused at the door: {0}")]
    Wire(#[from] WireError),
    /// The log failed.
    #[error(transparent)]
    Log(#[from] LogError),
    /// What the office itself wrote could not be chained or signed.
    #[error("the office's own document: {0}")]
    Document(String),
    /// A command asked for what cannot be done.
    #[error("{0}")]
    Command(CommandError),
    /// The writer has stopped.
    #[error("the server is stopping")]
    Stopping,
}

/// Why a command of the office cannot be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// There is no village with this number.
    #[error("there is no village {0}")]
    NoVillage(u16),
    /// All 32,768 device numbers were given.
    #[error("every device number of the county was given")]
    NoDeviceNumber,
    /// There is no device with this number.
    #[error("there is no device {0}")]
    NoDevice(String),
    /// There is no user of this name.
    #[error("there is no user {0:?}")]
    NoUser(String),
    /// The user's role is none of those that may.
    #[error("{user} may not do this")]
    MayNot {
        /// Who asked.
        user: String,
        /// Who may.
        may: Vec<Role>,
    },
    /// A second person is wanted, and this is the first again.
    #[error("{0} cannot be the second person of their own act")]
    SamePerson(String),
    /// A rule is broken.
    #[error("{}", .0.code)]
    Rule(Rule),
    /// Anything else, in the words that a person reads.
    #[error("{en}")]
    Said {
        /// In Chinese.
        zh: String,
        /// In English.
        en: String,
    },
    /// Fields of a register hold three values or more; two people's could go along, not three's.
    #[error("{} fields have to be settled first: {}", .0.len(), .0.join(", "))]
    Unsettled(Vec<String>),
    /// There is no such household, or it was erased.
    #[error("there is no household {0} in the register")]
    NoGrower(courtyard_core::domain::GrowerId),
    /// There is no sealed number of this sort.
    #[error("there is no number {0}")]
    NoNumber(String),
    /// What was typed is no such number.
    #[error("{0}")]
    Number(&'static str),
    /// The sealing key is not there or another one.
    #[error("{0}")]
    SealingKey(&'static str),
    /// A user's name or password cannot be taken.
    #[error("{0}")]
    User(&'static str),
    /// The log has a county already, or none yet.
    #[error("{0}")]
    Founding(&'static str),
}

impl CommandError {
    /// A refusal in both languages: what happened, what was kept, what to do.
    pub fn said(zh: impl Into<String>, en: impl Into<String>) -> Self {
        CommandError::Said { zh: zh.into(), en: en.into() }
    }
}

impl From<CommandError> for OfficeError {
    fn from(error: CommandError) -> Self {
        OfficeError::Command(error)
    }
}

impl From<Door> for OfficeError {
    fn from(door: Door) -> Self {
        OfficeError::Door(door)
    }
}

impl OfficeError {
    /// The reason that a client is told.
    pub fn door(&self) -> Door {
        match self {
            OfficeError::Door(door) | OfficeError::Session(door, _) => *door,
            OfficeError::Wire(error) => error.door(),
            OfficeError::Stopping => Door::Unavailable,
            OfficeError::Log(_) | OfficeError::Document(_) | OfficeError::Command(_) => {
                Door::Internal
            }
        }
    }

    /// What a client is told: never what went wrong inside.
    pub fn body(&self) -> ErrorBody {
        match self {
            OfficeError::Wire(error) => error.body(),
            OfficeError::Session(door, challenge) => {
                let mut body = ErrorBody::new(*door);
                body.challenge = Some(hex::encode(&challenge.0));
                body
            }
            _ => ErrorBody::new(self.door()),
        }
    }

    /// Whether the server is at fault, and so its log should say why.
    pub fn is_ours(&self) -> bool {
        matches!(self, OfficeError::Log(_) | OfficeError::Document(_) | OfficeError::Command(_))
    }
}
