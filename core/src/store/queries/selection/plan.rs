//! A selection as SQL: which table or index is walked, and what each row must be.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::domain::{EntryId, VillageNo};
use crate::store::{StoreError, office};

use super::wanted::Wanted;
use super::{SlipSelection, Standing, days};

/// More growers than this, and more than one in fifty, are met often enough on a walk by day.
const MANY_GROWERS: usize = 100;
/// See [`MANY_GROWERS`].
const ONE_IN: usize = 50;

/// What is done with the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The first of them in order.
    Page,
    /// All of them in order.
    All,
    /// All of them in any order.
    Sum,
}

/// The FROM and WHERE of a selection, the names of the columns in it, and its parameters in order.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) source: String,
    pub(super) day: &'static str,
    pub(super) id: &'static str,
    terms: Vec<String>,
    parameters: Vec<Value>,
}

impl Plan {
    pub(super) fn of(
        connection: &Connection,
        selection: &SlipSelection,
        wanted: &Wanted,
        purpose: Purpose,
    ) -> Result<Plan, StoreError> {
        let for_office = office::are_kept(connection)?;
        let walked = walked(connection, selection, wanted, purpose)?;
        let mut plan = Plan {
            source: "slips s".to_owned(),
            day: "s.day",
            id: "s.id",
            terms: Vec::new(),
            parameters: Vec::new(),
        };
        let by = |index: &str| format!("slips s INDEXED BY {index}");
        let mut village = "s.village";
        match (walked, for_office) {
            // The plus keeps the days from being walked.
            (Walked::Numbers | Walked::Either, _) => plan.day = "+s.day",
            (Walked::Growers, false) => plan.source = by("slips_by_grower"),
            (Walked::Growers, true) => plan.source = by("slips_of_grower"),
            (Walked::Uncounted, true) => plan.source = by("slips_not_counted"),
            (Walked::Unpaid, true) => plan.source = by("slips_unpaid"),
            (Walked::Village, true) => plan.source = by("slips_of_village"),
            (Walked::Product, true) => {
                plan.source = "sold p CROSS JOIN slips s ON s.id = p.slip".to_owned();
                (plan.day, plan.id, village) = ("p.day", "p.slip", "p.village");
            }
            _ => plan.source = by("slips_by_day"),
        }
        plan.columns(selection, village, walked == Walked::Product && for_office);
        plan.wanted(wanted, walked);
        Ok(plan)
    }

    fn columns(&mut self, selection: &SlipSelection, village: &str, is_joined: bool) {
        if let Some(product) = selection.product {
            self.term(
                match is_joined {
                    true => "p.product = ?",
                    false => "EXISTS (SELECT 1 FROM lines l WHERE l.slip = s.id AND l.product = ?)",
                },
                [i64::from(product.get())],
            );
        }
        if let Some(number) = selection.village.map(VillageNo::get) {
            self.term(&format!("{village} = ?"), [i64::from(number)]);
        }
        let (from, to) = days(selection);
        if selection.from.is_some() || selection.to.is_some() {
            let term = format!("{} BETWEEN ? AND ?", self.day);
            self.term(&term, [i64::from(from), i64::from(to)]);
        }
        if let Some(state) = selection.state {
            if state != Standing::Counted {
                // What the partial index asks for.
                self.terms.push("s.state <> 0".to_owned());
            }
            self.term("s.state = ?", [i64::from(state.number())]);
        }
        if selection.unpaid {
            self.terms.push("s.remaining_fen > 0".to_owned());
        }
    }

    fn wanted(&mut self, wanted: &Wanted, walked: Walked) {
        const LISTED: &str = "s.grower IN (SELECT value FROM json_each(?))";
        // So here with a list.
        const MET: &str = "+s.grower IN (SELECT value FROM json_each(?))";
        let listed = |walks: bool| if walks { LISTED } else { MET };
        if let Some(growers) = &wanted.growers {
            self.term(listed(walked == Walked::Growers), [list(growers)]);
        }
        if let Some(meant) = &wanted.words {
            let mut any: Vec<&str> = Vec::new();
            let mut parameters: Vec<Value> = Vec::new();
            for &(first, last) in &meant.numbers {
                any.push("s.id BETWEEN ? AND ?");
                parameters.extend([Value::from(first), Value::from(last)]);
            }
            if !meant.growers.is_empty() || meant.numbers.is_empty() {
                let walks =
                    wanted.growers.is_none() && matches!(walked, Walked::Growers | Walked::Either);
                any.push(listed(walks));
                parameters.push(list(&meant.growers));
            }
            self.terms.push(format!("({})", any.join(" OR ")));
            self.parameters.extend(parameters);
        }
    }

