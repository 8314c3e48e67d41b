//! A file of real purchases as a plan: `date,time,village,household,item_code,item_name,grade,
//! gross_kg,tare_kg,yuan_per_kg`, one slip of one line a row, on the phone that the household's
//! hash selects. A bad row is reported with its line number; the others are offered.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use courtyard_core::domain::product::Product;
use courtyard_core::domain::{BusinessDate, Grade, LiPerKg, ProductNo};
use sha2::{Digest as _, Sha256};

use super::plan::{Act, ActKey, Day, Deed, Household, Plan, Price, Purchase};

/// A row that cannot be read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Its line in the file, from 1.
    pub line: u64,
    /// What is wrong with it, in words.
    pub reason: String,
}

/// Why a file is no file of purchases at all.
#[derive(Debug, thiserror::Error)]
pub enum PickupsError {
    /// It cannot be read.
    #[error("cannot read {path}: {reason}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// A column is missing.
    #[error("{path} has no column {column}; wanted: {}", COLUMNS.join(","))]
    MissingColumn {
        /// The file.
        path: String,
        /// The column.
        column: &'static str,
    },
}

const COLUMNS: [&str; 10] = [
    "date",
    "time",
    "village",
    "household",
    "item_code",
    "item_name",
    "grade",
    "gross_kg",
    "tare_kg",
    "yuan_per_kg",
];

struct Row {
    line: u64,
    key: ActKey,
    date: BusinessDate,
    second_of_day: u32,
    village: String,
    household: String,
    item_code: String,
    item_name: String,
    purchase: Purchase,
}

/// Reads a file of purchases into a plan, with the rows that cannot be read.
///
/// # Errors
/// [`PickupsError`] if the file cannot be opened or lacks a column.
pub fn read(path: &Path, phones_per_village: usize) -> Result<(Plan, Vec<BadRow>), PickupsError> {
    let bytes = std::fs::read(path).map_err(|error| PickupsError::Unreadable {
        path: path.display().to_string(),
        reason: error.to_string(),
    })?;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
    let headers = reader.byte_headers().cloned().unwrap_or_default();
    let mut places = [0_usize; COLUMNS.len()];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        *place = headers.iter().position(|h| h == column.as_bytes()).ok_or_else(|| {
            PickupsError::MissingColumn { path: path.display().to_string(), column }
        })?;
    }
    let mut seen: HashMap<[u8; 32], u32> = HashMap::new();
    let (mut rows, mut bad) = (Vec::new(), Vec::new());
    let mut record = csv::ByteRecord::new();
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {
                let line = record.position().map_or(0, csv::Position::line);
                match parse(&record, &places, line, &mut seen) {
                    Ok(row) => rows.push(row),
                    Err(reason) => bad.push(BadRow { line, reason }),
                }
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                bad.push(BadRow { line, reason: error.to_string() });
            }
        }
    }
    Ok((plan(rows, phones_per_village.max(1)), bad))
}

fn parse(
    record: &csv::ByteRecord,
    places: &[usize; COLUMNS.len()],
    line: u64,
    seen: &mut HashMap<[u8; 32], u32>,
) -> Result<Row, String> {
    let mut texts = [""; COLUMNS.len()];
    for ((text, place), column) in texts.iter_mut().zip(places).zip(COLUMNS) {
        let bytes = record.get(*place).ok_or_else(|| format!("{column} is missing"))?;
        *text = std::str::from_utf8(bytes).map_err(|_| format!("{column} is not UTF-8"))?;
        if text.is_empty() {
            return Err(format!("{column} is empty"));
        }
    }
    let [date, time, village, household, item_code, item_name, grade, gross, tare, price] = texts;
    let row: [u8; 32] = Sha256::digest(texts.join(",").as_bytes()).into();
    let count = seen.entry(row).or_insert(0);
    let key = ActKey { row, occurrence: *count };
    *count = count.saturating_add(1);
    let words = |error: &dyn std::fmt::Display| error.to_string();
    Ok(Row {
        line,
        key,
        date: date.parse().map_err(|e| words(&e))?,
        second_of_day: second_of_day(time)
            .ok_or_else(|| format!("{time:?} is not a time such as 06:03:50"))?,
        village: village.to_owned(),
        household: household.to_owned(),
        item_code: item_code.to_owned(),
        item_name: item_name.to_owned(),
        purchase: Purchase {
            product: ProductNo::new(0),
            grade: grade.parse().map_err(|e| words(&e))?,
            weighings: vec![(
                gross.parse().map_err(|e| words(&e))?,
                tare.parse().map_err(|e| words(&e))?,
            )],
            deduction: None,
            stated: Some(format!("{price}/kg").parse().map_err(|e| words(&e))?),
            pending: false,
            refused: None,
        },
    })
}

