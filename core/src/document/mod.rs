//! Documents: who writes them, books with one writer, registers with several.
//!
//! The only place that knows Automerge. What comes from outside is entries and edits; the changes
//! and heads are derived here, so bytes of a stranger never reach Automerge's parser.

pub mod book;
pub mod certificate;
pub mod ids;
pub mod keys;
pub mod register;
pub mod statement;

pub use book::{BOOK_ENTRIES, BookError, BookTip, append, book_to_automerge, extend, open_book};
pub use certificate::{OfficeCertificate, issue_device_certificate, verify_device_certificate};
pub use ids::{BookId, DocumentId, Head, RegisterId};
pub use keys::{Actor, DeviceKey, DistrictId, PublicKey, Signature, SignatureError};
pub use register::{ApplyError, Carried, Edit, EditFault, EditionError, Reading, Register, Value};
pub use statement::{
    HeadStatement, sign_challenge, sign_enrolment, verify_challenge, verify_enrolment,
};
