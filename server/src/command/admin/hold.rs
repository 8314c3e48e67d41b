//! `courtyard admin hold`: entries that are kept and not counted (留存待核), with their reasons, and
//! the district's decision on each: admit (认可) or refuse (不认可).

use clap::{Args, Subcommand, ValueEnum};
use courtyard_core::domain::hold::{Evidence, HoldDecision};
use courtyard_core::domain::{Body, EntryId, Limits, OperatorNo, Rule};
use courtyard_core::ledger::{CloseIndex, Outcome, Published, Status};
use courtyard_core::store::{Store, StoreError, StoredEntry};
use serde_json::{Value, json};

use crate::command::Failure;
use crate::command::entry;
use crate::command::output::{list as list_of, say};
use crate::command::place::{Place, failure, village_name};
use crate::command::table::{Cell, Column, Table, cells};
use crate::deed::On;
use crate::node::Node;
use crate::office::acting::Role;
use crate::office::error::CommandError;
use crate::office::published::published;

#[derive(Debug, Subcommand)]
pub(super) enum HoldCommand {
    /// Every held entry with its reasons; with --refused also those that were refused.
    List(ListArgs),
    /// One held entry: its reasons, former decisions, and what admitting it would move.
    Show(ShowArgs),
    /// Admit an entry: it counts as it was printed.
    Admit(DecideArgs),
    /// Refuse an entry: it stays, is shown, and does not count.
    Refuse(DecideArgs),
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Those that were refused too.
    #[arg(long)]
    refused: bool,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The entry, such as A7K-000127.
    entry: EntryId,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct DecideArgs {
    /// The entry, such as A7K-000127.
    entry: EntryId,
    /// Why, in words.
    #[arg(long)]
    reason: String,
    /// What it rests on: 纸单 paper, 证人 witness, 邻居 neighbour, 账册 records, 无 none.
    #[arg(long, value_enum)]
    evidence: Rests,
    /// The code of a reason that it settles; may be given several times. All of them if none.
    #[arg(long, value_name = "CODE")]
    settles: Vec<String>,
    /// The reviewer or manager who decides.
    #[arg(long, value_name = "USER")]
    by: String,
    #[command(flatten)]
    place: Place,
}

/// What a decision rests on, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Rests {
    Paper,
    Witness,
    Neighbour,
    Records,
    None,
}

impl From<Rests> for Evidence {
    fn from(rests: Rests) -> Evidence {
        match rests {
            Rests::Paper => Evidence::Paper,
            Rests::Witness => Evidence::Witness,
            Rests::Neighbour => Evidence::Neighbour,
            Rests::Records => Evidence::Records,
            Rests::None => Evidence::None,
        }
    }
}

pub(super) fn run(command: &HoldCommand) -> Result<(), Failure> {
    match command {
        HoldCommand::List(args) => list(args),
        HoldCommand::Show(args) => {
            let mut node = args.place.existing()?;
            let view = node.view().map_err(failure)?;
            let shown = Shown::read(view.store(), args.entry)?;
            say(args.place.json, &shown.json(), |_| shown.text())
        }
        HoldCommand::Admit(args) => decided(args, true),
        HoldCommand::Refuse(args) => decided(args, false),
    }
}

fn unread(error: StoreError) -> Failure {
    failure(error.into())
}

/// An entry in the view, whatever became of it.
fn look(store: &Store, id: EntryId) -> Result<StoredEntry, Failure> {
    store.entry(id).map_err(unread)?.ok_or_else(|| {
        Failure::words(
            &format!("没有 {id} 这条记录。没有改动任何东西。请核对编号。"),
            &format!("There is no entry {id}. Nothing was changed. Check the number."),
        )
    })
}

/// A held or refused entry; what counts needs no decision.
fn undecided(store: &Store, id: EntryId) -> Result<StoredEntry, Failure> {
    let entry = look(store, id)?;
    if matches!(entry.status, Status::Held(_) | Status::Refused(_)) {
        return Ok(entry);
    }
    Err(Failure::words(
        &format!("{id} 没有留存待核，不需要认定。没有改动任何东西。可用 admin hold list 查看。"),
        &format!("{id} is not held. Nothing was changed. See admin hold list."),
    ))
}

fn row(entry: &StoredEntry, published: &Published) -> Value {
    let arrived = &entry.arrived;
    json!({
        "entry": arrived.id.to_string(),
        "kind": entry::kind_name(&arrived.entry.body),
        "status": entry.status.name(),
        "date": arrived.entry.envelope.date.to_string(),
        "operator": arrived.entry.envelope.operator.get(),
        "village": arrived.village.map(|village| village.get()),
        "village_name": village_name(published, arrived.village),
        "grower": arrived.entry.body.grower().map(|grower| grower.to_string()),
        "reasons": entry.status.reasons().iter().copied().map(entry::rule).collect::<Vec<_>>(),
    })
}

