//! A county to test at its door: a data folder, a router as a function, phones with keys of their
//! own, a clock that stands.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body as HttpBody, to_bytes};
use axum::http::Request;
use courtyard_core::document::{
    Actor, BOOK_ENTRIES, BookId, BookTip, DeviceKey, DistrictId, DocumentId, HeadStatement,
    Register, RegisterId, Value, append, open_book, sign_challenge, sign_enrolment,
};
use courtyard_core::domain::device::DeviceCertificate;
use courtyard_core::domain::note::Note;
use courtyard_core::domain::{
    Body, BusinessDate, Clock, DeviceNo, EntityNo, Entry, Envelope, OperatorNo, VillageNo,
};
use courtyard_core::wire::invitation::Invitation;
use courtyard_core::wire::message::path;
use courtyard_core::wire::{
    Auth, BookPart, Challenge, Cursor, EditPart, EnrolRequest, EnrolResponse, ErrorBody,
    SyncRequest, SyncResponse, Token,
};
use courtyard_server::Node;
use courtyard_server::clock::SetClock;
use courtyard_server::folder::read_key;
use courtyard_server::log::sqlite::SqliteLog;
use courtyard_server::office::{Office, OfficeKeys};
use courtyard_server::router::router;
use courtyard_server::server::inline_app;
use rand::SeedableRng as _;
use rand::rngs::ChaCha8Rng;
use tempfile::TempDir;
use tower_service::Service as _;

pub(crate) const NOW_MS: i64 = 1_600_000_000_000;

pub(crate) struct Yard {
    pub(crate) place: TempDir,
    pub(crate) clock: SetClock,
    pub(crate) router: Router,
    pub(crate) village: VillageNo,
    data: std::path::PathBuf,
    runtime: tokio::runtime::Runtime,
    seed: std::cell::Cell<u64>,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn code(&self) -> String {
        let body: ErrorBody = serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{}: no envelope: {:?}", self.status, self.body));
        assert!(!body.zh.is_empty() && !body.en.is_empty());
        assert!(!body.kept.en.is_empty() && !body.todo.en.is_empty());
        body.code
    }

    pub(crate) fn sync(&self) -> SyncResponse {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        SyncResponse::decode(&self.body).unwrap()
    }
}

pub(crate) fn open_node(data: &std::path::Path, clock: &SetClock, seed: u64) -> Node {
    let rng = Box::new(ChaCha8Rng::seed_from_u64(seed));
    Node::open(data, Arc::new(clock.clone()), rng).unwrap()
}

impl Yard {
    /// A county with one village and a router over it.
    pub(crate) fn new() -> Yard {
        let place = tempfile::tempdir().unwrap();
        let clock = SetClock::at(NOW_MS);
        let mut node = open_node(place.path(), &clock, 1);
        assert!(node.founded());
        let village = node.add_village("前庄", None).unwrap();
        let router = router(inline_app(node).unwrap());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let data = place.path().to_owned();
        Yard { data, place, clock, router, village, runtime, seed: std::cell::Cell::new(1) }
    }

    /// A router over another folder, as after a restore.
    pub(crate) fn use_data(&mut self, data: &std::path::Path) {
        self.data = data.to_owned();
        self.router = router(inline_app(self.node()).unwrap());
    }

    /// The office of this folder, for a writer of its own.
    pub(crate) fn office(&self) -> Office {
        let county = self.node().read().unwrap().county().unwrap().unwrap();
        let key = read_key(&self.data.join("office.key")).unwrap().unwrap();
        Office::new(OfficeKeys::new(county.district, key, county.office))
    }

    /// The folder opened a second time, as a command does beside the server.
    pub(crate) fn node(&self) -> Node {
        self.seed.set(self.seed.get() + 1);
        open_node(&self.data, &self.clock, self.seed.get())
    }

    pub(crate) fn invite(&self) -> Invitation {
        self.node().invite(self.village, None).unwrap()
    }

    pub(crate) fn dump(&self) -> String {
        SqliteLog::open(&self.data.join("log.db")).unwrap().dump().unwrap()
    }

    pub(crate) fn call(&self, method: &str, path: &str, body: Vec<u8>) -> Answer {
        let request =
            Request::builder().method(method).uri(path).body(HttpBody::from(body)).unwrap();
        self.runtime.block_on(async {
            let response = self.router.clone().call(request).await.unwrap();
            let status = response.status().as_u16();
            let body = to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec();
            Answer { status, body }
        })
    }

    /// Posts twice: the second time changes nothing and says the same.
    pub(crate) fn post(&self, path: &str, body: &[u8]) -> Answer {
        let first = self.call("POST", path, body.to_vec());
        let after = self.dump();
        let second = self.call("POST", path, body.to_vec());
        assert_eq!(first.status, second.status);
        assert_eq!(self.dump(), after, "the same request again changed the log");
        first
    }

    pub(crate) fn sync(&self, request: &SyncRequest) -> SyncResponse {
        let body = request.encode();
        let first = self.post(path::SYNC, &body).sync();
        let second = self.post(path::SYNC, &body).sync();
        assert_eq!(second.have, first.have);
        assert_eq!(second.refused, first.refused);
        assert_eq!(second.books, first.books);
        first
    }

    /// Posts what must be refused whole: the code, and a log that did not change.
    pub(crate) fn refused(&self, path: &str, body: &[u8]) -> (u16, String) {
        let before = self.dump();
        let answer = self.post(path, body);
        assert_eq!(self.dump(), before, "a refused request changed the log");
        (answer.status, answer.code())
    }

