//! The engine against a server in memory, over a link that loses and repeats.

use std::collections::BTreeMap;

use super::testing::*;
use super::*;
use crate::wire::{Door, ErrorBody, SyncRequest, message::path};

/// A link: what happens to the next posts, in order; then all goes well.
struct Link<'s> {
    server: &'s mut Server,
    faults: Vec<Fault>,
    posts: Vec<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// All goes well.
    None,
    /// The request does not arrive.
    RequestLost,
    /// The request arrives, its answer does not.
    AnswerLost,
    /// The network hands the request over twice.
    Twice,
    /// The answer is cut, and the network does not notice.
    AnswerCut(usize),
}

impl<'s> Link<'s> {
    fn new(server: &'s mut Server, faults: &[Fault]) -> Self {
        Link { server, faults: faults.iter().rev().copied().collect(), posts: vec![] }
    }
}

impl Transport for Link<'_> {
    fn post(&mut self, at: &str, body: Vec<u8>) -> Result<TransportAnswer, TransportError> {
        let known = [path::SYNC, path::SESSION, path::AUDIT];
        self.posts.push(known.into_iter().find(|path| *path == at).unwrap());
        let fault = self.faults.pop().unwrap_or(Fault::None);
        if fault == Fault::RequestLost {
            return Err(TransportError::Unreachable { reason: "no signal".into() });
        }
        if fault == Fault::Twice {
            self.server.answer(at, &body);
        }
        let mut answer = self.server.answer(at, &body);
        match fault {
            Fault::AnswerLost => Err(TransportError::Lost { reason: "no signal".into() }),
            Fault::AnswerCut(place) => {
                let length = answer.body.len();
                answer.body.truncate(place % length.max(1));
                Ok(answer)
            }
            _ => Ok(answer),
        }
    }
}

fn sync(phone: &mut Phone, server: &mut Server, faults: &[Fault]) -> Result<SyncReport, SyncError> {
    let mut link = Link::new(server, faults);
    run(phone, &mut link, &mut TestRng(1), &mut |_| {})
}

/// Everything that is held, by place; who signed where is left out.
fn items(chains: &BTreeMap<Place, Chain>) -> BTreeMap<Place, &Vec<Vec<u8>>> {
    let held = chains.iter().filter(|(_, chain)| !chain.items.is_empty());
    held.map(|(place, chain)| (*place, &chain.items)).collect()
}

fn entry(text: &str) -> Vec<u8> {
    minicbor::to_vec(text).unwrap()
}

#[test]
fn a_saved_entry_goes_in_one_exchange_that_also_opens_the_session() {
    let (mut phone, mut server) = (Phone::new(1), Server::new());
    phone.save(entry("a"));
    phone.edit("b");
    let mut link = Link::new(&mut server, &[]);
    let report = run(&mut phone, &mut link, &mut TestRng(1), &mut |_| {}).unwrap();
    // A phone that was never here asks for its first challenge; the next ones come with the answers.
    assert_eq!(link.posts, [path::SESSION, path::SYNC]);
    assert_eq!((report.acknowledged, report.requests), (2, 2));

    phone.save(entry("c"));
    let report = sync(&mut phone, &mut server, &[]).unwrap();
    assert_eq!((report.acknowledged, report.requests), (1, 1));

    server.end_sessions();
    phone.session.token = None;
    phone.save(entry("d"));
    let report = sync(&mut phone, &mut server, &[]).unwrap();
    assert_eq!((report.acknowledged, report.requests), (1, 1), "the kept challenge was signed");
}

#[test]
fn a_session_that_the_server_has_forgotten_costs_one_more_post() {
    let (mut phone, mut server) = (Phone::new(1), Server::new());
    sync(&mut phone, &mut server, &[]).unwrap();
    server.end_sessions();
    phone.save(entry("a"));
    let report = sync(&mut phone, &mut server, &[]).unwrap();
    assert_eq!((report.acknowledged, report.requests), (1, 2));
}

#[test]
fn a_lost_answer_is_asked_for_again_and_doubles_nothing() {
    for fault in [Fault::RequestLost, Fault::AnswerLost, Fault::AnswerCut(3)] {
        let (mut phone, mut server) = (Phone::new(1), Server::new());
        sync(&mut phone, &mut server, &[]).unwrap();
        for text in ["a", "b", "c"] {
            phone.save(entry(text));
        }
        assert!(sync(&mut phone, &mut server, &[fault]).is_err(), "{fault:?}");
        sync(&mut phone, &mut server, &[]).unwrap();
        assert_eq!(items(&phone.chains), items(&server.chains), "{fault:?}");
        assert!(phone.outgoing(1).unwrap().is_empty());
    }
}

