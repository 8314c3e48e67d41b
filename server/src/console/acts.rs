//! `/acts`: what people did at the office, the newest first, for whoever looks after others.

use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use courtyard_core::domain::Kind;
use maud::{Markup, html};
use serde::Deserialize;

use crate::app::App;
use crate::log::{Act, LogError, Reads};
use crate::office::acting::Role;
use crate::web::{Access, Frame, Official, Page, PageError, Words, figures};

/// Acts on one page.
const A_PAGE: u32 = 50;

pub(super) fn pages() -> Vec<Page> {
    vec![Page::shown("/acts", Access::Office, get(show))]
}

/// From where, and of whom.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    /// Only those before this number.
    #[serde(default)]
    before: String,
    #[serde(default)]
    by: String,
}

/// What the page shows.
struct Model {
    acts: Vec<(u64, Act)>,
    /// Users who may be asked for.
    people: Vec<String>,
    by: Option<String>,
    /// Whether this is not the first page.
    later: bool,
    /// Where the next page begins.
    next: Option<u64>,
}

fn read(reads: &dyn Reads, asked: &Asked) -> Result<Model, LogError> {
    let before = asked.before.parse().ok();
    let by = Some(asked.by.trim()).filter(|by| !by.is_empty());
    // One more than is shown tells whether there is more.
    let mut acts = reads.acts_before(before, by, A_PAGE.saturating_add(1))?;
    let shown = usize::try_from(A_PAGE).unwrap_or(usize::MAX);
    let more = acts.len() > shown;
    acts.truncate(shown);
    let next = acts.last().map(|(number, _)| *number).filter(|_| more);
    let people = reads.users()?.into_iter().map(|user| user.name).collect();
    Ok(Model { acts, people, by: by.map(str::to_owned), later: before.is_some(), next })
}

fn page(model: &Model, w: &Words) -> Markup {
    html! {
        h1 { (w.say("acts-title")) }
        p.muted { (w.say("acts-kept")) }
        nav aria-label=(w.say("acts-by-whom")) {
            ul.chips {
                (chip(None, model.by.is_none(), &w.say("acts-everybody")))
                @for name in &model.people {
                    (chip(Some(name), model.by.as_ref() == Some(name), name))
                }
            }
        }
        @if model.acts.is_empty() { p.empty { (w.say("acts-none")) } } @else {
            table.rows {
                thead { tr {
                    th { (w.say("acts-when")) } th { (w.say("acts-who")) }
                    th { (w.say("acts-what")) } th { (w.say("acts-subject")) }
                } }
                tbody { @for (_, act) in &model.acts { tr {
                    td data-label=(w.say("acts-when")) { span.num { (figures::moment(act.at_ms)) } }
                    td data-label=(w.say("acts-who")) { (who(&act.actor, w)) }
                    td data-label=(w.say("acts-what")) { (what(&act.act, w)) }
                    td data-label=(w.say("acts-subject")) { span.num { (act.subject) } }
                } } }
            }
        }
        @if model.later || model.next.is_some() {
            nav.pages aria-label=(w.say("acts-pages")) {
                span { @if model.later { a href=(address(model.by.as_deref(), None)) { (w.say("acts-newest")) } } }
                span { @if let Some(next) = model.next {
                    a href=(address(model.by.as_deref(), Some(next))) { (w.say("acts-older")) }
                } }
            }
        }
    }
}

fn chip(by: Option<&str>, here: bool, word: &str) -> Markup {
    html! { li { a href=(address(by, None)) aria-current=[here.then_some("true")] { (word) } } }
}

fn address(by: Option<&str>, before: Option<u64>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(by) = by {
        query.append_pair("by", by);
    }
    if let Some(before) = before {
        query.append_pair("before", &before.to_string());
    }
    let query = query.finish();
    if query.is_empty() { "/acts".to_owned() } else { format!("/acts?{query}") }
}

/// Who did it; a command that named no user did it by itself.
fn who(actor: &str, w: &Words) -> String {
    if actor == "command line" { w.say("acts-command-line") } else { actor.to_owned() }
}

/// What was done, in words; the stable word itself where there are none.
fn what(act: &str, w: &Words) -> String {
    if let Some(&kind) = Kind::ALL.iter().find(|kind| kind.name() == act) {
        return figures::kind(Some(kind), w);
    }
    match act {
        "county.found" => w.say("acts-county-found"),
        "county.restore" => w.say("acts-county-restore"),
        "village.add" => w.say("acts-village-add"),
        "device.invite" => w.say("acts-device-invite"),
        "device.revoke" => w.say("acts-device-revoke"),
        "user.put" => w.say("acts-user-put"),
        "card.issue" => w.say("acts-card-issue"),
        "card.pin" => w.say("acts-card-pin"),
        "card.revoke" => w.say("acts-card-revoke"),
        "number.put" => w.say("acts-number-put"),
        "number.approve" => w.say("acts-number-approve"),
        "number.reveal" => w.say("acts-number-reveal"),
        "number.erase" => w.say("acts-number-erase"),
        "purchases.import" => w.say("acts-purchases-import"),
        "register.open" => w.say("acts-register-open"),
        "register.carried_over" => w.say("acts-register-carried-over"),
        "slips.csv" => w.say("acts-slips-csv"),
        "slips.xlsx" => w.say("acts-slips-xlsx"),
        "demo.step" => w.say("acts-demo-step"),
        other => other.to_owned(),
    }
}

async fn show(
    State(app): State<App>,
    official: Official,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    if !official.may(Role::OVERSEERS) {
        return Err(PageError::MayNot);
    }
    let model = app.read(|reads| Ok(read(reads, &asked)?))?;
    let title = official.words.say("acts-title");
    Ok(Frame::office(&official, &title).show(page(&model, &official.words)))
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use crate::command::place::tests::node;
    use crate::web::browser::{Browser, PASSWORD};

    #[tokio::test]
    async fn every_act_is_listed_with_who_and_when_and_older_ones_follow_page_by_page() {
        let (mut node, _folder) = node();
        node.put_user("赵审计", "auditor", PASSWORD).unwrap();
        for n in 0..60 {
            node.add_village(&format!("村{n}"), None).unwrap();
        }
        let mut browser = Browser::at(node);
        browser.sign_in("赵审计").await;
        let came = browser.get("/acts").await.text;
        assert!(came.contains("2026-07-01 06:00") && came.contains("建村"), "{came}");
        assert!(!came.contains("建立县社"));
        let (_, next) = came.split_once("/acts?before=").unwrap();
        let next = next.split('"').next().unwrap();
        let older = browser.get(&format!("/acts?before={next}")).await.text;
        assert!(older.contains("建立县社") && older.contains("最新的"), "{older}");
        let nobody = browser.get("/acts?by=%E8%B5%B5%E5%AE%A1%E8%AE%A1").await.text;
        assert!(nobody.contains("没有记录"), "{nobody}");
    }

    #[tokio::test]
    async fn whoever_prepares_does_not_read_what_others_did() {
        let (mut node, _folder) = node();
        node.put_user("王经办", "clerk", PASSWORD).unwrap();
        let mut browser = Browser::at(node);
        browser.sign_in("王经办").await;
        assert_eq!(browser.get("/acts").await.status, StatusCode::FORBIDDEN);
        assert!(!browser.get("/").await.text.contains("href=\"/acts\""));
    }
}
