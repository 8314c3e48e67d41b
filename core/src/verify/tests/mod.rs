//! The checker against a small county with real keys, damaged in every way.

mod books;
mod county;
mod ledger;
mod registers;
