//! The store's half of a sync: what goes out, and what an answer changes.

use super::world::*;
use crate::document::register::keys::grower_name_key;
use crate::document::{BookId, RegisterId};
use crate::domain::Clock;
use crate::store::*;
use crate::sync::{Held, Outgoing, Replica as _, Session};
use crate::wire::{
    AuditResponse, AuditedBook, Challenge, Cursor, Door, Refusal, Refused, SyncResponse, Token,
};

const NOW: Clock = Clock { wall_s: 1_593_600_000, uptime_s: 9_000 };

fn book(number: u32) -> BookId {
    BookId { device: device(5), number }
}

fn written(district: &District, slips: i64) -> (Store, Signer) {
    let phone = district.signer(5);
    let mut store = district.store("phone", &[5, 6]);
    for n in 0..slips {
        save(&mut store, &phone, slip(grower(5, 1), 1_000 + n));
    }
    (store, phone)
}

fn outgoing(store: &mut Store, signer: &Signer, budget: usize) -> Outgoing {
    StoreReplica::new(store, signer, NOW).outgoing(budget).unwrap()
}

fn apply(store: &mut Store, signer: &Signer, answer: &SyncResponse) -> crate::sync::Applied {
    StoreReplica::new(store, signer, NOW).apply(answer).unwrap()
}

#[test]
fn what_goes_out_is_cut_to_the_budget_and_signed_where_it_is_cut() {
    let district = District::new();
    let (mut store, phone) = written(&district, 230);
    let mut server = district.store("server", &[5]);
    let mut bodies = 0;
    loop {
        let out = outgoing(&mut store, &phone, 3_000);
        if out.is_empty() {
            break;
        }
        let bytes: usize = out.books.iter().flat_map(|part| &part.entries).map(Vec::len).sum();
        assert!(bytes <= 3_000);
        let incoming = Incoming { books: &out.books, ..Default::default() };
        let done = server.ingest(incoming, Checked::Here).unwrap();
        assert_eq!(done.set_aside, 0);
        let have = out.reach().collect();
        let applied = apply(&mut store, &phone, &SyncResponse { have, ..Default::default() });
        assert_eq!(applied.acknowledged, done.entries);
        bodies += 1;
    }
    assert!(bodies > 3);
    assert_eq!(server.digests(VILLAGE).unwrap(), store.digests(VILLAGE).unwrap());
    // However small the budget, something goes.
    save(&mut store, &phone, slip(grower(5, 1), 1));
    assert_eq!(outgoing(&mut store, &phone, 0).books[0].entries.len(), 1);
}

#[test]
fn an_answer_is_taken_once_with_its_cursor_and_session() {
    let district = District::new();
    let (mut store, phone) = written(&district, 2);
    let other = district.signer(6);
    let mut second = district.store("second", &[6]);
    save(&mut second, &other, slip(grower(6, 1), 4_000));
    let (books, _) = parts(&mut second, &other);
    let answer = SyncResponse {
        columns: 1,
        token: Some(Token([7; 16])),
        challenge: Some(Challenge(vec![8; 32])),
        cursor: Cursor { epoch: 3, position: vec![1, 2] },
        have: vec![(book(0), 2)],
        books,
        ..Default::default()
    };
    let applied = apply(&mut store, &phone, &answer);
    assert_eq!((applied.acknowledged, applied.entries), (2, 1));
    let again = apply(&mut store, &phone, &answer);
    assert_eq!((again.acknowledged, again.entries), (0, 0));
    let replica = StoreReplica::new(&mut store, &phone, NOW);
    assert_eq!(replica.cursor().unwrap(), answer.cursor);
    let session = replica.session().unwrap();
    let kept = Session { token: answer.token, challenge: answer.challenge, columns: 1 };
    assert_eq!(session, kept);
    assert!(replica.outgoing(usize::MAX).unwrap().is_empty());
    assert_eq!(store.waiting().unwrap(), Waiting::default());
    assert_eq!(store.last_sync_s().unwrap(), Some(NOW.wall_s));
}

