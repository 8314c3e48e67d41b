//! Writing the SQLite log.

use courtyard_core::document::RegisterId;
use courtyard_core::domain::{DeviceNo, GrowerId, Month, VillageNo};
use rusqlite::params;

use super::SqliteTransaction;
use super::rows::{count, int, role_column, to_cbor, village_column};
use crate::log::{
    Act, Card, County, Device, Invitation, LogError, NewBatch, NewEditBatch, NumberOf, PageSession,
    PageUser, Reads, SealedNumber, Session, SetAside, Transaction, User, blob,
};

/// A reader of pages as the columns `user` and `grower`.
fn columns(of: &PageUser) -> (Option<&str>, Option<i64>) {
    match of {
        PageUser::Office(name) => (Some(name), None),
        PageUser::Grower(grower) => (None, Some(grower.key())),
    }
}

impl SqliteTransaction<'_> {
    fn run(&self, sql: &str, params: impl rusqlite::Params) -> Result<usize, LogError> {
        Ok(self.tx.prepare_cached(sql)?.execute(params)?)
    }

    /// Notes where the log stood when a sealed number changed: phones before that are told.
    fn note_sealed_change(&self) -> Result<(), LogError> {
        self.run(
            "INSERT INTO sealed_change (one, after) SELECT 1, last_number FROM county WHERE true
             ON CONFLICT (one) DO UPDATE SET after = excluded.after",
            [],
        )?;
        Ok(())
    }

    /// The next number of the county. It is taken inside the one write transaction, so commit
    /// order is number order.
    fn take_number(&self) -> Result<i64, LogError> {
        let number = self
            .tx
            .prepare_cached(
                "UPDATE county SET last_number = last_number + 1 RETURNING last_number",
            )?
            .query_row([], |row| row.get(0))?;
        Ok(number)
    }
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

