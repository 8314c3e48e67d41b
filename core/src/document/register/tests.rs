//! Replicas that edit at once and hear of each other in any order agree with each other and with
//! plain Automerge; what does not fit changes nothing.

mod editions;

use proptest::prelude::*;

use super::*;
use crate::document::keys::PublicKey;
use crate::domain::VillageNo;

const ID: RegisterId = RegisterId { village: VillageNo::new(4), edition: 0 };
const PHONE: &str = "grower/H-001-1/phone";

fn actor(writer: u8) -> Actor {
    Actor::of(&PublicKey([writer; 32]))
}

fn device(writer: u8) -> DeviceNo {
    DeviceNo::new(u16::from(writer)).unwrap()
}

/// One phone's register, and what plain Automerge makes of the same history.
struct Replica {
    writer: u8,
    ours: Register,
    plain: Automerge,
    /// Edits known here, in an order that can be applied.
    log: Vec<(u8, Edit, Head)>,
}

impl Replica {
    fn new(writer: u8) -> Self {
        let plain = Automerge::new().with_actor(ActorId::from(&actor(writer).0[..]));
        Replica { writer, ours: Register::new(ID), plain, log: Vec::new() }
    }

    fn write(&mut self, assignments: &[(&str, Value)]) {
        let owned: Vec<_> = assignments.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
        let mut transaction = self.plain.transaction();
        let sorted: BTreeMap<_, _> = owned.iter().cloned().collect();
        for (key, value) in &sorted {
            transaction.put(ROOT, key.as_str(), ScalarValue::from(value)).unwrap();
        }
        let (theirs, _) = transaction.commit_with(CommitOptions::default().with_time(0));
        match self.ours.commit(device(self.writer), &actor(self.writer), owned) {
            Ok((edit, head)) => {
                assert_eq!(theirs.map(|hash| Head(hash.0)), Some(head));
                self.log.push((self.writer, edit, head));
            }
            Err(ApplyError::Malformed(EditFault::NothingChanges)) => assert_eq!(theirs, None),
            Err(other) => panic!("{other}"),
        }
    }

    fn hear(&mut self, other: &mut Replica) {
        for (writer, edit, head) in &other.log {
            match self.ours.apply(edit, &actor(*writer)) {
                Ok(derived) => {
                    assert_eq!(derived, *head, "the change derived is not the writer's");
                    self.log.push((*writer, edit.clone(), *head));
                }
                Err(ApplyError::Duplicate { head: known }) => assert_eq!(known, *head),
                Err(error) => panic!("{error}"),
            }
        }
        self.plain.merge(&mut other.plain).unwrap();
        assert_eq!(self.ours.heads(), heads_of(&self.plain));
    }
}

fn readings(register: &Register) -> Vec<(String, Reading)> {
    register.readings().collect()
}

/// All that a key holds, sorted.
fn values(register: &Register, key: &str) -> Vec<Value> {
    let mut values: Vec<_> = register.reading(key).unwrap().values().cloned().collect();
    values.sort();
    values
}

#[derive(Debug, Clone)]
enum Step {
    Write { writer: usize, assignments: Vec<(usize, Value)> },
    Hear { by: usize, of: usize },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let value = prop_oneof![
        (0..3_i64).prop_map(Value::Int),
        "[a-c]{0,2}".prop_map(Value::Text),
        any::<bool>().prop_map(Value::Bool),
        prop::collection::vec(any::<u8>(), 0..3).prop_map(Value::Bytes),
        Just(Value::Null),
    ];
    let write = (0..4_usize, prop::collection::vec((0..5_usize, value), 1..4))
        .prop_map(|(writer, assignments)| Step::Write { writer, assignments });
    let hear = (0..4_usize, 0..4_usize).prop_map(|(by, of)| Step::Hear { by, of });
    prop::collection::vec(prop_oneof![2 => write, 1 => hear], 1..40)
}

