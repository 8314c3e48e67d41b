//! `courtyard admin rules`: what the district has laid down for its purchases.

use clap::{Args, Subcommand};
use courtyard_core::domain::rules::{Entity, Rules};
use courtyard_core::domain::{Body, EntityNo, Fen, Grams, LiPerKg, Limits, UnitError};
use serde::Serialize;

use crate::command::Failure;
use crate::command::output::say;
use crate::command::place::{Place, broken, failure};
use crate::node::Node;
use crate::office::publish::Stamp;
use crate::office::published::published;

#[derive(Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// The rules in force.
    Show(ShowArgs),
    /// Publish changed rules; what is not named stays as it is.
    Set(SetArgs),
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct SetArgs {
    #[command(flatten)]
    changes: Changes,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Clone, Default, Args)]
struct Changes {
    /// What one weighing can be at most, such as 300kg or 600斤.
    #[arg(long, value_name = "WEIGHT", value_parser = weight)]
    scale_capacity: Option<Grams>,
    /// Below this price a line is warned about, such as 0.20/kg.
    #[arg(long, value_name = "PRICE", value_parser = price)]
    low_price: Option<LiPerKg>,
    /// What cash may be rounded up to: 0.01 (none), 0.1 (角) or 1 (元).
    #[arg(long, value_name = "YUAN", value_parser = money)]
    cash_unit: Option<Fen>,
    /// Two slips of a grower and product within so many seconds are asked about.
    #[arg(long, value_name = "SECONDS")]
    repeat_window: Option<u32>,
    /// An entity that buys: NUMBER=NAME; may be given several times.
    #[arg(long, value_name = "NUMBER=NAME", value_parser = entity)]
    entity: Vec<Entity>,
}

/// What a person reads of a unit error: both languages.
fn both<T>(read: Result<T, UnitError>) -> Result<T, String> {
    read.map_err(|error| format!("{} {error}", error.zh()))
}

fn weight(text: &str) -> Result<Grams, String> {
    both(text.parse())
}

fn price(text: &str) -> Result<LiPerKg, String> {
    both(text.parse())
}

fn money(text: &str) -> Result<Fen, String> {
    both(text.parse())
}

fn entity(text: &str) -> Result<Entity, String> {
    let wrong = || "编号=名称，例如 1=石桥村合作社 (NUMBER=NAME)".to_owned();
    let (number, name) = text.split_once('=').ok_or_else(wrong)?;
    let number = number.trim().parse().map(EntityNo::new).map_err(|_| wrong())?;
    Ok(Entity { number, name: name.trim().to_owned() })
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Shown {
    scale_capacity_g: Grams,
    low_price_li_per_kg: LiPerKg,
    cash_unit_fen: Fen,
    repeat_window_s: u32,
    entities: Vec<ShownEntity>,
    /// Whether this command published something.
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<bool>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct ShownEntity {
    entity: u16,
    name: String,
}

impl Shown {
    fn of(rules: Rules, published: Option<bool>) -> Shown {
        let shown = |e: Entity| ShownEntity { entity: e.number.get(), name: e.name };
        Shown {
            scale_capacity_g: rules.scale_capacity,
            low_price_li_per_kg: rules.low_price,
            cash_unit_fen: rules.cash_unit,
            repeat_window_s: rules.repeat_window_s,
            entities: rules.entities.into_iter().map(shown).collect(),
            published,
        }
    }

    fn text(&self) -> String {
        let mut text = format!(
            "最大称量 scale capacity   {}\n低价提醒 low price        ¥{}/kg\n\
             付现取整 cash unit        {}\n重复提醒 repeat window    {} s\n",
            self.scale_capacity_g.kg(),
            self.low_price_li_per_kg.per_kg_number(),
            self.cash_unit_fen.text(),
            self.repeat_window_s,
        );
        for entity in &self.entities {
            text.push_str(&format!("核算主体 entity {:<9} {}\n", entity.entity, entity.name));
        }
        text
    }
}

pub(super) fn run(command: &RulesCommand) -> Result<(), Failure> {
    match command {
        RulesCommand::Show(args) => {
            let mut node = args.place.existing()?;
            let reads = node.read().map_err(failure)?;
            let published = published(reads.as_ref()).map_err(|error| failure(error.into()))?;
            say(args.place.json, &Shown::of(published.rules(), None), Shown::text)
        }
        RulesCommand::Set(args) => {
            let mut node = args.place.existing()?;
            say(args.place.json, &set(&mut node, &args.changes)?, Shown::text)
        }
    }
}

/// Publishes the rules with these changes, if anything changes.
fn set(node: &mut Node, changes: &Changes) -> Result<Shown, Failure> {
    node.act(|office, tx, now_ms, _| {
        let stand = published(tx.reads())?.rules();
        let mut rules = stand.clone();
        rules.scale_capacity = changes.scale_capacity.unwrap_or(rules.scale_capacity);
        rules.low_price = changes.low_price.unwrap_or(rules.low_price);
        rules.cash_unit = changes.cash_unit.unwrap_or(rules.cash_unit);
        rules.repeat_window_s = changes.repeat_window.unwrap_or(rules.repeat_window_s);
        for entity in &changes.entity {
            rules.entities.retain(|known| known.number != entity.number);
            rules.entities.push(entity.clone());
        }
        rules.entities.sort_by_key(|entity| entity.number);
        if rules == stand {
            return Ok(Ok(Shown::of(rules, Some(false))));
        }
        let body = Body::from(rules.clone());
        if let Some(breach) = body.check(&Limits::LEDGER).first() {
            return Ok(Err(broken(breach.rule)));
        }
        office.publish(tx, None, &[body], Stamp::today(now_ms))?;
        Ok(Ok(Shown::of(rules, Some(true))))
    })
    .map_err(failure)?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::place::tests::node;

    #[test]
    fn a_change_is_published_once_and_the_rest_stays() {
        let (mut node, _folder) = node();
        let changes = Changes {
            scale_capacity: Some("500kg".parse().unwrap()),
            entity: vec![entity("1=石桥村合作社").unwrap()],
            ..Changes::default()
        };
        let shown = set(&mut node, &changes).unwrap();
        assert_eq!(shown.scale_capacity_g, Grams::new(500_000));
        assert_eq!((shown.cash_unit_fen, shown.published), (Fen::new(100), Some(true)));
        assert_eq!(set(&mut node, &changes).unwrap().published, Some(false));
        let more = Changes { cash_unit: Some(Fen::new(10)), ..Changes::default() };
        let shown = set(&mut node, &more).unwrap();
        assert_eq!(shown.scale_capacity_g, Grams::new(500_000));
        assert_eq!(shown.entities.len(), 1);
    }

    #[test]
    fn rules_out_of_range_are_refused_and_not_published() {
        let (mut node, _folder) = node();
        let odd = Changes { cash_unit: Some(Fen::new(50)), ..Changes::default() };
        let said = set(&mut node, &odd).unwrap_err();
        assert!(said.text().contains("published.limit_out_of_range"), "{}", said.text());
        let reads = node.read().unwrap();
        assert_eq!(published(reads.as_ref()).unwrap().rules(), Rules::default());
    }
}