#[test]
fn every_cut_of_an_answer_is_harmless() {
    let mut server = Server::new();
    let mut other = Phone::new(2);
    for text in ["x", "y", "z"] {
        other.save(entry(text));
        other.edit(text);
    }
    sync(&mut other, &mut server, &[]).unwrap();
    let mut phone = Phone::new(1);
    phone.save(entry("a"));
    for place in 0..400 {
        let (mut phone, mut server) = (phone.clone(), server.clone());
        // The session's answer passes; the sync's is cut.
        let _ = sync(&mut phone, &mut server, &[Fault::None, Fault::AnswerCut(place)]);
        sync(&mut phone, &mut server, &[]).unwrap();
        assert_eq!(items(&phone.chains), items(&server.chains), "cut at {place}");
    }
}

#[test]
fn a_long_absence_drains_in_one_exchange_of_bodies_within_the_limit() {
    let (mut phone, mut server) = (Phone::new(1), Server::new());
    for number in 0..250_u32 {
        let mut rng = TestRng(u64::from(number));
        let text: String = (0..3_000).map(|_| char::from(b'!' + rng.below(90) as u8)).collect();
        phone.save(entry(&text));
    }
    struct Measured<'a>(Link<'a>, usize);
    impl Transport for Measured<'_> {
        fn post(&mut self, at: &str, body: Vec<u8>) -> Result<TransportAnswer, TransportError> {
            assert!(body.len() <= crate::wire::limits::BODY_BYTES.len(), "{}", body.len());
            self.1 += 1;
            self.0.post(at, body)
        }
    }
    let mut link = Measured(Link::new(&mut server, &[]), 0);
    let report = run(&mut phone, &mut link, &mut TestRng(1), &mut |_| {}).unwrap();
    assert_eq!(report.acknowledged, 250);
    assert!(link.1 > 3, "{} posts", link.1);
    assert!(items(&phone.chains) == items(&server.chains));
}

#[test]
fn after_a_restore_phones_give_back_what_the_server_lost_their_own_and_others() {
    let mut server = Server::new();
    let (mut one, mut two) = (Phone::new(1), Phone::new(2));
    one.save(entry("before"));
    sync(&mut one, &mut server, &[]).unwrap();
    let backup = server.clone();

    one.save(entry("one"));
    one.edit("one");
    server.publish(entry("office"));
    sync(&mut one, &mut server, &[]).unwrap();
    two.save(entry("two"));
    sync(&mut two, &mut server, &[]).unwrap();
    let whole = server.chains.clone();
    assert_eq!(items(&two.chains), items(&whole));

    // The backup comes back; phone one never returns, phone two holds its entries.
    let mut server = Server::restored(&backup, 2);
    assert!(items(&server.chains).len() < items(&whole).len());
    sync(&mut two, &mut server, &[]).unwrap();
    assert_eq!(items(&server.chains), items(&whole));
    // An audit that is cut anywhere begins again.
    for cut in 0..6 {
        let mut faults = vec![Fault::None; cut];
        faults.push(Fault::AnswerLost);
        let mut server = Server::restored(&backup, 3);
        let mut two = two.clone();
        let _ = sync(&mut two, &mut server, &faults);
        sync(&mut two, &mut server, &[]).unwrap();
        assert_eq!(items(&server.chains), items(&whole), "cut at {cut}");
    }
}

#[test]
fn any_order_of_saves_syncs_faults_and_restores_loses_nothing_and_doubles_nothing() {
    for seed in 0..80 {
        let mut rng = TestRng(seed);
        let mut server = Server::new();
        let mut backups = vec![server.clone()];
        let mut phones: Vec<Phone> = (1..=3).map(Phone::new).collect();
        let mut written = 0;
        for step in 0..60 {
            let who = rng.below(phones.len());
            match rng.below(12) {
                0..=3 => {
                    phones[who].save(entry(&format!("{seed} {step}")));
                    written += 1;
                }
                4 => {
                    phones[who].edit(&format!("{seed} {step}"));
                    written += 1;
                }
                5 => server.end_sessions(),
                6 if backups.len() < 4 => backups.push(server.clone()),
                7 if step % 5 == 0 => {
                    let epoch = server.epoch + 1;
                    server = Server::restored(&backups[rng.below(backups.len())], epoch);
                }
                _ => {
                    let faults: Vec<Fault> = (0..6)
                        .map(|_| match rng.below(8) {
                            0 => Fault::RequestLost,
                            1 => Fault::AnswerLost,
                            2 => Fault::Twice,
                            3 => Fault::AnswerCut(rng.below(500)),
                            _ => Fault::None,
                        })
                        .collect();
                    // It may fail; nothing may be lost by it.
                    let _ = sync(&mut phones[who], &mut server, &faults);
                }
            }
        }
        for _ in 0..2 {
            for phone in &mut phones {
                sync(phone, &mut server, &[]).unwrap_or_else(|error| panic!("{seed}: {error}"));
            }
        }
        let held: usize = server.chains.values().map(|chain| chain.items.len()).sum();
        assert_eq!(held, written, "seed {seed}");
        for phone in &phones {
            assert!(items(&phone.chains) == items(&server.chains), "seed {seed}");
        }
    }
}