const KEYS: [&str; 5] =
    [PHONE, "grower/H-001-1/name/1", "grower/H-001-2/phone", "point/P-1/name", "note/1/text"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn replicas_agree_in_any_interleaving(steps in steps(), order in any::<u64>()) {
        let mut replicas: Vec<_> = (1..=4).map(Replica::new).collect();
        for step in steps {
            match step {
                Step::Write { writer, assignments } => {
                    let assignments: Vec<_> =
                        assignments.into_iter().map(|(key, value)| (KEYS[key], value)).collect();
                    replicas[writer].write(&assignments);
                }
                Step::Hear { by, of } if by != of => {
                    let mut of_it = std::mem::replace(&mut replicas[of], Replica::new(0));
                    replicas[by].hear(&mut of_it);
                    replicas[of] = of_it;
                }
                Step::Hear { .. } => {}
            }
        }
        for by in 0..4 {
            for of in 0..4 {
                if by != of {
                    let mut of_it = std::mem::replace(&mut replicas[of], Replica::new(0));
                    replicas[by].hear(&mut of_it);
                    replicas[of] = of_it;
                }
            }
        }
        let first = readings(&replicas[0].ours);
        for replica in &replicas {
            prop_assert_eq!(replica.ours.heads(), replicas[0].ours.heads());
            prop_assert_eq!(&readings(&replica.ours), &first);
        }
        // A new phone gets them in an order that means nothing, and parks what comes too early.
        let mut waiting = replicas[0].log.clone();
        let mut fresh = Register::new(ID);
        let mut state = order | 1;
        while !waiting.is_empty() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let (writer, edit, head) = waiting.remove((state >> 33) as usize % waiting.len());
            match fresh.apply(&edit, &actor(writer)) {
                Ok(derived) => prop_assert_eq!(derived, head),
                Err(ApplyError::MissingDeps | ApplyError::OutOfTurn { .. }) => {
                    waiting.push((writer, edit, head));
                }
                Err(other) => panic!("{other}"),
            }
        }
        prop_assert_eq!(fresh.heads(), replicas[0].ours.heads());
        prop_assert_eq!(&readings(&fresh), &first);
        for (writer, edit, head) in &replicas[0].log {
            let again = fresh.apply(edit, &actor(*writer));
            prop_assert_eq!(again, Err(ApplyError::Duplicate { head: *head }));
        }
        let loaded = Automerge::load(&fresh.to_automerge()).unwrap();
        prop_assert_eq!(heads_of(&loaded), fresh.heads());
    }

    #[test]
    fn an_edit_reads_back_from_its_bytes(
        number in 1_u32..,
        deps in prop::collection::vec(any::<[u8; 32]>().prop_map(Head), 0..4),
        number_value: i64,
        text: String,
        bytes: Vec<u8>,
    ) {
        let values =
            [Value::Int(number_value), Value::Text(text), Value::Bytes(bytes), Value::Bool(true), Value::Null];
        let assignments = values.into_iter().enumerate().map(|(i, v)| (format!("note/{i}/text"), v));
        let edit = Edit { device: device(1), number, deps, assignments: assignments.collect() };
        let bytes = minicbor::to_vec(&edit).unwrap();
        prop_assert_eq!(minicbor::decode::<Edit>(&bytes).unwrap(), edit);
    }
}

/// Two phones that wrote one number at once, on one register.
fn conflict() -> (Register, [Edit; 2]) {
    let mut first = Register::new(ID);
    let mut second = Register::new(ID);
    let (base, _) = first.commit(device(1), &actor(1), vec![(PHONE.into(), "1".into())]).unwrap();
    second.apply(&base, &actor(1)).unwrap();
    let (mine, _) = first.commit(device(1), &actor(1), vec![(PHONE.into(), "11".into())]).unwrap();
    let (theirs, _) =
        second.commit(device(2), &actor(2), vec![(PHONE.into(), "22".into())]).unwrap();
    first.apply(&theirs, &actor(2)).unwrap();
    (first, [mine, theirs])
}

#[test]
fn two_values_written_at_once_are_both_kept_until_someone_settles_them() {
    let (mut register, _) = conflict();
    let reading = register.reading(PHONE).unwrap();
    assert_eq!(values(&register, PHONE), ["11".into(), "22".into()]);
    assert_eq!(register.conflicts().count(), 1);
    assert_eq!(register.heads().len(), 2);
    // Settled with the very value that is shown already.
    let shown = reading.value;
    register.commit(device(3), &actor(3), vec![(PHONE.into(), shown.clone())]).unwrap();
    assert_eq!(register.reading(PHONE), Some(Reading { value: shown, others: vec![] }));
    assert_eq!(register.heads().len(), 1);
}

#[test]
fn the_same_value_written_at_once_is_no_conflict() {
    let mut first = Register::new(ID);
    let mut second = Register::new(ID);
    first.commit(device(1), &actor(1), vec![(PHONE.into(), "1".into())]).unwrap();
    let (edit, _) = second.commit(device(2), &actor(2), vec![(PHONE.into(), "1".into())]).unwrap();
    first.apply(&edit, &actor(2)).unwrap();
    assert_eq!(first.reading(PHONE), Some(Reading { value: "1".into(), others: vec![] }));
}

#[test]
fn the_heads_of_a_known_register_never_change() {
    let (register, [mine, theirs]) = conflict();
    let heads: Vec<_> = register.heads().iter().map(Head::to_string).collect();
    assert_eq!(heads, GOLDEN_HEADS);
    assert_eq!(hex::encode(minicbor::to_vec(&mine).unwrap()), GOLDEN_EDIT);
    assert_eq!(mine.deps, theirs.deps);
}

