//! Households' cards.

use super::*;

fn card(token: u8, grower: GrowerId, issued_ms: i64) -> Card {
    Card {
        token_hash: [token; 32],
        grower,
        pin_hash: "$argon2id$".to_owned(),
        issued_ms,
        issued_by: "lin".to_owned(),
        wrong_pins: 0,
        locked_until_ms: 0,
        revoked_ms: None,
    }
}

/// A card comes back as it was written, is written over under its token, and is listed by grower.
pub fn cards_come_back_and_are_listed_by_grower<L: Log>(log: &mut L) {
    ran((|| {
        let (one, two) = (GrowerId::new(device(3), 1), GrowerId::new(device(3), 2));
        let lost = Card { revoked_ms: Some(7), ..card(1, one, 5) };
        founded(log, |tx| {
            tx.put_card(&card(9, two, 4))?;
            tx.put_card(&card(1, one, 5))?;
            tx.put_card(&lost)?;
            tx.put_card(&card(2, one, 8))
        })?;
        let reads = log.read()?;
        assert_eq!(reads.card(&[1; 32])?, Some(lost.clone()));
        assert_eq!(reads.card(&[3; 32])?, None);
        assert_eq!(reads.cards(Some(one))?, [lost.clone(), card(2, one, 8)]);
        assert_eq!(reads.cards(None)?, [lost, card(2, one, 8), card(9, two, 4)]);
        drop(reads);
        let tried = Card { wrong_pins: 5, locked_until_ms: 900, ..card(2, one, 8) };
        let mut tx = log.begin()?;
        tx.put_card(&tried)?;
        tx.commit()?;
        assert_eq!(log.read()?.card(&[2; 32])?, Some(tried));
        Ok(())
    })());
}

/// Two cards of one household that both open it cannot be written; erased ones are really gone.
pub fn a_household_has_one_card_in_use_and_none_once_erased<L: Log>(log: &mut L) {
    ran((|| {
        let (one, two) = (GrowerId::new(device(3), 1), GrowerId::new(device(3), 2));
        founded(log, |tx| {
            tx.put_card(&card(1, one, 5))?;
            assert!(tx.put_card(&card(2, one, 6)).is_err());
            tx.put_card(&Card { revoked_ms: Some(6), ..card(1, one, 5) })?;
            tx.put_card(&card(2, one, 6))?;
            tx.put_card(&card(3, two, 6))
        })?;
        let mut tx = log.begin()?;
        assert_eq!(tx.erase_cards(one)?, 2);
        assert_eq!(tx.erase_cards(one)?, 0);
        tx.commit()?;
        assert_eq!(log.read()?.cards(None)?, [card(3, two, 6)]);
        Ok(())
    })());
}
