//! A small district and what its devices send: the content of the vectors.

use courtyard_core::document::{
    Actor, BookId, DeviceKey, DistrictId, DocumentId, Edit, Head, HeadStatement, OfficeCertificate,
    Register, RegisterId, Value, extend, issue_device_certificate, sign_challenge, sign_enrolment,
};
use courtyard_core::domain::contract::{Beyond, ContractVersion};
use courtyard_core::domain::device::{DeviceCertificate, DeviceRole};
use courtyard_core::domain::note::Note;
use courtyard_core::domain::payout::{Allocation, Payout};
use courtyard_core::domain::price_list::{PriceList, PriceRow};
use courtyard_core::domain::product::{Product, Products};
use courtyard_core::domain::rules::{Entity, Rules};
use courtyard_core::domain::slip::{
    Deduction, DeductionAmount, Line, PriceReason, Segment, Slip, Weighing,
};
use courtyard_core::domain::village::Village;
use courtyard_core::domain::void::Void;
use courtyard_core::domain::{
    Area, BasisPoints, Body, BusinessDate, Clock, ContractId, DeviceNo, EntityNo, Entry, EntryHash,
    EntryId, Envelope, Fen, Grade, Grams, GrowerId, LiPerKg, OperatorNo, ProductNo, VillageNo,
};
use courtyard_core::wire::{
    AuditRequest, AuditResponse, AuditedBook, AuditedEdits, Auth, BookPart, Challenge, Cursor,
    Door, EditPart, EnrolRequest, EnrolResponse, HeldBook, HeldEdits, Refusal, Refused,
    SessionRequest, SessionResponse, SyncRequest, SyncResponse, Token, rows,
};

pub(crate) const VILLAGE: VillageNo = VillageNo::new(3);
pub(crate) const REGISTER: RegisterId = RegisterId { village: VILLAGE, edition: 0 };
pub(crate) const CHALLENGE: [u8; 16] = *b"sixteen bytes ok";
pub(crate) const INVITATION: &[u8] = b"an invitation";
pub(crate) const TOKEN: Token = Token([0xC7; 16]);
/// 2026-06-01 05:30:30 in Shanghai.
const MORNING_S: i64 = 1_780_263_030;

/// The keys of the district; each seed is 32 equal bytes.
pub(crate) struct District {
    pub(crate) root: DeviceKey,
    pub(crate) office: DeviceKey,
    pub(crate) phone: DeviceKey,
    pub(crate) id: DistrictId,
}

pub(crate) fn district() -> District {
    let key = |byte| DeviceKey::from_seed([byte; 32]);
    let id = DistrictId::of(&key(1).public());
    District { root: key(1), office: key(2), phone: key(3), id }
}

/// The phone's number; its book code is A07.
pub(crate) fn phone() -> DeviceNo {
    "A07".parse().unwrap()
}

pub(crate) fn book() -> BookId {
    BookId::new(phone(), 0).unwrap()
}

pub(crate) fn certificate(number: u16, role: DeviceRole) -> DeviceCertificate {
    let d = district();
    let key = if role == DeviceRole::Phone { d.phone.public() } else { d.office.public() };
    let village = (role != DeviceRole::CountyOffice).then_some(VILLAGE);
    let device = DeviceNo::new(number).unwrap();
    issue_device_certificate(&d.office, &d.id, device, &key, role, village)
}

fn entry(lamport: u64, wall_s: i64, body: impl Into<Body>) -> Vec<u8> {
    let envelope = Envelope {
        lamport,
        date: BusinessDate::at(wall_s),
        clock: Clock { wall_s, uptime_s: wall_s - 1_780_000_000 },
        entity: EntityNo::new(3),
        operator: OperatorNo::new(0),
        reissue_of: None,
    };
    Entry { envelope, body: body.into() }.encode()
}

fn segment(weight_g: i64, price_li: i64, reason: PriceReason) -> Segment {
    Segment { weight: Grams::new(weight_g), price: LiPerKg::new(price_li), reason }
}

fn line(product: u32, gross_g: i64, segments: Vec<Segment>) -> Line {
    let mut line = Line {
        product: ProductNo::new(product),
        grade: Grade::default(),
        weighings: vec![Weighing { gross: Grams::new(gross_g), tare: Grams::new(1_500) }],
        deductions: vec![],
        segments,
        amount: Fen::ZERO,
        contract: None,
        marks: Default::default(),
    };
    line.amount = line.computed_amount().unwrap();
    line
}

fn plain(product: u32, gross_g: i64, price_li: i64) -> Line {
    line(product, gross_g, vec![segment(gross_g - 1_500, price_li, PriceReason::Stated)])
}

fn slip(counter: u32, lines: Vec<Line>) -> Slip {
    Slip {
        grower: GrowerId::new(phone(), counter),
        lines,
        price_list: None,
        visit: Default::default(),
    }
}

