//! The one place that asks the system for random bytes; everything else takes them as an argument.

use getrandom::SysRng;
use rand_core::{CryptoRng, UnwrapErr};

/// Randomness that can move to another thread.
pub type ServerRng = Box<dyn CryptoRng + Send>;

/// The system's randomness.
///
/// It stops the process if the system has none: a key must never be made from anything less.
pub fn system() -> ServerRng {
    Box::new(UnwrapErr(SysRng))
}
