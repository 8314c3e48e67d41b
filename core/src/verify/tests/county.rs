//! A district, its office and a phone, with real keys and signatures.

use crate::document::{
    Actor, BOOK_ENTRIES, BookId, BookTip, DeviceKey, DistrictId, DocumentId, HeadStatement,
    OfficeCertificate, PublicKey, Signature, append, issue_device_certificate, open_book,
};
use crate::domain::device::{DeviceCertificate, DeviceRole};
use crate::domain::slip::{Line, PriceReason, Segment, Slip, Weighing};
use crate::domain::*;
use crate::verify::{Boundary, EntryAt, EntryMark, KnownHead, Report, SignedBook, Verifier};

/// The district and whom it certified.
pub(super) struct County {
    pub(super) root: DeviceKey,
    pub(super) office: DeviceKey,
    pub(super) certificate: OfficeCertificate,
    pub(super) certificates: Vec<DeviceCertificate>,
}

pub(super) fn phone() -> DeviceNo {
    "A7K".parse().unwrap()
}

pub(super) fn other_phone() -> DeviceNo {
    "A7M".parse().unwrap()
}

/// The secret key of a device.
pub(super) fn key(device: DeviceNo) -> DeviceKey {
    let [high, low] = device.get().to_be_bytes();
    let mut seed = [9; 32];
    seed[0] = high;
    seed[1] = low;
    DeviceKey::from_seed(seed)
}

impl County {
    /// The same county each time; another seed, another district.
    pub(super) fn new(seed: u8) -> County {
        let (root, office) = (DeviceKey::from_seed([seed; 32]), DeviceKey::from_seed([100; 32]));
        let certificate = OfficeCertificate::issue(&root, &office.public());
        let mut county = County { root, office, certificate, certificates: Vec::new() };
        for device in [phone(), other_phone()] {
            let certificate = county.certify(device);
            county.certificates.push(certificate);
        }
        county
    }

    pub(super) fn root(&self) -> PublicKey {
        self.root.public()
    }

    pub(super) fn district(&self) -> DistrictId {
        DistrictId::of(&self.root())
    }

    pub(super) fn certify(&self, device: DeviceNo) -> DeviceCertificate {
        let village = Some(VillageNo::new(1));
        let key = key(device).public();
        let role = DeviceRole::Phone;
        issue_device_certificate(&self.office, &self.district(), device, &key, role, village)
    }

    pub(super) fn sign(&self, document: DocumentId, device: DeviceNo, tip: BookTip) -> Signature {
        let BookTip { count, head } = tip;
        HeadStatement { district: self.district(), device, document, count, head }
            .sign(&key(device))
    }

    /// Writes entries into books, signed after every so many entries and at the end of each book.
    pub(super) fn write(
        &self,
        device: DeviceNo,
        entries: &[Vec<u8>],
        every: u32,
    ) -> Vec<SignedBook> {
        let actor = Actor::of(&key(device).public());
        let mut previous = None;
        let mut books = Vec::new();
        for (number, entries) in (0..).zip(entries.chunks(BOOK_ENTRIES as usize)) {
            let book = BookId { device, number };
            let mut tip = open_book(&self.district(), &actor, book, previous);
            let mut boundaries = Vec::new();
            for entry in entries {
                tip = append(&tip, &actor, entry).unwrap();
                if tip.count.is_multiple_of(every) || tip.count as usize == entries.len() {
                    let signature = self.sign(DocumentId::Book(book), device, tip);
                    boundaries.push(Boundary { count: tip.count, signature });
                }
            }
            previous = Some(tip.head);
            books.push(SignedBook {
                book,
                entries: place(entries.to_vec()),
                numbered: false,
                boundaries,
                recorded: Some(tip),
                marks: Vec::new(),
            });
        }
        books
    }

    pub(super) fn verifier(&self) -> Verifier {
        Verifier::new(&self.root(), &self.certificate, self.certificates.clone())
    }

    pub(super) fn check(&self, books: &[SignedBook]) -> Report {
        self.check_against(books, &[])
    }

    pub(super) fn check_against(&self, books: &[SignedBook], known: &[KnownHead]) -> Report {
        let mut verifier = self.verifier();
        verifier.demand(known.iter().copied(), []);
        for book in books {
            verifier.book(book);
        }
        verifier.finish()
    }
}

/// Entries as a container without numbers lists them.
pub(super) fn place(entries: Vec<Vec<u8>>) -> Vec<EntryAt> {
    (0..).zip(entries).map(|(position, bytes)| EntryAt { position, bytes }).collect()
}

/// Lists the marks of the entries as they are now.
pub(super) fn mark(book: &mut SignedBook) {
    book.marks = book.entries.iter().map(|entry| EntryMark::of(&entry.bytes)).collect();
}

/// The head of a book as it stands.
pub(super) fn head(book: &SignedBook) -> KnownHead {
    let BookTip { count, head } = book.recorded.unwrap();
    KnownHead { book: book.book, count, head }
}

pub(super) fn envelope(lamport: u64) -> Envelope {
    Envelope {
        lamport,
        date: BusinessDate::from_days(18_444).unwrap(),
        clock: Clock { wall_s: 1_593_554_630, uptime_s: 60 },
        entity: EntityNo::new(1),
        operator: OperatorNo::new(0),
        reissue_of: None,
    }
}

/// A slip of one line at 3.19 yuan a kg.
pub(super) fn slip(lamport: u64, gross_g: i64) -> Slip {
    let weighing = Weighing { gross: Grams::new(gross_g), tare: Grams::new(1_500) };
    let price = LiPerKg::new(3_190);
    let segment = Segment { weight: weighing.net().unwrap(), price, reason: PriceReason::List };
    let mut line = Line {
        product: ProductNo::new(7),
        grade: Grade::new(0).unwrap(),
        weighings: vec![weighing],
        deductions: Vec::new(),
        segments: vec![segment],
        amount: Fen::ZERO,
        contract: None,
        marks: Default::default(),
    };
    line.amount = line.computed_amount().unwrap();
    let grower = GrowerId::new(phone(), 1 + u32::try_from(lamport % 5).unwrap());
    Slip { grower, lines: vec![line], price_list: Some(1), visit: Default::default() }
}

pub(super) fn entry(lamport: u64, body: impl Into<Body>) -> Vec<u8> {
    Entry { envelope: envelope(lamport), body: body.into() }.encode()
}

/// So many different slips.
pub(super) fn slips(count: u64) -> Vec<Vec<u8>> {
    (1..=count)
        .map(|n| entry(n, slip(n, 10_000 + i64::try_from(n * 37 % 5_000).unwrap())))
        .collect()
}
