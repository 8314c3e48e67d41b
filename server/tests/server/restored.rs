//! Backup while running, and what phones and the office do after a restore.

use std::sync::Arc;

use courtyard_core::domain::{Body, Entry};
use courtyard_core::wire::message::path;
use courtyard_core::wire::{Cursor, ErrorBody, SessionRequest, SessionResponse};
use courtyard_server::backup::{backup, check, restore};
use rand::SeedableRng as _;
use rand::rngs::ChaCha8Rng;

use crate::support::{NOW_MS, Phone, Yard, open_node};

fn rng() -> courtyard_server::rng::ServerRng {
    Box::new(ChaCha8Rng::seed_from_u64(77))
}

#[test]
fn what_came_after_the_backup_returns_from_the_phones_under_a_new_epoch() {
    let mut yard = Yard::new();
    let mut first = yard.enrol(1);
    let second = yard.enrol(2);
    first.notes(5);
    yard.sync(&first.request(vec![first.part(0, 0, 3)], vec![]));
    let place = tempfile::tempdir().unwrap();
    let kept = place.path().join("backup");
    let manifest = backup(&mut yard.node(), &kept, false, NOW_MS).unwrap();
    assert!(manifest.books.iter().any(|book| book.count == 3));
    assert!(!kept.join("root.key").exists(), "the root key stays where it is");

    // Lost with the machine: two entries, a phone, a village's name.
    yard.sync(&first.request(vec![first.part(0, 3, 5)], vec![]));
    let mut third = yard.enrol(3);
    third.notes(2);
    yard.sync(&third.request(vec![third.part(0, 0, 2)], vec![]));
    let seen = yard.sync(&second.request(vec![], vec![]));
    let old_county = seen.books.first().unwrap().clone();

    let data = place.path().join("restored");
    let epoch = restore(&kept, &data, Arc::new(yard.clock.clone()), rng()).unwrap();
    assert!(epoch > 1);
    yard.use_data(&data);

    // Tokens and challenges of before open nothing; the refusal brings a challenge to sign.
    let mut request = first.request(vec![first.part(0, 0, 5)], vec![]);
    request.cursor = Cursor { epoch: 1, position: vec![5] };
    let answer = yard.post(path::SYNC, &request.encode());
    assert_eq!(answer.code(), "door.session_wanted");
    request.auth = first.signed();
    assert_eq!(yard.refused(path::SYNC, &request.encode()).1, "door.bad_challenge");
    let body: ErrorBody = serde_json::from_slice(&answer.body).unwrap();
    first.challenge.0 = hex::decode(body.challenge.unwrap()).unwrap();
    request.auth = first.signed();
    let answer = yard.sync(&request);
    assert_eq!(answer.cursor, Cursor { epoch, position: vec![] });
    assert_eq!(answer.have, [(first.part(0, 0, 1).book, 5)]);
    let fresh = answer.certificates;
    assert!(fresh.iter().all(|c| c.device.get() > 1_024), "the office has fresh devices");

    // The lost phone is known again by its certificate, from itself …
    let ask = yard.post(path::SESSION, &SessionRequest::Ask { device: third.device() }.encode());
    third.challenge = SessionResponse::decode(&ask.body).unwrap().challenge;
    let mut request = third.request(vec![third.part(0, 0, 2)], vec![]);
    request.auth = third.signed();
    assert_eq!(yard.refused(path::SYNC, &request.encode()).1, "door.unknown_device");
    request.certificates = vec![third.certificate.clone()];
    let answer = yard.sync(&request);
    assert_eq!(answer.have, [(third.part(0, 0, 1).book, 2)]);
    third.token = answer.token.unwrap();

    // … and what the office had written comes back signed, from whoever kept it.
    let mut request = third.request(vec![old_county.clone()], vec![]);
    request.certificates = vec![seen.certificates.first().unwrap().clone()];
    let answer = yard.sync(&request);
    assert!(answer.refused.is_empty(), "{:?}", answer.refused);
    assert_eq!(answer.have, [(old_county.book, old_county.end())]);

    // A phone that begins anew finds the lost phone's certificate in the county's new book.
    let fourth = yard.enrol(4);
    assert!(fourth.device().get() > 1_024);
    let pulled = yard.sync(&fourth.request(vec![], vec![]));
    let published: Vec<_> = pulled
        .books
        .iter()
        .flat_map(|part| &part.entries)
        .filter_map(|entry| match Entry::decode(entry).unwrap().body {
            Body::DeviceCertificate(certificate) => Some(certificate),
            _ => None,
        })
        .collect();
    for certificate in [&third.certificate, &fourth.certificate].into_iter().chain(&fresh) {
        assert!(published.contains(certificate), "{}", certificate.device);
    }
    assert!(pulled.books.iter().any(|p| p.entries.len() == 5 && p.book.device == first.device()));
}

