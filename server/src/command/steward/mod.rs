//! `courtyard steward`: a complete client on the phone's own core.

mod args;
mod deeds;
mod lines;
mod say;

use std::path::Path;

use courtyard_core::steward::{Steward, StewardError};
use courtyard_core::store::OpenOptions;

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
    deeds::run(&mut steward, args)
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
    Steward::open(options, Box::new(SystemClock), rng::system()).map_err(|e| failure(&e))
}

/// An error in the words of the core.
fn failure(error: &StewardError) -> Failure {
    let said = error.said();
    Failure::words(&said.zh, &said.en)
}
