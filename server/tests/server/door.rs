//! At the door, through the router: every call is made twice, and what is refused changes nothing.

use crate::support::{Phone, Yard, entry};
use courtyard_core::document::{Register, RegisterId, Signature};
use courtyard_core::domain::{DeviceNo, VillageNo};
use courtyard_core::wire::message::path;
use courtyard_core::wire::{
    AuditRequest, AuditResponse, Auth, BookPart, Challenge, Cursor, Door, HeldBook, Refused,
    SessionRequest, SessionResponse, Token, limits,
};

#[test]
fn a_phone_enrols_sends_and_another_phone_of_its_village_gets_it() {
    let yard = Yard::new();
    let mut first = yard.enrol(1);
    let second = yard.enrol(2);
    first.notes(205);
    let edit = first.edit("grower/H-003-1/name/1", "王");
    let answer = yard.sync(&first.request(
        vec![first.part(0, 0, 3), first.part(0, 3, 200), first.part(1, 0, 5)],
        vec![edit.clone()],
    ));
    assert_eq!(answer.have, [(first.part(0, 0, 1).book, 200), (first.part(1, 0, 1).book, 5)]);
    assert_eq!(answer.have_edits, [(first.register.id(), first.device(), 1)]);
    assert!(answer.refused.is_empty());
    assert!(!answer.more);

    let pulled = yard.sync(&second.request(vec![], vec![]));
    let county = pulled.books.first().unwrap();
    assert_eq!(county.book.device, DeviceNo::new(1).unwrap(), "the county comes first");
    assert_eq!(pulled.edits, [edit]);
    let others: Vec<_> =
        pulled.books.iter().filter(|part| part.book.device == first.device()).collect();
    assert_eq!(others.len(), 2, "batches of one book come as one part");
    assert_eq!(others[0].entries, first.entries[..200]);
    assert_eq!(others[0].signature, first.part(0, 0, 200).signature);
    assert_eq!(others[1].entries, first.entries[200..]);
    assert_eq!(pulled.certificates.len(), 2);

    let mut up_to_date = second.request(vec![], vec![]);
    up_to_date.cursor = pulled.cursor;
    let nothing = yard.sync(&up_to_date);
    assert!(nothing.books.is_empty() && nothing.edits.is_empty());
    assert!(nothing.certificates.is_empty());
    assert_eq!(nothing.cursor, up_to_date.cursor);
    assert!(nothing.encode().len() < 100, "{} bytes", nothing.encode().len());
}

#[test]
fn another_village_gets_nothing_but_the_county() {
    let yard = Yard::new();
    let mut here = yard.enrol(1);
    here.notes(3);
    let edit = here.edit("grower/H-003-1/name/1", "王");
    yard.sync(&here.request(vec![here.part(0, 0, 3)], vec![edit]));
    let mut node = yard.node();
    let village = node.add_village("后庄", None).unwrap();
    let invitation = node.invite(village, None).unwrap();
    let there = Phone::made(&invitation, 9);
    let answer = yard.post(path::ENROL, &there.request.encode());
    let there = there.enrolled(&courtyard_core::wire::EnrolResponse::decode(&answer.body).unwrap());
    assert_eq!(there.village, VillageNo::new(2));
    let pulled = yard.sync(&there.request(vec![], vec![]));
    assert!(pulled.edits.is_empty());
    assert!(pulled.books.iter().all(|p| p.book.device == DeviceNo::new(1).unwrap()));
    assert!(!pulled.books.is_empty());
}

#[test]
fn a_body_cut_at_every_byte_is_refused_and_changes_nothing() {
    let yard = Yard::new();
    let mut phone = yard.enrol(1);
    phone.notes(4);
    let edit = phone.edit("grower/H-003-1/name/1", "王");
    let body = phone.request(vec![phone.part(0, 0, 4)], vec![edit]).encode();
    let before = yard.dump();
    let signed = phone.part(0, 0, 4);
    for cut in 0..body.len() {
        let answer = yard.call("POST", path::SYNC, body[..cut].to_vec());
        if answer.status != 200 {
            assert_eq!((answer.status, answer.code().as_str()), (400, "door.undecodable"), "{cut}");
            continue;
        }
        // The end of the rows is missing, and the cut shows only in what they say: the edit, which
        // comes last, is never what was signed.
        let answer = answer.sync();
        assert_eq!(answer.have_edits.first().map(|(_, _, number)| *number), Some(0), "{cut}");
        assert!(!answer.refused.is_empty(), "{cut}");
    }
    let mut node = yard.node();
    let reads = node.read().unwrap();
    for batch in reads.book_batches(signed.book, 0).unwrap() {
        assert_eq!((batch.entries, batch.signature), (signed.entries.clone(), signed.signature));
    }
    assert!(reads.set_aside().unwrap().is_empty());
    assert!(reads.parked(phone.register.id()).unwrap().is_empty());
    drop(reads);
    yard.sync(&phone.request(vec![signed], vec![]));
    assert_ne!(yard.dump(), before);
}

