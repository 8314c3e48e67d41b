//! The door: what a sync brings is checked part by part and appended, in one mark of the writer's
//! transaction.
//!
//! Whatever a certified phone signed is kept. Refused are only a bad signature, a fork, what cannot
//! be read and what is not the sender's to send; a refusal never blocks the other parts.

use std::collections::BTreeMap;

use courtyard_core::document::{BookId, RegisterId};
use courtyard_core::domain::device::DeviceCertificate;
use courtyard_core::domain::{Body, DeviceNo};
use courtyard_core::wire::{Auth, Challenge, Door, Refusal, Refused, SyncRequest, Token};
use sha2::{Digest as _, Sha256};

use super::session::{self, upload_only};
use super::{Office, OfficeError, county};
use crate::log::{Device, DeviceState, LogError, Reads, SetAside, Transaction};

/// What came of the sending half of a sync. It is durable once the writer has committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Who sent it.
    pub device: Device,
    /// The session that was opened.
    pub token: Option<Token>,
    /// What to sign when that session has ended.
    pub challenge: Option<Challenge>,
    /// How many entries the log has of each book that was named.
    pub have: Vec<(BookId, u32)>,
    /// How many edits the log has of each register and device that was named.
    pub have_edits: Vec<(RegisterId, DeviceNo, u32)>,
    /// What was not accepted.
    pub refused: Vec<Refusal>,
    /// How many entries were new.
    pub entries: usize,
    /// How many edits were new.
    pub edits: usize,
}

/// How exactly it is noted when a device last spoke.
const HEARD_TO_MS: i64 = 3_600 * 1_000;

/// Certificates that came with a request, by device.
pub(super) type Presented<'a> = BTreeMap<DeviceNo, &'a DeviceCertificate>;

impl Office {
    /// Takes what a sync brings.
    ///
    /// # Errors
    /// [`OfficeError`] if the whole request is refused; the caller then undoes the mark.
    pub fn accept(
        &mut self,
        tx: &mut dyn Transaction,
        request: &SyncRequest,
        now_ms: i64,
    ) -> Result<Accepted, OfficeError> {
        let presented: Presented<'_> = request.certificates.iter().map(|c| (c.device, c)).collect();
        if let Auth::Signed { device, .. } = &request.auth
            && tx.device(*device)?.is_none()
            && let Some(certificate) = presented.get(device)
        {
            // Enrolled after the backup that this server was restored from.
            self.recover(tx, certificate, now_ms)?.map_err(OfficeError::Door)?;
        }
        let who = self.authenticate(tx.reads(), &request.auth, now_ms)?;
        let mut accepted = Accepted::nothing(who.device);
        if let Some((session, token, challenge)) = who.opened {
            session::open(tx, &session, now_ms)?;
            accepted.token = Some(token);
            accepted.challenge = Some(challenge);
        }
        for part in &request.books {
            match self.writer(tx, &accepted.device, part.book.device, &presented, now_ms)? {
                Ok(writer) => self.accept_book(tx, &writer, part, now_ms, &mut accepted)?,
                Err(door) => {
                    let what = Refused::Part { book: part.book, start: part.start };
                    accepted.refused.push(Refusal::new(what, door));
                }
            }
        }
        for part in &request.edits {
            match self.writer(tx, &accepted.device, part.device, &presented, now_ms)? {
                Ok(writer) => self.accept_edits(tx, &writer, part, now_ms, &mut accepted)?,
                Err(door) => {
                    let number = part.edits.first().map_or(0, |edit| edit.number);
                    let what =
                        Refused::Edit { register: part.register, device: part.device, number };
                    accepted.refused.push(Refusal::new(what, door));
                }
            }
        }
        self.name_what_is_there(tx.reads(), request, &mut accepted)?;
        if Office::is_news(tx.reads(), accepted.device.number(), now_ms)? {
            tx.hear(accepted.device.number(), now_ms)?;
        }
        Ok(accepted)
    }

