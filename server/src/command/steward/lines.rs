//! The lines of `steward slip --lines`: JSON as a script writes it.

use courtyard_core::domain::slip::{Deduction, Weighing};
use courtyard_core::domain::{Grade, LiPerKg};
use serde::Deserialize;

use crate::command::output::Failure;

/// One line, read.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) product: String,
    pub(super) grade: Grade,
    pub(super) weigh: Vec<Weighing>,
    pub(super) deduct: Vec<Deduction>,
    pub(super) price: Option<LiPerKg>,
    pub(super) pending: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    product: String,
    #[serde(default = "grade_a")]
    grade: String,
    weigh: Vec<String>,
    #[serde(default)]
    deduct: Vec<String>,
    price: Option<String>,
    #[serde(default)]
    pending: bool,
}

fn grade_a() -> String {
    "A".to_owned()
}

/// Reads the lines; what is wrong is named with its line.
pub(super) fn read(json: &str) -> Result<Vec<Line>, Failure> {
    let typed: Vec<Typed> = serde_json::from_str(json)
        .map_err(|error| Failure::usage(format!("--lines is not a list of lines: {error}")))?;
    typed.iter().zip(1..).map(|(line, number)| parse(line, number)).collect()
}

fn parse(typed: &Typed, number: u32) -> Result<Line, Failure> {
    fn each<T: std::str::FromStr<Err: std::fmt::Display>>(
        texts: &[String],
        number: u32,
    ) -> Result<Vec<T>, Failure> {
        let one = |text: &String| {
            text.parse().map_err(|error| Failure::usage(format!("line {number}: {error}")))
        };
        texts.iter().map(one).collect()
    }
    let one = |error: &dyn std::fmt::Display| Failure::usage(format!("line {number}: {error}"));
    Ok(Line {
        product: typed.product.clone(),
        grade: typed.grade.parse().map_err(|e| one(&e))?,
        weigh: each(&typed.weigh, number)?,
        deduct: each(&typed.deduct, number)?,
        pending: typed.pending,
        price: typed.price.as_deref().map(str::parse).transpose().map_err(|e| one(&e))?,
    })
}
