//! `import products`: the catalogue. A product is known by its code; its number stays.

use std::collections::BTreeMap;

use courtyard_core::domain::product::{Product, Products};
use courtyard_core::domain::{Body, Grade, Grams, ProductNo};
use courtyard_core::ledger::Published;

use super::outcome::{Counts, Outcome, count};
use super::sheet::{Column, Row, Sheet};
use super::{Bad, Context};
use crate::command::Failure;
use crate::command::place::failure;
use crate::node::Node;
use crate::office::publish::Stamp;
use crate::office::published::published;

const COLUMNS: &[Column] = &[
    Column::needed("code", &["item_code", "编码", "代码"]),
    Column::needed("name", &["item_name", "品名", "名称"]),
    Column::needed("category", &["category_name", "品类"]),
    Column::optional("grades", &["等级数"]),
    Column::optional("grain_or_oil", &["粮食油料"]),
    Column::optional("usual_yield_kg_per_mu", &["亩产公斤"]),
];
const CODE: usize = 0;
const NAME: usize = 1;
const CATEGORY: usize = 2;
const GRADES: usize = 3;
const GRAIN: usize = 4;
const YIELD: usize = 5;

/// A product of which the file does not say so is bought in grades A, B and C.
const USUAL_GRADES: u8 = 3;
const MAX_CODE_CHARS: usize = 64;
const MAX_NAME_CHARS: usize = 60;
/// Products of one entry: with the longest names they stay far below an entry's limit.
const PER_ENTRY: usize = 50;

/// Publishes what is new or changed, in one transaction.
pub(super) fn import(
    node: &mut Node,
    bytes: &[u8],
    context: &Context,
) -> Result<Outcome<Counts>, Failure> {
    let sheet = Sheet::read(bytes, COLUMNS, &context.options)?;
    node.act(|office, tx, now_ms, _| {
        let mut imported = Outcome::of(&sheet, context);
        let products = plan(&sheet, &published(tx.reads())?, &mut imported);
        if !context.dry_run && !products.is_empty() {
            let entry = |items: &[Product]| Body::from(Products { items: items.to_vec() });
            let bodies: Vec<Body> = products.chunks(PER_ENTRY).map(entry).collect();
            office.publish_many(tx, &bodies, Stamp::today(now_ms))?;
            office.user_act(tx, "command line", "products.import", &context.file, now_ms)?;
        }
        Ok(imported.sorted())
    })
    .map_err(failure)
}

/// The products to publish.
fn plan(sheet: &Sheet, published: &Published, imported: &mut Outcome<Counts>) -> Vec<Product> {
    let known: BTreeMap<&str, &Product> =
        published.products().map(|product| (product.code.as_str(), product)).collect();
    let mut next = published.products().map(|p| p.number.get()).max().unwrap_or(0);
    let mut taken: BTreeMap<&str, (u64, Product)> = BTreeMap::new();
    let mut products = Vec::new();
    for row in &sheet.rows {
        let code = row.cell(CODE);
        let stands = known.get(code).copied();
        let mut product = match read(row, sheet, stands) {
            Ok(product) => product,
            Err(bad) => {
                imported.bad.push(bad);
                continue;
            }
        };
        if let Some((line, first)) = taken.get(code) {
            product.number = first.number;
            if product == *first {
                count(&mut imported.found.unchanged);
            } else {
                imported.bad.push(Bad::new(
                    row.line,
                    format!("编码 {code} 在第 {line} 行已有，内容不同，请删去一行。"),
                    format!("The code {code} stands on line {line} already, with other words."),
                ));
            }
            continue;
        }
        count(match stands {
            Some(stands) if *stands == product => &mut imported.found.unchanged,
            Some(_) => &mut imported.found.changed,
            None => {
                next = next.saturating_add(1);
                product.number = ProductNo::new(next);
                &mut imported.found.added
            }
        });
        taken.insert(code, (row.line, product.clone()));
        if stands != Some(&product) {
            products.push(product);
        }
    }
    products
}

