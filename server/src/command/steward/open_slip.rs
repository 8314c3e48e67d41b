//! `courtyard steward open`: the slip that is filled in while crates are on the scale.

use courtyard_core::steward::Steward;
use serde_json::json;

use super::args::{OpenDeed, SlipArgs};
use super::deeds::draft;
use super::{failure, lines, say as words};
use crate::command::output::{Failure, say};

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
    let draft = draft(steward, args.grower, args.date, &lines::read(&args.lines)?, &args.details)?;
    steward.keep_open_slip(&draft).map_err(|e| failure(&e))?;
    say(json, &json!({"open": true}), |_| {
        "已留着，用 open finish 保存。/ Kept; save it with open finish.".to_owned()
    })
}

fn finish(steward: &mut Steward, json: bool) -> Result<(), Failure> {
    let draft = steward.open_slip().map_err(|e| failure(&e))?.ok_or_else(|| {
        Failure::words(
            "没有未完成的单。没有改动。请用 open keep 填写。",
            "No slip is open. Nothing was changed; fill one in with open keep.",
        )
    })?;
    let bought = steward.finish_open_slip(&draft).map_err(|e| failure(&e))?;
    say(json, &words::bought(&bought), |_| words::bought_text(&bought))
}
