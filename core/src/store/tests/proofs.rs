//! What a slip's QR proves, of any entry that a phone still holds.

use super::world::*;
use crate::document::BookId;
use crate::domain::{EntryId, GrowerId};
use crate::store::Distrust;

#[test]
fn every_own_entry_has_a_proof_with_the_signature_of_its_own_save() {
    let district = District::new();
    let mut store = district.store("phone", &[2]);
    let signer = district.signer(2);
    let grower = GrowerId::new(device(2), 1);
    let mut signed_at_save = Vec::new();
    // Into the second book, so that the head of the book before is part of it.
    for n in 0..203_i64 {
        let saved = save(&mut store, &signer, slip(grower, 1_000 + n));
        let signature = store.proof(saved.id).unwrap().unwrap().signature;
        signed_at_save.push((saved, signature));
    }
    let root = *district.trust.root();
    for (saved, signature) in signed_at_save {
        let proof = store.slip_proof(&signer, saved.id).unwrap().unwrap();
        let verified = proof.verify(&root).unwrap();
        assert_eq!((verified.id, verified.hash), (saved.id, saved.hash));
        assert_eq!(proof.into_recovered().signature, signature.0);
    }
    let next = BookId::new(device(2), 1).unwrap().entry_at(3);
    assert_eq!(store.slip_proof(&signer, next).unwrap(), None);
}

#[test]
fn a_phone_proves_nothing_that_another_wrote() {
    let district = District::new();
    let mut store = district.store("phone", &[2, 3]);
    save(&mut store, &district.signer(2), slip(GrowerId::new(device(2), 1), 1_000));
    let other = EntryId::new(device(2), 1);
    assert_eq!(store.slip_proof(&district.signer(3), other).unwrap(), None);
}

#[test]
fn the_qr_of_one_line_is_about_420_bytes() {
    let district = District::new();
    let mut store = district.store("phone", &[2]);
    let signer = district.signer(2);
    let saved = save(&mut store, &signer, slip(GrowerId::new(device(2), 1), 12_852));
    let text = store.slip_proof(&signer, saved.id).unwrap().unwrap().to_text();
    // Letters of a QR's alphanumeric mode, five bits of content each.
    assert!(text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'.'));
    assert!((560..700).contains(&text.len()), "{} letters", text.len());
}

#[test]
fn who_signed_an_entry_is_looked_at_anew_and_a_changed_entry_shows() {
    let district = District::new();
    let mut store = district.store("view", &[2]);
    let signer = district.signer(2);
    let grower = GrowerId::new(device(2), 1);
    let first = save(&mut store, &signer, slip(grower, 1_000));
    let last = save(&mut store, &signer, slip(grower, 2_000));
    let signed = store.signed_entry(first.id).unwrap().unwrap();
    assert_eq!((signed.place, signed.count, signed.distrust), (1, 2, None));
    // The signature that is here is over the last one.
    assert_eq!(signed.proof, None);
    let signed = store.signed_entry(last.id).unwrap().unwrap();
    let proof = signed.proof.unwrap();
    assert_eq!(proof.verify(district.trust.root()).unwrap().id, last.id);
    assert_eq!(store.slip_proof(&signer, last.id).unwrap(), Some(proof));

    let changed = "UPDATE entries SET bytes = CAST(bytes || x'00' AS BLOB) WHERE id = ?1";
    store.reader().execute(changed, [first.id.key()]).unwrap();
    let signed = store.signed_entry(last.id).unwrap().unwrap();
    assert_eq!((signed.distrust, signed.proof), (Some(Distrust::Signature), None));
    assert_eq!(store.signed_entry(EntryId::new(device(2), 9)).unwrap(), None);
}