const GOLDEN_HEADS: [&str; 2] = [
    "87b8c86628ae4614700233b9b5c622e4f0beb9819c203b84f79063cf0e457ce7",
    "ccb40b3a0ca8c5a7e4e02cdc1a67a85f4e939fd425a5040030089bd1303bd479",
];
const GOLDEN_EDIT: &str = "84010281582033c7433b803d77f04d233777c0276f1033cb4ad9240bddc2102bcb0007ad1c4681827467726f7765722f482d3030312d312f70686f6e65623131";

#[test]
fn what_does_not_fit_is_refused_and_changes_nothing() {
    let (mut register, [mine, theirs]) = conflict();
    let before = (register.heads(), readings(&register));
    let head = register.head_of(&actor(1), 2).unwrap();
    let base = theirs.deps[0];
    let sorted = |mut heads: Vec<Head>| {
        heads.sort();
        heads
    };
    let next = Edit { number: 3, deps: register.heads(), ..mine.clone() };
    let keys = |keys: &[&str]| keys.iter().map(|k| ((*k).to_owned(), "x".into())).collect();
    for (edit, error) in [
        (mine.clone(), ApplyError::Duplicate { head }),
        (Edit { assignments: keys(&[PHONE]), ..mine.clone() }, ApplyError::Fork { kept: head }),
        (Edit { deps: vec![], ..mine }, ApplyError::Fork { kept: head }),
        (Edit { number: 4, ..next.clone() }, ApplyError::OutOfTurn { expected: 3 }),
        (Edit { deps: vec![Head([9; 32])], ..next.clone() }, ApplyError::MissingDeps),
        (Edit { number: 0, ..next.clone() }, EditFault::NumberZero.into()),
        (Edit { deps: vec![base, base], ..next.clone() }, EditFault::DepsOutOfOrder.into()),
        (Edit { deps: sorted(vec![base, head]), ..next.clone() }, EditFault::DepsNotHeads.into()),
        (Edit { deps: vec![base], ..next.clone() }, EditFault::NotOnOwn.into()),
        (Edit { assignments: vec![], ..next.clone() }, EditFault::Empty.into()),
        (Edit { assignments: keys(&["phone"]), ..next.clone() }, EditFault::Key.into()),
        (
            Edit { assignments: keys(&[PHONE, KEYS[1]]), ..next.clone() },
            EditFault::KeysOutOfOrder.into(),
        ),
        (
            Edit { assignments: keys(&[PHONE, PHONE]), ..next.clone() },
            EditFault::KeysOutOfOrder.into(),
        ),
    ] {
        for _again in 0..2 {
            assert_eq!(register.apply(&edit, &actor(1)), Err(error.clone()), "{edit:?}");
            assert_eq!((register.heads(), readings(&register)), before);
        }
    }
    register.apply(&Edit { assignments: keys(&[PHONE]), ..next }, &actor(1)).unwrap();
    let same = vec![(PHONE.to_owned(), "x".into())];
    assert_eq!(
        register.commit(device(1), &actor(1), same),
        Err(EditFault::NothingChanges.into()),
        "a value that already stands there alone"
    );
    assert_eq!(register.count(&actor(1)), 3);
}

#[test]
fn a_table_reads_by_row_and_knows_its_newest_name() {
    let mut register = Register::new(ID);
    let names = |n: u32, text: &str| (format!("grower/H-001-1/name/{n}"), text.into());
    let mut all = vec![
        names(1, "王"),
        names(2, "李"),
        names(10, "赵"),
        (PHONE.to_owned(), Value::Null),
        ("grower/H-001-2/flag/监测户".to_owned(), Value::Bool(true)),
        ("growers/H-001-3/phone".to_owned(), "3".into()),
        ("grower0/H-001-3/phone".to_owned(), "3".into()),
    ];
    all.reverse();
    register.commit(device(1), &actor(1), all).unwrap();
    let rows = register.rows(keys::GROWER);
    assert_eq!(rows.keys().collect::<Vec<_>>(), ["H-001-1", "H-001-2"]);
    let fields: Vec<_> = rows["H-001-1"].iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["name/1", "name/10", "name/2", "phone"]);
    assert_eq!(rows["H-001-2"][0].1.value, Value::Bool(true));
    let newest = |register: &Register| {
        register.newest(keys::GROWER, "H-001-1", keys::NAME).map(|(n, r)| (n, r.value))
    };
    assert_eq!(newest(&register), Some((10, "赵".into())));
    register.commit(device(1), &actor(1), vec![(names(10, "").0, Value::Null)]).unwrap();
    assert_eq!(newest(&register), Some((2, "李".into())));
    assert_eq!(register.newest(keys::GROWER, "H-001-2", keys::NAME), None);
    let (conflicting, _) = conflict();
    assert!(conflicting.rows(keys::GROWER)["H-001-1"][0].1.is_conflict());
}