    /// Only what lies beyond a place: earlier than it, or later.
    pub(super) fn beyond(&mut self, day: i32, id: EntryId, older: bool) {
        let (to, than) = if older { ("<=", "<") } else { (">=", ">") };
        let (days, ids) = (self.day, self.id);
        let term = format!("{days} {to} ? AND ({days} {than} ? OR {ids} {than} ?)");
        self.term(&term, [i64::from(day), i64::from(day), id.key()]);
    }

    /// One more thing that a row must be.
    pub(super) fn term<V: Into<Value>, const N: usize>(&mut self, term: &str, values: [V; N]) {
        self.terms.push(term.to_owned());
        self.parameters.extend(values.into_iter().map(Into::into));
    }

    /// `FROM … WHERE …`.
    pub(super) fn text(&self) -> String {
        let terms = if self.terms.is_empty() { "1".to_owned() } else { self.terms.join(" AND ") };
        format!("FROM {} WHERE {terms}", self.source)
    }

    /// Its parameters, in order, for good.
    pub(super) fn into_parameters(self) -> Vec<Value> {
        self.parameters
    }

    /// Its parameters, in order.
    pub(super) fn parameters(&self) -> impl rusqlite::Params + '_ {
        params_from_iter(self.parameters.iter())
    }
}

fn list(growers: &[i64]) -> Value {
    let keys: Vec<String> = growers.iter().map(ToString::to_string).collect();
    Value::from(format!("[{}]", keys.join(",")))
}

/// By what the slips are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Walked {
    /// By their own numbers.
    Numbers,
    /// By their own numbers or by growers.
    Either,
    /// By growers.
    Growers,
    /// Those that do not count, by state and day.
    Uncounted,
    /// Those that are not paid, by day.
    Unpaid,
    /// Those of a village, by day.
    Village,
    /// Those of a product, by day.
    Product,
    /// All, by day.
    Day,
}

/// What leads to the fewest rows.
fn walked(
    connection: &Connection,
    selection: &SlipSelection,
    wanted: &Wanted,
    purpose: Purpose,
) -> Result<Walked, StoreError> {
    if let Some(meant) = &wanted.words {
        if meant.growers.is_empty() && !meant.numbers.is_empty() {
            return Ok(Walked::Numbers);
        }
        if wanted.growers.is_none() && !meant.numbers.is_empty() {
            return Ok(Walked::Either);
        }
    }
    let listed = wanted.growers.as_ref().or(wanted.words.as_ref().map(|meant| &meant.growers));
    if let Some(growers) = listed
        && (purpose == Purpose::Sum || !are_many(connection, growers.len())?)
    {
        return Ok(Walked::Growers);
    }
    Ok(match selection {
        SlipSelection { state: Some(state), .. } if *state != Standing::Counted => {
            Walked::Uncounted
        }
        SlipSelection { unpaid: true, .. } => Walked::Unpaid,
        SlipSelection { product: Some(_), .. } => Walked::Product,
        SlipSelection { village: Some(_), .. } => Walked::Village,
        _ => Walked::Day,
    })
}

/// Whether so many growers are met often enough on a walk by day.
fn are_many(connection: &Connection, listed: usize) -> Result<bool, StoreError> {
    if listed <= MANY_GROWERS {
        return Ok(false);
    }
    let mut statement = connection.prepare_cached("SELECT count(*) FROM growers")?;
    let all: i64 = statement.query_row([], |row| row.get(0))?;
    Ok(listed.saturating_mul(ONE_IN) > usize::try_from(all).unwrap_or(usize::MAX))
}
