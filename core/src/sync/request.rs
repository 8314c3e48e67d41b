//! Builds what the engine posts.

use super::replica::{Held, Outgoing, Replica};
use crate::document::{BookId, RegisterId};
use crate::domain::DeviceNo;
use crate::wire::{AuditRequest, Auth, Cursor, SyncRequest, limits, rows};

/// What a sync sent, by name: enough to see that nothing has moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) cursor: Cursor,
    books: Vec<(BookId, u32, u32)>,
    edits: Vec<(RegisterId, DeviceNo, u32, usize)>,
}

impl Sent {
    fn of(cursor: &Cursor, outgoing: &Outgoing) -> Self {
        Sent {
            cursor: cursor.clone(),
            books: outgoing.books.iter().map(|part| (part.book, part.start, part.end())).collect(),
            edits: outgoing
                .edits
                .iter()
                .map(|part| {
                    let first = part.edits.first().map_or(0, |edit| edit.number);
                    (part.register, part.device, first, part.edits.len())
                })
                .collect(),
        }
    }

    /// Whether it only asked.
    pub(super) fn is_empty(&self) -> bool {
        self.books.is_empty() && self.edits.is_empty()
    }
}

/// The open session; else a signature that opens one; nothing without a challenge.
pub(super) fn auth<R: Replica>(replica: &R) -> Result<Option<Auth>, R::Error> {
    let session = replica.session()?;
    if let Some(token) = session.token {
        return Ok(Some(Auth::Token(token)));
    }
    let Some(challenge) = session.challenge else { return Ok(None) };
    let signature = replica.sign_challenge(&challenge)?;
    Ok(Some(Auth::Signed { device: replica.device(), challenge, signature }))
}

/// A sync with as much of what waits as fits.
pub(super) fn sync<R: Replica>(
    replica: &R,
    auth: Auth,
    budget_bytes: usize,
) -> Result<(Sent, Vec<u8>), R::Error> {
    let cursor = replica.cursor()?;
    let mut budget_bytes = budget_bytes;
    loop {
        let outgoing = replica.outgoing(budget_bytes)?;
        let sent = Sent::of(&cursor, &outgoing);
        let body = SyncRequest {
            auth: auth.clone(),
            columns: rows::COLUMNS,
            cursor: cursor.clone(),
            certificates: outgoing.certificates,
            books: outgoing.books,
            edits: outgoing.edits,
        }
        .encode();
        if limits::BODY_BYTES.check_len(body.len()).is_ok() || budget_bytes == 0 {
            return Ok((sent, body));
        }
        budget_bytes /= 2;
    }
}

/// An audit of a page of what is held.
pub(super) fn audit(auth: Auth, page: &Held) -> Vec<u8> {
    AuditRequest { auth, books: page.books.clone(), edits: page.edits.clone() }.encode()
}
