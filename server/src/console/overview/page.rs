//! How the overview looks.

use courtyard_core::ledger::exceptions::ExceptionKind;
use courtyard_core::store::queries::Bought;
use maud::{Markup, html};

use super::charts::{charts, whole_jin};
use super::model::Model;
use super::phones::Phone;
use crate::console::exceptions;
use crate::exceptions::Filter;
use crate::web::figures::{self, grouped};
use crate::web::{Official, Words};

pub(super) fn page(model: &Model, official: &Official) -> Markup {
    let w = &official.words;
    html! {
        h1 { (w.say("overview-title")) }
        div #overview data-live="#overview" {
            (spoken(model, w))
            (missing(model, w))
            @if !model.years.is_empty() {
                (figures(model, w))
                (sentence(model, w))
            }
            @if !model.villages.is_empty() {
                div.cards.even {
                    (waiting(model, w))
                    (phones(model, w))
                }
            }
            @if !model.years.is_empty() {
                (years(model, w))
                (charts(model, w))
            }
        }
    }
}

/// What a screen reader says when the page has brought itself up to date.
fn spoken(model: &Model, w: &Words) -> Markup {
    html! {
        p.spoken role="status" {
            (w.say_with("overview-spoken", &[
                ("count", model.day.count.into()),
                ("jin", model.day.net.jin_number().into()),
                ("amount", model.day.amount.text().into()),
            ]))
        }
    }
}

/// What is still to be set up, in the order in which it is done.
fn missing(model: &Model, w: &Words) -> Markup {
    let (id, href) = if model.villages.is_empty() {
        ("overview-no-village", Some("/villages"))
    } else if !model.has_prices {
        ("overview-no-prices", None)
    } else if model.phones.all == 0 {
        ("overview-no-phone", Some("/villages"))
    } else if model.years.is_empty() {
        ("overview-no-slip", None)
    } else {
        return html! {};
    };
    let text = match id {
        "overview-no-village" => w.say("overview-no-village"),
        "overview-no-prices" => w.say("overview-no-prices"),
        "overview-no-phone" => w.say("overview-no-phone"),
        _ => w.say("overview-no-slip"),
    };
    html! {
        div.empty {
            p { (text) }
            @if id == "overview-no-prices" {
                p { code { "courtyard import products products.csv --data …" } }
                p { code { "courtyard import prices prices.csv --data …" } }
            }
            @if let Some(href) = href { p { a.button href=(href) { (w.say("overview-set-up")) } } }
        }
    }
}

/// Today, this month, the season.
fn figures(model: &Model, w: &Words) -> Markup {
    let season = &model.season;
    html! {
        div.cards.three {
            (figure(&w.say("overview-today"), &model.today.to_string(), &model.day, w))
            (figure(&w.say("overview-this-month"), &model.today.month().to_string(), &model.month, w))
            (figure(&season_title(model, w), &season.year.to_string(), &season.total, w))
        }
        @if model.day.count == 0 && let Some(last) = model.last {
            p.muted { (w.say_with("overview-last", &[("date", last.to_string().into())])) }
        }
    }
}

/// The season of this year, or of another.
fn season_title(model: &Model, w: &Words) -> String {
    if model.season.year == model.today.month().year() {
        w.say("overview-season")
    } else {
        w.say("overview-other-season")
    }
}

fn figure(title: &str, when: &str, bought: &Bought, w: &Words) -> Markup {
    let jin = if bought.net.get() < 5_000_000 {
        grouped(&bought.net.jin_number())
    } else {
        whole_jin(bought.net)
    };
    html! {
        section.card.sum {
            h2 { (title) " " span.muted.num { (when) } }
            p.figure { span.num { (jin) } " " span.unit { (w.say("unit-jin")) } }
            p.kg.muted.num { (grouped(&bought.net.kg())) }
            p.figure.yuan { (figures::yuan(bought.amount)) }
            p.muted {
                (w.say_with("overview-slips", &[
                    ("count", bought.count.into()),
                    ("shown", grouped(&bought.count.to_string()).into()),
                ]))
            }
        }
    }
}