#[test]
fn every_flipped_bit_is_refused_or_changes_only_what_is_asked_for() {
    let yard = Yard::new();
    let mut phone = yard.enrol(1);
    phone.notes(2);
    let part = phone.part(0, 0, 2);
    let body = phone.request(vec![part.clone()], vec![]).encode();
    for place in 0..body.len() {
        let mut wrong = body.clone();
        wrong[place] ^= 1;
        let answer = yard.call("POST", path::SYNC, wrong);
        assert!(answer.status < 500, "byte {place}: {}", answer.status);
        let mut node = yard.node();
        // A flipped cursor or column number asks for another answer, and that is all it does.
        for batch in node.read().unwrap().book_batches(part.book, 0).unwrap() {
            assert_eq!(batch.entries, part.entries, "byte {place}");
            assert_eq!(batch.signature, part.signature, "byte {place}");
        }
    }
}

#[test]
fn a_wrong_signature_is_refused_for_its_part_and_the_other_part_is_taken() {
    let yard = Yard::new();
    let mut phone = yard.enrol(1);
    phone.notes(4);
    let good = phone.part(0, 0, 2);
    let mut bad = phone.part(0, 2, 4);
    bad.signature = Signature([7; 64]);
    let before = yard.dump();
    let answer = yard.sync(&phone.request(vec![BookPart { start: 0, ..bad.clone() }], vec![]));
    assert_eq!(answer.refused[0].door(), Some(Door::BadSignature));
    assert_eq!(yard.dump(), before);
    let answer = yard.sync(&phone.request(vec![good.clone(), bad], vec![]));
    assert_eq!(answer.have, [(good.book, 2)]);
    assert_eq!(answer.refused.len(), 1);
    assert_eq!(answer.refused[0].door(), Some(Door::BadSignature));
    assert_eq!(answer.refused[0].what, Refused::Part { book: good.book, start: 2 });
}

#[test]
fn another_phones_book_is_refused_unless_its_certificate_comes_along() {
    let yard = Yard::new();
    let mut owner = yard.enrol(1);
    let thief = yard.enrol(2);
    owner.notes(2);
    let before = yard.dump();
    let mut request = thief.request(vec![owner.part(0, 0, 2)], vec![]);
    let answer = yard.sync(&request);
    assert_eq!(answer.refused[0].door(), Some(Door::OtherDevicesBook));
    assert_eq!(yard.dump(), before);

    // Entries of its own under the other's number: its key did not sign them.
    let mut forged = owner.certificate.clone();
    forged.public_key = thief.key.public().0;
    request.certificates = vec![forged];
    let answer = yard.sync(&request);
    assert_eq!(answer.refused[0].door(), Some(Door::BadCertificate));
    assert_eq!(yard.dump(), before);

    request.certificates = vec![owner.certificate.clone()];
    let answer = yard.sync(&request);
    assert!(answer.refused.is_empty());
    assert_eq!(answer.have, [(owner.part(0, 0, 2).book, 2)]);
}

