//! The ledger's rules as tables that a bookkeeper can read, and what holds for any history.

mod any_order;
mod cases;
mod history;
mod rulings;
mod table;