    pub(crate) fn enrol(&self, seed: u8) -> Phone {
        let invitation = self.invite();
        let phone = Phone::made(&invitation, seed);
        let answer = self.post(path::ENROL, &phone.request.encode());
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        phone.enrolled(&EnrolResponse::decode(&answer.body).unwrap())
    }
}

/// A key and the request that enrols it.
pub(crate) struct NewPhone {
    pub(crate) key: DeviceKey,
    pub(crate) district: DistrictId,
    pub(crate) request: EnrolRequest,
}

pub(crate) struct Phone {
    pub(crate) key: DeviceKey,
    pub(crate) district: DistrictId,
    pub(crate) certificate: DeviceCertificate,
    pub(crate) village: VillageNo,
    pub(crate) token: Token,
    pub(crate) challenge: Challenge,
    pub(crate) entries: Vec<Vec<u8>>,
    pub(crate) register: Register,
    pub(crate) cursor: Cursor,
}

impl Phone {
    pub(crate) fn made(invitation: &Invitation, seed: u8) -> NewPhone {
        let key = DeviceKey::from_seed([seed; 32]);
        let district = DistrictId::of(&invitation.root);
        let signature = sign_enrolment(&key, &district, &invitation.code);
        let request = EnrolRequest {
            invitation: invitation.code.clone(),
            public_key: key.public(),
            signature,
        };
        NewPhone { key, district, request }
    }

    pub(crate) fn device(&self) -> DeviceNo {
        self.certificate.device
    }

    fn actor(&self) -> Actor {
        Actor::of(&self.key.public())
    }

    pub(crate) fn note(&mut self, text: &str) {
        let lamport = u64::try_from(self.entries.len()).unwrap() + 10;
        self.entries.push(entry(lamport, text));
    }

    pub(crate) fn notes(&mut self, count: usize) {
        for number in 0..count {
            self.note(&format!("note {number}"));
        }
    }

    /// The tip after so many entries of a book, and of the books before it.
    pub(crate) fn tip(&self, book: u32, count: u32) -> BookTip {
        let mut previous = None;
        for number in 0..=book {
            let id = BookId { device: self.device(), number };
            let mut tip = open_book(&self.district, &self.actor(), id, previous);
            let wanted = if number == book { count } else { BOOK_ENTRIES };
            for entry in self.of_book(number).iter().take(usize::try_from(wanted).unwrap()) {
                tip = append(&tip, &self.actor(), entry).unwrap();
            }
            if number == book {
                return tip;
            }
            previous = Some(tip.head);
        }
        unreachable!()
    }

    fn of_book(&self, number: u32) -> &[Vec<u8>] {
        let start = usize::try_from(number * BOOK_ENTRIES).unwrap().min(self.entries.len());
        let end = self.entries.len().min(start + usize::try_from(BOOK_ENTRIES).unwrap());
        &self.entries[start..end]
    }

    /// Entries `start..end` of a book, signed.
    pub(crate) fn part(&self, book: u32, start: u32, end: u32) -> BookPart {
        let id = BookId { device: self.device(), number: book };
        let tip = self.tip(book, end);
        let statement = HeadStatement {
            district: self.district,
            device: self.device(),
            document: DocumentId::Book(id),
            count: tip.count,
            head: tip.head,
        };
        let range = usize::try_from(start).unwrap()..usize::try_from(end).unwrap();
        BookPart {
            book: id,
            start,
            entries: self.of_book(book)[range].to_vec(),
            signature: statement.sign(&self.key),
        }
    }

    /// One edit of the village's register by this phone.
    pub(crate) fn edit(&mut self, key: &str, value: &str) -> EditPart {
        let assignments = vec![(key.to_owned(), Value::Text(value.to_owned()))];
        let actor = self.actor();
        let device = self.device();
        let (edit, head) = self.register.commit(device, &actor, assignments).unwrap();
        let statement = HeadStatement {
            district: self.district,
            device: self.device(),
            document: DocumentId::Register(self.register.id()),
            count: edit.number,
            head,
        };
        EditPart {
            register: self.register.id(),
            device: self.device(),
            edits: vec![edit],
            signature: statement.sign(&self.key),
        }
    }

    pub(crate) fn request(&self, books: Vec<BookPart>, edits: Vec<EditPart>) -> SyncRequest {
        SyncRequest {
            auth: Auth::Token(self.token),
            columns: courtyard_core::wire::rows::COLUMNS,
            cursor: self.cursor.clone(),
            certificates: Vec::new(),
            books,
            edits,
        }
    }

    /// The challenge at hand, signed.
    pub(crate) fn signed(&self) -> Auth {
        let challenge = self.challenge.clone();
        let signature = sign_challenge(&self.key, &self.district, self.device(), &challenge.0);
        Auth::Signed { device: self.device(), challenge, signature }
    }
}

impl NewPhone {
    pub(crate) fn enrolled(self, answer: &EnrolResponse) -> Phone {
        assert_eq!(answer.certificate.public_key, self.key.public().0);
        let register = RegisterId { village: answer.village, edition: 0 };
        Phone {
            key: self.key,
            district: self.district,
            certificate: answer.certificate.clone(),
            village: answer.village,
            token: answer.token,
            challenge: answer.challenge.clone(),
            entries: Vec::new(),
            register: Register::new(register),
            cursor: Cursor::default(),
        }
    }
}

pub(crate) fn entry(lamport: u64, text: &str) -> Vec<u8> {
    let envelope = Envelope {
        lamport,
        date: BusinessDate::at(NOW_MS / 1_000),
        clock: Clock { wall_s: NOW_MS / 1_000, uptime_s: 60 },
        entity: EntityNo::new(0),
        operator: OperatorNo::new(0),
        reissue_of: None,
    };
    Entry { envelope, body: Body::Note(Note { about: None, text: text.to_owned() }) }.encode()
}