#[test]
fn a_fork_is_set_aside_with_its_evidence_and_blocks_nothing_else() {
    let yard = Yard::new();
    let mut phone = yard.enrol(1);
    phone.notes(3);
    yard.sync(&phone.request(vec![phone.part(0, 0, 3)], vec![]));
    // A restored backup of the same phone: two entries are known, the third is another.
    let mut restored = phone;
    let kept = restored.entries.clone();
    restored.entries.truncate(2);
    restored.note("another third");
    restored.note("a fourth");
    let edit = restored.edit("grower/H-003-1/name/1", "王");
    let answer = yard.sync(&restored.request(vec![restored.part(0, 0, 4)], vec![edit.clone()]));
    let book = restored.part(0, 0, 1).book;
    assert_eq!(answer.have, [(book, 3)]);
    assert_eq!(answer.refused[0].door(), Some(Door::Fork));
    assert_eq!(answer.refused[0].what, Refused::Part { book, start: 2 });
    assert_eq!(answer.have_edits, [(edit.register, restored.device(), 1)]);

    let mut node = yard.node();
    let reads = node.read().unwrap();
    let aside = reads.set_aside().unwrap();
    assert_eq!(aside.len(), 1);
    assert_eq!((aside[0].code.as_str(), aside[0].device), ("door.fork", restored.device()));
    assert_eq!(reads.book_batches(book, 0).unwrap()[0].entries, kept);
}

#[test]
fn a_gap_is_answered_with_what_is_there_and_not_filled() {
    let yard = Yard::new();
    let mut phone = yard.enrol(1);
    phone.notes(210);
    let before = yard.dump();
    let (first, second) = (phone.part(0, 2, 4), phone.part(1, 0, 5));
    let answer = yard.sync(&phone.request(vec![first.clone(), second.clone()], vec![]));
    assert_eq!(answer.have, [(first.book, 0), (second.book, 0)]);
    assert!(answer.refused.is_empty());
    assert_eq!(yard.dump(), before);
}

#[test]
fn a_future_protocol_and_a_future_length_are_named() {
    let yard = Yard::new();
    let mut phone = yard.enrol(1);
    phone.notes(1);
    let mut body = phone.request(vec![phone.part(0, 0, 1)], vec![]).encode();
    body[0] = 9;
    assert_eq!(yard.refused(path::SYNC, &body), (400, "door.future_protocol".to_owned()));
    let long = vec![1; limits::BODY_BYTES.len() + 1];
    assert_eq!(yard.refused(path::SYNC, &long), (413, "door.over_limit".to_owned()));
    assert_eq!(yard.refused(path::ENROL, &long), (413, "door.over_limit".to_owned()));
}

#[test]
fn too_many_entries_and_an_entry_over_its_limit_are_named() {
    let yard = Yard::new();
    let mut phone = yard.enrol(1);
    phone.notes(200);
    let mut part = phone.part(0, 0, 200);
    part.entries.push(entry(1, "one too many"));
    let body = phone.request(vec![part], vec![]).encode();
    assert_eq!(yard.refused(path::SYNC, &body), (413, "door.over_limit".to_owned()));

    phone.entries = vec![entry(1, &"长".repeat(limits::ENTRY_BYTES.len() / 3))];
    let body = phone.request(vec![phone.part(0, 0, 1)], vec![]).encode();
    let (status, code) = yard.refused(path::SYNC, &body);
    assert_eq!((status, code.as_str()), (413, "door.over_limit"));
}

#[test]
fn bytes_that_are_no_entry_are_refused_even_when_signed() {
    let yard = Yard::new();
    let mut phone = yard.enrol(1);
    phone.note("good");
    phone.entries.push(vec![0x01]);
    let before = yard.dump();
    let answer =
        yard.call("POST", path::SYNC, phone.request(vec![phone.part(0, 0, 2)], vec![]).encode());
    if answer.status == 200 {
        assert_eq!(answer.sync().refused[0].door(), Some(Door::UndecodableItem));
    } else {
        assert_eq!(answer.code(), "door.undecodable");
    }
    assert_eq!(yard.dump(), before);
}

#[test]
fn an_unknown_token_and_an_unknown_device_open_nothing() {
    let yard = Yard::new();
    let mut phone = yard.enrol(1);
    phone.notes(1);
    let mut request = phone.request(vec![phone.part(0, 0, 1)], vec![]);
    request.auth = Auth::Token(Token([9; 16]));
    let wanted = (401, "door.session_wanted".to_owned());
    assert_eq!(yard.refused(path::SYNC, &request.encode()), wanted);
    request.books.clear();
    assert_eq!(yard.refused(path::SYNC, &request.encode()), wanted);
    let Auth::Signed { challenge, signature, .. } = phone.signed() else { unreachable!() };
    let stranger = DeviceNo::new(999).unwrap();
    request.auth = Auth::Signed { device: stranger, challenge, signature };
    let unknown = (403, "door.unknown_device".to_owned());
    assert_eq!(yard.refused(path::SYNC, &request.encode()), unknown);
}