fn sentence(model: &Model, w: &Words) -> Markup {
    let season = &model.season;
    let Some(since) = season.since else { return html! {} };
    html! {
        p.sentence {
            (w.say_with("overview-sentence", &[
                ("villages", season.village_count().into()),
                ("households", season.households.into()),
                ("since", since.to_string().into()),
                ("jin", grouped(&season.total.net.jin_number()).into()),
                ("kg", grouped(&season.total.net.kg_number()).into()),
                ("amount", season.total.amount.text().into()),
                ("mean", season.per_household_month().text().into()),
            ]))
        }
    }
}

/// Other years, where there are any.
fn years(model: &Model, w: &Words) -> Markup {
    html! {
        @if model.years.len() > 1 {
            nav aria-label=(w.say("overview-years")) {
                ul.chips { @for year in &model.years {
                    li { a href={ "/?year=" (year) } aria-current=[(*year == model.season.year).then_some("true")] { (year) } }
                } }
            }
        }
    }
}

/// What is open: exceptions by kind, held entries, what is owed.
fn waiting(model: &Model, w: &Words) -> Markup {
    let kinds = model.open.as_ref().map(|board| board.by_kind(Filter::default()));
    let open: usize = kinds.iter().flat_map(|kinds| kinds.values()).sum();
    html! {
        section.card {
            h2 { (w.say("overview-waiting")) }
            dl.facts {
                div { dt { a href="/slips?unpaid=1" { (w.say("overview-unpaid")) } } dd { (figures::yuan(model.unpaid)) } }
                div { dt {
                    @let held = Filter { kind: Some(ExceptionKind::HeldEntry), ..Filter::default() };
                    a href=(exceptions::address(held, 1)) { (w.say("overview-held")) }
                } dd { (figures::count(model.held)) } }
                div { dt { a href="/exceptions" { (w.say("overview-open")) } } dd {
                    @if kinds.is_some() { (figures::count(open)) } @else { (w.say("overview-counting")) }
                } }
            }
            @if let Some(kinds) = kinds.filter(|kinds| !kinds.is_empty()) {
                ul.plain.kinds {
                    @for (kind, count) in &kinds {
                        @let ((zh, en), filter) = (kind.title(), Filter { kind: Some(*kind), ..Filter::default() });
                        li {
                            a href=(exceptions::address(filter, 1)) { (w.pick(zh, en)) }
                            " " (figures::count(count))
                        }
                    }
                }
            }
        }
    }
}

fn phones(model: &Model, w: &Words) -> Markup {
    let phones = &model.phones;
    html! {
        section.card {
            h2 {
                (w.say("overview-phones")) " "
                span.muted { (w.say_with("overview-phones-silent", &[
                    ("all", phones.all.into()), ("silent", phones.silent.into()),
                ])) }
            }
            @if phones.listed.is_empty() { p.muted { (w.say("overview-no-phone")) } }
            ul.plain.phones {
                @for phone in &phones.listed { li { (self::phone(phone, model, w)) } }
            }
            @if phones.all > phones.listed.len() {
                p { a href="/villages" { (w.say_with("overview-all-phones", &[("all", phones.all.into())])) } }
            }
        }
    }
}

fn phone(phone: &Phone, model: &Model, w: &Words) -> Markup {
    html! {
        span.place { (model.village(phone.village)) " " span.muted.num { (phone.device) } }
        @match (phone.silent_days, phone.heard_ms) {
            (Some(days), _) => span.state.ask {
                "▲ " (w.say_with("overview-silent", &[("days", days.into())]))
            },
            (None, Some(heard_ms)) => span.state.good {
                "● " span.num { (moment(heard_ms, model)) }
            },
            (None, None) => span.state.wait { "○ " (w.say("ago-never")) },
        }
    }
}

/// When something was; of today only the time.
fn moment(at_ms: i64, model: &Model) -> String {
    let moment = figures::moment(at_ms);
    let time = moment.strip_prefix(&format!("{} ", model.today)).map(str::to_owned);
    time.unwrap_or(moment)
}
