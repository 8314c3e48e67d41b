//! The slips page's markup: filters, what is filtered, totals, the list, the way to the next page.

use courtyard_core::domain::{Fen, Grams};
use courtyard_core::store::{SlipSums, Standing};
use maud::{Markup, html};

use super::{Model, Row};
use crate::web::layout::wrong;
use crate::web::{Words, figures};

const PATH: &str = "/slips";

pub(super) fn page(model: &Model, w: &Words) -> Markup {
    html! {
        h1 { (w.say("slips-title")) }
        (filters(model, w))
        div #slips data-live="#slips" {
            @if model.unread.is_some() { (wrong(Some(&w.say("slips-unread")))) }
            (chips(model, w))
            (totals(model, w))
            @if model.rows.is_empty() { (empty(model, w)) } @else {
                (table(&model.rows, w))
                (turns(model, w))
            }
        }
    }
}

/// The word of a field.
fn label(name: &str, w: &Words) -> String {
    match name {
        "q" => w.say("slips-search"),
        "village" => w.say("slips-village"),
        "grower" => w.say("slips-grower"),
        "product" => w.say("slips-product"),
        "from" => w.say("slips-from"),
        "to" => w.say("slips-to"),
        "state" => w.say("slips-state"),
        _ => w.say("slips-unpaid-only"),
    }
}

fn standing(standing: Standing, w: &Words) -> String {
    match standing {
        Standing::Counted => w.say("state-counted"),
        Standing::Held => w.say("state-held"),
        Standing::Voided => w.say("state-voided"),
        Standing::Refused => w.say("state-refused"),
    }
}

