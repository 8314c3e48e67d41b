//! Registers between the office and phones with real stores: the yearly opening, edits that come
//! late, erasure down to the bytes of the files.

use std::path::{Path, PathBuf};

use courtyard_core::document::Value;
use courtyard_core::document::register::keys::*;
use courtyard_core::domain::{GrowerId, PersonNo};
use courtyard_core::wire::Auth;
use courtyard_core::wire::message::{TailsRequest, TailsResponse, path};
use courtyard_server::Node;
use courtyard_server::backup::{backup, restore};
use courtyard_server::log::{NumberKind, NumberOf};
use courtyard_server::office::sealed::SealingKey;
use rand::SeedableRng as _;

use crate::stores::StorePhone;
use crate::support::{NOW_MS, Yard};

impl StorePhone {
    fn write(&mut self, yard: &Yard, fields: &[(String, &str)]) {
        let fields = fields.iter().map(|(key, value)| (key.clone(), Value::from(*value))).collect();
        self.store.edit_register(&self.signer, yard.village, fields).unwrap();
    }

    fn grower(&self, counter: u32) -> GrowerId {
        GrowerId::new(self.signer.device(), counter)
    }

    /// Every value of a field, sorted, if it is in conflict.
    fn conflict(&self, key: &str) -> Option<Vec<String>> {
        let all = self.store.conflicts(None).unwrap();
        let conflict = all.iter().find(|conflict| conflict.key == key)?;
        let mut values = vec![conflict.shown.to_string()];
        values.extend(conflict.others.iter().map(Value::to_string));
        values.sort();
        Some(values)
    }
}

fn open_year(node: &mut Node, yard: &Yard, year: i64) -> (u32, bool) {
    let village = yard.village;
    let opened =
        node.act(|office, tx, now_ms, _| office.open_year(tx, village, year, now_ms)).unwrap();
    (opened.register.edition, opened.opened)
}

fn sync_all(yard: &Yard, phones: &mut [&mut StorePhone]) {
    for _ in 0..3 {
        for phone in phones.iter_mut() {
            phone.sync(yard).unwrap();
        }
    }
    let view = yard.node().view().unwrap();
    for phone in phones.iter() {
        let mut theirs = phone.store.growers(None).unwrap();
        theirs.sort_by_key(|row| row.id);
        assert_eq!(theirs, view.store().growers(None).unwrap());
        assert_eq!(phone.store.conflicts(None).unwrap(), view.store().conflicts(None).unwrap());
    }
}

#[test]
fn phones_follow_to_the_edition_of_a_year_and_what_comes_late_comes_along() {
    let yard = Yard::new();
    let (mut first, mut second) = (StorePhone::enrol(&yard, 1), StorePhone::enrol(&yard, 2));
    let h = first.grower(1);
    // More than one edit of the opening.
    for counter in 1..=150 {
        let grower = first.grower(counter);
        let name = format!("户{counter}");
        first.write(&yard, &[(grower_name_key(grower, 1), &name)]);
    }
    first.write(&yard, &[(grower_key(h, PHONE), "13800000001"), (grower_key(h, GROUP), "1组")]);
    sync_all(&yard, &mut [&mut first, &mut second]);

    // The second phone is away when the year is opened.
    let late = [
        (grower_key(h, PHONE), "13900000002"),
        (grower_key(h, GROUP), "2组"),
        (person_key(h, 1, NAME), "小明"),
    ];
    second.write(&yard, &late);
    let mut node = yard.node();
    assert_eq!(open_year(&mut node, &yard, 2027), (1, true));
    assert_eq!(open_year(&mut node, &yard, 2027), (1, false), "once a year");
    first.sync(&yard).unwrap();
    first.write(&yard, &[(grower_key(h, PHONE), "13700000003")]);
    first.sync(&yard).unwrap();
    sync_all(&yard, &mut [&mut first, &mut second]);

    for phone in [&first, &second] {
        // The number had changed meanwhile, the group had not.
        let both = ["13700000003".to_owned(), "13900000002".to_owned()];
        assert_eq!(phone.conflict(&grower_key(h, PHONE)), Some(both.to_vec()));
        assert_eq!(phone.conflict(&grower_key(h, GROUP)), None);
        let household = phone.store.household(h).unwrap().unwrap();
        assert_eq!((household.row.group.as_str(), household.persons.len()), ("2组", 1));
        assert_eq!(phone.store.growers(None).unwrap().len(), 150);
    }
    // Everybody writes in the new edition now, and a conflict goes along into the next.
    second.write(&yard, &[(grower_key(h, ADDRESS), "村口")]);
    sync_all(&yard, &mut [&mut first, &mut second]);
    assert_eq!(open_year(&mut yard.node(), &yard, 2028), (2, true));
    sync_all(&yard, &mut [&mut first, &mut second]);
    assert_eq!(first.conflict(&grower_key(h, PHONE)).map(|values| values.len()), Some(2));
    assert_eq!(second.store.grower(h).unwrap().unwrap().address, "村口");
    // A fresh phone has the same.
    let mut third = StorePhone::enrol(&yard, 3);
    sync_all(&yard, &mut [&mut first, &mut second, &mut third]);
    assert_eq!(third.store.growers(None).unwrap().len(), 150);
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push(path);
        }
    }
    all
}

