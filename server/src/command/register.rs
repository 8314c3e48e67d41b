//! How registers look: households, persons, points, crates and conflicts as JSON and as tables, the
//! same on the phone and at the office.

use courtyard_core::desk::{Candidate, Evidence};
use courtyard_core::document::Value as Field;
use courtyard_core::domain::GrowerId;
use courtyard_core::store::{
    Conflict, CrateTypeRow, GrowerRow, Household, NameSpan, NoteRow, PersonRow, PointRow,
};
use courtyard_core::wire::message::Tail;
use serde_json::{Value, json};

use super::table::{Column, Table, cells};

/// A field's value as JSON has it.
fn plain(value: &Field) -> Value {
    match value {
        Field::Text(text) => json!(text),
        Field::Int(number) => json!(number),
        Field::Bool(yes) => json!(yes),
        Field::Bytes(_) => json!(value.to_string()),
        Field::Null => Value::Null,
    }
}

fn grower(row: &GrowerRow) -> Value {
    json!({
        "grower": row.id.to_string(),
        "village": row.village.get(),
        "name": row.name,
        "group": row.group,
        "phone": row.phone,
        "address": row.address,
        "flags": row.flags,
        "retired": row.retired,
        "erased": row.erased,
        "conflicts": row.conflicts,
    })
}

pub(super) fn growers(rows: &[GrowerRow]) -> Value {
    rows.iter().map(grower).collect()
}

pub(super) fn growers_text(rows: &[GrowerRow]) -> String {
    let line = |row: &GrowerRow| {
        let flags: String = row.flags.iter().map(|flag| format!(" [{flag}]")).collect();
        let gone = if row.erased {
            " [已删除 erased]"
        } else if row.retired {
            " [停用 retired]"
        } else {
            ""
        };
        let open = if row.conflicts > 0 { " ▲冲突 conflict" } else { "" };
        format!("{} {} {} {}{flags}{gone}{open}\n", row.id, row.name, row.group, row.phone)
    };
    rows.iter().map(line).collect()
}

fn name(span: &NameSpan) -> Value {
    json!({"name": span.name, "since": span.since.map(|day| day.to_string())})
}

fn person(row: &PersonRow) -> Value {
    json!({
        "person": row.number,
        "name": row.name,
        "relation": row.relation,
        "phone": row.phone,
        "retired": row.retired,
    })
}

pub(super) fn persons(rows: &[PersonRow]) -> Value {
    rows.iter().map(person).collect()
}

pub(super) fn persons_text(rows: &[PersonRow]) -> String {
    let mut table = Table::new(
        "rows",
        [
            Column::number("number", "编号 no."),
            Column::text("name", "姓名 name"),
            Column::text("relation", "关系 relation"),
            Column::text("phone", "电话 phone"),
            Column::text("state", "状态 state"),
        ],
    );
    for row in rows {
        let state = if row.retired { "停用 retired" } else { "" };
        table.row(cells![
            row.number,
            row.name.clone(),
            row.relation.clone(),
            row.phone.clone(),
            state,
        ]);
    }
    table.text().unwrap_or_default()
}

fn note(row: &NoteRow) -> Value {
    json!({"note": row.row, "about": row.about.map(|g| g.to_string()), "text": row.text})
}

/// A household with its history; `conflicts` are those of its own fields.
pub(super) fn household(household: &Household, conflicts: &[Conflict], tails: &[Tail]) -> Value {
    let mut value = grower(&household.row);
    if let Some(fields) = value.as_object_mut() {
        let names: Vec<Value> = household.names.iter().map(name).collect();
        fields.insert("names".to_owned(), json!(names));
        fields.insert("payee".to_owned(), json!(household.payee));
        fields.insert("usual_point".to_owned(), json!(household.usual_point));
        fields.insert("persons".to_owned(), persons(&household.persons));
        let notes: Vec<Value> = household.notes.iter().map(note).collect();
        fields.insert("notes".to_owned(), json!(notes));
        let tail = |tail: &Tail| json!({"person": tail.person.get(), "kind": tail.kind, "last_four": tail.last_four});
        fields.insert("numbers".to_owned(), tails.iter().map(tail).collect());
        let open: Vec<Value> = conflicts.iter().map(conflict).collect();
        fields.insert("open_conflicts".to_owned(), json!(open));
    }
    value
}

pub(super) fn household_text(
    household: &Household,
    conflicts: &[Conflict],
    tails: &[Tail],
) -> String {
    let row = &household.row;
    let mut text = growers_text(std::slice::from_ref(row));
    for (zh, value) in [
        ("住址 address", &row.address),
        ("收款人 payee", &household.payee),
        ("常去点 point", &household.usual_point),
    ] {
        if !value.is_empty() {
            text.push_str(&format!("{zh}  {value}\n"));
        }
    }
    if household.names.len() > 1 {
        text.push_str("曾用名 names\n");
        for span in &household.names {
            let since = span.since.map(|day| format!("自 since {day}"));
            text.push_str(&format!("  {} {}\n", span.name, since.unwrap_or_default()));
        }
    }
    if !household.persons.is_empty() {
        text.push_str(&persons_text(&household.persons));
    }
    for tail in tails {
        let kind = match tail.kind.as_str() {
            "id" => "身份证 ID",
            "bank" => "账号 account",
            other => other,
        };
        text.push_str(&format!("{kind}  {} …{}\n", tail.person, tail.last_four));
    }
    for note in &household.notes {
        text.push_str(&format!("备注 note {}  {}\n", note.row, note.text));
    }
    if !conflicts.is_empty() {
        text.push_str(&conflicts_text(conflicts));
    }
    text
}