fn list(args: &ListArgs) -> Result<(), Failure> {
    let mut node = args.place.existing()?;
    let published = {
        let reads = node.read().map_err(failure)?;
        published(reads.as_ref()).map_err(|error| failure(error.into()))?
    };
    let view = node.view().map_err(failure)?;
    let store = view.store();
    let mut found = store.held().map_err(unread)?;
    if args.refused {
        found.extend(store.refused().map_err(unread)?);
        found.sort_by_key(|held| held.entry);
    }
    let mut table = Table::new(
        "holds",
        [
            Column::text("entry", "编号 entry"),
            Column::text("kind", "类别 kind"),
            Column::text("status", "状态 status"),
            Column::date("date", "日期 date"),
            Column::text("village", "村 village"),
            Column::text("grower", "农户 grower"),
            Column::text("reasons", "原因 reasons"),
        ],
    );
    let mut rows = Vec::new();
    for held in found {
        let entry = look(store, held.entry)?;
        let arrived = &entry.arrived;
        let reasons: Vec<&str> = entry.status.reasons().iter().map(|rule| rule.zh).collect();
        let kind = entry::kind_zh(arrived.entry.body.kind());
        let status =
            if entry.status.name() == "refused" { "不认可 refused" } else { "待核 held" };
        table.row(cells![
            arrived.id,
            Cell::coded(entry::kind_name(&arrived.entry.body), kind),
            Cell::coded(entry.status.name(), status),
            arrived.entry.envelope.date,
            village_name(&published, arrived.village),
            arrived.entry.body.grower(),
            reasons.join(" "),
        ]);
        rows.push(row(&entry, &published));
    }
    list_of(args.place.json, &json!({ "holds": rows }), &table)
}

/// A held entry with what a decision needs.
struct Shown {
    entry: StoredEntry,
    decisions: Vec<(StoredEntry, HoldDecision)>,
    trial: Option<Outcome>,
}

impl Shown {
    fn read(store: &Store, id: EntryId) -> Result<Shown, Failure> {
        let entry = undecided(store, id)?;
        let decisions = store.decisions(id).map_err(unread)?;
        let trial = store.trial_admission(id, entry.status.reasons()).map_err(unread)?;
        Ok(Shown { entry, decisions, trial })
    }

    fn json(&self) -> Value {
        let mut value = row(&self.entry, &Published::default());
        let decisions: Vec<Value> = self.decisions.iter().map(entry::decision).collect();
        if let Some(fields) = value.as_object_mut() {
            fields.remove("village_name");
            fields.insert("hash".to_owned(), json!(self.entry.arrived.hash.to_string()));
            fields.insert("decisions".to_owned(), json!(decisions));
            fields.insert("admitting".to_owned(), self.trial.as_ref().map_or(Value::Null, trial));
        }
        value
    }

    fn text(&self) -> String {
        let arrived = &self.entry.arrived;
        let mut text = format!(
            "{} {} {} {}\n",
            arrived.id,
            entry::kind_zh(arrived.entry.body.kind()),
            arrived.entry.envelope.date,
            arrived.entry.body.grower().map(|grower| grower.to_string()).unwrap_or_default(),
        );
        for rule in self.entry.status.reasons() {
            let mark = if rule.is_admissible() { "▲" } else { "✕" };
            text.push_str(&format!("{mark} {} {}\n  {}\n", rule.code, rule.zh, rule.en));
        }
        for (by, decision) in &self.decisions {
            let word = if decision.admits { "认可 admitted" } else { "不认可 refused" };
            let rests = entry::evidence_words(decision.evidence);
            let id = by.arrived.id;
            text.push_str(&format!("{id} {word} ({} {}): {}\n", rests.1, rests.0, decision.reason));
        }
        let rule = Rule::HOLD_TARGET_CLOSED;
        match &self.trial {
            _ if arrived.close != CloseIndex::OPEN => {
                text.push_str(&format!("✕ {} {}\n  {}\n", rule.code, rule.zh, rule.en));
            }
            Some(trial) if trial.status == Status::Counted => {
                text.push_str("认可后入账 / admitting it moves:\n");
                for posting in &trial.postings {
                    text.push_str(&format!(
                        "  {} / {}  {}\n",
                        posting.debit.name(),
                        posting.credit.name(),
                        posting.amount.text()
                    ));
                }
            }
            _ => text.push_str(
                "认可后仍不入账：有的原因不能认可。/ It would still be held: not every reason can \
                 be admitted.\n",
            ),
        }
        text
    }
}