/// The files in which these words stand as they are.
fn found(folders: &[&Path], words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for path in folders.iter().flat_map(|folder| files(folder)) {
        let bytes = std::fs::read(&path).unwrap();
        for word in words {
            if bytes.windows(word.len()).any(|window| window == word.as_bytes()) {
                found.push(format!("{word} in {}", path.display()));
            }
        }
    }
    found
}

const NAME_GONE: &str = "欧阳桂芬芳";
const FORMER: &str = "欧阳贵粉";
const PHONE_GONE: &str = "13812345678";
const UNSENT_PHONE: &str = "13887654321";
const SON: &str = "欧阳小冬瓜";
const ID: &str = "11010519491231002X";
const STAYS: &str = "王秀英留";

#[test]
fn after_an_erasure_no_file_of_the_server_or_of_a_phone_holds_a_byte_of_it() {
    let yard = Yard::new();
    let (mut first, mut second) = (StorePhone::enrol(&yard, 1), StorePhone::enrol(&yard, 2));
    let (gone, stays) = (first.grower(1), first.grower(2));
    first.write(
        &yard,
        &[
            (grower_name_key(gone, 1), FORMER),
            (grower_name_key(gone, 2), NAME_GONE),
            (grower_key(gone, PHONE), PHONE_GONE),
            (person_key(gone, 1, NAME), SON),
            ("note/N-1/text".to_owned(), "欧阳桂芬芳只在早上在家"),
            ("note/N-1/about".to_owned(), &gone.to_string()),
            (grower_name_key(stays, 1), STAYS),
        ],
    );
    sync_all(&yard, &mut [&mut first, &mut second]);
    // An older edition holds it too.
    open_year(&mut yard.node(), &yard, 2027);
    sync_all(&yard, &mut [&mut first, &mut second]);
    // A conflict of somebody else has to survive.
    first.write(&yard, &[(grower_key(stays, PHONE), "1")]);
    second.write(&yard, &[(grower_key(stays, PHONE), "2")]);
    sync_all(&yard, &mut [&mut first, &mut second]);
    assert!(first.conflict(&grower_key(stays, PHONE)).is_some());

    let mut node = yard.node();
    for (user, role) in [("lin", "clerk"), ("zhao", "manager"), ("wu", "auditor")] {
        node.put_user(user, role, "long enough").unwrap();
    }
    let key = SealingKey::make(courtyard_server::rng::system().as_mut());
    node.act(|_, tx, _, _| Ok(tx.put_sealing_key(&key.public)?)).unwrap();
    let of = NumberOf { grower: gone, person: PersonNo::new(0), kind: NumberKind::Id };
    node.act(|office, tx, now_ms, rng| {
        office.put_number(tx, of, ID, "lin", None, now_ms, rng.as_mut())
    })
    .unwrap();
    node.view().unwrap();

    let place = tempfile::tempdir().unwrap();
    let mut folders: Vec<PathBuf> =
        [&yard.place, &first.place, &second.place].map(|place| place.path().to_owned()).to_vec();
    let words = [NAME_GONE, FORMER, PHONE_GONE, SON, UNSENT_PHONE, ID, "002X"];
    let seen = |folders: &[PathBuf]| {
        let folders: Vec<&Path> = folders.iter().map(PathBuf::as_path).collect();
        found(&folders, &words)
    };
    assert!(seen(&folders).len() >= 12, "the search finds what is there: {:?}", seen(&folders));

    // The second phone is away, with an unsent edit of it and of somebody else.
    second.write(
        &yard,
        &[(grower_key(gone, PHONE), UNSENT_PHONE), (grower_key(stays, GROUP), "9组")],
    );
    let erase = |node: &mut Node, by: &str, second: &str| {
        node.act(|office, tx, now_ms, _| office.erase_grower(tx, gone, (by, second), now_ms))
    };
    for (by, second) in [("lin", "lin"), ("lin", "wu"), ("wu", "zhao"), ("lin", "nobody")] {
        assert!(erase(&mut node, by, second).is_err(), "{by} with {second}");
    }
    let erasure = erase(&mut node, "lin", "zhao").unwrap();
    assert_eq!((erasure.register.edition, erasure.editions.len(), erasure.numbers), (2, 2, 1));
    assert!(node.clean_log().unwrap());
    assert!(!node.view().unwrap().store().is_shredding_due().unwrap());
    assert!(erase(&mut node, "lin", "zhao").is_err(), "once");
    // Unless an edition came back with an older backup.
    let back = courtyard_core::document::RegisterId { village: yard.village, edition: 1 };
    node.act(|_, tx, now_ms, _| Ok(tx.open_edition(back, now_ms)?)).unwrap();
    assert_eq!(erase(&mut node, "lin", "zhao").unwrap().editions, [back]);
    assert_eq!(node.read().unwrap().editions(yard.village).unwrap().len(), 1);
    drop(node);

    sync_all(&yard, &mut [&mut first, &mut second]);
    assert!(!first.store.is_shredding_due().unwrap() && !second.store.is_shredding_due().unwrap());
    let kept = place.path().join("backup");
    backup(&mut yard.node(), &kept, false, NOW_MS).unwrap();
    folders.push(kept);
    assert_eq!(seen(&folders), Vec::<String>::new());

    // Everything else is still there, what the second phone had not sent too.
    for phone in [&first, &second] {
        let row = phone.store.grower(gone).unwrap().unwrap();
        assert!(row.erased && row.name.is_empty() && row.phone.is_empty());
        let row = phone.store.grower(stays).unwrap().unwrap();
        assert_eq!((row.name.as_str(), row.group.as_str()), (STAYS, "9组"));
        assert!(phone.conflict(&grower_key(stays, PHONE)).is_some());
        assert!(phone.store.set_aside().unwrap().is_empty());
        assert_eq!(phone.store.register_notes(None).unwrap(), []);
    }
    let mut node = yard.node();
    assert!(node.read().unwrap().set_aside().unwrap().is_empty());
    // The number is never given to another household, and the audit says who did it.
    assert_eq!(first.store.next_grower(first.signer.device()).unwrap(), first.grower(3));
    let acts = node.read().unwrap().acts(50).unwrap();
    let who = |act: &str| acts.iter().find(|a| a.act == act).map(|a| a.actor.clone());
    assert_eq!(who("grower.erase").as_deref(), Some("lin"));
    assert_eq!(who("grower.erase.approve").as_deref(), Some("zhao"));
    // A phone that is enrolled later never hears of it.
    let mut third = StorePhone::enrol(&yard, 3);
    sync_all(&yard, &mut [&mut first, &mut second, &mut third]);
    assert_eq!(seen(&[third.place.path().to_owned()]), Vec::<String>::new());
    // And the view is the same when it is made anew.
    let rows = node.view().unwrap().store().growers(None).unwrap();
    std::fs::remove_file(yard.place.path().join("view.db")).unwrap();
    assert_eq!(yard.node().view().unwrap().store().growers(None).unwrap(), rows);
}

