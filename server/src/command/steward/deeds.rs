//! What each word of `courtyard steward` does: words in, core called, result said.

use courtyard_core::desk::{PayoutDraft, SlipDraft};
use courtyard_core::domain::contract::Beyond;
use courtyard_core::domain::payout::Recipient;
use courtyard_core::domain::{BasisPoints, BusinessDate, EntryId, GrowerId, PersonNo};
use courtyard_core::steward::{Bought, ContractTerms, Steward};
use courtyard_core::store::{SlipFilter, StoreError};
use courtyard_core::sync::http::{HttpOptions, HttpTransport};
use courtyard_core::wire::invitation::Invitation;
use serde_json::json;

use super::args::{BuyArgs, ContractDeed, Deed, SlipArgs, StewardArgs};
use super::corrections::{self, DetailArgs};
use super::lines::{self, Line};
use super::{debts, failure, open_slip, operator, people, proof, renew, say as words};
use crate::command::entry::History;
use crate::command::output::{Failure, say};
use crate::command::register;

/// How far beyond the contract's quantity its price holds, unless the contract says otherwise.
const TOLERANCE: BasisPoints = BasisPoints::new(0);

pub(super) fn run(steward: &mut Steward, args: &StewardArgs) -> Result<(), Failure> {
    let json = args.json;
    if !matches!(args.deed, Deed::Enrol { .. }) {
        steward.device().map_err(|e| failure(&e))?;
    }
    match &args.deed {
        Deed::Enrol { invitation } => enrol(steward, invitation, json),
        Deed::Renew { invitation } => renew::run(steward, invitation, json),
        Deed::Grower(deed) => people::grower(steward, deed, json),
        Deed::Person(deed) => people::person(steward, deed, json),
        Deed::Operator(deed) => operator::run(steward, deed, json),
        Deed::Points => people::points(steward, json),
        Deed::Crates => people::crates(steward, json),
        Deed::Conflicts { settle } => people::conflicts(steward, settle.as_ref(), json),
        Deed::Contract(deed) => contract(steward, deed, json),
        Deed::Buy(args) => buy(steward, args, json),
        Deed::Slip(args) => slip(steward, args, json),
        Deed::Open(deed) => open_slip::run(steward, deed, json),
        Deed::Weighings(deed) => super::weighings::run(steward, deed, json),
        Deed::Pay { grower, amount, slip, repay, payee, proxy, date } => {
            let visit = steward.visit(*grower, *date).map_err(|e| failure(&e))?;
            let mut draft = PayoutDraft::new(visit);
            draft.set_cash(*amount);
            slip.iter().for_each(|slip| draft.name(*slip));
            repay.iter().for_each(|wish| draft.repay(wish.debt, wish.amount));
            let (payee, proxy) = (PersonNo::new(*payee), proxy.map(PersonNo::new));
            draft.give_to(Recipient { payee, proxy });
            pay(steward, &draft, visit.date, json)
        }
        Deed::Float(deed) => super::float::run(steward, deed, json),
        Deed::Void(args) => corrections::void(steward, args, json),
        Deed::Return(args) => corrections::give_back(steward, args, json),
        Deed::Advance(args) => debts::advance(steward, args, json),
        Deed::Credit(args) => debts::credit(steward, args, json),
        Deed::Deposit(args) => debts::deposit(steward, args, json),
        Deed::Confirm(args) => debts::confirm(steward, args, json),
        Deed::Receipt(args) => debts::receipt(steward, args, json),
        Deed::Debts { grower, all } => debts::list(steward, *grower, *all, json),
        Deed::Show { entry } => show(steward, *entry, json),
        Deed::Qr(args) => proof::qr(steward, args, json),
        Deed::List { date, grower, limit } => {
            let filter = SlipFilter {
                grower: *grower,
                from: *date,
                to: *date,
                limit: *limit,
                ..SlipFilter::default()
            };
            let rows = steward.store().slips(filter).map_err(store)?;
            let value = words::slips(&rows);
            say(json, &value, |_| words::slips_text(&rows))
        }
        Deed::Income { month, grower } => {
            let village = steward.village().map_err(|e| failure(&e))?;
            let income = steward.store().income(*month, *grower, Some(village));
            let income = income.map_err(store)?;
            let value = json!({"month": month.to_string(), "growers": income.growers,
                               "total": income.total});
            say(json, &value, |_| words::income_text(&income))
        }
        Deed::Search { text } => search(steward, text, json),
        Deed::Questions => super::words::questions(steward, json),
        Deed::Answer(args) => super::words::answer(steward, args, json),
        Deed::Object(args) => super::words::object(steward, args, json),
        Deed::Sync => sync(steward, json),
        Deed::Status => {
            let status = steward.status().map_err(|e| failure(&e))?;
            let device = steward.device().map_err(|e| failure(&e))?;
            say(json, &words::status(device, &status), |_| words::status_text(device, &status))
        }
        Deed::Note { text, about } => {
            let note = steward.note(*about, text).map_err(|e| failure(&e))?;
            say(json, &json!({"note": note.to_string()}), |_| format!("已记：{note}"))
        }
        Deed::Rebuild => {
            steward.rebuild().map_err(|e| failure(&e))?;
            say(json, &json!({"rebuilt": true}), |_| "已重建。".to_owned())
        }
    }
}

