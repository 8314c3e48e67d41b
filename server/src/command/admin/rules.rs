//! `courtyard admin rules`: what the district has laid down for its purchases.

use clap::{Args, Subcommand};
use courtyard_core::domain::rules::{AccountCode, Bookkeeping, Entity, Rules};
use courtyard_core::domain::{BasisPoints, Body, EntityNo, Fen, Grams, LiPerKg, Limits, UnitError};
use courtyard_core::ledger::Account;
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
    /// Whether the rest of a cash payout below the unit is carried over (尾差) instead of rounded up (抹零).
    #[arg(long, value_name = "TRUE|FALSE")]
    carry_over: Option<bool>,
    /// Corrections from this amount on need a second person, such as 100.
    #[arg(long, value_name = "YUAN", value_parser = money)]
    second_person_from: Option<Fen>,
    /// At most so much of what is paid goes to debts where nothing else was agreed, such as 50%.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    repayment_share: Option<BasisPoints>,
    /// A phone that has not synced for so many days is asked after.
    #[arg(long, value_name = "DAYS")]
    silent_days: Option<u16>,
    /// A payable older than so many days is overdue.
    #[arg(long, value_name = "DAYS")]
    overdue_days: Option<u16>,
    /// The accountants' code of an account in vouchers: ACCOUNT=CODE=NAME, such as
    /// payable=2202=应付账款; may be given several times.
    #[arg(long, value_name = "ACCOUNT=CODE=NAME", value_parser = code)]
    code: Vec<AccountCode>,
}

impl Changes {
    /// Puts what is named in place of what stands.
    fn put(&self, rules: &mut Rules) {
        rules.scale_capacity = self.scale_capacity.unwrap_or(rules.scale_capacity);
        rules.low_price = self.low_price.unwrap_or(rules.low_price);
        rules.cash_unit = self.cash_unit.unwrap_or(rules.cash_unit);
        rules.repeat_window_s = self.repeat_window.unwrap_or(rules.repeat_window_s);
        for entity in &self.entity {
            rules.entities.retain(|known| known.number != entity.number);
            rules.entities.push(entity.clone());
        }
        rules.entities.sort_by_key(|entity| entity.number);
        let books = &mut rules.bookkeeping;
        books.carries_over = self.carry_over.unwrap_or(books.carries_over);
        books.second_person_from = self.second_person_from.unwrap_or(books.second_person_from);
        books.repayment_share = self.repayment_share.unwrap_or(books.repayment_share);
        books.silent_days = self.silent_days.unwrap_or(books.silent_days);
        books.overdue_days = self.overdue_days.unwrap_or(books.overdue_days);
        for code in &self.code {
            books.codes.retain(|known| known.account != code.account);
            books.codes.push(code.clone());
        }
        books.codes.sort_by(|a, b| a.account.cmp(&b.account));
    }
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

fn share(text: &str) -> Result<BasisPoints, String> {
    both(text.parse())
}

fn code(text: &str) -> Result<AccountCode, String> {
    let wrong = || {
        let known = Account::NAMES.join(", ");
        format!(
            "科目=编码=名称，例如 payable=2202=应付账款 (ACCOUNT=CODE=NAME); 科目 accounts: {known}"
        )
    };
    let mut parts = text.splitn(3, '=').map(str::trim);
    let (Some(account), Some(code), Some(name)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(wrong());
    };
    if !Account::NAMES.contains(&account) || code.is_empty() || name.is_empty() {
        return Err(wrong());
    }
    Ok(AccountCode { account: account.into(), code: code.into(), name: name.into() })
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Shown {
    scale_capacity_g: Grams,
    low_price_li_per_kg: LiPerKg,
    cash_unit_fen: Fen,
    repeat_window_s: u32,
    entities: Vec<ShownEntity>,
    carries_over: bool,
    second_person_from_fen: Fen,
    repayment_share_bp: BasisPoints,
    silent_days: u16,
    overdue_days: u16,
    codes: Vec<ShownCode>,
    /// Whether this command published something.
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<bool>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct ShownEntity {
    entity: u16,
    name: String,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct ShownCode {
    account: String,
    code: String,
    name: String,
}

impl Shown {
    fn of(rules: Rules, published: Option<bool>) -> Shown {
        let shown = |e: Entity| ShownEntity { entity: e.number.get(), name: e.name };
        let Bookkeeping { codes, .. } = rules.bookkeeping;
        let code = |c: AccountCode| ShownCode { account: c.account, code: c.code, name: c.name };
        Shown {
            carries_over: rules.bookkeeping.carries_over,
            second_person_from_fen: rules.bookkeeping.second_person_from,
            repayment_share_bp: rules.bookkeeping.repayment_share,
            silent_days: rules.bookkeeping.silent_days,
            overdue_days: rules.bookkeeping.overdue_days,
            codes: codes.into_iter().map(code).collect(),
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
             付现取整 cash unit        {}\n重复提醒 repeat window    {} s\n\
             尾差 rest below the unit  {}\n第二人 second person from {}\n\
             抵销比例 repayment share  {}\n久未同步 silent phone     {} d\n\
             付款期限 overdue payable  {} d\n",
            self.scale_capacity_g.kg(),
            self.low_price_li_per_kg.per_kg_number(),
            self.cash_unit_fen.text(),
            self.repeat_window_s,
            if self.carries_over { "结转 carried over" } else { "抹零 rounded up" },
            self.second_person_from_fen.text(),
            self.repayment_share_bp.text(),
            self.silent_days,
            self.overdue_days,
        );
        for entity in &self.entities {
            text.push_str(&format!("核算主体 entity {:<9} {}\n", entity.entity, entity.name));
        }
        for code in &self.codes {
            let ShownCode { account, code, name } = code;
            text.push_str(&format!("凭证科目 code {account:<11} {code} {name}\n"));
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
        changes.put(&mut rules);
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
    fn what_bookkeeping_goes_by_is_set_and_shown_and_unknown_accounts_are_not_taken() {
        let (mut node, _folder) = node();
        let changes = Changes {
            carry_over: Some(true),
            second_person_from: Some(Fen::new(20_000)),
            repayment_share: Some(share("30%").unwrap()),
            silent_days: Some(3),
            overdue_days: Some(15),
            code: vec![code("payable=2202.01=应付农户款").unwrap()],
            ..Changes::default()
        };
        let shown = set(&mut node, &changes).unwrap();
        let text = shown.text();
        for word in ["结转", "¥200.00", "30%", "3 d", "15 d", "2202.01 应付农户款"] {
            assert!(text.contains(word), "{word}: {text}");
        }
        assert_eq!(shown.scale_capacity_g, Grams::new(300_000));
        let again = Changes { code: vec![code("payable=2202=应付").unwrap()], ..changes };
        assert_eq!(set(&mut node, &again).unwrap().codes.len(), 1);
        for odd in ["payables=2202=应付账款", "payable=2202", "payable==应付账款"] {
            assert!(code(odd).unwrap_err().contains("payable=2202"), "{odd}");
        }
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
