//! Keys of a register: `table/row/field`, flat at the root of the document, so that two phones that
//! make the same row at once both write into it. A field may hold a slash: `name/2`.
//!
//! What has a history or may be added to by several is numbered or named in the field, so that
//! additions do not collide: `name/1`, `name/2`; `flag/监测户`.

use std::fmt;

use crate::domain::GrowerId;

/// Households: the row is the grower's number.
pub const GROWER: &str = "grower";
/// Other persons of a household: the row is the grower's number, a dash, and the person's number
/// from 1 (0 is the head, who stands in [`GROWER`]).
pub const PERSON: &str = "person";
/// Collection points (定点收购).
pub const POINT: &str = "point";
/// Kinds of crates, for their tare.
pub const CRATE_TYPE: &str = "crate_type";
/// Contracts being drawn up: the row is the contract's number.
pub const DRAFT: &str = "draft";
/// Remarks.
pub const NOTE: &str = "note";
/// What the office says of editions: the row is the edition's number.
pub const EDITION: &str = "edition";

/// A name, numbered from 1; the highest number is the name of today. Text.
pub const NAME: &str = "name";
/// The day from which the name of this number holds, such as `since/2`. A name without one holds for
/// every day. Text, as `2026-07-01`.
pub const SINCE: &str = "since";
/// Where the household lives. Text.
pub const ADDRESS: &str = "address";
/// What a person is to the head of the household, such as 儿子. Text.
pub const RELATION: &str = "relation";
/// A phone number. Text.
pub const PHONE: &str = "phone";
/// The villagers' group (村民小组). Text.
pub const GROUP: &str = "group";
/// A mark on a household, by its word: `flag/脱贫户`. Bool.
pub const FLAG: &str = "flag";
/// The mark of a row of an imported file that this household came from: `import/1f0c…`. Bool.
pub const IMPORT: &str = "import";
/// Who receives the money, if not the household's head. Text.
pub const PAYEE: &str = "payee";
/// Where the household usually delivers: a row of [`POINT`]. Text.
pub const USUAL_POINT: &str = "point";
/// Where a point lies. Text.
pub const PLACE: &str = "place";
/// What an empty crate weighs, in grams. Int.
pub const TARE_G: &str = "tare_g";
/// A draft's content. Bytes.
pub const CONTENT: &str = "content";
/// A remark's words. Text.
pub const TEXT: &str = "text";
/// Set to true on a row that is no longer used. Bool.
pub const RETIRED: &str = "retired";
/// The grower that a draft or a remark is about, by number. Text.
pub const ABOUT: &str = "about";
/// The last field that the opening of an edition writes: its year. Int.
pub const OPENED: &str = "opened";
/// On a grower: the office removed what the register said of it. On an edition: it is gone, and
/// nobody may keep it. Bool.
pub const ERASED: &str = "erased";

/// A key's parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key<'k> {
    /// The table.
    pub table: &'k str,
    /// The row.
    pub row: &'k str,
    /// The field, and its number or name after a slash.
    pub field: &'k str,
}

impl<'k> Key<'k> {
    /// The key of this field of a row.
    pub fn new(table: &'k str, row: &'k str, field: &'k str) -> Self {
        Key { table, row, field }
    }

    /// Reads a key, or `None` if a part is missing or empty.
    pub fn parse(text: &'k str) -> Option<Self> {
        let mut parts = text.splitn(3, '/');
        let key = Key { table: parts.next()?, row: parts.next()?, field: parts.next()? };
        let whole = [key.table, key.row, key.field].iter().all(|part| !part.is_empty());
        whole.then_some(key)
    }

    /// The number after the slash, for a field such as `name/2` under this name.
    pub fn number_under(&self, field: &str) -> Option<u32> {
        self.field.strip_prefix(field)?.strip_prefix('/')?.parse().ok()
    }
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.table, self.row, self.field)
    }
}

/// The key of a grower's field: `grower/H-A7K-12/phone`.
pub fn grower_key(grower: GrowerId, field: &str) -> String {
    format!("{GROWER}/{grower}/{field}")
}

/// The key of a grower's name with this number, from 1.
pub fn grower_name_key(grower: GrowerId, number: u32) -> String {
    format!("{GROWER}/{grower}/{NAME}/{number}")
}

/// The key of the day from which a grower's name with this number holds.
pub fn grower_since_key(grower: GrowerId, number: u32) -> String {
    format!("{GROWER}/{grower}/{SINCE}/{number}")
}

/// The key of a mark on a grower: `grower/H-A7K-12/flag/监测户`.
pub fn grower_flag_key(grower: GrowerId, flag: &str) -> String {
    format!("{GROWER}/{grower}/{FLAG}/{flag}")
}

/// The key of a field of a person of a household: `person/H-A7K-12-1/phone`.
pub fn person_key(grower: GrowerId, person: u16, field: &str) -> String {
    format!("{PERSON}/{}/{field}", person_row(grower, person))
}

/// The row of a person of a household: `H-A7K-12-1`.
pub fn person_row(grower: GrowerId, person: u16) -> String {
    format!("{grower}-{person}")
}

/// Whose row in [`PERSON`] this is.
pub fn person_of_row(row: &str) -> Option<(GrowerId, u16)> {
    let (grower, person) = row.rsplit_once('-')?;
    if !person.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some((grower.parse().ok()?, person.parse().ok()?))
}

/// The key of what the office says of an edition: `edition/1/opened`.
pub fn edition_key(edition: u32, field: &str) -> String {
    format!("{EDITION}/{edition}/{field}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_known_by_the_grower_and_a_number() {
        let grower: GrowerId = "H-A7K-12".parse().unwrap();
        assert_eq!(person_key(grower, 3, PHONE), "person/H-A7K-12-3/phone");
        assert_eq!(person_of_row(&person_row(grower, 3)), Some((grower, 3)));
        for row in ["", "H-A7K-12", "H-A7K-12-", "H-A7K-12-+1", "H-A7K-12-70000"] {
            assert_eq!(person_of_row(row), None, "{row}");
        }
    }

    #[test]
    fn a_key_reads_back_as_printed() {
        let grower: GrowerId = "H-A7K-12".parse().unwrap();
        let text = grower_name_key(grower, 2);
        assert_eq!(text, "grower/H-A7K-12/name/2");
        let key = Key::parse(&text).unwrap();
        assert_eq!(key, Key::new(GROWER, "H-A7K-12", "name/2"));
        assert_eq!(key.to_string(), text);
        assert_eq!(key.number_under(NAME), Some(2));
        assert_eq!(key.number_under("nam"), None);
        assert_eq!(grower_key(grower, PHONE), "grower/H-A7K-12/phone");
        assert_eq!(grower_flag_key(grower, "监测户"), "grower/H-A7K-12/flag/监测户");
    }

    #[test]
    fn a_key_has_three_parts() {
        for text in ["", "grower", "grower/x", "grower/x/", "/x/name", "grower//name", "//"] {
            assert_eq!(Key::parse(text), None, "{text}");
        }
    }
}
