//! Phones with real stores and the sync engine, through the router: exchange, and repair by
//! themselves after the server was restored.

use std::sync::Arc;

use courtyard_core::document::register::keys::grower_name_key;
use courtyard_core::document::{DeviceKey, DistrictId, Value};
use courtyard_core::domain::note::Note;
use courtyard_core::domain::{Body, BusinessDate, Clock, EntityNo, GrowerId, OperatorNo};
use courtyard_core::store::{NewEntry, OpenOptions, Signer, Store, StoreReplica, Trust};
use courtyard_core::sync::{
    Session, SyncError, SyncReport, Transport, TransportAnswer, TransportError, run,
};
use courtyard_core::wire::EnrolResponse;
use courtyard_core::wire::message::path;
use courtyard_server::backup::{backup, restore};
use rand::SeedableRng as _;
use rand::rngs::ChaCha8Rng;

use crate::support::{NOW_MS, Phone, Yard};

const CLOCK: Clock = Clock { wall_s: NOW_MS / 1_000, uptime_s: 60 };

/// The router as a way to the server; every post is made twice, as when the first answer is lost.
struct Twice<'y>(&'y Yard);

impl Transport for Twice<'_> {
    fn post(&mut self, path: &str, body: Vec<u8>) -> Result<TransportAnswer, TransportError> {
        self.0.call("POST", path, body.clone());
        let answer = self.0.call("POST", path, body);
        Ok(TransportAnswer { status: answer.status, body: answer.body })
    }
}

pub(crate) struct StorePhone {
    pub(crate) store: Store,
    pub(crate) signer: Signer,
    growers: u32,
    pub(crate) place: tempfile::TempDir,
}

impl StorePhone {
    pub(crate) fn enrol(yard: &Yard, seed: u8) -> StorePhone {
        let invitation = yard.invite();
        let phone = Phone::made(&invitation, seed);
        let answer = yard.post(path::ENROL, &phone.request.encode());
        let answer = EnrolResponse::decode(&answer.body).unwrap();
        let place = tempfile::tempdir().unwrap();
        let mut store =
            Store::open(OpenOptions::rebuildable(place.path().join("phone.db"))).unwrap();
        let trust = Trust::new(invitation.root, answer.office).unwrap();
        let session =
            Session { token: Some(answer.token), challenge: Some(answer.challenge), columns: 1 };
        let others = [answer.county, answer.village_office];
        store.enrol(&trust, &answer.certificate, &others, "", &session).unwrap();
        let key = DeviceKey::from_seed([seed; 32]);
        let district = DistrictId::of(&invitation.root);
        let signer = Signer::new(key, district, answer.certificate).unwrap();
        StorePhone { store, signer, growers: 0, place }
    }

    fn work(&mut self, yard: &Yard, notes: u32) {
        for number in 0..notes {
            let new = NewEntry {
                date: BusinessDate::at(NOW_MS / 1_000),
                clock: CLOCK,
                entity: EntityNo::new(0),
                operator: OperatorNo::new(0),
                body: Body::Note(Note { about: None, text: format!("note {number}") }),
                reissue_of: None,
            };
            self.store.save(&self.signer, new, None).unwrap();
        }
        self.growers += 1;
        let grower = GrowerId::new(self.signer.device(), self.growers);
        let name = (grower_name_key(grower, 1), Value::Text("王".to_owned()));
        self.store.edit_register(&self.signer, yard.village, vec![name]).unwrap();
    }

    pub(crate) fn sync(&mut self, yard: &Yard) -> Result<SyncReport, SyncError> {
        let mut replica = StoreReplica::new(&mut self.store, &self.signer, CLOCK);
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        run(&mut replica, &mut Twice(yard), &mut rng, &mut |_| {})
    }
}

/// Syncs all of them until nothing moves, and compares every store with the server's view.
fn settle(yard: &Yard, phones: &mut [&mut StorePhone]) {
    for _ in 0..3 {
        for phone in phones.iter_mut() {
            let report = phone.sync(yard).unwrap();
            assert_eq!(report.set_aside, 0);
        }
    }
    let view = yard.node().view().unwrap();
    let expected = view.store().digests(yard.village).unwrap();
    for phone in phones.iter() {
        assert_eq!(phone.store.digests(yard.village).unwrap(), expected);
        let waiting = phone.store.waiting().unwrap();
        assert_eq!(waiting, courtyard_core::store::Waiting::default(), "{waiting:?}");
        assert_eq!(phone.store.growers(Some(yard.village)).unwrap().len(), phones.len() * 2);
    }
    assert!(yard.node().read().unwrap().set_aside().unwrap().is_empty());
}

#[test]
fn phones_agree_with_the_view_and_repair_a_restored_server_by_themselves() {
    let mut yard = Yard::new();
    let mut first = StorePhone::enrol(&yard, 1);
    let mut second = StorePhone::enrol(&yard, 2);
    for phone in [&mut first, &mut second] {
        phone.work(&yard, 250);
        phone.sync(&yard).unwrap();
    }
    let place = tempfile::tempdir().unwrap();
    let kept = place.path().join("backup");
    backup(&mut yard.node(), &kept, false, NOW_MS).unwrap();

    // After the backup: more work, and a phone that the backup does not know.
    let mut third = StorePhone::enrol(&yard, 3);
    third.work(&yard, 30);
    third.work(&yard, 30);
    for phone in [&mut first, &mut second] {
        phone.work(&yard, 40);
    }
    settle(&yard, &mut [&mut first, &mut second, &mut third]);

    let data = place.path().join("restored");
    let rng = Box::new(ChaCha8Rng::seed_from_u64(9));
    restore(&kept, &data, Arc::new(yard.clock.clone()), rng).unwrap();
    yard.use_data(&data);
    yard.node().publish(&[Body::Note(Note { about: None, text: "again".into() })], None).unwrap();
    settle(&yard, &mut [&mut first, &mut second, &mut third]);
}
