//! The checker: tells a stranger who holds nothing but the district's root key whether books and
//! registers are whole and true.
//!
//! Pure: whoever reads a folder, a backup or an export hands in what stands there, damaged or not,
//! and gets a [`Report`]. Heads are derived here anew; of what a container says about itself only
//! what its devices signed is believed.
//!
//! A signature covers everything before it, so a broken entry between two good signatures is named
//! as a range, unless the container lists a hash of each entry. What no signature and no given head
//! covers cannot be missed: entries cut off the end of a book at an earlier signature are found
//! only against heads that are known from elsewhere.

mod book;
mod fault;
mod input;
mod register;
mod report;
#[cfg(test)]
mod tests;
mod verifier;

pub use fault::{BookFault, EditsFault, Words};
pub use input::{
    Boundary, EditAt, EditBoundary, EntryAt, EntryMark, KnownEdits, KnownHead, SignedBook,
    SignedRegister,
};
pub use report::{BrokenBook, BrokenEdits, Report, WrongSlip};
pub use verifier::Verifier;
