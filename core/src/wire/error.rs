//! Why bytes are not a message.

use super::limits::Limit;

/// Why bytes from outside are not a message; nothing was taken from them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// The first byte names a protocol that this build does not speak.
    #[error("protocol {found} is newer than {known}")]
    FutureProtocol {
        /// The protocol in the message.
        found: u8,
        /// The newest that this build speaks.
        known: u8,
    },
    /// The rows use columns that this build does not know.
    #[error("row columns {found} are newer than {known}")]
    FutureColumns {
        /// The generation of the columns.
        found: u16,
        /// The newest that this build reads.
        known: u16,
    },
    /// Something is larger than its limit.
    #[error("{found} is over the limit {} of {}", limit.name, limit.value)]
    OverLimit {
        /// Which limit.
        limit: &'static Limit,
        /// What was found, or announced.
        found: u64,
    },
    /// The bytes end too early, go on too long, or say what cannot be.
    #[error("undecodable: {reason}")]
    Undecodable {
        /// What is wrong, for the log; never content.
        reason: &'static str,
    },
}

impl WireError {
    /// Bytes that cannot be read, for this reason.
    pub(crate) const fn undecodable(reason: &'static str) -> Self {
        WireError::Undecodable { reason }
    }
}