#[test]
fn a_tap_tries_at_once_and_a_save_waits_for_the_time_set() {
    let mut phone = Phone::new(1);
    phone.session.challenge = Some(crate::wire::Challenge(vec![1; 16]));
    phone.save(entry("a"));
    let mut rng = TestRng(3);
    let mut engine = Engine::new();
    let posts = |effects: &[Effect]| {
        effects.iter().filter(|effect| matches!(effect, Effect::Post { .. })).count()
    };
    let lost = TransportError::Lost { reason: "no signal".into() };
    let effects = engine.handle(Event::Saved, 1_000, &mut phone, &mut rng).unwrap();
    assert_eq!(posts(&effects), 1);
    let effects = engine.handle(Event::Failed(&lost), 2_000, &mut phone, &mut rng).unwrap();
    let [Effect::WakeAt { at_ms }] = effects[..] else { panic!("{effects:?}") };
    assert!((3_000..=4_000).contains(&at_ms), "{at_ms}");
    assert!(engine.trouble().is_some() && !engine.is_exchanging());

    assert_eq!(engine.handle(Event::Saved, 2_100, &mut phone, &mut rng).unwrap(), []);
    let early = engine.handle(Event::Timer, at_ms - 1, &mut phone, &mut rng).unwrap();
    assert_eq!(early, [Effect::WakeAt { at_ms }]);
    for event in [Event::Timer, Event::Tapped, Event::Opened, Event::LinkHealed] {
        let effects = engine.handle(event, at_ms, &mut phone, &mut rng).unwrap();
        assert_eq!(posts(&effects), 1);
        engine.handle(Event::Failed(&lost), at_ms, &mut phone, &mut rng).unwrap();
    }
}

#[test]
fn what_is_saved_during_an_exchange_goes_with_the_same_exchange() {
    let (mut phone, mut server) = (Phone::new(1), Server::new());
    sync(&mut phone, &mut server, &[]).unwrap();
    let mut rng = TestRng(3);
    let mut engine = Engine::new();
    phone.save(entry("a"));
    let effects = engine.handle(Event::Saved, 0, &mut phone, &mut rng).unwrap();
    let [Effect::Post { path, body }] = &effects[..] else { panic!("{effects:?}") };
    phone.save(entry("b"));
    assert_eq!(engine.handle(Event::Saved, 0, &mut phone, &mut rng).unwrap(), []);
    let answer = server.answer(path, body);
    let effects = engine.handle(Event::Answered(&answer), 0, &mut phone, &mut rng).unwrap();
    let Some(Effect::Post { body, .. }) = effects.last() else { panic!("{effects:?}") };
    let second = SyncRequest::decode(body).unwrap();
    assert_eq!((second.books[0].start, second.books[0].entries.len()), (1, 1));
}

/// A server that always answers the same.
struct Always(TransportAnswer, u32);

impl Transport for Always {
    fn post(&mut self, _: &str, _: Vec<u8>) -> Result<TransportAnswer, TransportError> {
        self.1 += 1;
        assert!(self.1 < 50, "it never ends");
        Ok(self.0.clone())
    }
}

#[test]
fn a_server_that_takes_nothing_is_not_asked_for_ever() {
    let mut phone = Phone::new(1);
    phone.session.token = Some(crate::wire::Token([1; 16]));
    phone.save(entry("a"));
    let mut answers = vec![];
    for more in [false, true] {
        let answer = crate::wire::SyncResponse { more, ..Default::default() };
        answers.push(TransportAnswer { status: 200, body: answer.encode() });
    }
    for &door in Door::ALL {
        let body = serde_json::to_vec(&ErrorBody::new(door)).unwrap();
        answers.push(TransportAnswer { status: door.status(), body });
    }
    answers.push(TransportAnswer { status: 502, body: b"<html>bad gateway</html>".to_vec() });
    answers.push(TransportAnswer { status: 200, body: vec![] });
    for answer in answers {
        let mut server = Always(answer, 0);
        let result = run(&mut phone.clone(), &mut server, &mut TestRng(1), &mut |_| {});
        assert!(matches!(result, Err(SyncError::Trouble(_))), "{result:?}");
    }
}