/// A morning at the scale: seven entries of six kinds.
pub(crate) fn morning() -> Vec<Vec<u8>> {
    let two = vec![
        segment(20_000, 2_600, PriceReason::Floor),
        segment(17_430, 2_500, PriceReason::Excess),
    ];
    let mut wet = line(9, 40_000, two);
    wet.deductions = vec![
        Deduction { amount: DeductionAmount::Share(BasisPoints::new(200)), reason: "水".into() },
        Deduction { amount: DeductionAmount::Weight(Grams::new(300)), reason: "土".into() },
    ];
    wet.contract = Some(ContractId::new(phone(), 2));
    let first = entry(41, MORNING_S, slip(5, vec![plain(17, 12_852, 3_190)]));
    let target = EntryId::new(phone(), 1);
    let grower = GrowerId::new(phone(), 5);
    let payout = Payout {
        grower,
        cash: Fen::new(3_700),
        allocations: vec![Allocation { slip: target, amount: Fen::new(3_621) }],
        rounding: Fen::new(79),
        repayments: Vec::new(),
        recipient: Default::default(),
    };
    let void = Void {
        target,
        target_hash: EntryHash::of(&first),
        grower,
        reason: "称错了".into(),
        replacement: None,
    };
    let contract = ContractVersion {
        contract: ContractId::new(phone(), 3),
        version: 1,
        grower: GrowerId::new(phone(), 6),
        product: ProductNo::new(9),
        area: Area::new(300),
        quantity: Grams::new(200_000),
        floor: LiPerKg::new(2_600),
        from: BusinessDate::at(MORNING_S),
        to: BusinessDate::at(MORNING_S + 90 * 86_400),
        tolerance: BasisPoints::new(1_000),
        beyond: Beyond::ListPrice,
        agreed: Default::default(),
    };
    vec![
        first,
        entry(42, MORNING_S + 95, slip(6, vec![plain(17, 8_250, 3_190), wet])),
        entry(43, MORNING_S + 200, slip(5, vec![plain(3, 5_000, 1_237)])),
        entry(44, MORNING_S + 260, payout),
        entry(45, MORNING_S + 400, void),
        entry(46, MORNING_S + 500, Note { about: None, text: "秤已校准".into() }),
        entry(47, MORNING_S + 600, contract),
    ]
}

pub(crate) fn price_list(version: u32, price_li: i64) -> Vec<u8> {
    let row = |product, place| PriceRow {
        product: ProductNo::new(product),
        grade: Grade::new(place).unwrap(),
        price: LiPerKg::new(price_li - i64::from(place) * 300),
    };
    let rows = vec![row(3, 0), row(3, 1), row(9, 0), row(17, 0), row(17, 1)];
    let from = BusinessDate::at(MORNING_S + i64::from(version) * 86_400);
    entry(u64::from(version), MORNING_S, PriceList { version, from, rows })
}

/// What the county publishes: products, rules, a village, two certificates.
pub(crate) fn county() -> Vec<Vec<u8>> {
    let product = |number, code: &str, name: &str, usual: Option<i64>| Product {
        number: ProductNo::new(number),
        code: code.into(),
        name: name.into(),
        category: "花叶类".into(),
        grades: 3,
        grain_or_oil: usual.is_some(),
        usual_yield_per_mu: usual.map(Grams::new),
    };
    let items = vec![
        product(1, "102900005115168", "牛首生菜", None),
        product(2, "102900005115199", "四川红香椿", Some(400_000)),
    ];
    let entities = vec![
        Entity { number: EntityNo::new(0), name: "县供销合作社".into() },
        Entity { number: EntityNo::new(3), name: "三村合作社".into() },
    ];
    let village = Village { number: VILLAGE, name: "三村".into(), entity: EntityNo::new(3) };
    vec![
        entry(1, MORNING_S, Products { items }),
        entry(2, MORNING_S, Rules { entities, ..Rules::default() }),
        entry(3, MORNING_S, village),
        entry(4, MORNING_S, certificate(0, DeviceRole::CountyOffice)),
        entry(5, MORNING_S, certificate(phone().get(), DeviceRole::Phone)),
    ]
}

/// A note of 15 KB, 200 times.
pub(crate) fn long_notes() -> Vec<Vec<u8>> {
    vec![entry(1, 0, Note { about: None, text: "水".repeat(5_000) }); 200]
}

/// Three edits of the register, with the head after each.
pub(crate) fn edits() -> Vec<(Edit, Head)> {
    let actor = Actor::of(&district().phone.public());
    let mut register = Register::new(REGISTER);
    let name = |name: &str| Value::Text(name.into());
    [
        vec![
            ("grower/H-A07-5/flag/监测户".to_owned(), Value::Bool(true)),
            ("grower/H-A07-5/name/1".to_owned(), name("王秀英")),
        ],
        vec![("grower/H-A07-6/name/1".to_owned(), name("李建国"))],
        vec![("grower/H-A07-5/name/2".to_owned(), Value::Null)],
    ]
    .into_iter()
    .map(|assignments| register.commit(phone(), &actor, assignments).unwrap())
    .collect()
}

