//! Messages read back; strange bytes are refused without a panic; each limit holds on both sides.

use proptest::prelude::*;

use super::*;
use crate::document::{
    BookId, Edit, Head, OfficeCertificate, PublicKey, RegisterId, Signature, Value,
};
use crate::domain::device::{DeviceCertificate, DeviceRole};
use crate::domain::{DeviceNo, GrowerId, PersonNo, VillageNo};
use crate::wire::limits::Limit;
use crate::wire::refusal::Door;
use crate::wire::{item, limits};

fn device(number: u16) -> DeviceNo {
    DeviceNo::new(number).unwrap()
}

fn certificate(number: u16) -> DeviceCertificate {
    DeviceCertificate {
        device: device(number),
        public_key: [7; 32],
        role: DeviceRole::Phone,
        village: Some(VillageNo::new(3)),
        signature: [9; 64],
    }
}

fn book_part(start: u32, entries: usize) -> BookPart {
    BookPart {
        book: BookId::new(device(311), 2).unwrap(),
        start,
        entries: (0..entries).map(|n| minicbor::to_vec(format!("entry {n}")).unwrap()).collect(),
        signature: Signature([5; 64]),
    }
}

fn edit(number: u32) -> Edit {
    Edit {
        device: device(12),
        number,
        deps: vec![Head([3; 32])],
        assignments: vec![("note/1/text".into(), Value::Text("水".into()))],
    }
}

fn edit_part(edits: Vec<Edit>) -> EditPart {
    EditPart {
        register: RegisterId { village: VillageNo::new(3), edition: 1 },
        device: device(12),
        edits,
        signature: Signature([6; 64]),
    }
}

fn request() -> SyncRequest {
    SyncRequest {
        auth: Auth::Token(Token([1; 16])),
        columns: 1,
        cursor: Cursor { epoch: 3, position: vec![1, 2, 3] },
        certificates: vec![],
        books: vec![book_part(4, 3)],
        edits: vec![edit_part(vec![edit(1), edit(2)])],
    }
}

fn response() -> SyncResponse {
    let register = RegisterId { village: VillageNo::new(3), edition: 1 };
    SyncResponse {
        columns: 1,
        token: Some(Token([2; 16])),
        challenge: Some(Challenge(vec![4; 16])),
        upload_only: true,
        more: true,
        tails: true,
        cursor: Cursor { epoch: 3, position: vec![9; 8] },
        have: vec![(BookId::new(device(311), 2).unwrap(), 7)],
        have_edits: vec![(register, device(12), 2)],
        refused: vec![
            Refusal::new(
                Refused::Part { book: BookId::new(device(1), 0).unwrap(), start: 5 },
                Door::Fork,
            ),
            Refusal {
                what: Refused::Edit { register, device: device(2), number: 8 },
                reason: 9_999,
            },
        ],
        certificates: vec![certificate(5)],
        books: vec![book_part(0, 2), book_part(2, 1)],
        edits: vec![],
    }
}

fn audit_request() -> AuditRequest {
    let register = RegisterId { village: VillageNo::new(3), edition: 1 };
    AuditRequest {
        auth: Auth::Signed {
            device: device(311),
            challenge: Challenge(vec![4; 16]),
            signature: Signature([5; 64]),
        },
        books: vec![HeldBook {
            book: BookId::new(device(311), 2).unwrap(),
            count: 7,
            head: Head([8; 32]),
        }],
        edits: vec![HeldEdits { register, device: device(12), count: 2 }],
    }
}

fn audit_response() -> AuditResponse {
    let register = RegisterId { village: VillageNo::new(3), edition: 1 };
    AuditResponse {
        epoch: 4,
        books: vec![AuditedBook {
            book: BookId::new(device(311), 2).unwrap(),
            count: 7,
            agrees: true,
        }],
        edits: vec![AuditedEdits { register, device: device(12), count: 2 }],
    }
}

fn enrol_request() -> EnrolRequest {
    EnrolRequest {
        invitation: vec![1; 20],
        public_key: PublicKey([2; 32]),
        signature: Signature([3; 64]),
    }
}

