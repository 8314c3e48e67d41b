//! Words about entries: threads as they stand, and the same after a rebuild.

use super::world::*;
use crate::domain::hold::{Evidence, HoldDecision};
use crate::domain::question::{Answer, Objection, Question, Review};
use crate::domain::revocation::DeviceRevocation;
use crate::domain::{EntryHash, EntryId, PersonNo};
use crate::ledger::words::{ThreadState, Topic};
use crate::store::*;

fn ask(target: EntryId, target_hash: EntryHash) -> Question {
    Question { target, target_hash, text: "单价为何低于价目表".into() }
}

fn accept(target: EntryId, target_hash: EntryHash) -> Review {
    Review { target, target_hash, accepts: true, text: String::new() }
}

fn states(store: &Store) -> Vec<(Topic, ThreadState)> {
    store.threads().unwrap().into_iter().map(|thread| (thread.topic, thread.state)).collect()
}

#[test]
fn threads_stand_by_their_answers_and_a_review_opens_again_when_its_slip_is_voided() {
    let district = District::new();
    let (office, phone) = (district.signer(1), district.signer(5));
    let mut store = district.store("view", &[0, 1, 5]);
    let bought = save(&mut store, &phone, slip(grower(5, 1), 4_000));
    let asked = save(&mut store, &office, ask(bought.id, bought.hash));
    save(&mut store, &office, accept(bought.id, bought.hash));
    let (open, settled) = (ThreadState::Open, ThreadState::Settled);
    assert_eq!(states(&store), [(Topic::Question, open), (Topic::Review, settled)]);
    let text = String::from("降级处理");
    save(&mut store, &phone, Answer { question: asked.id, text, settles: true });
    assert_eq!(store.thread(asked.id).unwrap().unwrap().state, settled);
    let back = save(&mut store, &phone, void(grower(5, 1), bought.id, bought.hash));
    let about = store.threads_about(bought.id).unwrap();
    let review = about.iter().find(|thread| thread.topic == Topic::Review).unwrap();
    assert_eq!(
        (review.state, review.changed_by.as_slice()),
        (ThreadState::Reopened, &[back.id][..])
    );
    // Who accepts the void accepts what became of the slip.
    save(&mut store, &office, accept(back.id, back.hash));
    assert!(store.threads().unwrap().iter().all(|thread| !thread.waits()));
    let before = (projections(&store), store.threads().unwrap());
    store.rebuild().unwrap();
    assert_eq!((projections(&store), store.threads().unwrap()), before);
    assert_eq!(store.thread(bought.id).unwrap(), None);
}

#[test]
fn a_phone_may_object_for_a_grower_and_may_not_ask_or_review() {
    let district = District::new();
    let phone = district.signer(5);
    let mut store = district.store("phone", &[0, 1, 5]);
    let bought = save(&mut store, &phone, slip(grower(5, 1), 4_000));
    let objection = Objection {
        grower: grower(5, 1),
        target: bought.id,
        target_hash: bought.hash,
        person: PersonNo::new(0),
        text: "少记了一筐".into(),
    };
    let said = save(&mut store, &phone, objection);
    save(&mut store, &phone, ask(bought.id, bought.hash));
    save(&mut store, &phone, accept(bought.id, bought.hash));
    let threads = store.threads().unwrap();
    assert_eq!(threads.len(), 1);
    assert_eq!((threads[0].root, threads[0].topic), (said.id, Topic::Objection));
    assert_eq!(store.held().unwrap().len(), 2);
}

#[test]
fn what_a_revoked_phone_said_afterwards_is_dropped_and_comes_back_when_admitted() {
    let district = District::new();
    let (county, office, phone) = (district.signer(0), district.signer(1), district.signer(5));
    let mut store = district.store("view", &[0, 1, 5]);
    let bought = save(&mut store, &phone, slip(grower(5, 1), 4_000));
    let asked = save(&mut store, &office, ask(bought.id, bought.hash));
    let answer = Answer { question: asked.id, text: "降级处理".into(), settles: true };
    let answered = save(&mut store, &phone, answer);
    let state = |store: &Store| store.thread(asked.id).unwrap().unwrap().state;
    assert_eq!(state(&store), ThreadState::Settled);
    let revocation = DeviceRevocation { device: device(5), count: 1, reason: "离岗".into() };
    save(&mut store, &county, revocation);
    assert_eq!(state(&store), ThreadState::Open);
    let admit = HoldDecision {
        target: answered.id,
        target_hash: answered.hash,
        admits: true,
        settles: vec!["entry.after_revocation".into()],
        evidence: Evidence::Witness,
        reason: "当面核实".into(),
        grower: None,
    };
    save(&mut store, &office, admit);
    assert_eq!(state(&store), ThreadState::Settled);
    let before = projections(&store);
    store.rebuild().unwrap();
    assert_eq!(projections(&store), before);
}