/// What the phone signs of a document.
pub(crate) fn statement(document: DocumentId, count: u32, head: Head) -> HeadStatement {
    HeadStatement { district: district().id, device: phone(), document, count, head }
}

/// The head of the morning's book after so many entries.
pub(crate) fn book_head(count: usize) -> Head {
    let d = district();
    let actor = Actor::of(&d.phone.public());
    let entries = morning();
    let entries = entries.iter().take(count).map(Vec::as_slice);
    extend(&d.id, &actor, book(), None, None, entries).unwrap().head
}

pub(crate) fn book_part(start: usize, end: usize) -> BookPart {
    let count = u32::try_from(end).unwrap();
    let signed = statement(DocumentId::Book(book()), count, book_head(end));
    BookPart {
        book: book(),
        start: u32::try_from(start).unwrap(),
        entries: morning()[start..end].to_vec(),
        signature: signed.sign(&district().phone),
    }
}

pub(crate) fn edit_part() -> EditPart {
    let (edits, heads): (Vec<Edit>, Vec<Head>) = edits().into_iter().unzip();
    let signed = statement(DocumentId::Register(REGISTER), 3, heads[2]);
    let signature = signed.sign(&district().phone);
    EditPart { register: REGISTER, device: phone(), edits, signature }
}

pub(crate) fn sync_request(auth: Auth, books: Vec<BookPart>, edits: Vec<EditPart>) -> SyncRequest {
    let cursor = Cursor { epoch: 1, position: vec![0x2A] };
    SyncRequest { auth, columns: rows::COLUMNS, cursor, certificates: vec![], books, edits }
}

/// Every message: its name, what it is, its bytes.
pub(crate) fn messages() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let d = district();
    let (county, village_office) =
        (certificate(0, DeviceRole::CountyOffice), certificate(1, DeviceRole::VillageOffice));
    let challenge = Challenge(CHALLENGE.to_vec());
    let enrol = EnrolRequest {
        invitation: INVITATION.to_vec(),
        public_key: d.phone.public(),
        signature: sign_enrolment(&d.phone, &d.id, INVITATION),
    };
    let enrolled = EnrolResponse {
        certificate: certificate(phone().get(), DeviceRole::Phone),
        root: d.root.public(),
        office: OfficeCertificate::issue(&d.root, &d.office.public()),
        county: county.clone(),
        village_office: village_office.clone(),
        village: VILLAGE,
        token: TOKEN,
        challenge: challenge.clone(),
    };
    let ask = SessionRequest::Ask { device: phone() };
    let asked = SessionResponse { token: None, challenge: challenge.clone() };
    let signature = sign_challenge(&d.phone, &d.id, phone(), &CHALLENGE);
    let signed = Auth::Signed { device: phone(), challenge: challenge.clone(), signature };
    let lone = sync_request(Auth::Token(TOKEN), vec![book_part(0, 1)], vec![]);
    let opening = sync_request(signed, vec![book_part(1, 7)], vec![edit_part()]);
    let acknowledged = SyncResponse {
        columns: rows::COLUMNS,
        cursor: Cursor { epoch: 1, position: vec![0x2B] },
        have: vec![(book(), 1)],
        ..SyncResponse::default()
    };
    let edit = Refused::Edit { register: REGISTER, device: phone(), number: 4 };
    let full = SyncResponse {
        token: Some(TOKEN),
        challenge: Some(challenge),
        more: true,
        have_edits: vec![(REGISTER, phone(), 3)],
        refused: vec![
            Refusal::new(Refused::Part { book: book(), start: 1 }, Door::Fork),
            Refusal::new(edit, Door::EditionUnknown),
        ],
        certificates: vec![county, village_office],
        books: vec![book_part(1, 7)],
        edits: vec![edit_part()],
        ..acknowledged.clone()
    };
    let held = AuditRequest {
        auth: Auth::Token(TOKEN),
        books: vec![HeldBook { book: book(), count: 1, head: book_head(1) }],
        edits: vec![HeldEdits { register: REGISTER, device: phone(), count: 3 }],
    };
    let audited = AuditResponse {
        epoch: 2,
        books: vec![AuditedBook { book: book(), count: 1, agrees: true }],
        edits: vec![AuditedEdits { register: REGISTER, device: phone(), count: 1 }],
    };
    vec![
        ("enrol-request", "The phone's key, signed over the invitation.", enrol.encode()),
        ("enrol-response", "Certificates, an open session, a challenge.", enrolled.encode()),
        ("session-request", "A device without a challenge asks for one.", ask.encode()),
        ("session-response", "A challenge, and no session yet.", asked.encode()),
        ("sync-request-lone", "One slip in an open session.", lone.encode()),
        ("sync-response-lone", "The slip is durable; nothing new.", acknowledged.encode()),
        ("sync-request-opening", "Six entries and three edits open a session.", opening.encode()),
        ("sync-response-full", "Everything that an answer can hold.", full.encode()),
        ("audit-request", "A book up to its first entry, and edits.", held.encode()),
        ("audit-response", "In another epoch, with fewer edits.", audited.encode()),
    ]
}
