//! What is erased, what is kept once, and people.

use super::*;

/// Erasure removes names wherever the log keeps them.
pub fn an_erased_edition_is_gone_with_its_parked_and_refused_edits<L: Log>(log: &mut L) {
    ran((|| {
        founded(log, |tx| {
            for village in [1, 2] {
                tx.open_edition(register(village), 0)?;
                append_edit(tx, village, 3, 1)?;
                append_edit(tx, village, 3, 2)?;
                tx.park(&NewEditBatch {
                    register: register(village),
                    device: device(4),
                    edits: &[edit(4, 1)],
                    head: None,
                    signature: Signature([1; 64]),
                    now_ms: 0,
                })?;
                tx.put_aside(&SetAside {
                    hash: [u8::try_from(village).unwrap_or(0); 32],
                    device: device(4),
                    code: "door.other_village".to_owned(),
                    subject: register(village).to_string(),
                    evidence: vec![1],
                    now_ms: 0,
                })?;
            }
            Ok(())
        })?;
        assert_eq!(log.read()?.edit_count(register(1), device(3))?, 2);
        assert_eq!(log.read()?.edit_counts()?.len(), 2);
        assert_eq!(log.read()?.parked(register(1))?.len(), 1);
        let mut tx = log.begin()?;
        tx.erase_edition(register(1))?;
        tx.commit()?;

        let reads = log.read()?;
        assert_eq!(reads.registers()?, [register(2)]);
        assert_eq!(reads.edit_count(register(1), device(3))?, 0);
        assert!(reads.register_edits_after(register(1), 0)?.is_empty());
        assert!(reads.parked(register(1))?.is_empty());
        assert_eq!(reads.set_aside()?.len(), 1);
        assert_eq!(reads.register_edits_after(register(2), 0)?.len(), 2);
        assert_eq!(reads.parked(register(2))?.len(), 1);
        Ok(())
    })());
}

/// A request that is sent again leaves no second copy.
pub fn the_same_evidence_is_kept_once<L: Log>(log: &mut L) {
    ran((|| {
        let evidence = SetAside {
            hash: [1; 32],
            device: device(3),
            code: "door.fork".to_owned(),
            subject: "book/003/0".to_owned(),
            evidence: vec![1, 2, 3],
            now_ms: 10,
        };
        founded(log, |tx| {
            tx.put_aside(&evidence)?;
            tx.put_aside(&SetAside { now_ms: 20, ..evidence.clone() })?;
            let edits = [edit(3, 2)];
            let parked = NewEditBatch {
                register: register(1),
                device: device(3),
                edits: &edits,
                head: None,
                signature: Signature([1; 64]),
                now_ms: 0,
            };
            tx.park(&parked)?;
            tx.park(&parked)
        })?;
        assert_eq!(log.read()?.set_aside()?, [evidence]);
        let parked = log.read()?.parked(register(1))?;
        assert_eq!(parked.len(), 1);
        let mut tx = log.begin()?;
        for waiting in parked {
            tx.unpark(waiting.number)?;
        }
        tx.commit()?;
        assert!(log.read()?.parked(register(1))?.is_empty());
        Ok(())
    })());
}

/// A time that comes late does not move it back.
pub fn a_device_was_heard_at_the_latest_time_that_was_noted<L: Log>(log: &mut L) {
    ran((|| {
        founded(log, |tx| {
            tx.hear(device(3), 20)?;
            tx.hear(device(3), 10)
        })?;
        assert_eq!(log.read()?.heard_ms(device(3))?, Some(20));
        assert_eq!(log.read()?.heard_ms(device(4))?, None);
        Ok(())
    })());
}

