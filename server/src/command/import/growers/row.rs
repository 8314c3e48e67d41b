//! A row of a file of growers, read.

use courtyard_core::document::Value;
use courtyard_core::document::register::keys::{
    GROUP, IMPORT, PHONE, grower_flag_key, grower_key, grower_name_key,
};
use courtyard_core::domain::GrowerId;
use sha2::{Digest as _, Sha256};

use super::households::Household;
use crate::command::import::Bad;
use crate::command::import::sheet::Row;

const NAME: usize = 1;
const TEAM: usize = 2;
const TELEPHONE: usize = 3;
const MARK: usize = 4;

/// The marks that a household can carry (脱贫户, 监测户: assisted households).
const FLAGS: [&str; 2] = ["脱贫户", "监测户"];
pub(super) const MAX_CHARS: usize = 40;

/// A row in its own words.
pub(super) struct Wanted<'r> {
    pub(super) line: u64,
    pub(super) name: &'r str,
    pub(super) group: &'r str,
    pub(super) phone: String,
    pub(super) flags: Vec<&'r str>,
}

impl Wanted<'_> {
    /// The row's mark in the register: a short hash, so that the file's words are not kept twice.
    pub(super) fn mark(&self) -> String {
        let words = [self.name, self.group, &self.phone, &self.flags.join("|")].join("\n");
        let hash = Sha256::digest(words.as_bytes());
        hex::encode(hash.get(..8).unwrap_or_default())
    }
}

/// Reads a row.
pub(super) fn wanted(row: &Row) -> Result<Wanted<'_>, Bad> {
    let bad = |zh: String, en: String| Bad::new(row.line, zh, en);
    let (name, group) = (row.cell(NAME), row.cell(TEAM));
    if name.is_empty() || name.chars().count() > MAX_CHARS || group.chars().count() > MAX_CHARS {
        return Err(bad(
            format!("姓名要有 1 到 {MAX_CHARS} 个字，小组最多 {MAX_CHARS} 个字。"),
            format!("A name has 1 to {MAX_CHARS} characters, a group at most {MAX_CHARS}."),
        ));
    }
    // Tables print phone numbers with blanks and dashes; they are the same number.
    let phone: String = row.cell(TELEPHONE).chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let digits = phone.strip_prefix('+').unwrap_or(&phone);
    let dialled = (5..=20).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if !phone.is_empty() && !dialled {
        return Err(bad(
            format!("电话“{phone}”不对，请写数字，不知道就空着。"),
            format!("{phone:?} is no phone number. Leave it empty if it is not known."),
        ));
    }
    let separators = [' ', '|', ';', '；', '、', '/'];
    let mut flags: Vec<&str> =
        row.cell(MARK).split(separators).filter(|flag| !flag.is_empty()).collect();
    flags.sort_unstable();
    flags.dedup();
    if let Some(odd) = flags.iter().find(|flag| !FLAGS.contains(flag)) {
        return Err(bad(
            format!("标记“{odd}”不认识，可写 {}。", FLAGS.join("、")),
            format!("The flag {odd:?} is not known; there are {}.", FLAGS.join(", ")),
        ));
    }
    Ok(Wanted { line: row.line, name, group, phone, flags })
}

impl Wanted<'_> {
    /// What to assign for a household that is new.
    pub(super) fn assignments(&self, id: GrowerId, mark: &str) -> Vec<(String, Value)> {
        let mut assignments = vec![
            (grower_name_key(id, 1), Value::from(self.name)),
            (grower_key(id, &format!("{IMPORT}/{mark}")), Value::Bool(true)),
        ];
        if !self.group.is_empty() {
            assignments.push((grower_key(id, GROUP), self.group.into()));
        }
        if !self.phone.is_empty() {
            assignments.push((grower_key(id, PHONE), self.phone.as_str().into()));
        }
        for flag in &self.flags {
            assignments.push((grower_flag_key(id, flag), Value::Bool(true)));
        }
        assignments
    }

    /// The household that the row speaks of.
    pub(super) fn household(&self, id: GrowerId) -> Household {
        Household {
            id,
            names: vec![self.name.to_owned()],
            group: self.group.to_owned(),
            phone: self.phone.clone(),
            flags: self.flags.iter().map(|flag| (*flag).to_owned()).collect(),
            from_this_file: true,
        }
    }
}