#[test]
fn a_damaged_backup_is_named_and_nothing_is_restored() {
    let yard = Yard::new();
    let place = tempfile::tempdir().unwrap();
    let kept = place.path().join("backup");
    backup(&mut yard.node(), &kept, true, NOW_MS).unwrap();
    assert!(kept.join("root.key").exists());
    check(&kept).unwrap();
    let again = backup(&mut yard.node(), &kept, true, NOW_MS).unwrap_err();
    assert!(again.to_string().ends_with("is not empty"));

    let log = kept.join("log.db");
    let mut bytes = std::fs::read(&log).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&log, bytes).unwrap();
    let data = place.path().join("restored");
    let clock = Arc::new(yard.clock.clone());
    let error = restore(&kept, &data, clock.clone(), rng()).unwrap_err();
    assert_eq!(error.to_string(), "log.db was changed");
    std::fs::remove_file(&log).unwrap();
    let error = restore(&kept, &data, clock, rng()).unwrap_err();
    assert_eq!(error.to_string(), "log.db is missing");
    assert!(!data.exists());
}

#[test]
fn a_node_without_its_office_key_says_so_and_founds_nothing() {
    let yard = Yard::new();
    let key = yard.place.path().join("office.key");
    let kept = std::fs::read(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    let clock = Arc::new(yard.clock.clone());
    let open = || courtyard_server::Node::open(yard.place.path(), clock.clone(), rng());
    assert!(open().unwrap_err().to_string().starts_with("office.key is missing"));
    std::fs::write(&key, "00".repeat(32)).unwrap();
    assert_eq!(open().unwrap_err().to_string(), "office.key is not this log's");
    std::fs::write(&key, kept).unwrap();
    assert!(!open().unwrap().founded());
    // The root key may live elsewhere.
    std::fs::remove_file(yard.place.path().join("root.key")).unwrap();
    let mut node = open_node(yard.place.path(), &yard.clock, 5);
    let invitation = node.invite(yard.village, None).unwrap();
    drop(node);
    let phone = Phone::made(&invitation, 5);
    assert_eq!(yard.post(path::ENROL, &phone.request.encode()).status, 200);
}

#[test]
fn users_have_hashed_passwords_and_every_act_is_kept() {
    let yard = Yard::new();
    let mut node = yard.node();
    for (name, role, password) in [
        ("", "clerk", "long enough 1"),
        ("lin", "king", "long enough 1"),
        ("lin", "clerk", "short"),
    ] {
        node.put_user(name, role, password).unwrap_err();
    }
    node.put_user("lin", "clerk", "柜台密码一二三四五六").unwrap();
    let reads = node.read().unwrap();
    let stored = reads.user("lin").unwrap().unwrap();
    assert!(stored.password_hash.starts_with("$argon2id$"));
    let verify = |name: &str, password: &str| {
        courtyard_server::office::Office::verify_user(reads.as_ref(), name, password).unwrap()
    };
    assert_eq!(verify("lin", "柜台密码一二三四五六"), Some(stored));
    assert_eq!(verify("lin", "柜台密码一二三四五七"), None);
    assert_eq!(verify("nobody", "柜台密码一二三四五六"), None);
    let acts: Vec<_> = reads.acts(10).unwrap().into_iter().map(|act| act.act).collect();
    assert_eq!(acts, ["user.put", "village.add", "county.found"]);
}