/// Sessions, invitations, users, acts.
pub fn people_and_sessions_come_back<L: Log>(log: &mut L) {
    ran((|| {
        let session = Session { token_hash: [1; 32], device: device(3), expires_ms: 100 };
        let mut invitation = Invitation {
            code_hash: [2; 32],
            village: VillageNo::new(1),
            expires_ms: 100,
            used_by: None,
        };
        let user = User {
            name: "lin".to_owned(),
            role: "clerk".to_owned(),
            password_hash: "$argon2id$".to_owned(),
            since_ms: 1,
            operator: OperatorNo::new(4),
        };
        let act = |number: i64| Act {
            at_ms: number,
            actor: "lin".to_owned(),
            act: "village.add".to_owned(),
            subject: number.to_string(),
        };
        founded(log, |tx| {
            tx.put_session(&session)?;
            tx.put_session(&Session { token_hash: [7; 32], expires_ms: 300, ..session.clone() })?;
            tx.put_invitation(&invitation)?;
            tx.put_user(&user)?;
            tx.put_act(&act(1))?;
            tx.put_act(&act(2))
        })?;
        assert_eq!(log.read()?.session(&[1; 32])?, Some(session));
        assert_eq!(log.read()?.session(&[0; 32])?, None);
        assert_eq!(log.read()?.invitation(&[2; 32])?, Some(invitation.clone()));
        assert_eq!(log.read()?.user("lin")?, Some(user.clone()));
        assert_eq!(log.read()?.users()?, [user]);
        assert_eq!(log.read()?.acts(1)?, [act(2)]);
        let newest = log.read()?.acts_before(None, Some("lin"), 1)?;
        let number = newest.first().map(|(number, _)| *number);
        assert!(number.is_some());
        let before: Vec<Act> = log
            .read()?
            .acts_before(number, Some("lin"), 9)?
            .into_iter()
            .map(|(_, act)| act)
            .collect();
        assert_eq!(before, [act(1)]);
        assert_eq!(log.read()?.acts_before(None, Some("wang"), 9)?, []);

        invitation.used_by = Some(device(3));
        let mut tx = log.begin()?;
        tx.put_invitation(&invitation)?;
        tx.prune_sessions(200)?;
        tx.commit()?;
        assert_eq!(log.read()?.invitation(&[2; 32])?, Some(invitation));
        assert_eq!(log.read()?.session(&[1; 32])?, None);
        assert!(log.read()?.session(&[7; 32])?.is_some());
        let mut tx = log.begin()?;
        tx.end_sessions(Some(device(3)))?;
        tx.commit()?;
        assert_eq!(log.read()?.session(&[7; 32])?, None);
        Ok(())
    })());
}

/// Sealed numbers stand outside all documents, one a person and sort.
pub fn sealed_numbers_are_replaced_listed_and_really_erased<L: Log>(log: &mut L) {
    ran((|| {
        let (one, two) = (GrowerId::new(device(3), 1), GrowerId::new(device(3), 2));
        let of = |grower, person, kind| NumberOf { grower, person: PersonNo::new(person), kind };
        let sealed = |of: NumberOf, ciphertext: &[u8]| SealedNumber {
            of,
            ciphertext: ciphertext.to_vec(),
            last_four: "002X".to_owned(),
            put_ms: 5,
            by: "lin".to_owned(),
            approved_by: String::new(),
        };
        let head = of(one, 0, NumberKind::Id);
        let bank = of(one, 0, NumberKind::Bank);
        let son = of(one, 1, NumberKind::Id);
        let other = of(two, 0, NumberKind::Id);
        assert_eq!(log.read()?.sealing_key()?, None);
        founded(log, |tx| {
            tx.put_sealing_key(&[1; 32])?;
            tx.put_sealing_key(&[2; 32])?;
            for number in [bank, head, son, other] {
                tx.put_sealed(&sealed(number, b"first"))?;
            }
            tx.put_sealed(&sealed(head, b"second"))
        })?;
        let reads = log.read()?;
        assert_eq!(reads.sealing_key()?, Some([2; 32]));
        let all = reads.sealed_numbers(None)?;
        assert_eq!(all.iter().map(|n| n.of).collect::<Vec<_>>(), [head, bank, son, other]);
        assert_eq!(all.first(), Some(&sealed(head, b"second")));
        assert_eq!(reads.sealed_numbers(Some(two))?.len(), 1);
        drop(reads);
        let mut tx = log.begin()?;
        assert_eq!(tx.erase_sealed(one, Some(bank))?, 1);
        assert_eq!(tx.erase_sealed(one, Some(bank))?, 0);
        assert_eq!(tx.erase_sealed(one, None)?, 2);
        tx.commit()?;
        let left = log.read()?.sealed_numbers(None)?;
        assert_eq!(left.iter().map(|n| n.of).collect::<Vec<_>>(), [other]);
        Ok(())
    })());
}

