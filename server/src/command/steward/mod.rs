//! `courtyard steward`: a complete client on the phone's own core.

mod args;
mod corrections;
mod debts;
mod deeds;
mod float;
mod lines;
mod open_slip;
mod operator;
mod people;
mod proof;
mod renew;
mod say;
mod weighings;
mod words;

use std::path::Path;

use courtyard_core::steward::{DeviceClock, Steward, StewardError};
use courtyard_core::store::{OpenOptions, StoreError, set_aside_damaged};

pub use args::StewardArgs;

use super::output::Failure;
use crate::clock::SystemClock;
use crate::rng;

/// The store's file in a steward's folder.
pub const STORE_FILE: &str = "courtyard.db";

/// Does what the words say.
///
/// # Errors
/// What could not be done, what was kept and what to do.
pub fn run(args: &StewardArgs) -> Result<(), Failure> {
    let mut steward = open(&args.data)?;
    let done = deeds::run(&mut steward, args);
    if done.is_err()
        && let Err(StoreError::Corrupt { .. }) = steward.store().check()
    {
        // A damaged page shows only when it is read.
        drop(steward);
        return Err(set_aside(&OpenOptions::durable(args.data.join(STORE_FILE))));
    }
    done
}

/// Opens the steward's store in this folder; the folder is made if it is not there.
///
/// # Errors
/// If the folder or the file cannot be opened; a damaged file is set aside first.
fn open(folder: &Path) -> Result<Steward, Failure> {
    std::fs::create_dir_all(folder).map_err(|error| {
        Failure::words(
            &format!("打不开文件夹 {}：{error}。请检查路径和权限。", folder.display()),
            &format!("The folder {} cannot be opened: {error}. Check the path.", folder.display()),
        )
    })?;
    let options = OpenOptions::durable(folder.join(STORE_FILE));
    match Steward::open(options.clone(), Box::new(SystemClock), rng::system()) {
        Ok(steward) => Ok(steward),
        Err(StewardError::Store(StoreError::Corrupt { .. })) => Err(set_aside(&options)),
        Err(error) => Err(failure(&error)),
    }
}

/// Opens the store of a steward that is there: what is read from elsewhere shall not make one by a
/// slip of the pen.
///
/// # Errors
/// If there is none, or it cannot be opened.
pub fn open_existing(folder: &Path) -> Result<Steward, Failure> {
    if !folder.join(STORE_FILE).is_file() {
        let folder = folder.display();
        return Err(Failure::words(
            &format!(
                "{folder} 里没有供销管家的账本。没有改动任何东西。请检查 --data，或先用 steward enrol 登记本机。"
            ),
            &format!(
                "There is no steward's ledger in {folder}. Nothing was changed. Check --data, or begin with steward enrol."
            ),
        ));
    }
    open(folder)
}

/// Puts a damaged file beside its place with what could be read of it, and says where both are.
fn set_aside(options: &OpenOptions) -> Failure {
    let stamp = DeviceClock::read(&SystemClock).wall_s.to_string();
    match set_aside_damaged(options, &stamp) {
        Ok(salvage) => {
            let (zh, en) = salvage.words();
            Failure::words(&zh, &en)
        }
        Err(error) => failure(&StewardError::Store(error)),
    }
}

/// An error in the words of the core.
pub fn failure(error: &StewardError) -> Failure {
    let said = error.said();
    Failure::words(&said.zh, &said.en)
}
