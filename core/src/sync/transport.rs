//! Carries a body to the server and brings the answer back.

/// A way to the server.
pub trait Transport {
    /// Posts a body to this path and waits for the whole answer.
    ///
    /// # Errors
    /// [`TransportError`] if no whole answer came; what was sent may have arrived all the same.
    fn post(&mut self, path: &str, body: Vec<u8>) -> Result<TransportAnswer, TransportError>;
}

/// An answer, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransportAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The body, at most `body_bytes`.
    pub body: Vec<u8>,
}

/// Why no answer came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// There is no way to the server now.
    #[error("the server cannot be reached: {reason}")]
    Unreachable {
        /// What the network said.
        reason: String,
    },
    /// The answer did not come in time, or was cut.
    #[error("the answer was lost: {reason}")]
    Lost {
        /// What the network said.
        reason: String,
    },
    /// The other end does not hold the key that the invitation named.
    #[error("the server's key is not the pinned one")]
    WrongKey,
    /// The address is not one that this build posts to.
    #[error("the address cannot be used: {reason}")]
    Address {
        /// What is wrong with it.
        reason: String,
    },
}
