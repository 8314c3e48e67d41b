//! `courtyard steward qr`: what proves a slip without the phone that wrote it.

use std::io::IsTerminal as _;

use courtyard_core::steward::Steward;
use serde_json::json;

use super::args::QrArgs;
use super::failure;
use crate::command::output::{Failure, say};
use crate::command::qr;

pub(super) fn qr(steward: &Steward, args: &QrArgs, json: bool) -> Result<(), Failure> {
    let text = steward.slip_qr(args.entry).map_err(|e| failure(&e))?;
    if let Some(path) = &args.png {
        qr::write_png(&text, path).map_err(|error| {
            Failure::words(
                &format!("{} 写不了：{error}。请检查路径和空间。", path.display()),
                &format!("{} cannot be written: {error}. Check the path.", path.display()),
            )
        })?;
    }
    let value = json!({"entry": args.entry.to_string(), "text": text});
    say(json, &value, |_| {
        if args.svg {
            qr::svg(&text).unwrap_or_default()
        } else if let Some(path) = &args.png {
            format!("{} → {}", args.entry, path.display())
        } else if args.text || !std::io::stdout().is_terminal() {
            text.clone()
        } else {
            format!("{text}\n{}", qr::terminal(&text).unwrap_or_default())
        }
    })
}