/// The product of a row. What the file has no column for stays as it stands.
fn read(row: &Row, sheet: &Sheet, stands: Option<&Product>) -> Result<Product, Bad> {
    let bad = |zh: String, en: String| Bad::new(row.line, zh, en);
    let words = |column: usize, zh: &str, en: &str, most: usize| {
        let text = row.cell(column);
        if text.is_empty() {
            Err(bad(format!("{zh}是空的，请填写。"), format!("The {en} is empty.")))
        } else if text.chars().count() > most {
            Err(bad(
                format!("{zh}超过 {most} 个字，请改短。"),
                format!("The {en} has more than {most} characters."),
            ))
        } else {
            Ok(text.to_owned())
        }
    };
    let grades = match row.cell(GRADES) {
        "" => stands.map_or(USUAL_GRADES, |p| p.grades),
        text => text.parse().ok().filter(|n| (1..=Grade::COUNT).contains(n)).ok_or_else(|| {
            bad(
                format!("等级数“{text}”不对，请写 1 到 26。"),
                format!("{text:?} is no number of grades, 1 to 26."),
            )
        })?,
    };
    let grain_or_oil = match row.cell(GRAIN).to_lowercase().as_str() {
        "" => stands.is_some_and(|p| p.grain_or_oil) && !sheet.has(GRAIN),
        "1" | "yes" | "true" | "是" => true,
        "0" | "no" | "false" | "否" => false,
        text => {
            return Err(bad(
                format!("粮食油料“{text}”不对，请写 是 或 否。"),
                format!("{text:?} is neither yes nor no."),
            ));
        }
    };
    let usual_yield_per_mu = match row.cell(YIELD) {
        "" if sheet.has(YIELD) => None,
        "" => stands.and_then(|p| p.usual_yield_per_mu),
        text => {
            let weight: Grams =
                text.parse().map_err(|error: courtyard_core::domain::UnitError| {
                    bad(error.zh(), format!("{error}."))
                })?;
            if weight <= Grams::ZERO {
                return Err(bad(
                    "亩产必须大于零，不知道就空着。".into(),
                    "A yield is above zero; leave it empty if it is not known.".into(),
                ));
            }
            Some(weight)
        }
    };
    Ok(Product {
        number: stands.map_or(ProductNo::new(0), |p| p.number),
        code: words(CODE, "编码", "code", MAX_CODE_CHARS)?,
        name: words(NAME, "品名", "name", MAX_NAME_CHARS)?,
        category: words(CATEGORY, "品类", "category", MAX_NAME_CHARS)?,
        grades,
        grain_or_oil,
        usual_yield_per_mu,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::place::tests::node;

    fn take(node: &mut Node, text: &str, dry_run: bool) -> Outcome<Counts> {
        import(
            node,
            text.as_bytes(),
            &Context { file: "p.csv".into(), dry_run, ..Context::default() },
        )
        .unwrap()
    }

    fn counts(done: &Outcome<Counts>) -> (usize, usize, usize, Vec<u64>) {
        let lines = done.bad.iter().map(|bad| bad.line).collect();
        (done.found.added, done.found.changed, done.found.unchanged, lines)
    }

    fn catalogue(node: &mut Node) -> Vec<Product> {
        published(node.read().unwrap().as_ref()).unwrap().products().cloned().collect()
    }

    #[test]
    fn a_file_imported_again_publishes_nothing() {
        let (mut node, _folder) = node();
        let file = "code,name,category\n102,菠菜,叶菜\n103,黄瓜,瓜果\n";
        assert_eq!(counts(&take(&mut node, file, false)), (2, 0, 0, vec![]));
        let number = node.read().unwrap().county().unwrap().unwrap().last_number;
        assert_eq!(counts(&take(&mut node, file, false)), (0, 0, 2, vec![]));
        assert_eq!(node.read().unwrap().county().unwrap().unwrap().last_number, number);
        let all = catalogue(&mut node);
        let first = all.first().unwrap();
        assert_eq!(
            (first.number, first.name.as_str(), first.grades),
            (ProductNo::new(1), "菠菜", 3)
        );
    }

    #[test]
    fn a_changed_row_keeps_its_number_and_what_the_file_does_not_say() {
        let (mut node, _folder) = node();
        take(
            &mut node,
            "code,name,category,grades,grain_or_oil,usual_yield_kg_per_mu\n7,黄豆,粮食,2,是,200\n",
            false,
        );
        let done = take(&mut node, "category,name,code\n粮食,大黄豆,7\n叶菜,菠菜,8\n", false);
        assert_eq!(counts(&done), (1, 1, 0, vec![]));
        let all = catalogue(&mut node);
        let soy = all.first().unwrap();
        assert_eq!((soy.number, soy.name.as_str()), (ProductNo::new(1), "大黄豆"));
        assert_eq!((soy.grades, soy.grain_or_oil), (2, true));
        assert_eq!(soy.usual_yield_per_mu, Some(Grams::new(200_000)));
    }

    #[test]
    fn bad_rows_are_named_and_the_good_ones_taken() {
        let (mut node, _folder) = node();
        let done = take(
            &mut node,
            "code,name,category,grades\n1,菠菜,叶菜,3\n,x,y,3\n2,,y,3\n3,番茄,瓜果,27\n\
             1,白菜,叶菜,3\n1,菠菜,叶菜,3\n4,黄瓜\n5,豆角,豆类,\n",
            false,
        );
        assert_eq!(counts(&done), (2, 0, 1, vec![3, 4, 5, 6, 8]));
        assert_eq!((done.rows, catalogue(&mut node).len()), (8, 2));
    }

    #[test]
    fn a_dry_run_says_the_same_and_changes_nothing() {
        let (mut node, _folder) = node();
        let file = "code,name,category\n102,菠菜,叶菜\n";
        assert_eq!(counts(&take(&mut node, file, true)), (1, 0, 0, vec![]));
        assert!(catalogue(&mut node).is_empty());
        assert_eq!(counts(&take(&mut node, file, false)), (1, 0, 0, vec![]));
    }

    #[test]
    fn a_long_catalogue_is_published_in_entries_within_the_limit() {
        let (mut node, _folder) = node();
        let long = "长".repeat(MAX_NAME_CHARS);
        let mut file = String::from("code,name,category\n");
        for code in 0..1_000 {
            file.push_str(&format!("{code},{long},{long}\n"));
        }
        assert_eq!(counts(&take(&mut node, &file, false)), (1_000, 0, 0, vec![]));
        assert_eq!(catalogue(&mut node).len(), 1_000);
        let reads = node.read().unwrap();
        for batch in reads.all_batches_after(0, usize::MAX).unwrap() {
            let bytes: usize = batch.entries.iter().map(Vec::len).sum();
            assert!(bytes < 256 << 10, "{bytes}");
        }
    }
}
