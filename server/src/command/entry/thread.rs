//! A thread of words as people and scripts read it.

use courtyard_core::ledger::words::{Thread, ThreadState, Topic};
use serde_json::{Value, json};

use crate::command::table::{Cell, Column, Table, cells};

/// A topic's word in Chinese.
pub(crate) const fn topic_zh(topic: Topic) -> &'static str {
    match topic {
        Topic::Question => "核实",
        Topic::Objection => "异议",
        Topic::Review => "审核",
    }
}

/// A state's word in Chinese.
pub(crate) const fn state_zh(state: ThreadState) -> &'static str {
    match state {
        ThreadState::Open => "待回复",
        ThreadState::Answered => "已回复",
        ThreadState::Settled => "已了结",
        ThreadState::Reopened => "重新打开",
    }
}

/// A thread for scripts.
pub(crate) fn thread(thread: &Thread) -> Value {
    let words: Vec<Value> = thread
        .words
        .iter()
        .map(|word| {
            json!({"entry": word.id.to_string(), "date": word.date.to_string(),
                   "operator": word.operator.get(), "text": word.text, "yes": word.yes})
        })
        .collect();
    json!({
        "thread": thread.root.to_string(),
        "topic": thread.topic.name(),
        "state": thread.state.name(),
        "target": thread.target.to_string(),
        "target_hash": thread.target_hash.to_string(),
        "village": thread.village.map(|village| village.get()),
        "grower": thread.grower.map(|(grower, _)| grower.to_string()),
        "person": thread.grower.map(|(_, person)| person.get()),
        "words": words,
        "changed_by": thread.changed_by.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "replaced_by": thread.replaced_by.map(|review| review.to_string()),
        "of_other_content": thread.of_other_content,
    })
}

/// A thread in words: what began it, its answers, what opened it again.
pub(crate) fn thread_text(thread: &Thread) -> String {
    let mut text = format!(
        "{} {} {} → {} [{} {}]\n",
        thread.root,
        topic_zh(thread.topic),
        thread.topic.name(),
        thread.target,
        state_zh(thread.state),
        thread.state.name()
    );
    for word in &thread.words {
        let mark = match (thread.topic, word.id == thread.root, word.yes) {
            (Topic::Review, true, true) => "通过 accepted",
            (Topic::Review, true, false) => "未通过 not accepted",
            (_, false, true) => "了结 settles",
            _ => "",
        };
        text.push_str(&format!("  {} #{} {} {mark}\n", word.date, word.operator, word.text));
    }
    for id in &thread.changed_by {
        text.push_str(&format!("  ▲ 之后有变动，请重新审核 / changed since, review again: {id}\n"));
    }
    if thread.of_other_content {
        text.push_str("  ▲ 说的是同号的另一份内容 / said of other content under this number\n");
    }
    text
}

/// Threads as a table: a row each, with the last word.
pub(crate) fn threads_table(threads: &[Thread]) -> Table {
    let mut table = Table::new(
        "threads",
        [
            Column::text("thread", "编号 thread"),
            Column::text("topic", "事项 topic"),
            Column::text("state", "状态 state"),
            Column::text("target", "所指 target"),
            Column::text("grower", "农户 grower"),
            Column::number("words", "条数 words"),
            Column::text("text", "最后一句 last word"),
        ],
    );
    for thread in threads {
        let state = format!("{} {}", state_zh(thread.state), thread.state.name());
        table.row(cells![
            thread.root,
            Cell::coded(thread.topic.name(), topic_zh(thread.topic)),
            Cell::coded(thread.state.name(), state),
            thread.target,
            thread.grower.map(|(grower, _)| grower),
            thread.words.len(),
            thread.words.last().map(|word| word.text.clone()),
        ]);
    }
    table
}