#[test]
fn phones_of_the_village_learn_the_last_four_characters_and_nobody_else_anything() {
    let yard = Yard::new();
    let phone = yard.enrol(1);
    let mut node = yard.node();
    node.put_user("lin", "clerk", "long enough").unwrap();
    node.put_user("zhao", "reviewer", "long enough").unwrap();
    let other = node.add_village("后庄", None).unwrap();
    let key = SealingKey::make(courtyard_server::rng::system().as_mut());
    node.act(|_, tx, _, _| Ok(tx.put_sealing_key(&key.public)?)).unwrap();
    let h = GrowerId::new(phone.device(), 1);
    let there = GrowerId::new(node.office_device(other).unwrap().unwrap(), 1);
    for (village, grower) in [(yard.village, h), (other, there)] {
        let name = vec![(grower_name_key(grower, 1), Value::from("王"))];
        let edit = node.edit_register(village, vec![name]);
        edit.unwrap();
    }
    let put = |node: &mut Node, grower, kind, number: &str, second: Option<&str>| {
        let of = NumberOf { grower, person: PersonNo::new(0), kind };
        node.act(|office, tx, now_ms, rng| {
            office.put_number(tx, of, number, "lin", second, now_ms, rng.as_mut())
        })
    };
    put(&mut node, h, NumberKind::Id, ID, None).unwrap();
    put(&mut node, there, NumberKind::Id, ID, None).unwrap();
    // An account needs a second person.
    let account = "6222000012345678";
    for second in [None, Some("lin"), Some("nobody")] {
        assert!(put(&mut node, h, NumberKind::Bank, account, second).is_err(), "{second:?}");
    }
    put(&mut node, h, NumberKind::Bank, account, Some("zhao")).unwrap();
    let unknown = GrowerId::new(phone.device(), 9);
    assert!(put(&mut node, unknown, NumberKind::Id, ID, None).is_err());

    let ask = |held: [u8; 8], token| {
        let request = TailsRequest { auth: Auth::Token(token), held };
        let answer = yard.call("POST", path::TAILS, request.encode());
        (answer.status, TailsResponse::decode(&answer.body))
    };
    let (status, answer) = ask([0; 8], phone.token);
    let Ok(TailsResponse::Table { version, tails }) = answer else { panic!("{status}") };
    let seen: Vec<_> =
        tails.iter().map(|t| (t.grower, t.kind.as_str(), t.last_four.as_str())).collect();
    assert_eq!(seen, [(h, "id", "002X"), (h, "bank", "5678")]);
    assert_eq!(ask(version, phone.token).1.unwrap(), TailsResponse::Held);
    assert_eq!(ask([0; 8], courtyard_core::wire::Token([7; 16])).0, 401);
    // A revoked phone is told that there are none.
    node.revoke(phone.device(), "test").unwrap();
    let (_, answer) = ask(version, phone.token);
    assert!(matches!(answer, Ok(TailsResponse::Table { tails, .. }) if tails.is_empty()));

    // Who looks at a whole number stands in the audit.
    let of = NumberOf { grower: h, person: PersonNo::new(0), kind: NumberKind::Bank };
    let reveal = |node: &mut Node, by: &str, private: [u8; 32]| {
        node.act(|office, tx, now_ms, _| office.reveal_number(tx, of, by, &private, now_ms))
    };
    assert_eq!(reveal(&mut node, "lin", key.private).unwrap(), account);
    assert!(reveal(&mut node, "zhao", key.private).is_err(), "a reviewer needs no whole numbers");
    assert!(reveal(&mut node, "lin", [9; 32]).is_err(), "another key opens nothing");
    let acts = node.read().unwrap().acts(50).unwrap();
    let looks: Vec<_> = acts.iter().filter(|act| act.act == "number.reveal").collect();
    assert_eq!(looks.len(), 1);
    assert_eq!(
        (looks[0].actor.as_str(), looks[0].subject.as_str()),
        ("lin", format!("{h}-0 bank").as_str())
    );
}

