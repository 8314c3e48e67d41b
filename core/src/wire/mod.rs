//! What travels: messages, rows, limits and the answers at the door.
//!
//! `docs/sync-protocol.md` describes the same bytes for whoever writes a second client; the files
//! under `core/tests/vectors/` hold examples that tests read. Nothing here knows Automerge's bytes,
//! a clock, a disk or a network.

mod base32;
pub mod bytes;
pub mod error;
pub mod invitation;
pub mod item;
pub mod limits;
pub mod message;
pub mod proof;
pub mod refusal;
pub mod rows;

pub use error::WireError;
pub use limits::Limit;
pub use message::{
    AuditRequest, AuditResponse, AuditedBook, AuditedEdits, Auth, BookPart, Challenge, Cursor,
    EditPart, EnrolRequest, EnrolResponse, HeldBook, HeldEdits, Refusal, Refused, SessionRequest,
    SessionResponse, SyncRequest, SyncResponse, Token,
};
pub use proof::{ProofFault, ProofParts, SlipProof, VerifiedSlip};
pub use refusal::{Door, ErrorBody};