fn enrol_response() -> EnrolResponse {
    let key = crate::document::DeviceKey::from_seed([1; 32]);
    EnrolResponse {
        certificate: certificate(311),
        root: key.public(),
        office: OfficeCertificate::issue(&key, &PublicKey([5; 32])),
        county: certificate(1),
        village_office: certificate(2),
        village: VillageNo::new(3),
        token: Token([1; 16]),
        challenge: Challenge(vec![2; 16]),
    }
}

type Decode = fn(&[u8]) -> Result<Vec<u8>, WireError>;

/// One message of each kind, and how it is read and written again.
fn messages() -> Vec<(Vec<u8>, Decode)> {
    let opened = SessionRequest::Open {
        device: device(311),
        challenge: Challenge(vec![4; 16]),
        signature: Signature([5; 64]),
    };
    let session =
        SessionResponse { token: Some(Token([1; 16])), challenge: Challenge(vec![2; 16]) };
    vec![
        (request().encode(), |bytes| SyncRequest::decode(bytes).map(|m| m.encode())),
        (response().encode(), |bytes| SyncResponse::decode(bytes).map(|m| m.encode())),
        (SyncResponse::default().encode(), |b| SyncResponse::decode(b).map(|m| m.encode())),
        (audit_request().encode(), |bytes| AuditRequest::decode(bytes).map(|m| m.encode())),
        (audit_response().encode(), |bytes| AuditResponse::decode(bytes).map(|m| m.encode())),
        (enrol_request().encode(), |bytes| EnrolRequest::decode(bytes).map(|m| m.encode())),
        (enrol_response().encode(), |bytes| EnrolResponse::decode(bytes).map(|m| m.encode())),
        (SessionRequest::Ask { device: device(9) }.encode(), |bytes| {
            SessionRequest::decode(bytes).map(|m| m.encode())
        }),
        (opened.encode(), |bytes| SessionRequest::decode(bytes).map(|m| m.encode())),
        (session.encode(), |bytes| SessionResponse::decode(bytes).map(|m| m.encode())),
    ]
}

#[test]
fn every_message_reads_back() {
    assert_eq!(SyncRequest::decode(&request().encode()), Ok(request()));
    assert_eq!(SyncResponse::decode(&response().encode()), Ok(response()));
    assert_eq!(AuditRequest::decode(&audit_request().encode()), Ok(audit_request()));
    assert_eq!(AuditResponse::decode(&audit_response().encode()), Ok(audit_response()));
    assert_eq!(EnrolRequest::decode(&enrol_request().encode()), Ok(enrol_request()));
    assert_eq!(EnrolResponse::decode(&enrol_response().encode()), Ok(enrol_response()));
    for (bytes, decode) in messages() {
        assert_eq!(decode(&bytes), Ok(bytes));
    }
}

#[test]
fn a_message_cut_anywhere_or_of_another_protocol_is_refused() {
    for (bytes, decode) in messages() {
        for cut in 0..bytes.len() {
            // Rows that are cut may still be rows; then their signature does not hold.
            assert_ne!(decode(&bytes[..cut]), Ok(bytes.clone()), "cut at {cut}");
        }
        let mut newer = bytes.clone();
        newer[0] = PROTOCOL + 1;
        let error = decode(&newer).unwrap_err();
        assert_eq!(error, WireError::FutureProtocol { found: PROTOCOL + 1, known: PROTOCOL });
        assert_eq!(error.body().code, "door.future_protocol");
        newer[0] = 0;
        assert_eq!(decode(&newer).unwrap_err().door(), Door::Undecodable);
    }
}

proptest! {
    #[test]
    fn strange_bytes_are_read_or_refused_without_a_panic(
        noise in prop::collection::vec(any::<u8>(), 0..300),
        place in any::<prop::sample::Index>(),
        flip in 1..=255_u8,
    ) {
        for (bytes, decode) in messages() {
            let mut behind = vec![PROTOCOL];
            behind.extend(&noise);
            let mut flipped = bytes.clone();
            flipped[place.index(bytes.len())] ^= flip;
            let mut longer = bytes.clone();
            longer.extend(&noise);
            for strange in [behind, flipped, longer] {
                if let Ok(again) = decode(&strange) {
                    // What is read can be written and read again.
                    prop_assert!(decode(&again).is_ok());
                }
            }
        }
    }
}

