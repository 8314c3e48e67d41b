//! The protocol's test vectors: files under `vectors/` that any second client can read, too.
//!
//! One test makes them anew and compares; the others use nothing but the files. When the protocol
//! changes on purpose: `cargo test -p courtyard-core --test vectors -- --ignored`.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "all of it is a test, its helpers as well"
)]

#[path = "vectors/make.rs"]
mod make;

use std::path::PathBuf;

use courtyard_core::document::{
    Actor, DistrictId, DocumentId, Edit, Head, OfficeCertificate, PublicKey, Signature,
    sign_challenge, sign_enrolment, verify_device_certificate,
};
use courtyard_core::domain::device::DeviceRole;
use courtyard_core::wire::{
    AuditRequest, AuditResponse, Auth, BookPart, EnrolRequest, EnrolResponse, SessionRequest,
    SessionResponse, SyncRequest, SyncResponse, WireError, limits, rows,
};
use make::*;
use serde_json::{Value as Json, json};

fn hex_of(bytes: impl AsRef<[u8]>) -> Json {
    Json::from(hex::encode(bytes))
}

fn rows_case(name: &str, entries: &[Vec<u8>], edits: &[Edit]) -> Json {
    let edit_bytes = edits.iter().map(|edit| hex_of(minicbor::to_vec(edit).unwrap()));
    json!({
        "name": name,
        "entries": entries.iter().map(hex_of).collect::<Vec<_>>(),
        "edits": edit_bytes.collect::<Vec<_>>(),
        "rows": hex_of(rows::encode(entries.iter().map(Vec::as_slice), edits.iter())),
    })
}

fn rows_file() -> Json {
    let morning = morning();
    let mut newer = morning[0].clone();
    newer[2] = 2;
    let edits: Vec<Edit> = edits().into_iter().map(|(edit, _)| edit).collect();
    json!([
        rows_case("nothing", &[], &[]),
        rows_case("one slip", &morning[..1], &[]),
        rows_case("the same slip twice", &[morning[0].clone(), morning[0].clone()], &[]),
        rows_case("a morning of several kinds", &morning, &[]),
        rows_case("two price lists", &[price_list(1, 3_000), price_list(2, 3_120)], &[]),
        rows_case("what the county publishes", &county(), &[]),
        rows_case("a newer version, as its bytes", &[morning[0].clone(), newer], &[]),
        rows_case("register edits", &[], &edits),
        rows_case("entries, then edits", &morning[..2], &edits),
    ])
}

fn statements_file() -> Json {
    let d = district();
    let heads: Vec<_> = edits().into_iter().map(|(_, head)| head).collect();
    let book_statement = statement(DocumentId::Book(book()), 1, book_head(1));
    let register_statement = statement(DocumentId::Register(REGISTER), 3, heads[2]);
    let office = OfficeCertificate::issue(&d.root, &d.office.public());
    let certificate = certificate(phone().get(), DeviceRole::Phone);
    let opening = sign_challenge(&d.phone, &d.id, phone(), &CHALLENGE);
    let enrolment = sign_enrolment(&d.phone, &d.id, INVITATION);
    let key = |key: &courtyard_core::document::DeviceKey| {
        let actor = Actor::of(&key.public());
        json!({
            "seed": hex_of(key.seed()), "public": hex_of(key.public().0), "actor": hex_of(actor.0),
        })
    };
    json!({
        "district": hex_of(d.id.0),
        "keys": { "root": key(&d.root), "office": key(&d.office), "phone": key(&d.phone) },
        "phone": phone().get(),
        "book": {
            "document": book().to_string(),
            "heads": (0..=7).map(|count| hex_of(book_head(count).0)).collect::<Vec<_>>(),
            "statement_at_1": hex_of(book_statement.bytes()),
            "signature_at_1": hex_of(book_part(0, 1).signature.0),
        },
        "register": {
            "document": REGISTER.to_string(),
            "heads": heads.iter().map(|head| hex_of(head.0)).collect::<Vec<_>>(),
            "statement_at_3": hex_of(register_statement.bytes()),
            "signature_at_3": hex_of(edit_part().signature.0),
        },
        "session": { "challenge": hex_of(CHALLENGE), "signature": hex_of(opening.0) },
        "enrolment": { "invitation": hex_of(INVITATION), "signature": hex_of(enrolment.0) },
        "office_certificate": hex_of(minicbor::to_vec(&office).unwrap()),
        "device_certificate": hex_of(minicbor::to_vec(&certificate).unwrap()),
    })
}

fn messages_file() -> Json {
    let vectors = messages().into_iter().map(|(name, says, bytes)| {
        json!({ "name": name, "says": says, "length": bytes.len(), "bytes": hex_of(bytes) })
    });
    Json::Array(vectors.collect())
}

/// Requests that must be refused, and with which code.
fn refused_file() -> Json {
    let lone = messages().into_iter().find(|(name, ..)| *name == "sync-request-lone").unwrap().2;
    let mut future = lone.clone();
    future[0] = 9;
    let with = |entries: Vec<Vec<u8>>| {
        let part = BookPart { entries, ..book_part(0, 1) };
        sync_request(Auth::Token(TOKEN), vec![part], vec![]).encode()
    };
    let case = |name: &str, bytes: &[u8]| {
        let error = SyncRequest::decode(bytes).unwrap_err();
        let limit = match &error {
            WireError::OverLimit { limit, .. } => Json::from(limit.name),
            _ => Json::Null,
        };
        let code = error.door().code();
        json!({ "name": name, "code": code, "limit": limit, "bytes": hex_of(bytes) })
    };
    json!([
        case("nothing at all", &[]),
        case("a protocol of the future", &future),
        case("cut in the token", &lone[..9]),
        case("cut in the signature", &lone[..60]),
        case("an entry longer than its limit", &with(vec![vec![0xFF; 66_000]])),
        case("three megabytes in a few hundred bytes", &with(long_notes())),
    ])
}

