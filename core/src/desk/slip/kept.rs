//! An open slip's draft as bytes: what was typed and weighed, kept with every change.
//!
//! Who stands at the scale and what the clocks say is not kept: it is as it is when the draft is
//! opened again.

use minicbor::{Decode, Encode};

use super::{DraftLine, SlipDraft};
use crate::desk::Visit;
use crate::domain::slip;
use crate::domain::{BusinessDate, GrowerId};

/// What is kept of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct KeptDraft {
    /// Whose produce.
    #[n(0)]
    pub grower: GrowerId,
    /// The business date that the slip will show.
    #[n(1)]
    pub date: BusinessDate,
    #[n(2)]
    details: slip::Visit,
    #[n(3)]
    lines: Vec<DraftLine>,
}

impl KeptDraft {
    /// The draft again, at a visit of now.
    pub fn open(self, visit: Visit) -> SlipDraft {
        SlipDraft { visit, details: self.details, lines: self.lines }
    }

    /// Its bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        // Encoding to memory cannot fail.
        let written = minicbor::encode(self, &mut bytes);
        debug_assert!(written.is_ok());
        bytes
    }

    /// What was kept; none if it cannot be read.
    pub fn from_bytes(bytes: &[u8]) -> Option<KeptDraft> {
        minicbor::decode(bytes).ok()
    }
}

impl SlipDraft {
    /// What is kept of it.
    pub fn kept(&self) -> KeptDraft {
        KeptDraft {
            grower: self.visit.grower,
            date: self.visit.date,
            details: self.details.clone(),
            lines: self.lines.clone(),
        }
    }

    /// The same draft at another visit: another day, or another person at the scale.
    pub fn set_visit(&mut self, visit: Visit) {
        self.visit = visit;
    }
}
