//! The columns of each kind of entry; a kind has one file and one line here.

mod catalogue;
mod certificate;
mod contract;
mod note;
mod payout;
mod price_list;
mod rules;
mod slip;
mod village;
mod void;

use super::cbor::Unfit;
use super::coder::Bit;
use super::models::Model;
use super::side::Side;
use super::walk::Walk;
use crate::domain::Kind;

/// Declares a kind's columns: its models, in a fixed order, and what it remembers beside them.
macro_rules! columns {
    ($(#[$doc:meta])* $name:ident { $($model:ident: $type:ty,)* } $(remembers { $($past:ident: $past_type:ty,)* })?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default)]
        pub(crate) struct $name {
            $($model: $type,)*
            $($($past: $past_type,)*)?
        }

        impl crate::wire::rows::models::Model for $name {
            fn visit(&mut self, visitor: &mut dyn FnMut(&mut crate::wire::rows::coder::Bit)) {
                $(self.$model.visit(visitor);)*
            }
        }
    };
}
pub(crate) use columns;

/// The fields of a kind's body, in the order of its CBOR.
pub(crate) trait Columns {
    /// Walks over one body.
    fn walk<S: Side>(&mut self, w: &mut Walk<'_, S>) -> Result<(), Unfit>;
}

macro_rules! kinds {
    ($($kind:ident, $version:literal => $field:ident: $type:ty;)*) => {
        /// The columns of every kind that this generation knows, from the first entry of the kind
        /// onward.
        #[derive(Debug, Clone, Default)]
        pub(crate) struct Kinds {
            $($field: Option<Box<$type>>,)*
        }

        impl Kinds {
            /// Walks over a body of this kind and version, if there are columns for it.
            pub(crate) fn walk<S: Side>(
                &mut self,
                prior: &Kinds,
                kind: i64,
                version: i64,
                w: &mut Walk<'_, S>,
            ) -> Result<(), Unfit> {
                match u16::try_from(kind).ok().and_then(Kind::from_number) {
                    $(Some(Kind::$kind) if version == $version => {
                        self.$field
                            .get_or_insert_with(|| prior.$field.clone().unwrap_or_default())
                            .walk(w)
                    })*
                    _ => Err(Unfit),
                }
            }
        }

        impl Model for Kinds {
            fn visit(&mut self, visitor: &mut dyn FnMut(&mut Bit)) {
                $(self.$field.get_or_insert_default().visit(visitor);)*
            }
        }
    };
}

kinds! {
    Slip, 1 => slip: slip::SlipColumns;
    Payout, 1 => payout: payout::PayoutColumns;
    Void, 1 => void: void::VoidColumns;
    ContractVersion, 1 => contract: contract::ContractColumns;
    Note, 1 => note: note::NoteColumns;
    PriceList, 1 => price_list: price_list::PriceListColumns;
    Products, 1 => products: catalogue::ProductsColumns;
    Rules, 1 => rules: rules::RulesColumns;
    Village, 1 => village: village::VillageColumns;
    DeviceCertificate, 1 => certificate: certificate::CertificateColumns;
}
