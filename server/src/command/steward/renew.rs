//! `courtyard steward renew`: a new key and number after a fork.

use courtyard_core::steward::{Steward, StewardError};
use courtyard_core::wire::invitation::Invitation;
use serde_json::json;

use super::deeds::transport;
use super::failure;
use crate::command::output::{Failure, say};

pub(super) fn run(steward: &mut Steward, text: &str, json: bool) -> Result<(), Failure> {
    let invitation: Invitation = text.parse().map_err(|e| failure(&StewardError::from(e)))?;
    // What the office still takes of the old number need not be issued again. A phone whose session
    // or books are refused is why this command is there, so only an office out of reach stops it.
    let server = steward.server().map_err(|e| failure(&e))?;
    let synced = steward.sync(&mut transport(&server)?, &mut |_| {});
    if let Err(error @ (StewardError::Store(_) | StewardError::NotEnrolled)) = synced {
        return Err(failure(&error));
    }
    let former = steward.device().map_err(|e| failure(&e))?;
    let mut transport = transport(&invitation)?;
    let (enrolled, renewed) =
        steward.renew(&invitation, &mut transport).map_err(|e| failure(&e))?;
    let pairs = |pairs: Vec<(String, String)>| -> Vec<serde_json::Value> {
        pairs.into_iter().map(|(from, to)| json!({"from": from, "to": to})).collect()
    };
    let text = |(from, to): &(courtyard_core::domain::EntryId, courtyard_core::domain::EntryId)| {
        (from.to_string(), to.to_string())
    };
    let reissued: Vec<(String, String)> = renewed.entries.iter().map(text).collect();
    let growers = renewed.growers.iter().map(|(from, to)| (from.to_string(), to.to_string()));
    let contracts = renewed.contracts.iter().map(|(from, to)| (from.to_string(), to.to_string()));
    let left: Vec<String> = renewed.left.iter().map(ToString::to_string).collect();
    let value = json!({
        "device": enrolled.device.to_string(),
        "former": former.to_string(),
        "village": enrolled.village.get(),
        "reissued": pairs(reissued.clone()),
        "growers": pairs(growers.collect()),
        "contracts": pairs(contracts.collect()),
        "edits": renewed.edits,
        "left_set_aside": left,
    });
    say(json, &value, |_| {
        let mut text = format!(
            "新单号段 {1}，原来是 {0}。补录 {2} 笔。/ {1} takes the place of {0}; {2} issued again.\n",
            former,
            enrolled.device,
            reissued.len()
        );
        for (from, to) in &reissued {
            text.push_str(&format!("{from} → {to}\n"));
        }
        text
    })
}
