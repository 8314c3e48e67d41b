//! Where the acts that settle an exception are done today: a page, the phone, or a command.

use courtyard_core::domain::EntryId;
use courtyard_core::ledger::exceptions::{Act, Exception, ExceptionKind};
use maud::{Markup, html};

use crate::web::Words;

/// The kind's acts; with an exception at hand each command names what it is about.
pub(super) fn ways(
    kind: ExceptionKind,
    exception: Option<&Exception>,
    village: &str,
    w: &Words,
) -> Markup {
    html! {
        ol.ways {
            @for &act in kind.acts() {
                @let (zh, en) = act.title();
                li {
                    strong { (w.pick(zh, en)) }
                    @match way(act) {
                        Way::Phone => { " " span.muted { (w.say("exceptions-on-phone")) } },
                        Way::Villages => { " " a href="/villages" { (w.say("exceptions-on-villages")) } },
                        Way::Server => { " " span.muted { (w.say("exceptions-on-server")) } },
                        Way::Office => {},
                    }
                    @for command in commands(act, exception, village, w) { pre { code { (command) } } }
                }
            }
        }
    }
}

/// Where an act is done.
enum Way {
    /// By commands alone.
    Office,
    /// By the steward, at the phone.
    Phone,
    /// On the page of villages and phones.
    Villages,
    /// By whoever keeps the server.
    Server,
}

const fn way(act: Act) -> Way {
    match act {
        Act::WriteAgain
        | Act::AmendContract
        | Act::Register
        | Act::SetClock
        | Act::Confirm
        | Act::Receive => Way::Phone,
        Act::Sync | Act::Renew => Way::Villages,
        Act::Update => Way::Server,
        Act::Void
        | Act::Decide
        | Act::Adjust
        | Act::Ask
        | Act::Answer
        | Act::Pay
        | Act::FixPrice
        | Act::Recover
        | Act::Settle
        | Act::Link
        | Act::Review
        | Act::Approve
        | Act::IssueFloat => Way::Office,
    }
}

/// The commands of the office that do it.
fn commands(act: Act, exception: Option<&Exception>, village: &str, w: &Words) -> Vec<String> {
    let place = |zh: &str, en: &str| w.pick(zh, en).to_owned();
    let entry =
        exception.and_then(last).map_or_else(|| place("单号", "ENTRY"), |id| id.to_string());
    let subject = exception.and_then(|e| e.subject.clone());
    let village =
        if village.is_empty() { place("村", "VILLAGE") } else { quoted(village.to_owned()) };
    let grower = exception
        .and_then(|e| e.grower)
        .map_or_else(|| place("户号", "GROWER"), |grower| grower.to_string());
    let one = format!("--by {}", place("经办", "CLERK"));
    let decides = format!("--by {}", place("审核", "REVIEWER"));
    let two = format!("{one} --approved-by {}", place("审核", "REVIEWER"));
    let why = format!("--reason {}", place("原因", "REASON"));
    let said = format!("--text {}", place("内容", "TEXT"));
    let all = match act {
        Act::Void => vec![format!("void {entry} {why} {two}")],
        Act::Decide => vec![
            format!("hold show {entry}"),
            format!("hold admit {entry} {why} --evidence paper {decides}"),
            format!("hold refuse {entry} {why} --evidence paper {decides}"),
        ],
        Act::Adjust => {
            let amount = place("元", "YUAN");
            vec![format!("adjust {entry} --amount {amount} {why} {two}")]
        }
        Act::Ask => vec![format!("ask {entry} {said} {one}")],
        Act::Answer => {
            let thread = subject.unwrap_or(entry);
            vec![format!("answer {thread} {said} --settles {one}")]
        }
        Act::Pay => vec![format!("bank prepare --village {village} --grower {grower} {one}")],
        Act::FixPrice => {
            let product = place("产品", "PRODUCT");
            let (from, to) = (place("首日", "FIRST-DAY"), place("末日", "LAST-DAY"));
            let price = place("价格/kg", "PRICE/kg");
            vec![format!(
                "price-fix --village {village} --product {product} --from {from} --to {to} --price {price} {two}"
            )]
        }
        Act::Sync => {
            let device = subject.unwrap_or_else(|| place("手机", "PHONE"));
            vec![format!("device show {device}"), format!("device revoke {device} {why}")]
        }
        Act::Recover => vec![format!("recover --slip CQ1.… {one}")],
        Act::Settle => {
            let key = subject.unwrap_or_else(|| place("项", "KEY"));
            let value = place("值", "VALUE");
            vec![format!("register settle --village {village} {} {value}", quoted(key))]
        }
        Act::Link => {
            let both = subject.unwrap_or_else(|| place("户号 户号", "GROWER GROWER"));
            let (kept, other) = both.split_once(' ').unwrap_or((&both, "…"));
            vec![format!("identity link --kept {kept} --other {other} {why} {two}")]
        }
        Act::Review => vec![format!("review {entry} --accept {decides}")],
        Act::Approve => vec![format!("float difference {entry} {why} {two}")],
        Act::IssueFloat => {
            let to = subject.and_then(|s| s.split(' ').next().map(str::to_owned));
            let to = to.unwrap_or_else(|| place("管家", "STEWARD"));
            let amount = place("元", "YUAN");
            vec![format!("float issue --village {village} --to {to} --amount {amount} {one}")]
        }
        Act::WriteAgain
        | Act::AmendContract
        | Act::Register
        | Act::SetClock
        | Act::Confirm
        | Act::Receive
        | Act::Update
        | Act::Renew => Vec::new(),
    };
    let data = place("数据目录", "DIR");
    all.into_iter().map(|words| format!("courtyard admin {words} --data {data}")).collect()
}

/// The entry that an act is about: of two slips that may be one, the later; of a word and what it
/// is about, the latter. Which slip of a contract is too much is not said by any order.
fn last(exception: &Exception) -> Option<EntryId> {
    if matches!(exception.kind, ExceptionKind::ContractExceeded | ExceptionKind::BeyondYield) {
        return None;
    }
    let subject = exception.subject.as_deref().unwrap_or_default();
    exception.evidence.iter().rev().copied().find(|id| id.to_string() != subject)
}

/// One word for a shell.
fn quoted(text: String) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | ':');
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}
