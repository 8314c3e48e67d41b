//! Paper slips: of a file, and those that the village's office entered before.

use std::collections::BTreeMap;

use courtyard_core::domain::check::{Check as _, Limits, MAX_LINES};
use courtyard_core::domain::slip::{Line, Slip, Source, Visit};
use courtyard_core::domain::{Body, BusinessDate, EntryId, Fen, GrowerId, VillageNo};

use super::Groups;
use super::row::{Bought, Group};
use crate::command::import::{Bad, written};
use crate::log::{LogError, Reads};

/// A slip of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Paper {
    pub(super) group: Group,
    /// Where its lines stand in the file.
    pub(super) lines: Vec<u64>,
    pub(super) slip: Slip,
    pub(super) paid: Fen,
}

/// The slips of the file that are whole and sound; rows of the others are bad.
pub(super) fn slips_of(groups: Groups, bad: &mut Vec<Bad>) -> Vec<Paper> {
    let mut papers = Vec::with_capacity(groups.len());
    for (group, rows) in groups {
        let rows = match rows {
            Ok(rows) => rows,
            Err(good) => {
                bad.extend(good.into_iter().map(|line| {
                    Bad::new(
                        line,
                        "同一张单据里有别的行有误，整张没有补录。",
                        "Another row of the same slip is bad; the whole slip was left out.",
                    )
                }));
                continue;
            }
        };
        match paper(group, &rows) {
            Ok(paper) => papers.push(paper),
            Err((zh, en)) => {
                bad.extend(rows.iter().map(|row| Bad::new(row.at, zh.clone(), en.clone())));
            }
        }
    }
    // As the file has them.
    papers.sort_by_key(|paper| paper.lines.first().copied());
    papers
}

fn paper(group: Group, rows: &[Bought]) -> Result<Paper, (String, String)> {
    if rows.len() > MAX_LINES {
        return Err((
            format!("一张单据最多 {MAX_LINES} 行，请用 slip 列（单号）分开。"),
            format!("A slip has at most {MAX_LINES} lines. Tell slips apart by a column slip."),
        ));
    }
    let slip = Slip {
        grower: group.grower,
        lines: rows.iter().map(|row| row.line.clone()).collect(),
        price_list: None,
        visit: Visit { source: Source::Paper, ..Visit::default() },
    };
    if let Some(breach) = slip.check(&Limits::LEDGER).first() {
        return Err((breach.rule.zh.to_owned(), breach.rule.en.to_owned()));
    }
    let paid = Fen::sum(rows.iter().map(|row| row.paid))
        .map_err(|error| (error.zh(), format!("{error}.")))?;
    Ok(Paper { group, lines: rows.iter().map(|row| row.at).collect(), slip, paid })
}

/// Paper slips that were entered, by grower and day; voided ones too, so that the same file again
/// does not bring them back.
pub(super) type Known = BTreeMap<(GrowerId, BusinessDate), Vec<(EntryId, Vec<Line>)>>;

/// Adds those of a village's office.
pub(super) fn known(
    reads: &dyn Reads,
    village: VillageNo,
    known: &mut Known,
) -> Result<(), LogError> {
    written::each(reads, village, |id, entry| {
        if let Body::Slip(slip) = entry.body
            && slip.visit.source == Source::Paper
        {
            let place = (slip.grower, entry.envelope.date);
            known.entry(place).or_default().push((id, slip.lines));
        }
    })
}