impl Transaction for SqliteTransaction<'_> {
    fn put_county(&mut self, county: &County) -> Result<(), LogError> {
        self.run(
            "INSERT INTO county (one, district, root, office, epoch, last_number, next_device,
                                 lamport, secret)
             VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (one) DO UPDATE SET district = ?1, root = ?2, office = ?3, epoch = ?4,
                 last_number = ?5, next_device = ?6, lamport = ?7, secret = ?8",
            params![
                county.district.0,
                county.root.0,
                to_cbor(&county.office)?,
                county.epoch,
                int(county.last_number),
                county.next_device,
                int(county.lamport),
                county.secret,
            ],
        )?;
        Ok(())
    }

    fn put_device(&mut self, device: &Device) -> Result<(), LogError> {
        self.run(
            "INSERT INTO device (number, role, village, state, lamport, since_ms, certificate)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (number) DO UPDATE SET role = ?2, village = ?3, state = ?4, lamport = ?5,
                 since_ms = ?6, certificate = ?7",
            params![
                device.number().get(),
                role_column(device.certificate.role),
                village_column(device.certificate.village),
                device.state.number(),
                int(device.lamport),
                device.since_ms,
                to_cbor(&device.certificate)?,
            ],
        )?;
        Ok(())
    }

    fn hear(&mut self, device: DeviceNo, now_ms: i64) -> Result<(), LogError> {
        self.run(
            "INSERT INTO heard (device, at_ms) VALUES (?1, ?2)
             ON CONFLICT (device) DO UPDATE SET at_ms = max(at_ms, excluded.at_ms)",
            params![device.get(), now_ms],
        )?;
        Ok(())
    }

    fn raise_lamport(&mut self, device: DeviceNo, lamport: u64) -> Result<(), LogError> {
        self.run(
            "UPDATE device SET lamport = max(lamport, ?2) WHERE number = ?1",
            params![device.get(), int(lamport)],
        )?;
        self.run("UPDATE county SET lamport = ?1 WHERE lamport < ?1", [int(lamport)])?;
        Ok(())
    }

    fn append(&mut self, batch: &NewBatch<'_>) -> Result<u64, LogError> {
        let book = params![
            batch.book.device.get(),
            batch.book.number,
            batch.tip.count,
            batch.tip.head.0,
            batch.start,
        ];
        let changed = if batch.start == 0 {
            self.run(
                "INSERT INTO book (device, number, count, head)
                 SELECT ?1, ?2, ?3, ?4 WHERE ?5 = 0 ON CONFLICT DO NOTHING",
                book,
            )?
        } else {
            self.run(
                "UPDATE book SET count = ?3, head = ?4
                 WHERE device = ?1 AND number = ?2 AND count = ?5",
                book,
            )?
        };
        if changed != 1 {
            return Err(LogError::Moved("the book has another count"));
        }
        let number = self.take_number()?;
        self.run(
            "INSERT INTO batch (number, village, device, book, start, count, received_ms,
                                signature, entries)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                number,
                village_column(batch.village),
                batch.book.device.get(),
                batch.book.number,
                batch.start,
                count(batch.entries.len()),
                batch.now_ms,
                batch.signature.0,
                blob::pack(batch.entries),
            ],
        )?;
        Ok(unsigned(number))
    }

    fn open_edition(&mut self, register: RegisterId, now_ms: i64) -> Result<(), LogError> {
        self.run(
            "INSERT INTO edition (village, number, opened_ms) VALUES (?1, ?2, ?3)
             ON CONFLICT DO NOTHING",
            params![register.village.get(), register.edition, now_ms],
        )?;
        Ok(())
    }

    fn append_edits(&mut self, edits: &NewEditBatch<'_>) -> Result<u64, LogError> {
        let (Some(first), Some(head)) = (edits.edits.first(), edits.head) else {
            return Err(LogError::Moved("no edits, or none with a head"));
        };
        let have = self.edit_count(edits.register, edits.device)?;
        if have.checked_add(1) != Some(first.number) {
            return Err(LogError::Moved("the device has another number of edits"));
        }
        let number = self.take_number()?;
        self.run(
            "INSERT INTO edit (number, village, edition, device, start, count, received_ms,
                               signature, head, edits)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                number,
                edits.register.village.get(),
                edits.register.edition,
                edits.device.get(),
                have,
                count(edits.edits.len()),
                edits.now_ms,
                edits.signature.0,
                head.0,
                to_cbor(&edits.edits)?,
            ],
        )?;
        Ok(unsigned(number))
    }

    fn erase_edition(&mut self, register: RegisterId) -> Result<(), LogError> {
        let edition = params![register.village.get(), register.edition];
        self.run("DELETE FROM edit WHERE village = ?1 AND edition = ?2", edition)?;
        self.run("DELETE FROM parked_edit WHERE village = ?1 AND edition = ?2", edition)?;
        self.run("DELETE FROM edition WHERE village = ?1 AND number = ?2", edition)?;
        // Refused edits carry the same names.
        self.run("DELETE FROM set_aside WHERE subject = ?1", [register.to_string()])?;
        Ok(())
    }

    fn park(&mut self, edits: &NewEditBatch<'_>) -> Result<(), LogError> {
        self.run(
            "INSERT INTO parked_edit (village, edition, device, received_ms, signature, edits)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (village, edition, device) DO UPDATE
             SET received_ms = ?4, signature = ?5, edits = ?6 WHERE signature <> ?5",
            params![
                edits.register.village.get(),
                edits.register.edition,
                edits.device.get(),
                edits.now_ms,
                edits.signature.0,
                to_cbor(&edits.edits)?,
            ],
        )?;
        Ok(())
    }

    fn unpark(&mut self, number: u64) -> Result<(), LogError> {
        self.run("DELETE FROM parked_edit WHERE number = ?1", [int(number)])?;
        Ok(())
    }

    fn put_aside(&mut self, set_aside: &SetAside) -> Result<(), LogError> {
        self.run(
            "INSERT INTO set_aside (hash, device, code, subject, evidence, received_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
            params![
                set_aside.hash,
                set_aside.device.get(),
                set_aside.code,
                set_aside.subject,
                set_aside.evidence,
                set_aside.now_ms,
            ],
        )?;
        Ok(())
    }

    fn put_session(&mut self, session: &Session) -> Result<(), LogError> {
        self.run(
            "INSERT INTO session (token_hash, device, expires_ms) VALUES (?1, ?2, ?3)
             ON CONFLICT (token_hash) DO UPDATE SET expires_ms = ?3",
            params![session.token_hash, session.device.get(), session.expires_ms],
        )?;
        Ok(())
    }

    fn prune_sessions(&mut self, now_ms: i64) -> Result<(), LogError> {
        self.run("DELETE FROM session WHERE expires_ms < ?1", [now_ms])?;
        Ok(())
    }

    fn end_sessions(&mut self, device: Option<DeviceNo>) -> Result<(), LogError> {
        match device {
            Some(device) => self.run("DELETE FROM session WHERE device = ?1", [device.get()])?,
            None => self.run("DELETE FROM session", [])?,
        };
        Ok(())
    }

    fn put_page_session(&mut self, session: &PageSession, now_ms: i64) -> Result<(), LogError> {
        self.run("DELETE FROM page_session WHERE expires_ms < ?1", [now_ms])?;
        let (user, grower) = columns(&session.of);
        self.run(
            "INSERT INTO page_session (token_hash, user, grower, expires_ms)
             VALUES (?1, ?2, ?3, ?4) ON CONFLICT (token_hash) DO UPDATE SET expires_ms = ?4",
            params![session.token_hash, user, grower, session.expires_ms],
        )?;
        Ok(())
    }

    fn end_page_session(&mut self, token_hash: &[u8; 32]) -> Result<(), LogError> {
        self.run("DELETE FROM page_session WHERE token_hash = ?1", [token_hash])?;
        Ok(())
    }

    fn end_page_sessions(&mut self, of: Option<&PageUser>) -> Result<(), LogError> {
        match of.map(columns) {
            Some((user, grower)) => self.run(
                "DELETE FROM page_session WHERE user IS ?1 AND grower IS ?2",
                params![user, grower],
            )?,
            None => self.run("DELETE FROM page_session", [])?,
        };
        Ok(())
    }

    fn put_invitation(&mut self, invitation: &Invitation) -> Result<(), LogError> {
        self.run(
            "INSERT INTO invitation (code_hash, village, expires_ms, used_by)
             VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (code_hash) DO UPDATE SET village = ?2, expires_ms = ?3, used_by = ?4",
            params![
                invitation.code_hash,
                invitation.village.get(),
                invitation.expires_ms,
                invitation.used_by.map(DeviceNo::get),
            ],
        )?;
        Ok(())
    }

    fn put_user(&mut self, user: &User) -> Result<(), LogError> {
        self.run(
            "INSERT INTO user (name, role, password_hash, since_ms, operator)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (name) DO UPDATE SET role = ?2, password_hash = ?3, operator = ?5",
            params![user.name, user.role, user.password_hash, user.since_ms, user.operator.get(),],
        )?;
        Ok(())
    }

    fn put_card(&mut self, card: &Card) -> Result<(), LogError> {
        self.run(
            "INSERT INTO card (token_hash, grower, pin_hash, issued_ms, issued_by, wrong_pins,
                               locked_until_ms, revoked_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (token_hash) DO UPDATE SET pin_hash = ?3, wrong_pins = ?6,
                 locked_until_ms = ?7, revoked_ms = ?8",
            params![
                card.token_hash,
                card.grower.key(),
                card.pin_hash,
                card.issued_ms,
                card.issued_by,
                card.wrong_pins,
                card.locked_until_ms,
                card.revoked_ms,
            ],
        )?;
        Ok(())
    }

    fn erase_cards(&mut self, grower: GrowerId) -> Result<usize, LogError> {
        self.run("DELETE FROM card WHERE grower = ?1", [grower.key()])
    }

    fn put_act(&mut self, act: &Act) -> Result<(), LogError> {
        self.run(
            "INSERT INTO act (at_ms, actor, act, subject) VALUES (?1, ?2, ?3, ?4)",
            params![act.at_ms, act.actor, act.act, act.subject],
        )?;
        Ok(())
    }

    fn put_sealing_key(&mut self, public: &[u8; 32]) -> Result<(), LogError> {
        self.run(
            "INSERT INTO sealing_key (one, public) VALUES (1, ?1)
             ON CONFLICT (one) DO UPDATE SET public = ?1",
            [public],
        )?;
        Ok(())
    }

    fn put_sealed(&mut self, number: &SealedNumber) -> Result<(), LogError> {
        self.run(
            "INSERT INTO sealed_numbers (grower, person, kind, ciphertext, last_four, put_ms,
                                         put_by, approved_by)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT DO UPDATE SET ciphertext = ?4, last_four = ?5, put_ms = ?6, put_by = ?7,
                 approved_by = ?8",
            params![
                number.of.grower.key(),
                number.of.person.get(),
                number.of.kind.name(),
                number.ciphertext,
                number.last_four,
                number.put_ms,
                number.by,
                number.approved_by,
            ],
        )?;
        self.note_sealed_change()
    }

    fn erase_sealed(
        &mut self,
        grower: GrowerId,
        only: Option<NumberOf>,
    ) -> Result<usize, LogError> {
        let person = only.map(|of| of.person.get());
        let kind = only.map(|of| of.kind.name());
        let erased = self.run(
            "DELETE FROM sealed_numbers
             WHERE grower = ?1 AND (?2 IS NULL OR (person = ?2 AND kind = ?3))",
            params![grower.key(), person, kind],
        )?;
        self.note_sealed_change()?;
        Ok(erased)
    }

    fn put_closed_statement(
        &mut self,
        village: VillageNo,
        month: Month,
        grower: GrowerId,
        bytes: &[u8],
    ) -> Result<(), LogError> {
        let kept = self.run(
            "INSERT OR IGNORE INTO closed_statement (village, month, grower, bytes)
             VALUES (?1, ?2, ?3, ?4)",
            params![village.get(), month.to_string(), grower.key(), bytes],
        )?;
        if kept == 1 { Ok(()) } else { Err(LogError::Moved("this statement is closed already")) }
    }

    fn mark(&mut self) -> Result<(), LogError> {
        self.run("SAVEPOINT request", [])?;
        Ok(())
    }

    fn keep(&mut self) -> Result<(), LogError> {
        self.run("RELEASE request", [])?;
        Ok(())
    }

    fn undo(&mut self) -> Result<(), LogError> {
        self.run("ROLLBACK TO request", [])?;
        self.run("RELEASE request", [])?;
        Ok(())
    }

    fn reads(&self) -> &dyn Reads {
        self
    }

    fn commit(self: Box<Self>) -> Result<(), LogError> {
        self.tx.commit()?;
        Ok(())
    }
}
