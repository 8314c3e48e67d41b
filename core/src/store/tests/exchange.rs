//! Parts in any order, in any pieces, more than once: every replica ends with the same rows.

use proptest::prelude::*;

use super::world::*;
use crate::document::register::keys::{PHONE, grower_key, grower_name_key};
use crate::document::{BookId, BookTip, DocumentId, extend};
use crate::domain::{Body, ContractId, EntryId, Fen};
use crate::store::*;
use crate::wire::{BookPart, EditPart};

/// What one of two phones does, to one of three growers.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Buy(i64),
    Sign,
    Deliver(i64),
    Pay(usize),
    Void(usize),
    Name(u8),
    /// Takes what the other has written so far.
    Hear,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => (1_000..30_000_i64).prop_map(Deed::Buy),
        1 => Just(Deed::Sign),
        2 => (1_000..30_000_i64).prop_map(Deed::Deliver),
        2 => any::<usize>().prop_map(Deed::Pay),
        2 => any::<usize>().prop_map(Deed::Void),
        2 => any::<u8>().prop_map(Deed::Name),
        1 => Just(Deed::Hear),
    ]
}

pub(super) struct Phone {
    pub(super) signer: Signer,
    pub(super) store: Store,
}

fn act(phone: &mut Phone, other: &mut Phone, who: u32, deed: Deed) {
    let grower = grower(5, who);
    let contract_id = ContractId::new(device(5), who);
    let slips =
        phone.store.slips(SlipFilter { grower: Some(grower), ..Default::default() }).unwrap();
    let any = |n: usize| (!slips.is_empty()).then(|| slips[n % slips.len()].id);
    let body: Body = match deed {
        Deed::Buy(net_g) => slip(grower, net_g).into(),
        Deed::Sign => contract(grower, contract_id).into(),
        Deed::Deliver(net_g) => on_contract(slip(grower, net_g), contract_id).into(),
        Deed::Pay(n) => {
            let Some(id) = any(n) else { return };
            let owed = phone.store.slip(id).unwrap().unwrap().remaining;
            payout(grower, id, owed.max(Fen::new(100))).into()
        }
        Deed::Void(n) => {
            let Some(id) = any(n) else { return };
            void(grower, id, phone.store.slip(id).unwrap().unwrap().hash).into()
        }
        Deed::Name(n) => {
            let fields = vec![
                (grower_name_key(grower, 1), format!("王{n}").as_str().into()),
                (grower_key(grower, PHONE), n.to_string().as_str().into()),
            ];
            phone.store.edit_register(&phone.signer, VILLAGE, fields).unwrap();
            return;
        }
        Deed::Hear => {
            let (books, edits) = parts(&mut other.store, &other.signer);
            let incoming = Incoming { books: &books, edits: &edits, ..Default::default() };
            phone.store.ingest(incoming, Checked::Here).unwrap();
            return;
        }
    };
    save(&mut phone.store, &phone.signer, body);
}

/// One of many parts that travel on their own.
#[derive(Debug, Clone)]
pub(super) enum Piece {
    Book(BookPart),
    Edits(EditPart),
}

/// Cuts a phone's books into pieces of at most `size` entries, each signed where it ends.
pub(super) fn cut(district: &District, phone: &mut Phone, size: usize) -> Vec<Piece> {
    let (books, edits) = own_parts(phone);
    let mut pieces = Vec::new();
    let mut previous = None;
    for whole in books {
        let mut tip: Option<BookTip> = None;
        let id: BookId = whole.book;
        for entries in whole.entries.chunks(size) {
            let start = tip.map_or(0, |tip| tip.count);
            let bytes = entries.iter().map(Vec::as_slice);
            let next =
                extend(district.trust.district(), phone.signer.actor(), id, previous, tip, bytes);
            let next = next.unwrap();
            let signature = phone.signer.sign_head(DocumentId::Book(id), next.count, next.head);
            pieces.push(Piece::Book(BookPart {
                book: id,
                start,
                entries: entries.to_vec(),
                signature,
            }));
            tip = Some(next);
        }
        previous = tip.map(|tip| tip.head);
    }
    pieces.extend(edits.into_iter().map(Piece::Edits));
    pieces
}

/// Everything that a phone itself has written.
fn own_parts(phone: &mut Phone) -> (Vec<BookPart>, Vec<EditPart>) {
    let (mut books, mut edits) = parts(&mut phone.store, &phone.signer);
    books.retain(|part| part.book.device == phone.signer.device());
    edits.retain(|part| part.device == phone.signer.device());
    (books, edits)
}

