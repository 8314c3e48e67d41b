//! `courtyard admin invite`: a phone's way in, as text and as a QR.

use std::io::IsTerminal as _;

use clap::Args;
use serde::Serialize;

use crate::command::Failure;
use crate::command::output::say;
use crate::command::place::{Place, failure, village, village_name};
use crate::command::qr;
use crate::node::Node;
use crate::office::published::published;

#[derive(Debug, Args)]
pub(super) struct InviteArgs {
    /// The village that the phone will serve, by name or number.
    #[arg(long)]
    village: String,
    /// The address at which phones reach the server; else that of the server last run here.
    #[arg(long, value_name = "URL")]
    address: Option<String>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Serialize)]
struct Invited {
    invitation: String,
    village: u16,
    name: String,
    address: String,
}

pub(super) fn run(args: &InviteArgs) -> Result<(), Failure> {
    let mut node = args.place.existing()?;
    let invited = invite(&mut node, &args.village, args.address.as_deref())?;
    say(args.place.json, &invited, |invited| {
        let mut text = format!(
            "{}\n请在 {} 的手机上粘贴，14 天内有效，只能用一次。服务器 {}\n\
             For one phone of {}, once, within 14 days.\n",
            invited.invitation, invited.name, invited.address, invited.name
        );
        if std::io::stdout().is_terminal() {
            text.push_str(&qr::terminal(&invited.invitation).unwrap_or_default());
        }
        text
    })
}

fn invite(node: &mut Node, asked: &str, address: Option<&str>) -> Result<Invited, Failure> {
    if let Some(address) = address
        && !(address.starts_with("http://") || address.starts_with("https://"))
    {
        return Err(Failure::usage(
            "地址要以 http:// 或 https:// 开头。没有发出邀请。\n\
             An address begins with http:// or https://. No invitation was made.",
        ));
    }
    let published = {
        let reads = node.read().map_err(failure)?;
        published(reads.as_ref()).map_err(|error| failure(error.into()))?
    };
    let village = village(&published, asked)?;
    let invitation = node.invite(village, address).map_err(failure)?;
    Ok(Invited {
        invitation: invitation.to_string(),
        village: village.get(),
        name: village_name(&published, Some(village)),
        address: invitation.address,
    })
}

#[cfg(test)]
mod tests {
    use courtyard_core::wire::invitation::Invitation;

    use super::*;
    use crate::command::place::tests::node;

    #[test]
    fn an_invitation_names_the_village_by_name_or_number_and_the_address() {
        let (mut node, _folder) = node();
        node.add_village("石桥村", None).unwrap();
        for asked in ["石桥村", "1", " 1 "] {
            let invited = invite(&mut node, asked, Some("http://10.0.0.5:8080")).unwrap();
            assert_eq!((invited.village, invited.name.as_str()), (1, "石桥村"));
            let read: Invitation = invited.invitation.parse().unwrap();
            assert_eq!(read.address, "http://10.0.0.5:8080");
            assert_eq!(read.root, node.root().unwrap());
        }
        for asked in ["2", "下庄", ""] {
            assert!(invite(&mut node, asked, None).unwrap_err().text().contains("village list"));
        }
        assert!(invite(&mut node, "1", Some("10.0.0.5")).is_err());
    }
}
