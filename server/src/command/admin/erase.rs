//! `courtyard admin erase`: removes what the register and the sealed numbers say of a household, and
//! says what stays and where else to look.

use std::collections::BTreeSet;

use clap::Args;
use courtyard_core::domain::{Body, EntryId, GrowerId};
use courtyard_core::ledger::Partition;
use serde::Serialize;

use crate::command::Failure;
use crate::command::output::say;
use crate::command::place::{Place, failure};
use crate::node::Node;

#[derive(Debug, Args)]
pub(super) struct EraseArgs {
    /// The grower.
    grower: GrowerId,
    /// The user who does it.
    #[arg(long)]
    by: String,
    /// The user who agrees; another one.
    #[arg(long)]
    approved_by: String,
    #[command(flatten)]
    place: Place,
}

/// What an erasure came to.
#[derive(Debug, Serialize)]
struct Erased {
    grower: String,
    /// The edition of the register that stands now.
    edition: u32,
    erased_fields: usize,
    erased_numbers: usize,
    /// Older editions that are gone with all their edits.
    erased_editions: Vec<u32>,
    /// Entries that carry the number and stay: the books name nobody.
    entries_that_stay: usize,
    /// Notes among them, whose words somebody has to read: a name may stand there.
    notes_to_read: Vec<String>,
    /// No byte is left in this folder's files.
    files_are_clean: bool,
    /// Fields of other households of which a third value could not go along.
    dropped_values: Vec<String>,
}

pub(super) fn run(args: &EraseArgs) -> Result<(), Failure> {
    let mut node = args.place.existing()?;
    let erased = erase(&mut node, args.grower, &args.by, &args.approved_by)?;
    say(args.place.json, &erased, text)
}

fn erase(
    node: &mut Node,
    grower: GrowerId,
    by: &str,
    approved_by: &str,
) -> Result<Erased, Failure> {
    let done = node
        .act(|office, tx, now_ms, _| office.erase_grower(tx, grower, (by, approved_by), now_ms))
        .map_err(failure)?;
    let log_is_clean = node.clean_log().map_err(failure)?;
    let view = node.view().map_err(failure)?;
    let view_is_clean = !view.store().is_shredding_due().map_err(|e| failure(e.into()))?;
    let of = |partition| view.store().entries_of(partition).map_err(|e| failure(e.into()));
    let entries = of(Some(Partition::Grower(grower)))?;
    let own: BTreeSet<EntryId> = entries.iter().map(|stored| stored.arrived.id).collect();
    let mut notes = of(None)?;
    notes.retain(|stored| match &stored.arrived.entry.body {
        Body::Note(note) => note.about.is_some_and(|about| own.contains(&about)),
        _ => false,
    });
    Ok(Erased {
        grower: grower.to_string(),
        edition: done.register.edition,
        erased_fields: done.fields,
        erased_numbers: done.numbers,
        erased_editions: done.editions.iter().map(|id| id.edition).collect(),
        notes_to_read: notes.iter().map(|stored| stored.arrived.id.to_string()).collect(),
        entries_that_stay: entries.len(),
        files_are_clean: log_is_clean && view_is_clean,
        dropped_values: done.dropped,
    })
}

fn text(erased: &Erased) -> String {
    let mut text = format!(
        "{0} 的姓名、电话等 {1} 项和 {2} 个封存号码已删除，名册换为第 {3} 版，旧版连同全部改动记录已删除。\n\
         账上 {4} 条单据只有编号，按规定保留。\n\
         各手机下次同步时删除；没有再同步的手机、以前的备份和导出文件里仍有，请收回或销毁。\n\
         {0}: {1} fields and {2} sealed numbers are erased; the register is edition {3} now, the older \
         editions are gone with every edit.\n\
         {4} entries carry the number only and stay, as the law asks.\n\
         Phones erase at their next sync. Phones that never sync again, earlier backups and exports \
         still hold it: take them back or destroy them. After restoring an earlier backup, erase \
         again.\n",
        erased.grower,
        erased.erased_fields,
        erased.erased_numbers,
        erased.edition,
        erased.entries_that_stay
    );
    if !erased.notes_to_read.is_empty() {
        text.push_str(&format!(
            "请读这些备注，里面可能写有姓名 / read these notes, a name may stand in them: {}\n",
            erased.notes_to_read.join(", ")
        ));
    }
    if !erased.dropped_values.is_empty() {
        text.push_str(&format!(
            "这些字段的第三个值没有带走 / a third value of these fields did not go along: {}\n",
            erased.dropped_values.join(", ")
        ));
    }
    if !erased.files_are_clean {
        text.push_str(
            "▲ 别的程序正在读，文件里的残迹还没清完；请停下服务器后再运行一次 admin register clean。\n\
             ▲ Another process is reading, so the files are not clean yet: stop the server and run \
             admin register clean.\n",
        );
    }
    text
}