#[test]
fn a_server_restored_to_before_an_opening_gets_the_edition_back_from_the_phones() {
    let mut yard = Yard::new();
    let (mut first, mut second) = (StorePhone::enrol(&yard, 1), StorePhone::enrol(&yard, 2));
    let h = first.grower(1);
    first.write(&yard, &[(grower_name_key(h, 1), "王"), (grower_key(h, PHONE), "1")]);
    sync_all(&yard, &mut [&mut first, &mut second]);
    let place = tempfile::tempdir().unwrap();
    let kept = place.path().join("backup");
    backup(&mut yard.node(), &kept, false, NOW_MS).unwrap();

    open_year(&mut yard.node(), &yard, 2027);
    sync_all(&yard, &mut [&mut first, &mut second]);
    first.write(&yard, &[(grower_key(h, PHONE), "2")]);
    second.write(&yard, &[(grower_key(h, GROUP), "2组")]);
    sync_all(&yard, &mut [&mut first, &mut second]);

    let data = place.path().join("restored");
    let rng = Box::new(rand::rngs::ChaCha8Rng::seed_from_u64(9));
    restore(&kept, &data, std::sync::Arc::new(yard.clock.clone()), rng).unwrap();
    yard.use_data(&data);
    sync_all(&yard, &mut [&mut first, &mut second]);
    let view = yard.node().view().unwrap();
    let row = view.store().grower(h).unwrap().unwrap();
    assert_eq!((row.phone.as_str(), row.group.as_str()), ("2", "2组"));
    assert_eq!(open_year(&mut yard.node(), &yard, 2027), (1, false), "it is open again");
    for phone in [&first, &second] {
        assert!(phone.store.set_aside().unwrap().is_empty());
        assert_eq!(phone.store.waiting().unwrap(), courtyard_core::store::Waiting::default());
    }
    // And work goes on in it.
    first.write(&yard, &[(grower_key(h, PHONE), "3")]);
    sync_all(&yard, &mut [&mut first, &mut second]);
    assert_eq!(second.store.grower(h).unwrap().unwrap().phone, "3");
}