fn enrol(steward: &mut Steward, text: &str, json: bool) -> Result<(), Failure> {
    let invitation: Invitation = text.parse().map_err(|e| failure(&StewardErrorOf::from(e)))?;
    let mut transport = transport(&invitation)?;
    let enrolled = steward.enrol(&invitation, &mut transport).map_err(|e| failure(&e))?;
    let value = json!({"device": enrolled.device.to_string(), "village": enrolled.village.get()});
    say(json, &value, |_| format!("已登记：本机 {}，{} 号村。", enrolled.device, enrolled.village))
}

type StewardErrorOf = courtyard_core::steward::StewardError;

fn store(error: StoreError) -> Failure {
    failure(&StewardErrorOf::from(error))
}

/// The way to the server that an invitation names.
pub(super) fn transport(invitation: &Invitation) -> Result<HttpTransport, Failure> {
    HttpTransport::new(&invitation.address, invitation.tls_pin, HttpOptions::default())
        .map_err(|e| failure(&StewardErrorOf::from(e)))
}

fn contract(steward: &mut Steward, deed: &ContractDeed, json: bool) -> Result<(), Failure> {
    match deed {
        ContractDeed::Sign {
            grower,
            product,
            area,
            quantity,
            floor,
            from,
            to,
            tolerance,
            all_at_contract_price,
        } => {
            steward.must_know(*grower).map_err(|e| failure(&e))?;
            let product = steward.product(product).map_err(|e| failure(&e))?;
            let terms = ContractTerms {
                grower: *grower,
                product: product.number,
                area: *area,
                quantity: *quantity,
                floor: *floor,
                from: *from,
                to: *to,
                tolerance: tolerance.unwrap_or(TOLERANCE),
                agreed: Default::default(),
                beyond: if *all_at_contract_price {
                    Beyond::ContractPrice
                } else {
                    Beyond::ListPrice
                },
            };
            let (contract, entry) = steward.sign_contract(&terms, None).map_err(|e| failure(&e))?;
            let value = json!({"contract": contract.to_string(), "entry": entry.to_string()});
            say(json, &value, |_| format!("{contract} {}", product.name))
        }
        ContractDeed::List { grower } => {
            let all = steward.contracts(*grower).map_err(|e| failure(&e))?;
            say(json, &words::contracts(&all), |_| words::contracts_text(&all))
        }
    }
}

fn buy(steward: &mut Steward, args: &BuyArgs, json: bool) -> Result<(), Failure> {
    let line = Line {
        product: args.product.clone(),
        grade: args.grade,
        weigh: args.weigh.clone(),
        deduct: args.deduct.clone(),
        price: args.price,
        pending: args.pending,
    };
    save(steward, args.grower, args.date, &[line], &args.details, json)
}

fn slip(steward: &mut Steward, args: &SlipArgs, json: bool) -> Result<(), Failure> {
    let lines = lines::read(&args.lines)?;
    save(steward, args.grower, args.date, &lines, &args.details, json)
}

