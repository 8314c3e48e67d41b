//! What was said: the words of an objection, a question or a review, with the answers to it.

use courtyard_core::domain::{BusinessDate, EntryId};
use courtyard_core::ledger::exceptions::{Exception, ExceptionKind};
use courtyard_core::ledger::words::Topic;
use courtyard_core::store::{Store, StoreError};
use maud::{Markup, html};

use crate::web::Words;

/// One word.
pub(super) struct Said {
    date: BusinessDate,
    /// The grower's own, by card or taken down for them.
    by_grower: bool,
    /// The name in the roster; empty if nobody was named.
    who: String,
    text: String,
}

/// What began it, then the answers; nothing for an exception that is not about words.
pub(super) fn read(store: &Store, exception: &Exception) -> Result<Vec<Said>, StoreError> {
    let about_words = matches!(
        exception.kind,
        ExceptionKind::OpenObjection | ExceptionKind::OpenQuestion | ExceptionKind::ReviewReopened
    );
    let root: Option<EntryId> = exception
        .subject
        .as_deref()
        .filter(|_| about_words)
        .and_then(|subject| subject.parse().ok());
    let Some(thread) = root.map(|root| store.thread(root)).transpose()?.flatten() else {
        return Ok(Vec::new());
    };
    let mut all = Vec::with_capacity(thread.words.len());
    for word in thread.words {
        let by_grower = word.id == thread.root && thread.topic == Topic::Objection;
        let who = store.member(word.operator)?.map(|member| member.name).unwrap_or_default();
        all.push(Said { date: word.date, by_grower, who, text: word.text });
    }
    Ok(all)
}

pub(super) fn show(said: &[Said], w: &Words) -> Markup {
    html! {
        @for one in said {
            blockquote {
                p.said { (one.text) @if one.text.is_empty() { (w.say("exceptions-no-words")) } }
                footer.muted {
                    span.num { (one.date) } " "
                    @if one.by_grower { (w.say("exceptions-grower")) } @else { (one.who) }
                }
            }
        }
    }
}