fn trial(trial: &Outcome) -> Value {
    json!({
        "status": trial.status.name(),
        "reasons": trial.status.reasons().iter().map(|rule| rule.code).collect::<Vec<_>>(),
        "postings": trial.postings.iter().map(entry::posting).collect::<Vec<_>>(),
    })
}

fn decided(args: &DecideArgs, admits: bool) -> Result<(), Failure> {
    let mut node = args.place.existing()?;
    let value = decide(&mut node, args, admits)?;
    let counts = value.get("status").is_some_and(|status| status == "counted");
    say(args.place.json, &value, |_| {
        if admits && !counts {
            format!(
                "对 {0} 的认可已写下，但还有别的原因，仍留存待核。\n{0}: this reason is settled, \
                 but the entry is still held for others.",
                args.entry
            )
        } else if admits {
            format!("已认可 {0}，按单据入账。\n{0} is admitted and counts as printed.", args.entry)
        } else {
            format!(
                "不认可 {0}，记录保留，不入账。\n{0} is refused: it stays and does not count.",
                args.entry
            )
        }
    })
}

fn decide(node: &mut Node, args: &DecideArgs, admits: bool) -> Result<Value, Failure> {
    let target = undecided(node.view().map_err(failure)?.store(), args.entry)?;
    // Written after the close, a decision would change nothing and only be held itself.
    if target.arrived.close != CloseIndex::OPEN {
        return Err(crate::command::place::broken(Rule::HOLD_TARGET_CLOSED));
    }
    let reasons = target.status.reasons();
    if admits && args.settles.is_empty() && !reasons.iter().all(|rule| rule.is_admissible()) {
        return Err(crate::command::place::broken(Rule::HOLD_NOT_ADMISSIBLE));
    }
    let all = || reasons.iter().map(|rule| rule.code.to_owned()).collect();
    let settles: Vec<String> = if args.settles.is_empty() { all() } else { args.settles.clone() };
    let village = target.arrived.village;
    let body = Body::from(HoldDecision {
        target: target.arrived.id,
        target_hash: target.arrived.hash,
        admits,
        settles: settles.clone(),
        evidence: args.evidence.into(),
        reason: args.reason.trim().to_owned(),
        grower: target.arrived.entry.body.grower(),
    });
    let on = On { village, entity: target.arrived.entry.envelope.entity, date: None };
    let wrote = target.arrived.entry.envelope.operator;
    let ids = node
        .act_as(&args.by, Role::REVIEWERS, |deed| {
            if wrote != OperatorNo::default() && wrote == deed.acting.operator {
                return Err(CommandError::SamePerson(deed.acting.name.clone()).into());
            }
            if let Some(breach) = body.check(&Limits::LEDGER).first() {
                return Err(CommandError::Rule(breach.rule).into());
            }
            if village.is_none() {
                return Err(CommandError::Rule(Rule::ENTRY_NOT_FOR_THIS_DEVICE).into());
            }
            deed.write(on, &[body])
        })
        .map_err(failure)?;
    let after = look(node.view().map_err(failure)?.store(), args.entry)?;
    Ok(json!({
        "decision": ids.first().map(ToString::to_string),
        "entry": args.entry.to_string(),
        "admits": admits,
        "settles": settles,
        "evidence": entry::evidence_words(args.evidence.into()).0,
        "status": after.status.name(),
        "reasons": after.status.reasons().iter().map(|rule| rule.code).collect::<Vec<_>>(),
    }))
}

#[cfg(test)]
mod tests {
    use courtyard_core::domain::slip::{Line, PriceReason, Segment, Slip, Weighing};
    use courtyard_core::domain::{
        DeviceNo, Fen, Grade, Grams, GrowerId, LiPerKg, ProductNo, VillageNo,
    };

    use super::*;
    use crate::command::place::tests::node;
    use crate::office::publish::Stamp;

    /// 10 kg at 3.00 元/kg that says it comes to this much, written by this person.
    fn slip(node: &mut Node, village: VillageNo, says_fen: i64, operator: u16) -> EntryId {
        let weight = Grams::new(10_000);
        let price = LiPerKg::new(3_000);
        let line = Line {
            product: ProductNo::new(1),
            grade: Grade::default(),
            weighings: vec![Weighing { gross: weight, tare: Grams::ZERO }],
            deductions: Vec::new(),
            segments: vec![Segment { weight, price, reason: PriceReason::Stated }],
            amount: Fen::new(says_fen),
            contract: None,
            marks: Default::default(),
        };
        let grower = GrowerId::new(DeviceNo::default(), 1);
        let slip = Slip { grower, lines: vec![line], price_list: None, visit: Default::default() };
        let ids = node
            .act(|office, tx, now_ms, _| {
                let operator = OperatorNo::new(operator);
                let stamp = Stamp { operator, ..Stamp::today(now_ms) };
                office.publish(tx, Some(village), &[slip.clone().into()], stamp)
            })
            .unwrap();
        *ids.first().unwrap()
    }