pub(super) fn take(store: &mut Store, piece: &Piece) {
    let incoming = match piece {
        Piece::Book(part) => Incoming { books: std::slice::from_ref(part), ..Default::default() },
        Piece::Edits(part) => Incoming { edits: std::slice::from_ref(part), ..Default::default() },
    };
    store.ingest(incoming, Checked::Here).unwrap();
}

/// Another order, by a seed.
pub(super) fn shuffle<T>(pieces: &mut [T], seed: u64) {
    let mut state = seed | 1;
    let mut random = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap()
    };
    for i in (1..pieces.len()).rev() {
        pieces.swap(i, random() % (i + 1));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn in_any_order_and_any_pieces_replicas_end_with_equal_rows(
        deeds in prop::collection::vec((any::<bool>(), 1..4_u32, deed()), 1..60),
        size in 1..9_usize,
        order in any::<u64>(),
    ) {
        let district = District::new();
        let mut one = Phone { signer: district.signer(5), store: district.store("one", &[5, 6]) };
        let mut two = Phone { signer: district.signer(6), store: district.store("two", &[5, 6]) };
        for (first, who, deed) in deeds {
            if first {
                act(&mut one, &mut two, who, deed);
            } else {
                act(&mut two, &mut one, who, deed);
            }
        }
        let mut pieces = cut(&district, &mut one, size);
        pieces.extend(cut(&district, &mut two, size + 1));
        // Some come twice.
        let twice: Vec<Piece> = pieces.iter().step_by(3).cloned().collect();
        pieces.extend(twice);
        shuffle(&mut pieces, order);
        // The third hears of one phone's certificate only at the end.
        let mut third = district.store("third", &[5]);
        for piece in &pieces {
            take(&mut third, piece);
            take(&mut one.store, piece);
        }
        let certificates = district.certificates(&[6]);
        third.ingest(Incoming { certificates: &certificates, ..Default::default() }, Checked::Here).unwrap();
        for piece in pieces.iter().rev() {
            take(&mut two.store, piece);
        }
        let want = projections(&one.store);
        for store in [&mut one.store, &mut two.store, &mut third] {
            prop_assert_eq!(store.parked_count().unwrap(), 0);
            prop_assert!(store.set_aside().unwrap().is_empty());
            prop_assert_eq!(&projections(store), &want);
            store.rebuild().unwrap();
            prop_assert_eq!(&projections(store), &want);
            prop_assert!(store.control_differences().unwrap().is_empty());
            prop_assert_eq!(store.trial_balance().unwrap().difference, Fen::ZERO);
        }
        prop_assert_eq!(one.store.digests(VILLAGE).unwrap(), two.store.digests(VILLAGE).unwrap());
        prop_assert_eq!(one.store.digests(VILLAGE).unwrap(), third.digests(VILLAGE).unwrap());
    }
}

#[test]
fn other_content_under_the_same_number_is_set_aside_and_the_first_stays() {
    let district = District::new();
    let phone = district.signer(5);
    let mut original = district.store("original", &[5]);
    let mut copied = district.store("copied", &[5]);
    for n in 1..=3 {
        save(&mut original, &phone, slip(grower(5, 1), n * 1_000));
    }
    save(&mut copied, &phone, slip(grower(5, 1), 1_000));
    save(&mut copied, &phone, slip(grower(5, 1), 77_000));
    let (first, _) = parts(&mut original, &phone);
    let (fork, _) = parts(&mut copied, &phone);
    let mut third = district.store("third", &[5]);
    third.ingest(Incoming { books: &first, ..Default::default() }, Checked::Here).unwrap();
    let before = projections(&third);
    let done =
        third.ingest(Incoming { books: &fork, ..Default::default() }, Checked::Here).unwrap();
    assert_eq!((done.entries, done.set_aside), (0, 1));
    assert_eq!(projections(&third), before);
    let aside = third.set_aside().unwrap();
    assert_eq!(aside[0].code, "sync.fork");
    assert_eq!(aside[0].document, "book/005/0");
    // The same evidence again is kept once, and what the phone writes on is still taken.
    third.ingest(Incoming { books: &fork, ..Default::default() }, Checked::Here).unwrap();
    assert_eq!(third.set_aside().unwrap().len(), 1);
    save(&mut original, &phone, slip(grower(5, 2), 4_000));
    let (more, _) = parts(&mut original, &phone);
    let done =
        third.ingest(Incoming { books: &more, ..Default::default() }, Checked::Here).unwrap();
    assert_eq!((done.entries, done.duplicates), (1, 3));
}

