//! `courtyard steward open`: the slip that is filled in while crates are on the scale.

use courtyard_core::domain::{BusinessDate, GrowerId};
use courtyard_core::steward::Steward;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::args::{OpenDeed, SlipArgs};
use super::corrections::DetailArgs;
use super::deeds::draft;
use super::{failure, lines, say as words};
use crate::command::output::{Failure, say};

/// What is kept: the words as they were typed.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    grower: String,
    lines: String,
    date: Option<String>,
    #[serde(default)]
    seller: Option<u16>,
    #[serde(default)]
    deliverer: Option<u16>,
    #[serde(default)]
    certificate: Option<String>,
    #[serde(default)]
    refused: Vec<String>,
}

pub(super) fn run(steward: &mut Steward, deed: &OpenDeed, json: bool) -> Result<(), Failure> {
    match deed {
        OpenDeed::Keep(args) => keep(steward, args, json),
        OpenDeed::Finish => finish(steward, json),
        OpenDeed::Discard => {
            steward.discard_open_slip().map_err(|e| failure(&e))?;
            say(json, &json!({"open": false}), |_| "已放弃未完成的单。/ Given up.".to_owned())
        }
    }
}

fn keep(steward: &mut Steward, args: &SlipArgs, json: bool) -> Result<(), Failure> {
    // Read once now, so that what cannot be read is not kept.
    let details = &args.details;
    draft(steward, args.grower, args.date, &lines::read(&args.lines)?, details)?;
    let kept = Kept {
        grower: args.grower.to_string(),
        lines: args.lines.clone(),
        date: args.date.map(|date| date.to_string()),
        seller: details.seller,
        deliverer: details.deliverer,
        certificate: details.certificate.clone(),
        refused: details.refused.clone(),
    };
    let bytes = serde_json::to_vec(&kept).map_err(|e| Failure::found(e.to_string()))?;
    steward.keep_open_slip(&bytes).map_err(|e| failure(&e))?;
    say(json, &json!({"open": true}), |_| {
        "已留着，用 open finish 保存。/ Kept; save it with open finish.".to_owned()
    })
}

fn finish(steward: &mut Steward, json: bool) -> Result<(), Failure> {
    let unreadable = || {
        Failure::words(
            "没有未完成的单，或读不出来。没有改动。请用 open keep 重新填写。",
            "No slip is open, or it cannot be read. Nothing was changed; fill it in with open keep.",
        )
    };
    let bytes = steward.open_slip().map_err(|e| failure(&e))?.ok_or_else(unreadable)?;
    let kept: Kept = serde_json::from_slice(&bytes).map_err(|_| unreadable())?;
    let grower: GrowerId = kept.grower.parse().map_err(|_| unreadable())?;
    let date: Option<BusinessDate> =
        kept.date.as_deref().map(str::parse).transpose().map_err(|_| unreadable())?;
    let details = DetailArgs {
        seller: kept.seller,
        deliverer: kept.deliverer,
        certificate: kept.certificate,
        refused: kept.refused,
    };
    let draft = draft(steward, grower, date, &lines::read(&kept.lines)?, &details)?;
    let bought = steward.finish_open_slip(&draft).map_err(|e| failure(&e))?;
    say(json, &words::bought(&bought), |_| words::bought_text(&bought))
}