fn sized(length: usize) -> Vec<u8> {
    vec![0xA5; length]
}

/// The answer to a message with so much of what the limit bounds.
fn judged(limit: &'static Limit, amount: usize) -> Result<(), WireError> {
    let sync = |request: SyncRequest| SyncRequest::decode(&request.encode()).map(|_| ());
    let answer = |response: SyncResponse| SyncResponse::decode(&response.encode()).map(|_| ());
    let register = RegisterId { village: VillageNo::new(3), edition: 1 };
    match limit.name {
        "body_bytes" => {
            let mut r = open(&[&[PROTOCOL][..], &sized(amount - 1)].concat()).map(|r| r.left())?;
            r += 1;
            assert_eq!(r, amount);
            Ok(())
        }
        "inflated_bytes" => {
            let text = minicbor::to_vec("a".repeat(16_383)).unwrap();
            assert_eq!(text.len() * 128, limits::INFLATED_BYTES.len() + 256);
            let mut entries = vec![text; 127];
            let left = amount - entries.concat().len();
            entries.push(vec![0xFF; left]);
            let part = BookPart { entries, ..book_part(0, 1) };
            sync(SyncRequest { books: vec![part], edits: vec![], ..request() })
        }
        "entry_bytes" => {
            let part = BookPart { entries: vec![sized(amount)], ..book_part(0, 1) };
            sync(SyncRequest { books: vec![part], ..request() })
        }
        "edit_bytes" => {
            let long = |bytes: usize| Edit {
                assignments: vec![("note/1/text".into(), Value::Bytes(sized(bytes)))],
                ..edit(1)
            };
            let around = minicbor::to_vec(long(60_000)).unwrap().len() - 60_000;
            sync(SyncRequest { edits: vec![edit_part(vec![long(amount - around)])], ..request() })
        }
        "string_bytes" => item::check(&minicbor::to_vec("a".repeat(amount)).unwrap()),
        "cbor_depth" => item::check(&[vec![0x81; amount], vec![0]].concat()),
        "entries_per_part" => sync(SyncRequest { books: vec![book_part(0, amount)], ..request() })
            .and(sync(SyncRequest {
                books: vec![book_part(u32::try_from(amount).unwrap() - 1, 1)],
                ..request()
            })),
        "edits_per_part" => {
            let edits = (1..=u32::try_from(amount).unwrap()).map(edit).collect();
            sync(SyncRequest { edits: vec![edit_part(edits)], ..request() })
        }
        "assignments_per_edit" => {
            let assignment = ("note/1/text".to_owned(), Value::Null);
            let edit = Edit { assignments: vec![assignment; amount], ..edit(1) };
            sync(SyncRequest { edits: vec![edit_part(vec![edit])], ..request() })
        }
        "deps_per_edit" => {
            let edit = Edit { deps: vec![Head([1; 32]); amount], ..edit(1) };
            sync(SyncRequest { edits: vec![edit_part(vec![edit])], ..request() })
        }
        "book_parts" => sync(SyncRequest { books: vec![book_part(0, 1); amount], ..request() }),
        "edit_parts" => {
            sync(SyncRequest { edits: vec![edit_part(vec![edit(1)]); amount], ..request() })
        }
        "certificates" => {
            sync(SyncRequest { certificates: vec![certificate(4); amount], ..request() })
        }
        "answer_rows" => {
            let row = (BookId::new(device(1), 0).unwrap(), 1);
            answer(SyncResponse { have: vec![row; amount], ..response() })?;
            let row = (register, device(1), 1);
            answer(SyncResponse { have_edits: vec![row; amount], ..response() })?;
            let row = response().refused[0].clone();
            answer(SyncResponse { refused: vec![row; amount], ..response() })
        }
        "audit_rows" => {
            let rows = audit_request().books;
            let books = vec![rows[0]; amount];
            AuditRequest::decode(&AuditRequest { books, ..audit_request() }.encode())?;
            let books = vec![audit_response().books[0]; amount];
            AuditResponse::decode(&AuditResponse { books, ..audit_response() }.encode())?;
            let edits = vec![audit_request().edits[0]; amount];
            AuditRequest::decode(&AuditRequest { edits, ..audit_request() }.encode()).map(|_| ())
        }
        "tails" => {
            let tail = Tail {
                grower: GrowerId::new(device(1), 1),
                person: PersonNo::new(0),
                kind: "id".to_owned(),
                last_four: "002X".to_owned(),
            };
            let table = TailsResponse::Table { version: [1; 8], tails: vec![tail; amount] };
            TailsResponse::decode(&table.encode()).map(|_| ())
        }
        "tail_bytes" => {
            let tail = Tail {
                grower: GrowerId::new(device(1), 1),
                person: PersonNo::new(0),
                kind: "k".repeat(amount),
                last_four: "9".repeat(amount),
            };
            let table = TailsResponse::Table { version: [1; 8], tails: vec![tail] };
            TailsResponse::decode(&table.encode()).map(|_| ())
        }
        "certificate_bytes" => {
            // A certificate is far smaller: only its length is judged.
            let mut w = Writer::new();
            w.sized(&sized(amount));
            Reader::new(&w.finish()).sized(&limits::CERTIFICATE_BYTES).map(|_| ())
        }
        "cursor_bytes" => {
            let cursor = Cursor { epoch: 1, position: sized(amount) };
            sync(SyncRequest { cursor, ..request() })
        }
        "challenge_bytes" => {
            let challenge = Some(Challenge(sized(amount)));
            answer(SyncResponse { challenge, ..response() })
        }
        "invitation_bytes" => {
            let invitation = sized(amount);
            EnrolRequest::decode(&EnrolRequest { invitation, ..enrol_request() }.encode())
                .map(|_| ())
        }
        // Not of a message: beyond it an entry is held; the store's and the server's tests show it.
        "lamport_jump" => limit.check_len(amount),
        other => panic!("no test of the limit {other}"),
    }
}