fn second_of_day(time: &str) -> Option<u32> {
    let mut parts = time.split(':');
    let (h, m, s): (u32, u32, u32) =
        (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    (parts.next().is_none() && h < 24 && m < 60 && s < 60).then(|| h * 3_600 + m * 60 + s)
}

/// The phone of its village that buys from a household: the same for ever, whatever the file.
fn phone_of(household: &str, phones: usize) -> usize {
    let digest: [u8; 32] = Sha256::digest(household.as_bytes()).into();
    usize::from(digest.first().copied().unwrap_or(0)) % phones.max(1)
}

type DayPrices = BTreeMap<(ProductNo, Grade), LiPerKg>;

fn plan(rows: Vec<Row>, phones_per_village: usize) -> Plan {
    let villages: Vec<String> =
        rows.iter().map(|r| r.village.clone()).collect::<BTreeSet<_>>().into_iter().collect();
    let names: BTreeSet<(String, String)> =
        rows.iter().map(|r| (r.village.clone(), r.household.clone())).collect();
    let village_of = |name: &str| villages.iter().position(|v| v == name).unwrap_or_default();
    let households: Vec<Household> = names
        .iter()
        .map(|(village, name)| Household {
            village: village_of(village),
            name: name.clone(),
            group: None,
            flag: None,
            phone: phone_of(name, phones_per_village),
        })
        .collect();
    let household_of: HashMap<(String, String), usize> =
        names.into_iter().enumerate().map(|(i, name)| (name, i)).collect();
    let items: BTreeMap<&str, &str> =
        rows.iter().map(|r| (r.item_code.as_str(), r.item_name.as_str())).collect();
    let products: Vec<Product> = items
        .iter()
        .zip(1..)
        .map(|((code, name), number)| Product {
            number: ProductNo::new(number),
            code: (*code).to_owned(),
            name: (*name).to_owned(),
            category: String::new(),
            grades: 3,
            grain_or_oil: false,
            usual_yield_per_mu: None,
        })
        .collect();
    let number_of: HashMap<String, ProductNo> =
        products.iter().map(|p| (p.code.clone(), p.number)).collect();
    let mut days: BTreeMap<BusinessDate, (DayPrices, Vec<Act>)> = BTreeMap::new();
    for row in rows {
        let (prices, acts) = days.entry(row.date).or_default();
        let product = number_of.get(&row.item_code).copied().unwrap_or_default();
        let household =
            household_of.get(&(row.village, row.household)).copied().unwrap_or_default();
        if let Some(price) = row.purchase.stated {
            prices.entry((product, row.purchase.grade)).or_insert(price);
        }
        acts.push(Act {
            key: row.key,
            household,
            second_of_day: row.second_of_day,
            source_line: row.line,
            deed: Deed::Buy(vec![Purchase { product, ..row.purchase }]),
        });
    }
    let days = days
        .into_iter()
        .map(|(date, (prices, mut acts))| {
            acts.sort_by_key(|act| (act.second_of_day, act.source_line));
            let prices = prices
                .into_iter()
                .map(|((product, grade), price)| Price { product, grade, price })
                .collect();
            Day { date, prices: Some(prices), acts, offline: Vec::new() }
        })
        .collect();
    Plan { villages, phones_per_village, products, households, days, stewards: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str =
        "date,time,village,household,item_code,item_name,grade,gross_kg,tare_kg,yuan_per_kg\n";

    fn read_text(text: &str) -> (Plan, Vec<BadRow>) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        read(file.path(), 2).unwrap()
    }

    #[test]
    fn a_bad_row_is_named_by_its_line_and_the_others_are_offered() {
        let (plan, bad) = read_text(&format!(
            "{HEADER}2020-07-01,06:03:50,V4,V4-01,10,菠菜,A,6.972,1.500,8.47\n\
             2020-07-01,25:03:50,V4,V4-01,10,菠菜,A,6.972,1.500,8.47\n\
             2020-07-01,06:03:50,V4,V4-01,10\n\
             2020-07-02,06:03:50,V4,V4-02,10,菠菜,B,6.972,1.500,0.01\n"
        ));
        assert_eq!(bad.iter().map(|b| b.line).collect::<Vec<_>>(), [3, 4]);
        assert_eq!((plan.acts(), plan.days.len(), plan.households.len()), (2, 2, 2));
    }

    #[test]
    fn equal_rows_get_different_occurrences_and_a_changed_row_leaves_the_other_keys() {
        let row = "2020-07-01,06:03:50,V4,V4-01,10,菠菜,A,6.972,1.500,8.47\n";
        let other = "2020-07-01,06:04:50,V4,V4-01,10,菠菜,A,6.972,1.500,8.47\n";
        let keys = |text: String| -> BTreeSet<([u8; 32], u32)> {
            let (plan, _) = read_text(&text);
            let acts = plan.days.iter().flat_map(|d| &d.acts);
            acts.map(|a| (a.key.row, a.key.occurrence)).collect()
        };
        let before = keys(format!("{HEADER}{row}{row}{other}"));
        let after = keys(format!("{HEADER}{row}{row}{}", other.replace("6.972", "6.973")));
        assert_eq!(before.len(), 3);
        assert_eq!(before.intersection(&after).count(), 2);
    }

    #[test]
    fn a_file_without_a_column_is_refused_by_its_name() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "date,time\n").unwrap();
        let error = read(file.path(), 2).unwrap_err().to_string();
        assert!(error.contains("no column village"), "{error}");
    }
}
