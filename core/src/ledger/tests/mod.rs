//! The ledger's rules as tables that a bookkeeper can read, and what holds for any history.

mod any_order;
mod cases;
mod cases_cash;
mod cases_corrections;
mod cases_debt;
mod history;
mod history_cash;
mod history_corrections;
mod history_debt;
mod recovered;
mod rulings;
mod table;
mod verbs_cash;
mod verbs_corrections;
mod verbs_debt;
