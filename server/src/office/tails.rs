//! The last four characters of sealed numbers for the phones of a village.

use courtyard_core::wire::message::{Tail, TailsRequest, TailsResponse};
use sha2::{Digest as _, Sha256};

use super::session::upload_only;
use super::{Office, OfficeError};
use crate::log::Reads;

impl Office {
    /// The ends of the numbers of the asker's village, unless it holds them already. A revoked
    /// phone is told nothing.
    ///
    /// # Errors
    /// [`OfficeError`] as for a session, or the log's error.
    pub fn tails(
        &self,
        reads: &dyn Reads,
        request: &TailsRequest,
        now_ms: i64,
    ) -> Result<TailsResponse, OfficeError> {
        let who = self.authenticate(reads, &request.auth, now_ms)?.device;
        let village = who.certificate.village.filter(|_| !upload_only(&who));
        let mut tails = Vec::new();
        for sealed in reads.sealed_numbers(None)? {
            let of = sealed.of;
            let registered_by = reads.device(of.grower.device)?;
            let theirs = registered_by.and_then(|device| device.certificate.village);
            if theirs.is_some() && theirs == village {
                let kind = of.kind.name().to_owned();
                let last_four = sealed.last_four;
                tails.push(Tail { grower: of.grower, person: of.person, kind, last_four });
            }
        }
        let mut hash = Sha256::new();
        for tail in &tails {
            hash.update(format!(
                "{} {} {} {}\n",
                tail.grower, tail.person, tail.kind, tail.last_four
            ));
        }
        let digest: [u8; 32] = hash.finalize().into();
        let mut version = [0; 8];
        version.copy_from_slice(digest.first_chunk::<8>().unwrap_or(&[0; 8]));
        if version == request.held {
            return Ok(TailsResponse::Held);
        }
        Ok(TailsResponse::Table { version, tails })
    }
}