#[test]
fn every_limit_passes_at_its_value_and_not_one_beyond() {
    for &limit in limits::ALL {
        assert_eq!(judged(limit, limit.len()), Ok(()), "{}", limit.name);
        match judged(limit, limit.len() + 1) {
            Err(WireError::OverLimit { limit: named, .. }) => assert_eq!(named, limit),
            other => panic!("{}: {other:?}", limit.name),
        }
    }
}

#[test]
fn an_announced_count_is_not_believed_before_the_bytes_are_there() {
    // 1,000 parts, 5,000 rows, 200 entries are announced, and nothing follows.
    for bytes in
        [&[1, 0, 1, 1, 0, 0, 0, 0xE8, 0x07][..], &[1, 0, 1, 1, 0, 0x88, 0x27], &[1, 1, 1, 0]]
    {
        assert!(SyncResponse::decode(bytes).is_err());
        assert!(SyncRequest::decode(bytes).is_err());
    }
}

#[test]
fn a_table_of_ends_reads_back_as_written() {
    let request = TailsRequest { auth: Auth::Token(Token([7; 16])), held: [1; 8] };
    assert_eq!(TailsRequest::decode(&request.encode()), Ok(request));
    let tail = Tail {
        grower: GrowerId::new(device(5), 300),
        person: PersonNo::new(2),
        kind: "bank".to_owned(),
        last_four: "5678".to_owned(),
    };
    for response in
        [TailsResponse::Held, TailsResponse::Table { version: [2; 8], tails: vec![tail] }]
    {
        let bytes = response.encode();
        assert_eq!(TailsResponse::decode(&bytes), Ok(response));
        assert!(TailsResponse::decode(&[&bytes[..], &[0]].concat()).is_err(), "a byte too many");
    }
}