fn filters(model: &Model, w: &Words) -> Markup {
    let asked = &model.asked;
    let field = |name: &str, input: Markup| {
        html! { div.field { label for=(name) { (label(name, w)) } (input) } }
    };
    let all = w.say("slips-all");
    html! {
        form.filters method="get" action=(PATH) hx-get=(PATH) hx-target="#slips" hx-select="#slips"
            hx-swap="outerHTML" hx-push-url="true" {
            div.field.search {
                label for="q" { (label("q", w)) " " span.hint #q-hint { (w.say("slips-search-hint")) } }
                input #q name="q" type="search" value=(asked.q.trim()) maxlength="80"
                    aria-describedby="q-hint" autocomplete="off";
            }
            (field("village", html! {
                select #village name="village" {
                    option value="" { (all) }
                    @for village in &model.villages {
                        @let number = village.number.to_string();
                        option value=(number) selected[asked.village == number] { (village.name) }
                    }
                }
            }))
            (field("product", html! {
                select #product name="product" {
                    option value="" { (all) }
                    @for (number, name) in &model.products {
                        @let number = number.to_string();
                        option value=(number) selected[asked.product == number] { (name) }
                    }
                }
            }))
            (field("from", html! { input #from name="from" type="date" value=(asked.from.trim()); }))
            (field("to", html! { input #to name="to" type="date" value=(asked.to.trim()); }))
            (field("state", html! {
                select #state name="state" {
                    option value="" { (all) }
                    @for one in Standing::ALL {
                        option value=(one.name()) selected[asked.state == one.name()] {
                            (standing(one, w))
                        }
                    }
                }
            }))
            div.field {
                label.tick for="unpaid" {
                    input #unpaid name="unpaid" type="checkbox" value="1" checked[asked.unpaid == "1"];
                    " " (w.say("slips-unpaid-only"))
                }
            }
            @if let Some((id, _)) = &model.grower { input type="hidden" name="grower" value=(id); }
            button type="submit" { (w.say("slips-find")) }
        }
    }
}

/// What is asked for, each a link that takes it away.
fn chips(model: &Model, w: &Words) -> Markup {
    let shown = |name: &str, text: &str| match name {
        "village" => {
            let of = model.villages.iter().find(|v| v.number.to_string() == text);
            of.map_or_else(|| text.to_owned(), |village| village.name.clone())
        }
        "product" => {
            let of = model.products.iter().find(|(number, _)| number.to_string() == text);
            of.map_or_else(|| text.to_owned(), |(_, name)| name.clone())
        }
        "grower" => match &model.grower {
            Some((id, name)) => format!("{name} {id}"),
            None => text.to_owned(),
        },
        "state" => Standing::named(text).map_or_else(|| text.to_owned(), |s| standing(s, w)),
        _ => text.to_owned(),
    };
    let active = model.asked.fields().into_iter().filter(|(_, text)| !text.trim().is_empty());
    let active: Vec<_> = active.collect();
    html! {
        @if !active.is_empty() {
            ul.chips aria-label=(w.say("slips-asked")) {
                @for (name, text) in &active {
                    @let said = match *name {
                        "unpaid" => label(name, w),
                        _ => format!("{} {}", label(name, w), shown(name, text.trim())),
                    };
                    li {
                        a href=(model.asked.address(PATH, name))
                            title=(w.say_with("slips-take-away", &[("what", said.as_str().into())])) {
                            (said) b aria-hidden="true" { " ✕" }
                        }
                    }
                }
                @if active.len() > 1 { li { a href=(PATH) { (w.say("slips-take-all-away")) } } }
            }
        }
    }
}

fn totals(model: &Model, w: &Words) -> Markup {
    let counted = model.totals.counted;
    let others = [Standing::Held, Standing::Voided, Standing::Refused];
    let others = others.map(|one| (one, model.totals.of(one)));
    // What was asked for may itself not count: then that is what is shown.
    let asked = Standing::named(&model.asked.state).filter(|one| *one != Standing::Counted);
    let sums = asked.map_or(counted, |one| model.totals.of(one));
    // With what was returned, fixed and adjusted since.
    let due = sums.paid.plus(sums.unpaid).unwrap_or(sums.amount);
    let due = if asked.is_none() { due } else { sums.amount };
    html! {
        dl.sums aria-label=(w.say("slips-totals")) {
            (sum(&w.say("slips-count"), figures::count(sums.slips)))
            (sum(&w.say("slips-net"), figures::jin(sums.net, w)))
            (sum(&w.say("slips-settlement"), figures::jin(sums.settlement, w)))
            (sum(&w.say("slips-amount"), figures::yuan(sums.amount)))
            @if sums.amount != due { (sum(&w.say("slips-due"), figures::yuan(due))) }
            (sum(&w.say("slips-paid"), figures::yuan(sums.paid)))
            (sum(&w.say("slips-unpaid"), figures::yuan(sums.unpaid)))
        }
        @if asked.is_none() {
            @for (one, sums) in others.iter().filter(|(_, sums)| sums.slips > 0) {
                p.muted { (beside(*one, *sums, w)) }
            }
        } @else if sums.slips > 0 { p.muted { (w.say("slips-not-summed")) } }
        @if model.totals.slips() > 0 {
            p.no-print {
                a href=(model.asked.address("/slips.csv", "")) download { (w.say("slips-csv")) }
                " · "
                a href=(model.asked.address("/slips.xlsx", "")) download { (w.say("slips-xlsx")) }
            }
        }
    }
}

fn sum(label: &str, value: Markup) -> Markup {
    html! { div { dt { (label) } dd { (value) } } }
}

/// Slips that are listed and not summed.
fn beside(one: Standing, sums: SlipSums, w: &Words) -> Markup {
    let values = [
        ("state", standing(one, w).into()),
        ("count", sums.slips.into()),
        ("amount", sums.amount.text().into()),
    ];
    html! { "+ " (w.say_with("slips-beside", &values)) }
}

fn table(rows: &[Row], w: &Words) -> Markup {
    let labels = [
        "slips-number",
        "slips-date",
        "slips-grower",
        "slips-village",
        "slips-products",
        "slips-net",
        "slips-settlement",
        "slips-amount",
        "slips-paid",
        "slips-unpaid",
        "slips-state",
    ]
    .map(|id| w.say(id));
    let [number, date, grower, village, products, net, settlement, amount, paid, unpaid, state] =
        &labels;
    html! {
        div.scroll tabindex="0" role="region" aria-label=(w.say("slips-title")) {
            table.rows.slips {
                thead {
                    tr {
                        @for (place, label) in labels.iter().enumerate() {
                            th scope="col" class=[(5..10).contains(&place).then_some("n")] { (label) }
                        }
                    }
                }
                tbody {
                    @for Row { slip, name, village: place, products: bought } in rows {
                        tr {
                            td data-label=(number) {
                                a.num href={ "/slips/" (slip.id) } { (slip.id) }
                            }
                            td.num data-label=(date) { (slip.date) }
                            td data-label=(grower) {
                                span {
                                    a href={ "/slips?grower=" (slip.grower) } {
                                        @if name.is_empty() { (slip.grower) } @else { (name) }
                                    }
                                }
                            }
                            td data-label=(village) { (place) }
                            td data-label=(products) { (bought.join(w.pick("、", ", "))) }
                            td.n data-label=(net) { (weight(slip.net, w)) }
                            td.n data-label=(settlement) { (weight(slip.settlement, w)) }
                            td.n data-label=(amount) { (figures::yuan(slip.amount)) }
                            td.n data-label=(paid) { (money(slip.paid)) }
                            td.n data-label=(unpaid) { (money(slip.remaining)) }
                            td data-label=(state) { (figures::state(slip.state, w)) }
                        }
                    }
                }
            }
        }
    }
}

/// Jin, and kg below it.
fn weight(weight: Grams, w: &Words) -> Markup {
    html! {
        span {
            (figures::jin_alone(weight)) " " span.unit { (w.say("unit-jin")) }
            " " span.unit.below { (figures::grouped(&weight.kg())) }
        }
    }
}

/// Money; a dash where there is none, so that what is owed stands out.
fn money(amount: Fen) -> Markup {
    html! { @if amount == Fen::ZERO { span.muted { "–" } } @else { (figures::yuan(amount)) } }
}

fn turns(model: &Model, w: &Words) -> Markup {
    html! {
        nav.pages aria-label=(w.say("slips-turns")) {
            @match model.page.newer {
                Some(turn) => a rel="prev" href=(model.asked.turned(PATH, turn)) { "← " (w.say("slips-newer")) },
                None => span {},
            }
            @match model.page.older {
                Some(turn) => a rel="next" href=(model.asked.turned(PATH, turn)) { (w.say("slips-older")) " →" },
                None => span.muted { (w.say("slips-end")) },
            }
        }
    }
}

fn empty(model: &Model, w: &Words) -> Markup {
    html! {
        @if model.is_begun {
            div.empty {
                p { (w.say("slips-none-found")) }
                p { a href=(PATH) { (w.say("slips-take-all-away")) } }
            }
        } @else {
            div.empty { p { (w.say("slips-none-yet")) } p { a href="/villages" { (w.say("slips-to-villages")) } } }
        }
    }
}
