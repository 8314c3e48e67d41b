//! A device certificate's columns: mostly a key and a signature, which are as they are.

use super::{Columns, columns};
use crate::wire::rows::cbor::Unfit;
use crate::wire::rows::models::{Flag, Int, Symbol};
use crate::wire::rows::side::Side;
use crate::wire::rows::walk::Walk;

columns! {
    /// The columns of [`crate::domain::device::DeviceCertificate`].
    CertificateColumns {
        device: Int,
        key: Int,
        role: Symbol<8>,
        of_village: Flag,
        village: Int,
        signature: Int,
    } remembers {
        last_device: i64,
        last_village: i64,
    }
}

impl Columns for CertificateColumns {
    fn walk<S: Side>(&mut self, w: &mut Walk<'_, S>) -> Result<(), Unfit> {
        w.array_of(5)?;
        self.last_device = w.int(&mut self.device, self.last_device.wrapping_add(1))?;
        w.bytes(&mut self.key, 32)?;
        w.symbol(&mut self.role)?;
        if w.present(&mut self.of_village)? {
            self.last_village = w.int(&mut self.village, self.last_village)?;
        }
        w.bytes(&mut self.signature, 64)
    }
}
