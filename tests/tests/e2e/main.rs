//! End to end, through the real binary. One test binary, so that it links once.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, outside `#[test]` functions: a broken set-up shall stop the test"
)]

mod case_03;
mod case_09_phone_lost;
mod case_10_steward_dismissed;
mod case_15_phone_restored_or_copied;
mod case_24;
mod cases_closes;
mod cases_faults;
mod cases_money;
mod cases_people;
mod cases_prices;
mod cash;
mod debts;
mod demo;
mod demo_logins;
mod field;
mod handbook;
mod imports;
mod morning;
mod plug;
mod registers;
mod season;
mod trust;
