use courtyard_core::document::Value;
use courtyard_core::document::register::keys::{NAME, grower_key};

use super::*;
use crate::command::place::failure;
use crate::command::place::tests::{MORNING_MS, node};
use crate::node::Node;
use crate::rng;

const MINUTE_MS: i64 = 60_000;

fn district() -> (Node, GrowerId, tempfile::TempDir) {
    let (mut node, folder) = node();
    let village = node.add_village("石桥村", None).unwrap();
    node.put_user("王经办", "clerk", "long enough").unwrap();
    node.put_user("周审计", "auditor", "long enough").unwrap();
    let grower = GrowerId::new(node.office_device(village).unwrap().unwrap(), 1);
    let name = vec![(format!("{}/1", grower_key(grower, NAME)), Value::Text("王秀英".into()))];
    node.edit_register(village, vec![name]).unwrap();
    (node, grower, folder)
}

fn issued(node: &mut Node, grower: GrowerId) -> Issued {
    node.act_as("王经办", ISSUERS, |deed| issue(deed, grower)).unwrap()
}

/// Tries a PIN at this time, as a page does; true if it opened the card.
fn tries(node: &mut Node, token: &CardToken, pin: &str, now_ms: i64) -> (PinTry, bool) {
    let taken = node.act(|_, tx, _, _| Office::take_pin_try(tx, token, now_ms)).unwrap();
    let right = Office::pin_holds(&taken, pin).unwrap()
        && node.act(|_, tx, _, _| Office::pin_was_right(tx, token)).unwrap();
    (taken, right)
}

#[test]
fn a_card_opens_with_its_own_pin_and_neither_is_kept() {
    let (mut node, grower, folder) = district();
    let Issued { token, pin } = issued(&mut node, grower);
    assert_eq!((token.text().len(), pin.len()), (TOKEN_CHARS, PIN_DIGITS));
    let (taken, right) = tries(&mut node, &token, &pin, MORNING_MS);
    assert!(right && matches!(taken, PinTry::Counted { grower: of, .. } if of == grower));
    let small = CardToken::read(&token.text().to_lowercase());
    assert!(tries(&mut node, &small, &pin, MORNING_MS).1);
    let kept = crate::log::sqlite::SqliteLog::open(&folder.path().join("log.db")).unwrap();
    let dump = kept.dump().unwrap();
    assert!(dump.contains("card.issue") && !dump.contains(token.text()) && !dump.contains(&pin));
}

#[test]
fn five_wrong_pins_lock_a_card_and_each_more_locks_it_longer() {
    let (mut node, grower, _folder) = district();
    let Issued { token, pin } = issued(&mut node, grower);
    let wrong = if pin == "000000" { "000001" } else { "000000" };
    let mut now_ms = MORNING_MS;
    for left in [4, 3, 2, 1, 0] {
        let (taken, right) = tries(&mut node, &token, wrong, now_ms);
        assert!(!right && matches!(taken, PinTry::Counted { left: is, .. } if is == left));
    }
    for minutes in [15, 30, 60, 120, 240, 480, 960, 1_440, 1_440] {
        let until_ms = now_ms + minutes * MINUTE_MS;
        // Not even the right one opens it, and asking does not make it longer.
        for _ in 0..3 {
            let (taken, right) = tries(&mut node, &token, &pin, until_ms - 1);
            assert!(!right && matches!(taken, PinTry::Locked { until_ms: is } if is == until_ms));
        }
        now_ms = until_ms;
        assert!(!tries(&mut node, &token, wrong, now_ms).1);
    }
    assert!(tries(&mut node, &token, &pin, now_ms + 1_440 * MINUTE_MS).1);
    let (taken, _) = tries(&mut node, &token, wrong, now_ms + 1_441 * MINUTE_MS);
    assert!(matches!(taken, PinTry::Counted { left: 4, .. }), "a right PIN forgets the wrong ones");
}

#[test]
fn a_new_card_or_a_revocation_ends_the_one_before() {
    let (mut node, grower, _folder) = district();
    let first = issued(&mut node, grower);
    let second = issued(&mut node, grower);
    assert!(!tries(&mut node, &first.token, &first.pin, MORNING_MS).1);
    assert!(tries(&mut node, &second.token, &second.pin, MORNING_MS).1);
    node.act_as("王经办", ISSUERS, |deed| revoke(deed, grower)).unwrap();
    let (taken, right) = tries(&mut node, &second.token, &second.pin, MORNING_MS);
    assert!(!right && taken == PinTry::Nobody);
    let again = node.act_as("王经办", ISSUERS, |deed| revoke(deed, grower));
    assert!(failure(again.unwrap_err()).text().contains("admin card issue"));
    assert_eq!(node.read().unwrap().cards(Some(grower)).unwrap().len(), 2);
}

#[test]
fn a_forgotten_pin_is_replaced_and_the_lock_is_gone() {
    let (mut node, grower, _folder) = district();
    let none = node.act_as("王经办", ISSUERS, |deed| renew_pin(deed, grower));
    assert!(failure(none.unwrap_err()).text().contains("没有在用的卡"));
    let Issued { token, pin } = issued(&mut node, grower);
    for _ in 0..6 {
        tries(&mut node, &token, "nonsense", MORNING_MS);
    }
    let renewed = node.act_as("王经办", ISSUERS, |deed| renew_pin(deed, grower)).unwrap();
    assert!(tries(&mut node, &token, &renewed, MORNING_MS).1);
    assert!(renewed == pin || !tries(&mut node, &token, &pin, MORNING_MS).1);
}

#[test]
fn a_card_is_of_a_household_in_the_register_and_goes_with_its_erasure() {
    let (mut node, grower, _folder) = district();
    let nobody = GrowerId::new(grower.device, 9);
    let none = node.act_as("王经办", ISSUERS, |deed| issue(deed, nobody));
    assert!(failure(none.unwrap_err()).text().contains(&nobody.to_string()));
    let may_not = node.act_as("周审计", ISSUERS, |deed| issue(deed, grower));
    assert!(failure(may_not.unwrap_err()).text().contains("周审计"));
    issued(&mut node, grower);
    node.put_user("李主管", "manager", "long enough").unwrap();
    node.put_user("钱主管", "manager", "long enough").unwrap();
    node.act(|office, tx, now_ms, _| office.erase_grower(tx, grower, ("李主管", "钱主管"), now_ms))
        .unwrap();
    assert_eq!(node.read().unwrap().cards(None).unwrap(), []);
}

#[test]
fn pins_are_six_digits_and_an_address_needs_only_letters_of_a_qr() {
    let mut rng = rng::system();
    for _ in 0..100 {
        let pin = new_pin(rng.as_mut());
        assert!(pin.len() == PIN_DIGITS && pin.bytes().all(|b| b.is_ascii_digit()), "{pin}");
    }
    let token = CardToken::new(rng.as_mut());
    let address = token.address("https://shou.example.cn/");
    assert_eq!(address, format!("HTTPS://SHOU.EXAMPLE.CN/G/{}", token.text()));
    assert_ne!(CardToken::new(rng.as_mut()), token);
}
