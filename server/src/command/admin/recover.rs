//! `courtyard admin recover`: a slip of a phone that is gone, entered from the QR on paper.

use clap::Args;
use courtyard_core::wire::SlipProof;
use serde_json::json;

use crate::command::Failure;
use crate::command::output::say;
use crate::command::place::{Place, failure};
use crate::command::verify::unproved;
use crate::node::Node;
use crate::office::acting::Role;
use crate::office::recover::Recovery;

#[derive(Debug, Args)]
pub(super) struct RecoverArgs {
    /// The text of the slip's QR (an address with `CQ1.…`, or that alone).
    #[arg(long, value_name = "TEXT")]
    slip: String,
    /// The user of the office who enters it.
    #[arg(long, value_name = "USER")]
    by: String,
    #[command(flatten)]
    place: Place,
}

pub(super) fn run(args: &RecoverArgs) -> Result<(), Failure> {
    let mut node = args.place.existing()?;
    let proof: SlipProof = args.slip.parse().map_err(unproved)?;
    let id = proof.id();
    let recovery = recover(&mut node, &proof, &args.by)?;
    let by = match recovery {
        Recovery::TakenOver(by) => Some(by.to_string()),
        Recovery::Here => None,
    };
    let value = json!({"entry": id.to_string(), "recovered": by.is_some(), "by": by});
    say(args.place.json, &value, |_| match recovery {
        Recovery::TakenOver(by) => format!("{id} 已按纸单补录（{by}）。/ Taken over from paper."),
        Recovery::Here => {
            format!("{id} 已经在账上，没有改动。/ It is here already; nothing changed.")
        }
    })
}

fn recover(node: &mut Node, proof: &SlipProof, by: &str) -> Result<Recovery, Failure> {
    let here = node
        .view()
        .and_then(|view| Ok(view.store().entry(proof.id())?))
        .map_err(failure)?
        .is_some_and(|entry| entry.arrived.hash == proof.hash());
    node.act_as(by, Role::CLERKS, |deed| {
        // The same paper again writes nothing.
        if here { Ok(Recovery::Here) } else { deed.recover(proof) }
    })
    .map_err(failure)
}