fn files() -> [(&'static str, Json); 5] {
    let limits: serde_json::Map<String, Json> =
        limits::ALL.iter().map(|limit| (limit.name.to_owned(), limit.value.into())).collect();
    [
        ("statements.json", statements_file()),
        ("rows.json", rows_file()),
        ("messages.json", messages_file()),
        ("refused.json", refused_file()),
        ("limits.json", Json::Object(limits)),
    ]
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(name)
}

fn read(name: &str) -> Json {
    serde_json::from_str(&std::fs::read_to_string(path(name)).unwrap()).unwrap()
}

fn bytes(json: &Json) -> Vec<u8> {
    hex::decode(json.as_str().unwrap()).unwrap()
}

#[test]
#[ignore = "writes the files anew, when the protocol changes on purpose"]
fn write_the_vectors() {
    for (name, json) in files() {
        std::fs::write(path(name), serde_json::to_string_pretty(&json).unwrap() + "\n").unwrap();
        assert_eq!(read(name), json);
    }
}

#[test]
fn the_vectors_are_what_this_build_makes() {
    for (name, json) in files() {
        assert!(read(name) == json, "{name} differs from what this build makes");
    }
}

#[test]
fn rows_in_the_files_give_the_entries_and_edits_beside_them() {
    for case in read("rows.json").as_array().unwrap() {
        let list = |name: &str| -> Vec<Vec<u8>> {
            case[name].as_array().unwrap().iter().map(bytes).collect()
        };
        let (entries, edits, rows) = (list("entries"), list("edits"), bytes(&case["rows"]));
        let mut r = rows::RowReader::new(&rows);
        assert_eq!(r.entries(entries.len()), Ok(entries), "{}", case["name"]);
        let read = r.edits(phone(), 1, edits.len()).unwrap();
        let read: Vec<Vec<u8>> = read.iter().map(|edit| minicbor::to_vec(edit).unwrap()).collect();
        assert_eq!(read, edits, "{}", case["name"]);
        assert_eq!(r.end(), Ok(()), "{}", case["name"]);
    }
}

#[test]
fn messages_in_the_files_read_back() {
    for message in read("messages.json").as_array().unwrap() {
        let sent = bytes(&message["bytes"]);
        let name = message["name"].as_str().unwrap();
        let kind: Vec<&str> = name.split('-').take(2).collect();
        let again = match kind[..] {
            ["enrol", "request"] => EnrolRequest::decode(&sent).map(|m| m.encode()),
            ["enrol", "response"] => EnrolResponse::decode(&sent).map(|m| m.encode()),
            ["session", "request"] => SessionRequest::decode(&sent).map(|m| m.encode()),
            ["session", "response"] => SessionResponse::decode(&sent).map(|m| m.encode()),
            ["sync", "request"] => SyncRequest::decode(&sent).map(|m| m.encode()),
            ["sync", "response"] => SyncResponse::decode(&sent).map(|m| m.encode()),
            ["audit", "request"] => AuditRequest::decode(&sent).map(|m| m.encode()),
            ["audit", "response"] => AuditResponse::decode(&sent).map(|m| m.encode()),
            _ => panic!("{name}"),
        };
        assert_eq!(again, Ok(sent), "{name}");
    }
}

#[test]
fn signatures_in_the_files_hold() {
    let s = read("statements.json");
    let public = |name: &str| PublicKey(bytes(&s["keys"][name]["public"]).try_into().unwrap());
    let documents =
        [("book", 1, DocumentId::Book(book())), ("register", 3, DocumentId::Register(REGISTER))];
    for (name, count, document) in documents {
        let heads = s[name]["heads"].as_array().unwrap();
        // A book has a head before its first entry, a register none before its first edit.
        let place = if name == "book" { count } else { count - 1 };
        let head = Head(bytes(&heads[place as usize]).try_into().unwrap());
        let statement = statement(document, count, head);
        assert_eq!(statement.bytes(), bytes(&s[name][format!("statement_at_{count}")]));
        let signature = bytes(&s[name][format!("signature_at_{count}")]);
        let signature = Signature(signature.try_into().unwrap());
        statement.verify(&public("phone"), &signature).unwrap();
        assert!(statement.verify(&public("office"), &signature).is_err());
    }
    let district = DistrictId(bytes(&s["district"]).try_into().unwrap());
    let office: OfficeCertificate = minicbor::decode(&bytes(&s["office_certificate"])).unwrap();
    office.verify(&public("root")).unwrap();
    let device = minicbor::decode(&bytes(&s["device_certificate"])).unwrap();
    verify_device_certificate(&device, &district, &office.public_key).unwrap();
}

#[test]
fn what_the_files_call_refused_is_refused_with_their_code() {
    for case in read("refused.json").as_array().unwrap() {
        let error = SyncRequest::decode(&bytes(&case["bytes"])).unwrap_err();
        assert_eq!(error.door().code(), case["code"], "{}", case["name"]);
        assert_eq!(error.body().limit.map_or(Json::Null, Json::from), case["limit"]);
    }
}
