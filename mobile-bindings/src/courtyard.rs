//! The one object of the apps: a steward's ledger in a folder of the phone.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use courtyard_core::steward::Steward;
use courtyard_core::store::{OpenOptions, set_aside_damaged};
use courtyard_core::sync::http::{HttpOptions, HttpTransport};
use courtyard_core::wire::invitation::Invitation;
use getrandom::SysRng;
use rand_core::UnwrapErr;

use crate::clock::{ClockEvidence, PlatformClock};
use crate::error::CourtyardError;
use crate::keys::{KeyStore, PlatformKeys};

/// The store's file in the folder.
const STORE_FILE: &str = "courtyard.db";

/// The code of a damaged file.
const CORRUPT: &str = "store.corrupt";

/// Puts a damaged file beside its place with what could be read of it, and says where both are.
fn set_aside(options: &OpenOptions, wall_s: i64, code: String) -> CourtyardError {
    match set_aside_damaged(options, &wall_s.to_string()) {
        Ok(salvage) => {
            let (reason_zh, reason_en) = salvage.words();
            CourtyardError::Store { code, reason_zh, reason_en }
        }
        Err(error) => error.into(),
    }
}

/// A steward's ledger. Every call may wait for the disk, a few milliseconds on a cheap phone; those
/// that may wait for the network say so. Calls from several threads take turns.
#[derive(uniffi::Object)]
pub struct Courtyard {
    steward: Mutex<Steward>,
    options: OpenOptions,
    clock: Arc<dyn ClockEvidence>,
    keys: Option<Arc<dyn KeyStore>>,
}

/// What a phone has become by enrolment.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Enrolled {
    /// Its number; its slips begin with it.
    pub device: String,
    /// The number of its village.
    pub village: u16,
}

/// Opens the ledger of this phone, for the first time or again.
fn opened(
    options: &OpenOptions,
    clock: &Arc<dyn ClockEvidence>,
    keys: Option<&Arc<dyn KeyStore>>,
) -> Result<Steward, CourtyardError> {
    let (options, rng) = (options.clone(), Box::new(UnwrapErr(SysRng)));
    let clock = Box::new(PlatformClock(Arc::clone(clock)));
    Ok(match keys {
        Some(keys) => {
            let seal = Arc::new(PlatformKeys(Arc::clone(keys)));
            Steward::open_sealed(options, clock, rng, seal)?
        }
        None => Steward::open(options, clock, rng)?,
    })
}

impl Courtyard {
    /// The steward, when it is this caller's turn.
    pub(crate) fn steward(&self) -> MutexGuard<'_, Steward> {
        // Every deed is one transaction: whoever failed left nothing half done.
        self.steward.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The same ledger on a connection of its own, for what waits for the network.
    pub(crate) fn beside(&self) -> Result<Steward, CourtyardError> {
        opened(&self.options, &self.clock, self.keys.as_ref())
    }
}

/// A way to the office that an invitation names.
pub(crate) fn transport(invitation: &Invitation) -> Result<HttpTransport, CourtyardError> {
    let options = HttpOptions::default();
    let made = HttpTransport::new(&invitation.address, invitation.tls_pin, options);
    made.map_err(|error| courtyard_core::steward::StewardError::from(error).into())
}

#[uniffi::export]
impl Courtyard {
    /// Opens the ledger in this folder, which the app alone uses; the first time it is made. With a
    /// key store the phone's signing key is sealed by it: give the same one at every later opening.
    ///
    /// # Errors
    /// [`CourtyardError::Store`]: the folder cannot be used; `store.key_sealed`, the key store does
    /// not open the phone's key; `store.corrupt`, the file was damaged. It is then set aside with
    /// what could be read of it, as the words say, and the next opening begins anew.
    #[uniffi::constructor(default(keys = None))]
    pub fn open(
        folder: String,
        clock: Arc<dyn ClockEvidence>,
        keys: Option<Arc<dyn KeyStore>>,
    ) -> Result<Arc<Self>, CourtyardError> {
        let options = OpenOptions::durable(PathBuf::from(folder).join(STORE_FILE));
        let steward = match opened(&options, &clock, keys.as_ref()) {
            Err(CourtyardError::Store { code, .. }) if code == CORRUPT => {
                return Err(set_aside(&options, clock.wall_s(), code));
            }
            other => Mutex::new(other?),
        };
        Ok(Arc::new(Courtyard { steward, options, clock, keys }))
    }

    /// Whether this phone has a number and a village.
    pub fn is_enrolled(&self) -> bool {
        self.steward().device().is_ok()
    }

    /// Enrols this phone with a one-time invitation, as typed, pasted or scanned. **Waits for the
    /// network**: call it from a thread of its own.
    ///
    /// # Errors
    /// [`CourtyardError::Enrolment`] or [`CourtyardError::Network`] in words; what was begun goes on
    /// with the same invitation.
    pub fn enrol(&self, invitation: String) -> Result<Enrolled, CourtyardError> {
        let invitation: Invitation =
            invitation.trim().parse().map_err(courtyard_core::steward::StewardError::Invitation)?;
        let mut transport = transport(&invitation)?;
        let done = self.steward().enrol(&invitation, &mut transport)?;
        Ok(Enrolled { device: done.device.to_string(), village: done.village.get() })
    }
}
