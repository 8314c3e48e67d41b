//! `courtyard admin root`: by what everything of this district can be checked.

use clap::Args;
use serde::Serialize;

use crate::command::Failure;
use crate::command::output::say;
use crate::command::place::{Place, failure};
use crate::office::county;

/// Which data folder.
#[derive(Debug, Args)]
pub(super) struct RootArgs {
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Serialize)]
struct Root {
    root: String,
    district: String,
    epoch: u32,
}

pub(super) fn run(args: &RootArgs) -> Result<(), Failure> {
    let mut node = args.place.existing()?;
    let reads = node.read().map_err(failure)?;
    let county = county(reads.as_ref()).map_err(|error| failure(error.into()))?;
    let root = Root {
        root: county.root.to_string(),
        district: county.district.to_string(),
        epoch: county.epoch,
    };
    say(args.place.json, &root, |root| {
        format!("根公钥 root    {}\n县社 district  {}\n", root.root, root.district)
    })
}