    /// Whether hearing this device now says more than what is noted: it is noted to the hour, so
    /// that a phone that only asks costs no write.
    ///
    /// # Errors
    /// The log's error.
    pub fn is_news(reads: &dyn Reads, device: DeviceNo, now_ms: i64) -> Result<bool, LogError> {
        let noted = reads.heard_ms(device)?;
        Ok(noted.is_none_or(|noted| noted.saturating_add(HEARD_TO_MS) <= now_ms))
    }

    /// The certified writer of a part: the sender itself, or a device whose certificate came along.
    fn writer(
        &mut self,
        tx: &mut dyn Transaction,
        sender: &Device,
        writer: DeviceNo,
        presented: &Presented<'_>,
        now_ms: i64,
    ) -> Result<Result<Device, Door>, OfficeError> {
        if writer == sender.number() {
            return Ok(Ok(sender.clone()));
        }
        match presented.get(&writer) {
            Some(certificate) => self.recover(tx, certificate, now_ms),
            None if tx.device(writer)?.is_some() => Ok(Err(Door::OtherDevicesBook)),
            None => Ok(Err(Door::CertificateWanted)),
        }
    }

    /// Knows a device again by a certificate that this office issued. One that the log had lost is
    /// published again, so that everybody can check what it wrote.
    fn recover(
        &mut self,
        tx: &mut dyn Transaction,
        certificate: &DeviceCertificate,
        now_ms: i64,
    ) -> Result<Result<Device, Door>, OfficeError> {
        if !self.keys.issued(certificate) {
            return Ok(Err(Door::BadCertificate));
        }
        if let Some(known) = tx.device(certificate.device)? {
            let same = known.certificate.public_key == certificate.public_key;
            return Ok(if same { Ok(known) } else { Err(Door::BadCertificate) });
        }
        let mut county = county(tx.reads())?;
        let state = match certificate.role {
            courtyard_core::domain::device::DeviceRole::Phone => DeviceState::Active,
            // The office took fresh devices when it was restored; this one is of before.
            _ => DeviceState::Retired,
        };
        let device = Device {
            certificate: certificate.clone(),
            state,
            lamport: county.lamport,
            since_ms: now_ms,
        };
        tx.put_device(&device)?;
        // A restore skips 1,024 numbers; if even more were given since the backup, go beyond them.
        county.next_device =
            county.next_device.max(u32::from(certificate.device.get()).saturating_add(1));
        tx.put_county(&county)?;
        self.publish_now(tx, None, &[Body::DeviceCertificate(certificate.clone())], now_ms)?;
        Ok(Ok(device))
    }

    /// Fills `have` and `have_edits` for everything that the request named.
    fn name_what_is_there(
        &self,
        reads: &dyn Reads,
        request: &SyncRequest,
        accepted: &mut Accepted,
    ) -> Result<(), LogError> {
        for part in &request.books {
            if accepted.have.iter().all(|(book, _)| *book != part.book) {
                let count = reads.tip(part.book)?.map_or(0, |tip| tip.count);
                accepted.have.push((part.book, count));
            }
        }
        for part in &request.edits {
            let named = (part.register, part.device);
            if accepted.have_edits.iter().all(|(r, d, _)| (*r, *d) != named) {
                let count = reads.edit_count(part.register, part.device)?;
                accepted.have_edits.push((part.register, part.device, count));
            }
        }
        Ok(())
    }
}

impl Accepted {
    /// What a request that brings nothing leaves.
    pub fn nothing(device: Device) -> Self {
        Accepted {
            device,
            token: None,
            challenge: None,
            have: Vec::new(),
            have_edits: Vec::new(),
            refused: Vec::new(),
            entries: 0,
            edits: 0,
        }
    }

    /// Whether the device may only upload.
    pub fn upload_only(&self) -> bool {
        upload_only(&self.device)
    }
}

/// Evidence to set aside, known by its hash.
pub(super) fn evidence(
    device: DeviceNo,
    door: Door,
    subject: String,
    evidence: Vec<u8>,
    now_ms: i64,
) -> SetAside {
    let mut hash = Sha256::new();
    hash.update(door.code());
    hash.update(&subject);
    hash.update(&evidence);
    SetAside {
        hash: hash.finalize().into(),
        device,
        code: door.code().to_owned(),
        subject,
        evidence,
        now_ms,
    }
}