#[test]
fn a_signed_challenge_opens_a_session_and_a_spent_or_foreign_one_does_not() {
    let yard = Yard::new();
    let mut phone = yard.enrol(1);
    let other = yard.enrol(2);
    let ask = SessionRequest::Ask { device: phone.device() }.encode();
    let answer = yard.post(path::SESSION, &ask);
    phone.challenge = SessionResponse::decode(&answer.body).unwrap().challenge;
    phone.notes(1);
    let mut request = phone.request(vec![phone.part(0, 0, 1)], vec![]);
    request.auth = phone.signed();
    let answer = yard.sync(&request);
    assert_eq!(answer.have.len(), 1);
    phone.token = answer.token.unwrap();
    assert!(answer.challenge.is_some());
    yard.sync(&phone.request(vec![], vec![]));

    // The other phone's signature over this phone's challenge.
    let Auth::Signed { challenge, .. } = phone.signed() else { unreachable!() };
    let Auth::Signed { signature, .. } = (Phone { challenge: challenge.clone(), ..other }).signed()
    else {
        unreachable!()
    };
    request.auth = Auth::Signed { device: phone.device(), challenge, signature };
    let bad = (401, "door.bad_challenge".to_owned());
    assert_eq!(yard.refused(path::SYNC, &request.encode()), bad);
    // One that the server never gave.
    phone.challenge = Challenge(vec![0x7F; 24]);
    request.auth = phone.signed();
    assert_eq!(yard.refused(path::SYNC, &request.encode()), bad);
}

#[test]
fn sessions_and_challenges_end_by_the_servers_clock() {
    let yard = Yard::new();
    let phone = yard.enrol(1);
    yard.clock.set(crate::support::NOW_MS + 31 * 24 * 3_600 * 1_000);
    let wanted = (401, "door.session_wanted".to_owned());
    let mut request = phone.request(vec![], vec![]);
    assert_eq!(yard.refused(path::SYNC, &request.encode()), wanted);
    request.auth = phone.signed();
    let before = yard.dump();
    let answer = yard.post(path::SYNC, &request.encode());
    assert_eq!(answer.code(), "door.bad_challenge");
    assert_eq!(yard.dump(), before);
    let body: courtyard_core::wire::ErrorBody = serde_json::from_slice(&answer.body).unwrap();
    let next = hex_bytes(&body.challenge.unwrap());
    request.auth = Phone { challenge: Challenge(next), ..phone }.signed();
    assert!(yard.sync(&request).token.is_some());
}