#[test]
fn a_flipped_bit_a_strangers_signature_and_a_false_certificate_are_not_believed() {
    let district = District::new();
    let phone = district.signer(5);
    let mut store = district.store("phone", &[5]);
    save(&mut store, &phone, slip(grower(5, 1), 1_000));
    let (books, _) = parts(&mut store, &phone);
    let mut flipped = books.clone();
    flipped[0].entries[0][20] ^= 1;
    let mut stranger = books.clone();
    stranger[0].signature.0[0] ^= 1;
    for wrong in [flipped, stranger] {
        let mut other = district.store(&format!("other{:?}", wrong[0].signature.0[0]), &[5]);
        let done = other.ingest(Incoming { books: &wrong, ..Default::default() }, Checked::Here);
        assert_eq!(done.unwrap().set_aside, 1);
        assert_eq!(other.set_aside().unwrap()[0].code, "trust.signature");
        assert_eq!(rows(&other, "entries").len(), 0);
        // The true part is taken all the same.
        let done = other.ingest(Incoming { books: &books, ..Default::default() }, Checked::Here);
        assert_eq!(done.unwrap().entries, 1);
    }
    let mut false_certificates = district.certificates(&[5]);
    false_certificates[0].role = crate::domain::device::DeviceRole::CountyOffice;
    let mut other = district.store("unknown", &[]);
    let incoming =
        Incoming { certificates: &false_certificates, books: &books, ..Default::default() };
    let done = other.ingest(incoming, Checked::Here).unwrap();
    assert_eq!((done.entries, done.parked), (0, 1));
    assert_eq!(other.certificate(device(5)).unwrap(), None);
}

#[test]
fn a_certificate_that_the_county_publishes_brings_in_what_waited_for_it() {
    let district = District::new();
    let (county, phone) = (district.signer(0), district.signer(5));
    let mut office = district.store("office", &[0]);
    for body in catalogue() {
        save(&mut office, &county, body);
    }
    save(&mut office, &county, phone.certificate().clone());
    let mut writer = district.store("phone", &[5]);
    save(&mut writer, &phone, slip(grower(5, 1), 1_000));
    let fields = vec![(grower_name_key(grower(5, 1), 1), "王芳".into())];
    writer.edit_register(&phone, VILLAGE, fields).unwrap();
    let (books, edits) = parts(&mut writer, &phone);
    let mut third = district.store("third", &[0]);
    let done = third
        .ingest(Incoming { books: &books, edits: &edits, ..Default::default() }, Checked::Here)
        .unwrap();
    assert_eq!((done.entries, done.edits, done.parked), (0, 0, 2));
    let (published, _) = parts(&mut office, &county);
    let done =
        third.ingest(Incoming { books: &published, ..Default::default() }, Checked::Here).unwrap();
    assert_eq!((done.entries, done.edits), (6, 1));
    assert_eq!(third.parked_count().unwrap(), 0);
    assert_eq!(third.search("wf", 5).unwrap()[0].name, "王芳");
    assert_eq!(third.slip(EntryId::new(device(5), 1)).unwrap().unwrap().net.get(), 1_000);
    assert_eq!(third.products().unwrap()[0].name, "竹叶菜");
    assert_eq!(third.entity_of(VILLAGE).unwrap(), ENTITY);
}

#[test]
fn parts_of_two_phones_that_stand_on_one_another_are_taken_together() {
    let district = District::new();
    let (one, two) = (district.signer(5), district.signer(6));
    let mut first = district.store("one", &[5, 6]);
    let mut second = district.store("two", &[5, 6]);
    let name = |n: u32| vec![(grower_name_key(grower(5, n), 1), "王芳".into())];
    let mut all = Vec::new();
    for n in 0..3 {
        let (mine, other, signer) = match n {
            1 => (&mut second, &mut first, &two),
            _ => (&mut first, &mut second, &one),
        };
        mine.edit_register(signer, VILLAGE, name(n)).unwrap();
        let (_, edits) = parts(mine, signer);
        other.ingest(Incoming { edits: &edits, ..Default::default() }, Checked::Here).unwrap();
        all = edits;
    }
    // As a server that lost everything may get them: each phone's in one part.
    let edits: Vec<_> = all.iter().flat_map(|part| part.edits.clone()).collect();
    assert_eq!(all.len(), 2, "the phone itself ends a part where another's edit comes between");
    let whole = EditPart { edits, ..all[1].clone() };
    let (_, others) = parts(&mut second, &two);
    let mut server = district.store("server", &[5, 6]);
    for part in [whole, others[0].clone()] {
        let incoming = Incoming { edits: std::slice::from_ref(&part), ..Default::default() };
        server.ingest(incoming, Checked::Here).unwrap();
    }
    assert_eq!((server.parked_count().unwrap(), rows(&server, "edits").len()), (0, 3));
    assert_eq!(rows(&server, "growers"), rows(&first, "growers"));
}
