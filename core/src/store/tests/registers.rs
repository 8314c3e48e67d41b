//! What a register says of people and points: names with their days, persons, conflicts.

use super::world::*;
use crate::document::Value;
use crate::document::register::keys::*;
use crate::domain::identity::IdentityLink;
use crate::store::*;
use crate::wire::EditPart;

fn write(store: &mut Store, signer: &Signer, fields: &[(String, Value)]) {
    store.edit_register(signer, VILLAGE, fields.to_vec()).unwrap();
}

fn hear(store: &mut Store, edits: &[EditPart]) {
    store.ingest(Incoming { edits, ..Default::default() }, Checked::Here).unwrap();
}

/// Two phones that know the same grower.
fn phones(district: &District) -> ((Store, Signer), (Store, Signer)) {
    let (mut one, mut two) = (district.store("one", &[5, 6]), district.store("two", &[5, 6]));
    let (first, second) = (district.signer(5), district.signer(6));
    let h = grower(5, 1);
    write(&mut one, &first, &[(grower_name_key(h, 1), "王桂花".into())]);
    let (_, edits) = parts(&mut one, &first);
    hear(&mut two, &edits);
    ((one, first), (two, second))
}

#[test]
fn a_slip_of_an_old_day_shows_the_name_of_that_day() {
    let district = District::new();
    let ((mut store, phone), _) = phones(&district);
    let h = grower(5, 1);
    let fields =
        [(grower_name_key(h, 2), "王贵花".into()), (grower_since_key(h, 2), "2020-07-10".into())];
    write(&mut store, &phone, &fields);
    let on = |day: &str| store.name_on(h, day.parse().unwrap()).unwrap();
    assert_eq!(on("2020-07-09").as_deref(), Some("王桂花"));
    assert_eq!(on("2020-07-10").as_deref(), Some("王贵花"));
    assert_eq!(store.name_on(grower(5, 9), "2020-07-10".parse().unwrap()).unwrap(), None);
    // Lists and search show the name of today.
    assert_eq!(store.search("wgh", 5).unwrap()[0].name, "王贵花");
    let household = store.household(h).unwrap().unwrap();
    assert_eq!(household.names.iter().map(|n| n.number).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn persons_points_crates_and_remarks_are_read_from_the_register() {
    let district = District::new();
    let ((mut store, phone), _) = phones(&district);
    let h = grower(5, 1);
    let fields = [
        (person_key(h, 1, NAME), "王小明".into()),
        (person_key(h, 1, RELATION), "儿子".into()),
        (person_key(grower(5, 11), 1, NAME), "别家人".into()),
        ("point/P-005-1/name".to_owned(), "村委会前".into()),
        ("crate_type/K-005-1/name".to_owned(), "蓝筐".into()),
        ("crate_type/K-005-1/tare_g".to_owned(), Value::Int(1_500)),
        ("note/N-005-1/text".to_owned(), "只在早上在家".into()),
        ("note/N-005-1/about".to_owned(), h.to_string().as_str().into()),
        ("draft/C-005-1/content".to_owned(), Value::Bytes(vec![1, 2])),
        (grower_key(h, ADDRESS), "二组 3 号".into()),
    ];
    write(&mut store, &phone, &fields);
    let household = store.household(h).unwrap().unwrap();
    let persons: Vec<_> = household.persons.iter().map(|p| (p.number, p.name.as_str())).collect();
    assert_eq!(persons, [(1, "王小明")]);
    assert_eq!((household.notes.len(), household.row.address.as_str()), (1, "二组 3 号"));
    assert_eq!(store.next_person(h).unwrap(), 2);
    let day = "2020-07-10".parse().unwrap();
    assert_eq!(store.person_name_on(h, 1, day).unwrap().as_deref(), Some("王小明"));
    assert_eq!(store.person_name_on(h, 0, day).unwrap().as_deref(), Some("王桂花"));
    assert_eq!(store.points(Some(VILLAGE)).unwrap()[0].name, "村委会前");
    assert_eq!(store.crate_types(None).unwrap()[0].tare.get(), 1_500);
    assert_eq!(store.contract_drafts(None).unwrap()[0].content, [1, 2]);
    assert_eq!(store.next_row(VILLAGE, NOTE, 'N', device(5)).unwrap(), "N-005-2");
    assert_eq!(store.next_row(VILLAGE, NOTE, 'N', device(6)).unwrap(), "N-006-1");
    let before = projections(&store);
    store.rebuild().unwrap();
    assert_eq!(projections(&store), before);
}

#[test]
fn two_values_of_one_field_are_kept_and_shown_until_someone_settles_them() {
    let district = District::new();
    let ((mut one, first), (mut two, second)) = phones(&district);
    let key = grower_key(grower(5, 1), PHONE);
    write(&mut one, &first, &[(key.clone(), "13800000001".into())]);
    write(&mut two, &second, &[(key.clone(), "13900000002".into())]);
    let (_, of_one) = parts(&mut one, &first);
    let (_, of_two) = parts(&mut two, &second);
    hear(&mut one, &of_two);
    hear(&mut two, &of_one);
    let found = one.conflicts(None).unwrap();
    assert_eq!(found, two.conflicts(Some(VILLAGE)).unwrap(), "both phones show the same");
    let [conflict] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((conflict.key.as_str(), conflict.grower), (key.as_str(), Some(grower(5, 1))));
    let mut values = vec![conflict.shown.to_string()];
    values.extend(conflict.others.iter().map(Value::to_string));
    values.sort();
    assert_eq!(values, ["13800000001", "13900000002"]);
    assert_eq!((one.counts().unwrap().conflicts, one.growers(None).unwrap()[0].conflicts), (1, 1));
    let before = projections(&one);
    one.rebuild().unwrap();
    assert_eq!(projections(&one), before);
    // One of the values settles it, on every phone that hears of it.
    write(&mut two, &second, &[(key, "13800000001".into())]);
    let (_, settled) = parts(&mut two, &second);
    hear(&mut one, &settled);
    for store in [&one, &two] {
        assert_eq!(store.conflicts(None).unwrap(), []);
        assert_eq!(store.growers(None).unwrap()[0].phone, "13800000001");
    }
}

#[test]
fn a_household_registered_by_two_phones_offline_is_found() {
    let district = District::new();
    let ((mut one, first), (mut two, second)) = phones(&district);
    let (mine, theirs) = (grower(5, 1), grower(6, 1));
    write(&mut two, &second, &[(grower_name_key(theirs, 1), "王贵花".into())]);
    write(&mut one, &first, &[(person_key(mine, 1, PHONE), "138".into())]);
    write(&mut two, &second, &[(grower_key(theirs, PHONE), "138".into())]);
    let (_, edits) = parts(&mut two, &second);
    hear(&mut one, &edits);
    let found = one.candidates(Some(VILLAGE)).unwrap();
    let [candidate] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((candidate.one, candidate.other), (mine, theirs));
    let evidence: Vec<_> = candidate.evidence.iter().map(|e| e.name()).collect();
    assert_eq!(evidence, ["sounds_alike", "same_phone"]);
    // Once the district has linked them there is nothing to ask.
    let county = district.signer(0);
    let mut office = district.store("office", &[0]);
    let reason = "同一身份证".to_owned();
    save(&mut office, &county, IdentityLink { kept: mine, other: theirs, reason });
    let (books, _) = parts(&mut office, &county);
    let certificates = [county.certificate().clone()];
    let incoming = Incoming { certificates: &certificates, books: &books, edits: &[] };
    let (_, edits) = parts(&mut one, &first);
    hear(&mut two, &edits);
    assert_eq!(two.candidates(None).unwrap().len(), 1);
    two.ingest(incoming, Checked::Here).unwrap();
    assert_eq!(two.candidates(None).unwrap(), []);
    // One that was retired is not asked about either.
    write(&mut one, &first, &[(grower_key(theirs, RETIRED), Value::Bool(true))]);
    assert_eq!(one.candidates(None).unwrap(), []);
}