fn hex_bytes(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

#[test]
fn an_invitation_is_for_one_key_which_may_ask_again() {
    let yard = Yard::new();
    let invitation = yard.invite();
    let first = Phone::made(&invitation, 1);
    let answer = yard.post(path::ENROL, &first.request.encode());
    assert_eq!(answer.status, 200);
    let second = Phone::made(&invitation, 2);
    let used = (409, "door.invitation_used".to_owned());
    assert_eq!(yard.refused(path::ENROL, &second.request.encode()), used);
    let mut unknown = Phone::made(&invitation, 3).request;
    unknown.invitation = vec![1; 10];
    let bad = (400, "door.bad_signature".to_owned());
    assert_eq!(yard.refused(path::ENROL, &unknown.encode()), bad);
    let mut other = invitation.clone();
    other.code = vec![1; 10];
    let unknown = Phone::made(&other, 3);
    let none = (403, "door.invitation_unknown".to_owned());
    assert_eq!(yard.refused(path::ENROL, &unknown.request.encode()), none);

    let late = yard.invite();
    yard.clock.set(crate::support::NOW_MS + 15 * 24 * 3_600 * 1_000);
    assert_eq!(yard.refused(path::ENROL, &Phone::made(&late, 4).request.encode()), none);
    // Its own answer is still given again.
    assert_eq!(yard.post(path::ENROL, &first.request.encode()).status, 200);
}

#[test]
fn a_revoked_phone_may_upload_and_reads_nothing() {
    let yard = Yard::new();
    let mut phone = yard.enrol(1);
    let revoked = yard.node().revoke(phone.device(), "手机丢失").unwrap();
    assert_eq!(revoked.count, 0);
    phone.notes(1);
    let answer = yard.sync(&phone.request(vec![phone.part(0, 0, 1)], vec![]));
    assert!(answer.upload_only);
    assert_eq!(answer.have.first().map(|(_, count)| *count), Some(1));
    assert!(answer.books.is_empty() && answer.certificates.is_empty() && !answer.more);
}

#[test]
fn an_edit_of_another_village_or_of_an_unknown_edition_is_set_aside() {
    let yard = Yard::new();
    let mut phone = yard.enrol(1);
    let of = |village: u16, edition: u32| {
        let village = VillageNo::new(village);
        Register::new(RegisterId { village, edition })
    };
    for (register, door) in [(of(2, 0), Door::OtherVillage), (of(1, 7), Door::EditionUnknown)] {
        phone.register = register;
        let edit = phone.edit("grower/H-003-1/name/1", "王");
        let mut unsigned = edit.clone();
        unsigned.signature = Signature([3; 64]);
        let before = yard.dump();
        let answer = yard.sync(&phone.request(vec![], vec![unsigned]));
        assert_eq!(answer.refused[0].door(), Some(door));
        assert_eq!(yard.dump(), before, "what nobody signed is no evidence");
        let answer = yard.sync(&phone.request(vec![], vec![edit]));
        assert_eq!(answer.refused[0].door(), Some(door));
    }
    assert_eq!(yard.node().read().unwrap().set_aside().unwrap().len(), 2);
}

#[test]
fn a_wrongly_signed_edit_is_refused_and_the_register_goes_on_without_it() {
    let yard = Yard::new();
    let mut phone = yard.enrol(1);
    let before = yard.dump();
    let mut bad = phone.edit("grower/H-003-1/name/1", "王");
    let good = bad.clone();
    bad.signature = Signature([1; 64]);
    let answer = yard.sync(&phone.request(vec![], vec![bad]));
    assert_eq!(answer.refused[0].door(), Some(Door::BadSignature));
    assert_eq!(yard.dump(), before);
    let answer = yard.sync(&phone.request(vec![], vec![good.clone()]));
    assert!(answer.refused.is_empty());
    let next = phone.edit("grower/H-003-1/name/2", "王小");
    let answer = yard.sync(&phone.request(vec![], vec![next]));
    assert_eq!(answer.have_edits, [(good.register, phone.device(), 2)]);
}

#[test]
fn edits_that_wait_for_others_are_parked_until_those_come() {
    let yard = Yard::new();
    let mut first = yard.enrol(1);
    let mut second = yard.enrol(2);
    let base = first.edit("grower/H-003-1/name/1", "王");
    let actor = courtyard_core::document::Actor::of(&first.key.public());
    second.register.apply(&base.edits[0], &actor).unwrap();
    let upon = second.edit("grower/H-003-1/phone", "139");
    let answer = yard.sync(&second.request(vec![], vec![upon.clone()]));
    assert_eq!(answer.have_edits, [(upon.register, second.device(), 0)]);
    assert!(answer.refused.is_empty());
    yard.sync(&first.request(vec![], vec![base]));
    let mut node = yard.node();
    let reads = node.read().unwrap();
    assert_eq!(reads.edit_count(upon.register, second.device()).unwrap(), 1);
    assert!(reads.parked(upon.register).unwrap().is_empty());
}

#[test]
fn an_audit_tells_where_counts_and_heads_stand() {
    let yard = Yard::new();
    let mut phone = yard.enrol(1);
    phone.notes(5);
    yard.sync(&phone.request(vec![phone.part(0, 0, 4)], vec![]));
    let book = phone.part(0, 0, 1).book;
    let ask = |phone: &Phone, count: u32| {
        let held = HeldBook { book, count, head: phone.tip(0, count).head };
        let auth = Auth::Token(phone.token);
        let request = AuditRequest { auth, books: vec![held], edits: vec![] };
        let answer = yard.post(path::AUDIT, &request.encode());
        assert_eq!(answer.status, 200);
        let row = AuditResponse::decode(&answer.body).unwrap().books[0];
        (row.count, row.agrees)
    };
    assert_eq!(ask(&phone, 4), (4, true));
    assert_eq!(ask(&phone, 2), (4, true));
    assert_eq!(ask(&phone, 5), (4, true));
    phone.entries[1] = entry(3, "another");
    assert_eq!(ask(&phone, 4), (4, false));
    assert_eq!(ask(&phone, 2), (4, false));
    assert_eq!(ask(&phone, 1), (4, true));
}

#[test]
fn unknown_addresses_and_methods_get_the_same_envelope() {
    let yard = Yard::new();
    let answer = yard.call("GET", "/v1/nothing", vec![]);
    assert_eq!((answer.status, answer.code().as_str()), (404, "door.not_found"));
    let answer = yard.call("GET", path::SYNC, vec![]);
    assert_eq!((answer.status, answer.code().as_str()), (405, "door.wrong_method"));
    assert_eq!(yard.call("GET", "/healthz", vec![]).body, b"ok\n");
    assert_eq!(yard.call("GET", "/metrics", vec![]).status, 200);
}

#[test]
fn a_big_village_comes_in_pages_that_end_at_signatures_with_the_county_first() {
    let yard = Yard::new();
    let mut first = yard.enrol(1);
    let mut second = yard.enrol(2);
    let text = "很长的一句话".repeat(100);
    for number in 0..800 {
        first.note(&format!("{number} {text}"));
    }
    for book in 0..4 {
        for start in (0..200).step_by(50) {
            let part = first.part(book, start, start + 50);
            let answer = first.request(vec![part], vec![]);
            assert_eq!(yard.call("POST", path::SYNC, answer.encode()).status, 200);
        }
    }
    let mut entries = Vec::new();
    let mut pages = 0;
    loop {
        let answer = yard.sync(&second.request(vec![], vec![]));
        assert!(answer.encode().len() <= limits::BODY_BYTES.len());
        pages += 1;
        for part in answer.books {
            if part.book.device == first.device() {
                let end = part.end();
                assert_eq!(part.signature, first.part(part.book.number, 0, end).signature);
                entries.extend(part.entries);
            } else {
                assert_eq!(pages, 1);
            }
        }
        second.cursor = answer.cursor;
        if !answer.more {
            break;
        }
    }
    assert!(pages > 1);
    assert_eq!(entries, first.entries);
}

#[test]
fn a_cursor_from_before_a_restore_gets_the_new_epoch_and_nothing_else() {
    let yard = Yard::new();
    let mut phone = yard.enrol(1);
    phone.notes(1);
    phone.cursor = Cursor { epoch: 77, position: vec![9] };
    let answer = yard.sync(&phone.request(vec![phone.part(0, 0, 1)], vec![]));
    assert_eq!(answer.have.first().map(|(_, count)| *count), Some(1));
    assert_eq!(answer.cursor, Cursor { epoch: 1, position: vec![] });
    assert!(answer.books.is_empty() && !answer.more);
    assert_eq!(answer.certificates.len(), 2);
}

#[test]
fn a_bomb_is_refused_at_once_and_unpacks_nothing() {
    let yard = Yard::new();
    let phone = yard.enrol(1);
    // A zstd frame (RFC 8878) of 80 run-length blocks of 128 KiB: 10 MB of zeros in 326 bytes.
    let mut bomb = vec![0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x38];
    for block in 0..80_u32 {
        let header = (131_072_u32 << 3) | 2 | u32::from(block == 79);
        bomb.extend(&header.to_le_bytes()[..3]);
        bomb.push(0);
    }
    let (status, code) = yard.refused(path::SYNC, &bomb);
    assert_eq!((status, code.as_str()), (400, "door.future_protocol"));
    // As the rows of a message that announces ever so many entries.
    let mut part = phone.request(vec![], vec![]).encode();
    let empty = part.len();
    part.truncate(empty - 2);
    for rows in [bomb, vec![0; 200_000], vec![0xFF; 200_000]] {
        let mut message = part.clone();
        message.extend([0xE8, 0x07]); // 1,000 parts
        for number in 0..1_000_u32 {
            message.extend([u8::try_from(phone.device().get()).unwrap()]);
            message.extend([u8::try_from(number & 0x7F).unwrap(), 0, 0xC8, 0x01]);
            message.extend([0; 64]);
        }
        message.push(0);
        message.extend(&rows);
        let before = yard.dump();
        let answer = yard.call("POST", path::SYNC, message);
        assert!([400, 413].contains(&answer.status), "{}", answer.status);
        assert!(answer.code().starts_with("door."));
        assert_eq!(yard.dump(), before);
    }
}

#[test]
fn an_oversized_string_and_a_deep_nest_are_refused_by_their_limits() {
    let yard = Yard::new();
    let mut phone = yard.enrol(1);
    let fitting = "长".repeat(limits::STRING_BYTES.len() / 3);
    phone.entries = vec![entry(1, &fitting)];
    let answer = yard.sync(&phone.request(vec![phone.part(0, 0, 1)], vec![]));
    assert!(answer.refused.is_empty());

    let deep = |levels: usize| {
        // Fields that a newer build added at the end may be anything, within the limits.
        let mut bytes = entry(2, "x");
        assert_eq!(bytes[0], 0x89);
        bytes[0] = 0x8B;
        bytes.push(0xF6);
        bytes.extend(vec![0x81; levels - 1]);
        bytes.push(0x01);
        bytes
    };
    let long = entry(2, &"x".repeat(limits::STRING_BYTES.len() + 1));
    for wrong in [long, deep(limits::CBOR_DEPTH.len() + 1)] {
        phone.entries.truncate(1);
        phone.entries.push(wrong);
        let before = yard.dump();
        let answer = yard.sync(&phone.request(vec![phone.part(0, 1, 2)], vec![]));
        assert_eq!(answer.refused[0].door(), Some(Door::ItemOverLimit));
        assert_eq!(yard.dump(), before);
    }
    phone.entries.truncate(1);
    phone.entries.push(deep(limits::CBOR_DEPTH.len()));
    let answer = yard.sync(&phone.request(vec![phone.part(0, 1, 2)], vec![]));
    assert!(answer.refused.is_empty(), "{:?}", answer.refused);
}

#[test]
fn a_forked_edit_is_evidence_only_if_its_device_signed_it() {
    let yard = Yard::new();
    let mut phone = yard.enrol(1);
    let mut copy = courtyard_core::document::Register::new(phone.register.id());
    let first = phone.edit("grower/H-003-1/name/1", "王");
    yard.sync(&phone.request(vec![], vec![first]));
    std::mem::swap(&mut copy, &mut phone.register);
    let forked = phone.edit("grower/H-003-1/name/1", "李");
    let mut unsigned = forked.clone();
    unsigned.signature = Signature([3; 64]);
    let before = yard.dump();
    let answer = yard.sync(&phone.request(vec![], vec![unsigned]));
    assert_eq!(answer.refused[0].door(), Some(Door::BadSignature));
    assert_eq!(yard.dump(), before);
    let answer = yard.sync(&phone.request(vec![], vec![forked]));
    assert_eq!(answer.refused[0].door(), Some(Door::Fork));
    let mut node = yard.node();
    assert_eq!(node.read().unwrap().set_aside().unwrap().len(), 1);
}

#[test]
fn what_the_office_publishes_at_once_comes_in_answers_that_fit() {
    let yard = Yard::new();
    let mut phone = yard.enrol(1);
    let text = "很长的一句话".repeat(150);
    let notes: Vec<_> = (0..450)
        .map(|number| {
            courtyard_core::domain::Body::Note(courtyard_core::domain::note::Note {
                about: None,
                text: format!("{number} {text}"),
            })
        })
        .collect();
    let mut node = yard.node();
    let ids = node.publish(&notes, None).unwrap();
    assert_eq!(ids.len(), 450);
    let names = |number: u32| {
        let name = courtyard_core::document::Value::Text(format!("王{number}"));
        vec![(format!("grower/H-002-{number}/name/1"), name)]
    };
    node.edit_register(yard.village, (1..=1_500).map(names).collect()).unwrap();
    drop(node);
    let (mut entries, mut edits) = (0, 0);
    loop {
        let answer = yard.sync(&phone.request(vec![], vec![]));
        assert!(answer.encode().len() <= limits::BODY_BYTES.len());
        entries += answer.books.iter().map(|part| part.entries.len()).sum::<usize>();
        edits += answer.edits.iter().map(|part| part.edits.len()).sum::<usize>();
        phone.cursor = answer.cursor;
        if !answer.more {
            break;
        }
    }
    assert!(entries > 450, "{entries}");
    assert_eq!(edits, 1_500);
}
