//! A slip as paper (收购单): A5 across, black on white, in Chinese whoever prints it, because the
//! grower signs it.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use courtyard_core::domain::slip::Line;
use courtyard_core::domain::{Fen, Grams};
use courtyard_core::ledger::State;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::read::Model;
use crate::web::{Words, assets, figures};

/// The county co-op, where no entity has a name.
const COUNTY: &str = "县供销合作社";

pub(super) fn show(model: &Model, w: &Words) -> Response {
    let title = format!("收购单 {}", model.slip.id);
    let page = html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="stylesheet" href=(assets::address("print.css"));
            }
            body {
                nav.screen lang=(w.tag()) aria-label=(w.say("slip-print")) {
                    a href={ "/slips/" (model.slip.id) } { "← " (model.slip.id) } " " (w.say("slip-how-to-print"))
                }
                main.paper tabindex="0" { (paper(model)) }
            }
        }
    };
    let PreEscaped(text) = page;
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response()
}

fn paper(model: &Model) -> Markup {
    let slip = &model.slip;
    let total = model.body.amount().unwrap_or_default();
    html! {
        header {
            div {
                p.buyer { (model.buyer.as_deref().unwrap_or(COUNTY)) }
                h1 { "农产品收购单" }
            }
            div.marks {
                @match slip.state {
                    State::Voided { .. } => strong.mark { "作废" },
                    State::Held => strong.mark { "留存待核" },
                    State::Refused => strong.mark { "不认可" },
                    State::Counted => {},
                }
                strong.mark { "补打" }
            }
            @if let Some((text, true)) = &model.qr { div.code role="img" aria-label="二维码" { (figures::qr(text)) } }
        }
        p.about {
            span { "单号 " b { (slip.id) } }
            span { "日期 " b { (slip.date) } }
            span { "村 " b { (model.village) } }
            span { "农户 " b { (model.name) } " " (slip.grower) }
            @if let Some(seller) = &model.seller { span { "出售人 " b { (seller) } } }
        }
        table {
            thead { tr {
                th scope="col" { "品名" } th scope="col" { "等级" }
                th.n scope="col" { "毛重 斤" } th.n scope="col" { "净重 斤" } th.n scope="col" { "扣重 斤" }
                th.n scope="col" { "结算 斤 (kg)" } th.n scope="col" { "单价 元/斤" } th.n scope="col" { "金额 元" }
            } }
            tbody { @for line in &model.body.lines { (row(model, line)) } }
            tfoot { tr {
                th scope="row" colspan="5" { "合计" }
                td.n { (both(slip.settlement)) } td {} td.n { (total.text()) }
            } }
        }
        p.sum { "金额（大写） " b { (total.capital()) } " " span { "小写 " b { (total.text()) } } }
        @if slip.has_unfixed_line() { p { "待定价的明细为暂估，定价后补付。" } }
        (state(model, total))
        p.sign {
            span { "交售人（签字）" } span { "收购员 " (steward(model)) } span { "司磅" } span { "复核" }
        }
    }
}

fn row(model: &Model, line: &Line) -> Markup {
    let jin = |weight: Option<Grams>| weight.unwrap_or_default().jin_number();
    let prices = line.segments.iter().map(|segment| {
        let price = segment.price.per_jin_number();
        if segment.is_pending() { "待定价".to_owned() } else { price }
    });
    let prices: Vec<String> = prices.collect();
    html! {
        tr {
            td { (model.product(line.product)) } td { (line.grade) }
            td.n { (jin(line.gross().ok())) } td.n { (jin(line.net().ok())) }
            td.n { (jin(line.deducted().ok())) }
            td.n { (both(line.settlement().unwrap_or_default())) }
            td.n { (prices.join(" / ")) } td.n { (line.amount.text()) }
        }
    }
}

fn both(weight: Grams) -> Markup {
    html! { (weight.jin_number()) " (" (weight.kg_number()) ")" }
}

/// What became of it since: the paper says what was bought, this what is owed now.
fn state(model: &Model, printed: Fen) -> Markup {
    let slip = &model.slip;
    html! {
        @if let Some((by, void)) = &model.void {
            p { "作废：" (void.reason) "（" (by) "）"
                @if let Some(other) = void.replacement { "，改开 " (other) }
            }
        }
        @if slip.state.stands() {
            p {
                @if model.due != printed { "更正后应付 " b { (model.due.text()) } "　" }
                "已付 " b { (slip.paid.text()) } "　未付 " b { (slip.remaining.text()) }
            }
        }
    }
}

fn steward(model: &Model) -> String {
    model.who(model.slip.operator, model.slip.id)
}