#[test]
fn a_restored_server_gets_everything_again_others_too() {
    let district = District::new();
    let (mut store, phone) = written(&district, 210);
    let other = district.signer(6);
    let mut second = district.store("second", &[6]);
    save(&mut second, &other, slip(grower(6, 1), 4_000));
    let (books, _) = parts(&mut second, &other);
    let have = vec![(book(0), 200), (book(1), 10)];
    apply(&mut store, &phone, &SyncResponse { have, books, ..Default::default() });
    assert!(outgoing(&mut store, &phone, usize::MAX).is_empty());
    // The audit: page by page, and the server has only 120 of the first book.
    let mut replica = StoreReplica::new(&mut store, &phone, NOW);
    let mut after: Option<Held> = None;
    let mut held = Vec::new();
    loop {
        let page = replica.held(after.as_ref(), 1).unwrap();
        held.extend(page.books.clone());
        let more = page.more;
        after = Some(page);
        if !more {
            break;
        }
    }
    assert_eq!(held.len(), 3);
    let books = held
        .iter()
        .map(|held| AuditedBook {
            book: held.book,
            count: if held.book == book(0) { 120 } else { 0 },
            agrees: true,
        })
        .collect();
    let answer = AuditResponse { epoch: 2, books, edits: Vec::new() };
    let cursor = Cursor { epoch: 2, position: Vec::new() };
    replica.apply_audit(&answer, Some(&cursor)).unwrap();
    assert_eq!(replica.cursor().unwrap(), cursor);
    let out = replica.outgoing(usize::MAX).unwrap();
    let starts: Vec<_> = out.books.iter().map(|p| (p.book.device, p.start, p.end())).collect();
    assert_eq!(starts, [(device(5), 120, 200), (device(5), 0, 10), (device(6), 0, 1)]);
    assert_eq!(out.certificates, district.certificates(&[6]));
}

#[test]
fn a_refused_book_is_set_aside_and_not_sent_again() {
    let district = District::new();
    let (mut store, phone) = written(&district, 5);
    let what = Refused::Part { book: book(0), start: 3 };
    let refused = vec![Refusal::new(what, Door::Fork)];
    let have = vec![(book(0), 3)];
    let applied = apply(&mut store, &phone, &SyncResponse { have, refused, ..Default::default() });
    assert_eq!((applied.acknowledged, applied.set_aside), (3, 2));
    assert!(outgoing(&mut store, &phone, usize::MAX).is_empty());
    assert_eq!(store.set_aside().unwrap()[0].code, Door::Fork.code());
    assert_eq!(store.counts().unwrap().blocked_books, 1);
    assert_eq!(rows(&store, "slips").len(), 5, "nothing of it is lost here");
}

#[test]
fn a_phone_put_back_to_an_older_state_is_noticed() {
    let district = District::new();
    let (mut store, phone) = written(&district, 5);
    let have = vec![(book(0), 9)];
    apply(&mut store, &phone, &SyncResponse { have, ..Default::default() });
    assert_eq!(store.set_aside().unwrap()[0].code, "sync.restored_phone");
    assert_eq!(store.counts().unwrap().blocked_books, 1);
}

#[test]
fn a_refused_edit_is_set_aside_and_what_followed_is_written_again() {
    let district = District::new();
    let (mut store, phone) = written(&district, 0);
    let register = RegisterId { village: VILLAGE, edition: 0 };
    for (n, name) in [(1, "王芳"), (2, "长名"), (3, "李强")] {
        let fields = vec![(grower_name_key(grower(5, n), 1), name.into())];
        store.edit_register(&phone, VILLAGE, fields).unwrap();
    }
    let refuse = |number, door| {
        let what = Refused::Edit { register, device: device(5), number };
        SyncResponse { refused: vec![Refusal::new(what, door)], ..Default::default() }
    };
    let mut answer = refuse(2, Door::ItemOverLimit);
    answer.have_edits = vec![(register, device(5), 1)];
    apply(&mut store, &phone, &answer);
    let names = |store: &Store| -> Vec<String> {
        store.growers(None).unwrap().into_iter().map(|row| row.name).collect()
    };
    assert_eq!(names(&store), ["王芳", "李强"]);
    let out = outgoing(&mut store, &phone, usize::MAX);
    assert_eq!(out.edits.len(), 1);
    assert_eq!((out.edits[0].edits.len(), out.edits[0].edits[0].number), (1, 2));
    let mut server = district.store("server", &[5]);
    apply(&mut store, &phone, &refuse(1, Door::OtherVillage));
    assert_eq!(names(&store), Vec::<String>::new());
    assert!(outgoing(&mut store, &phone, usize::MAX).is_empty());
    assert_eq!(store.set_aside().unwrap().len(), 4);
    let before = rows(&store, "growers");
    store.rebuild().unwrap();
    assert_eq!(rows(&store, "growers"), before);
    // Its number is free again, and the next edit is accepted.
    let fields = vec![(grower_name_key(grower(5, 7), 1), "赵敏".into())];
    store.edit_register(&phone, VILLAGE, fields).unwrap();
    let out = outgoing(&mut store, &phone, usize::MAX);
    let done = server.ingest(Incoming { edits: &out.edits, ..Default::default() }, Checked::Here);
    assert_eq!(done.unwrap().edits, 1);
}

#[test]
fn a_revoked_phone_knows_it_and_still_sends() {
    let district = District::new();
    let (mut store, phone) = written(&district, 1);
    apply(&mut store, &phone, &SyncResponse { upload_only: true, ..Default::default() });
    assert!(store.is_revoked().unwrap());
    assert!(!outgoing(&mut store, &phone, usize::MAX).is_empty());
}