fn save(
    steward: &mut Steward,
    grower: GrowerId,
    date: Option<BusinessDate>,
    lines: &[Line],
    details: &DetailArgs,
    json: bool,
) -> Result<(), Failure> {
    let draft = draft(steward, grower, date, lines, details)?;
    let bought: Option<Bought> = steward.save_slip(&draft, None).map_err(|e| failure(&e))?;
    let bought = bought.ok_or_else(|| Failure::found(""))?;
    say(json, &words::bought(&bought), |_| words::bought_text(&bought))
}

/// What was typed, as the desk fills it in.
pub(super) fn draft(
    steward: &Steward,
    grower: GrowerId,
    date: Option<BusinessDate>,
    lines: &[Line],
    details: &DetailArgs,
) -> Result<SlipDraft, Failure> {
    steward.must_know(grower).map_err(|e| failure(&e))?;
    let mut draft = SlipDraft::new(steward.visit(grower, date).map_err(|e| failure(&e))?);
    draft.set_details(details.visit(steward)?);
    for line in lines {
        let product = steward.product(&line.product).map_err(|e| failure(&e))?;
        let place = draft.add_line(product.number, line.grade);
        let placed = (|| {
            for weighing in &line.weigh {
                draft.weigh(place, *weighing)?;
            }
            for deduction in &line.deduct {
                draft.deduct(place, deduction.clone())?;
            }
            draft.set_pending(place, line.pending)?;
            draft.state_price(place, line.price)
        })();
        placed.map_err(|error| Failure::found(error.to_string()))?;
    }
    Ok(draft)
}

fn pay(
    steward: &mut Steward,
    draft: &PayoutDraft,
    date: BusinessDate,
    json: bool,
) -> Result<(), Failure> {
    let paid = steward.pay(draft, date, None).map_err(|e| failure(&e))?;
    let repaid: Vec<_> = paid
        .repayments
        .iter()
        .map(|r| json!({"debt": r.debt.to_string(), "claimed_fen": r.claimed}))
        .collect();
    let value = json!({"payout": paid.id.to_string(), "cash_fen": paid.cash,
                       "rounding_fen": paid.rounding, "owed_fen": paid.owed_after,
                       "repayments": repaid, "notices": paid.notices});
    say(json, &value, |_| {
        let mut text =
            format!("{} 已付 {}，未付 {}", paid.id, paid.cash.text(), paid.owed_after.text());
        for notice in &paid.notices {
            text.push_str(&format!("\n{}\n{}", notice.zh, notice.en));
        }
        text
    })
}

fn show(steward: &Steward, id: EntryId, json: bool) -> Result<(), Failure> {
    let history = History::read(steward.store(), id).map_err(store)?;
    let unknown = || failure(&StewardErrorOf::Unknown { what: id.to_string() });
    let history = history.ok_or_else(unknown)?;
    say(json, &history.json(), |_| history.text())
}

fn search(steward: &Steward, text: &str, json: bool) -> Result<(), Failure> {
    let growers = steward.store().search(text, 50).map_err(store)?;
    let products = steward.search_products(text).map_err(|e| failure(&e))?;
    let mut rows = register::growers(&growers);
    let mut linked = String::new();
    for (row, grower) in rows.as_array_mut().into_iter().flatten().zip(&growers) {
        let shown = steward.store().shown(grower.id).map_err(store)?;
        if let Some(fields) = row.as_object_mut() {
            fields.insert("shown".to_owned(), json!(shown.to_string()));
        }
        if shown != grower.id {
            linked.push_str(&format!("{} = {shown}（同一户 one household）\n", grower.id));
        }
    }
    let value = json!({"growers": rows, "products": words::products(&products)});
    say(json, &value, |_| {
        let growers = register::growers_text(&growers);
        format!("{growers}{linked}{}", words::products_text(&products))
    })
}

fn sync(steward: &mut Steward, json: bool) -> Result<(), Failure> {
    let server = steward.server().map_err(|e| failure(&e))?;
    let mut transport = transport(&server)?;
    let bar = words::sync_bar();
    let report = steward.sync(&mut transport, &mut |progress| words::advance(&bar, progress));
    bar.finish_and_clear();
    let report = report.map_err(|e| failure(&e))?;
    say(json, &words::synced(&report), |_| words::synced_text(&report))
}