pub(super) fn points(rows: &[PointRow]) -> Value {
    let row = |row: &PointRow| {
        json!({"point": row.row, "village": row.village.get(), "name": row.name,
               "place": row.place, "retired": row.retired})
    };
    json!({"points": rows.iter().map(row).collect::<Vec<_>>()})
}

pub(super) fn points_text(rows: &[PointRow]) -> String {
    if rows.is_empty() {
        return "还没有收购点。/ No collection points yet.".to_owned();
    }
    let mut table = Table::new(
        "rows",
        [
            Column::text("row", "编号 row"),
            Column::text("point", "收购点 point"),
            Column::text("place", "位置 place"),
            Column::text("state", "状态 state"),
        ],
    );
    for row in rows {
        let state = if row.retired { "停用 retired" } else { "" };
        table.row(cells![row.row.clone(), row.name.clone(), row.place.clone(), state]);
    }
    table.text().unwrap_or_default()
}

pub(super) fn crates(rows: &[CrateTypeRow]) -> Value {
    let row = |row: &CrateTypeRow| {
        json!({"crate": row.row, "village": row.village.get(), "name": row.name,
               "tare_g": row.tare, "retired": row.retired})
    };
    json!({"crates": rows.iter().map(row).collect::<Vec<_>>()})
}

pub(super) fn crates_text(rows: &[CrateTypeRow]) -> String {
    if rows.is_empty() {
        return "还没有筐型。/ No kinds of crates yet.".to_owned();
    }
    let mut table = Table::new(
        "rows",
        [
            Column::text("row", "编号 row"),
            Column::text("crate", "筐型 crate"),
            Column::grams("tare", "皮重 tare"),
            Column::text("state", "状态 state"),
        ],
    );
    for row in rows {
        let state = if row.retired { "停用 retired" } else { "" };
        table.row(cells![row.row.clone(), row.name.clone(), row.tare, state,]);
    }
    table.text().unwrap_or_default()
}

fn conflict(conflict: &Conflict) -> Value {
    json!({
        "key": conflict.key,
        "village": conflict.village.get(),
        "grower": conflict.grower.map(|grower| grower.to_string()),
        "shown": plain(&conflict.shown),
        "others": conflict.others.iter().map(plain).collect::<Vec<_>>(),
    })
}

pub(super) fn conflicts(all: &[Conflict]) -> Value {
    json!({"conflicts": all.iter().map(conflict).collect::<Vec<_>>()})
}

/// A cleared field among the values of a conflict.
fn words(value: &Field) -> String {
    if value.is_null() { "（空 empty）".to_owned() } else { format!("“{value}”") }
}

pub(super) fn conflicts_text(all: &[Conflict]) -> String {
    if all.is_empty() {
        return "没有冲突。/ No conflicts.\n".to_owned();
    }
    let line = |conflict: &Conflict| {
        let others: Vec<String> = conflict.others.iter().map(words).collect();
        format!(
            "▲ {}\n  现显示 shown {}，另有 also {}\n",
            conflict.key,
            words(&conflict.shown),
            others.join("、")
        )
    };
    let mut text: String = all.iter().map(line).collect();
    text.push_str(
        "几个值都保留着。用 settle 加上键和正确的值定下来。\n\
         All values are kept. Decide with settle, the key and the right value.\n",
    );
    text
}

pub(super) fn candidates(all: &[Candidate], name: &dyn Fn(GrowerId) -> String) -> Value {
    let one = |candidate: &Candidate| {
        let evidence = |evidence: &Evidence| {
            let (zh, en) = evidence.words();
            json!({"kind": evidence.name(), "zh": zh, "en": en})
        };
        json!({
            "one": candidate.one.to_string(),
            "one_name": name(candidate.one),
            "other": candidate.other.to_string(),
            "other_name": name(candidate.other),
            "evidence": candidate.evidence.iter().map(evidence).collect::<Vec<_>>(),
        })
    };
    json!({"candidates": all.iter().map(one).collect::<Vec<_>>()})
}

pub(super) fn candidates_text(all: &[Candidate], name: &dyn Fn(GrowerId) -> String) -> String {
    if all.is_empty() {
        return "没有疑似同一户。/ No households that may be one.".to_owned();
    }
    let mut table = Table::new(
        "candidates",
        [
            Column::text("one", "农户 grower"),
            Column::text("other", "疑似同户 may be"),
            Column::text("evidence", "依据 evidence"),
        ],
    );
    for candidate in all {
        let words: Vec<String> = candidate.evidence.iter().map(|e| e.words().0).collect();
        table.row(cells![
            format!("{} {}", candidate.one, name(candidate.one)),
            format!("{} {}", candidate.other, name(candidate.other)),
            words.join("；"),
        ]);
    }
    table.text().unwrap_or_default()
}