    fn staffed() -> (Node, VillageNo, tempfile::TempDir) {
        let (mut node, folder) = node();
        let village = node.add_village("石桥村", None).unwrap();
        node.put_user("李审核", "reviewer", "long enough").unwrap();
        node.put_user("王经办", "clerk", "long enough").unwrap();
        (node, village, folder)
    }

    fn args(entry: EntryId, by: &str, folder: &tempfile::TempDir) -> DecideArgs {
        DecideArgs {
            entry,
            reason: "纸单核对无误".into(),
            evidence: Rests::Paper,
            settles: Vec::new(),
            by: by.into(),
            place: Place { data: folder.path().to_owned(), json: true },
        }
    }

    #[test]
    fn a_held_entry_is_shown_with_what_admitting_would_move() {
        let (mut node, village, _folder) = staffed();
        let held = slip(&mut node, village, 4_000, 0);
        let view = node.view().unwrap();
        let shown = Shown::read(view.store(), held).unwrap();
        let value = shown.json();
        assert_eq!(value["reasons"][0]["code"], "purchase.amount_disagrees");
        assert_eq!(value["reasons"][0]["admissible"], true);
        assert_eq!(value["admitting"]["status"], "counted");
        let moved =
            json!([{"debit": "stock", "credit": "payable", "entity": 0, "amount_fen": 4_000}]);
        assert_eq!(value["admitting"]["postings"], moved);
        assert!(shown.text().contains("¥40.00"), "{}", shown.text());
        // Nothing of the trial is kept.
        assert_eq!(view.store().held().unwrap().len(), 1);
    }

    #[test]
    fn a_decision_names_all_reasons_its_evidence_and_who_decided() {
        let (mut node, village, folder) = staffed();
        let held = slip(&mut node, village, 4_000, 0);
        let value = decide(&mut node, &args(held, "李审核", &folder), true).unwrap();
        assert_eq!(value["settles"], json!(["purchase.amount_disagrees"]));
        assert_eq!((&value["status"], &value["reasons"]), (&json!("counted"), &json!([])));
        let view = node.view().unwrap();
        assert_eq!(view.store().control_differences().unwrap(), []);
        let decisions = view.store().decisions(held).unwrap();
        let shown = entry::decision(decisions.first().unwrap());
        assert_eq!((&shown["by"], &shown["evidence"]), (&json!(1), &json!("paper")));
        assert_eq!((&shown["admits"], &shown["status"]), (&json!(true), &json!("counted")));
    }

    #[test]
    fn a_refused_entry_stays_and_is_listed_as_refused() {
        let (mut node, village, folder) = staffed();
        let held = slip(&mut node, village, 4_000, 0);
        let value = decide(&mut node, &args(held, "李审核", &folder), false).unwrap();
        assert_eq!(value["status"], "refused");
        let view = node.view().unwrap();
        let refused = view.store().refused().unwrap();
        assert_eq!(refused.iter().map(|held| held.entry).collect::<Vec<_>>(), [held]);
        assert!(view.store().held().unwrap().is_empty());
    }

    #[test]
    fn who_may_not_decide_and_what_needs_no_decision_is_said() {
        let (mut node, village, folder) = staffed();
        let held = slip(&mut node, village, 4_000, 1);
        let counted = slip(&mut node, village, 3_000, 0);
        let mut said = |args: &DecideArgs, admits| {
            decide(&mut node, args, admits).unwrap_err().text().to_owned()
        };
        let clerk = said(&args(held, "王经办", &folder), true);
        assert!(clerk.contains("审核"), "{clerk}");
        let own = said(&args(held, "李审核", &folder), true);
        assert!(own.contains("entry.same_person"), "{own}");
        let sound = said(&args(counted, "李审核", &folder), true);
        assert!(sound.contains("hold list"), "{sound}");
        let none = said(&args(EntryId::new(DeviceNo::default(), 7), "李审核", &folder), false);
        assert!(none.contains("没有改动"), "{none}");
        let odd = DecideArgs {
            settles: vec!["purchase.no_lines".into()],
            ..args(held, "王经办", &folder)
        };
        assert!(said(&odd, true).contains("审核"));
        let view = node.view().unwrap();
        assert!(view.store().decisions(held).unwrap().is_empty());
    }
}
