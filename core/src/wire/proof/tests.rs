use super::*;
use crate::document::{DeviceKey, extend, issue_device_certificate};
use crate::domain::device::DeviceRole;
use crate::domain::note::Note;
use crate::domain::{
    BusinessDate, Clock, DeviceNo, EntityNo, Envelope, OperatorNo, Sequence, VillageNo,
};

fn root() -> DeviceKey {
    DeviceKey::from_seed([1; 32])
}

fn entry(lamport: u64) -> Vec<u8> {
    let envelope = Envelope {
        lamport,
        date: "2026-07-01".parse::<BusinessDate>().unwrap(),
        clock: Clock::default(),
        entity: EntityNo::new(1),
        operator: OperatorNo::new(0),
        reissue_of: None,
    };
    Entry { envelope, body: Note { about: None, text: "雨".into() }.into() }.encode()
}

/// The proof of the entry after so many others, and what it proves.
fn proof(others: u64) -> SlipProof {
    let (office, phone) = (DeviceKey::from_seed([2; 32]), DeviceKey::from_seed([3; 32]));
    let district = DistrictId::of(&root().public());
    let device = DeviceNo::new(37).unwrap();
    let village = Some(VillageNo::new(4));
    let certificate = issue_device_certificate(
        &office,
        &district,
        device,
        &phone.public(),
        DeviceRole::Phone,
        village,
    );
    let book = BookId::new(device, 0).unwrap();
    let actor = Actor::of(&phone.public());
    let before: Vec<Vec<u8>> = (1..=others).map(entry).collect();
    let before = before.iter().map(Vec::as_slice);
    let before = extend(&district, &actor, book, None, None, before).unwrap();
    let bytes = entry(others + 1);
    let tip = document::append(&before, &actor, &bytes).unwrap();
    let (count, head) = (tip.count, tip.head);
    let statement =
        HeadStatement { district, device, document: DocumentId::Book(book), count, head };
    SlipProof::new(
        &ProofParts {
            certificate: &certificate,
            office: &OfficeCertificate::issue(&root(), &office.public()),
            id: book.entry_at(before.count),
            previous: before.head,
            signature: statement.sign(&phone),
        },
        bytes,
    )
}

#[test]
fn a_proof_says_which_phone_signed_which_entry_at_which_place() {
    for others in [0, 1, 199] {
        let read: SlipProof = proof(others).to_text().parse().unwrap();
        assert_eq!(read, proof(others));
        let verified = read.verify(&root().public()).unwrap();
        assert_eq!(u64::from(verified.id.sequence.get()), others + 1);
        assert_eq!(verified.hash, EntryHash::of(&entry(others + 1)));
        assert_eq!(verified.entry.envelope.lamport, others + 1);
        assert_eq!(verified.certificate.village, Some(VillageNo::new(4)));
    }
}

#[test]
fn another_root_key_believes_nothing() {
    let stranger = DeviceKey::from_seed([9; 32]).public();
    assert_eq!(proof(3).verify(&stranger), Err(ProofFault::OfficeNotUnderRoot));
}

#[test]
fn whatever_is_changed_is_noticed() {
    let root = root().public();
    let broken = |change: &dyn Fn(&mut RecoveredEntry)| {
        let mut recovered = proof(3).into_recovered();
        change(&mut recovered);
        SlipProof::of(&recovered).verify(&root).unwrap_err()
    };
    assert_eq!(broken(&|p| p.office_key[0] ^= 1), ProofFault::OfficeNotUnderRoot);
    assert_eq!(broken(&|p| p.office_signature[0] ^= 1), ProofFault::OfficeNotUnderRoot);
    let certificate = ProofFault::CertificateNotUnderOffice;
    assert_eq!(broken(&|p| p.certificate.device = DeviceNo::default()), certificate);
    assert_eq!(broken(&|p| p.certificate.public_key[0] ^= 1), certificate);
    assert_eq!(broken(&|p| p.certificate.village = None), certificate);
    assert_eq!(broken(&|p| p.certificate.role = DeviceRole::VillageOffice), certificate);
    for change in [
        (|p| p.sequence = Sequence::new(5)) as fn(&mut RecoveredEntry),
        |p| p.sequence = Sequence::new(204),
        |p| p.previous[0] ^= 1,
        |p| p.entry[0] ^= 1,
        |p| p.signature[0] ^= 1,
    ] {
        assert_eq!(broken(&change), ProofFault::Signature);
    }
    for sequence in [0, u32::MAX] {
        let change = |p: &mut RecoveredEntry| p.sequence = Sequence::new(sequence);
        assert_eq!(broken(&change), ProofFault::Undecodable);
    }
}

#[test]
fn a_text_that_is_none_or_was_cut_is_not_read() {
    let text = proof(0).to_text();
    assert_eq!("CY1.ABC".parse::<SlipProof>(), Err(ProofFault::NotOne));
    for cut in 4..text.len() - 1 {
        assert_eq!(text[..cut].parse::<SlipProof>(), Err(ProofFault::Damaged), "cut at {cut}");
    }
    let long = format!("CQ1.{}", "0".repeat(200_000));
    assert_eq!(long.parse::<SlipProof>(), Err(ProofFault::Damaged));
    let other = base32::write(PREFIX, &[0x80]);
    assert_eq!(other.parse::<SlipProof>(), Err(ProofFault::Undecodable));
}

#[test]
fn an_address_reads_back_and_needs_only_letters_of_a_qr() {
    let alphanumeric =
        |c: char| c.is_ascii_digit() || c.is_ascii_uppercase() || " $%*+-./:".contains(c);
    let proof = proof(3);
    for server in ["https://shou.example.cn", "http://192.168.1.10:8443/", " https://[::1]:8443 "] {
        let address = proof.to_address(server);
        // Square brackets are in no mode but bytes; such an address still reads back.
        assert_eq!(address.chars().all(alphanumeric), !server.contains('['), "{address}");
        assert!(address.contains("/C/CQ1."), "{address}");
        assert_eq!(address.parse(), Ok(proof.clone()));
        assert_eq!(address.to_lowercase().parse(), Ok(proof.clone()));
        assert_eq!(format!("\n{} {}\n", &address[..60], &address[60..]).parse(), Ok(proof.clone()));
    }
    let address = proof.to_address("https://shou.example.cn/gx");
    assert!(address.starts_with("HTTPS://SHOU.EXAMPLE.CN/gx/C/CQ1."), "{address}");
    assert_eq!(address.parse(), Ok(proof));
    for none in ["https://shou.example.cn/C/", "https://shou.example.cn/C/CY1.ABC"] {
        assert_eq!(none.parse::<SlipProof>(), Err(ProofFault::NotOne));
    }
    let cut = &address[..address.len() - 9];
    assert_eq!(cut.parse::<SlipProof>(), Err(ProofFault::Damaged));
}

#[test]
fn every_fault_speaks_both_languages_under_a_code_of_its_own() {
    let all = [
        ProofFault::NotOne,
        ProofFault::Damaged,
        ProofFault::Undecodable,
        ProofFault::OfficeNotUnderRoot,
        ProofFault::CertificateNotUnderOffice,
        ProofFault::Signature,
    ];
    let codes: std::collections::BTreeSet<_> = all.iter().map(|fault| fault.code()).collect();
    assert_eq!(codes.len(), all.len());
    for fault in all {
        assert!(fault.words().zh.ends_with('。') && fault.words().en.is_ascii(), "{fault:?}");
    }
}