/// A closed statement is written once, and a village's month is listed by grower.
pub fn closed_statements_are_kept_once_and_listed_by_grower<L: Log>(log: &mut L) {
    ran((|| {
        let (one, two) = (GrowerId::new(device(3), 1), GrowerId::new(device(3), 2));
        let (july, village) =
            ("2020-07".parse::<courtyard_core::domain::Month>(), VillageNo::new(1));
        let july = july.map_err(|error| LogError::Corrupt(error.to_string()))?;
        founded(log, |tx| {
            tx.put_closed_statement(village, july, two, b"two")?;
            tx.put_closed_statement(village, july, one, b"one")
        })?;
        let kept = vec![(one, b"one".to_vec()), (two, b"two".to_vec())];
        assert_eq!(log.read()?.closed_statements(village, july)?, kept);
        assert_eq!(log.read()?.closed_statements(village, july.next())?, []);
        assert_eq!(log.read()?.closed_statements(VillageNo::new(2), july)?, []);
        let mut tx = log.begin()?;
        let again = tx.put_closed_statement(village, july, one, b"other");
        assert!(matches!(again, Err(LogError::Moved(_))), "{again:?}");
        drop(tx);
        assert_eq!(log.read()?.closed_statements(village, july)?, kept);
        Ok(())
    })());
}

/// A reader's session ends when it is ended, or when its time is over and another one begins.
pub fn sessions_of_readers_end<L: Log>(log: &mut L) {
    ran((|| {
        let session = |token: u8, of: PageUser, expires_ms| PageSession {
            token_hash: [token; 32],
            of,
            expires_ms,
        };
        let clerk = PageUser::Office("王经办".to_owned());
        let grower = PageUser::Grower(GrowerId::new(device(3), 1));
        founded(log, |tx| {
            tx.put_page_session(&session(1, clerk.clone(), 100), 0)?;
            tx.put_page_session(&session(2, clerk.clone(), 300), 0)?;
            tx.put_page_session(&session(3, grower.clone(), 300), 0)
        })?;
        assert_eq!(log.read()?.page_session(&[1; 32])?, Some(session(1, clerk.clone(), 100)));
        let mut tx = log.begin()?;
        tx.put_page_session(&session(4, clerk.clone(), 400), 200)?;
        tx.end_page_session(&[2; 32])?;
        tx.commit()?;
        let reads = log.read()?;
        let ended = [reads.page_session(&[1; 32])?, reads.page_session(&[2; 32])?];
        assert_eq!(ended, [None, None]);
        assert_eq!(reads.page_session(&[3; 32])?.map(|found| found.of), Some(grower));
        drop(reads);
        let mut tx = log.begin()?;
        tx.end_page_sessions(Some(&clerk))?;
        tx.commit()?;
        let reads = log.read()?;
        assert_eq!(reads.page_session(&[4; 32])?, None);
        assert!(reads.page_session(&[3; 32])?.is_some());
        drop(reads);
        let mut tx = log.begin()?;
        tx.end_page_sessions(None)?;
        tx.commit()?;
        assert_eq!(log.read()?.page_session(&[3; 32])?, None);
        Ok(())
    })());
}
