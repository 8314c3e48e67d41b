//! A replica and a server in memory, for tests: as strict as the real ones about order, counts and
//! signatures, which here are hashes.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest as _, Sha256};

use super::*;
use crate::document::{BookId, Edit, Head, RegisterId, Signature};
use crate::domain::{DeviceNo, VillageNo};
use crate::wire::*;

/// A seeded stream of numbers.
pub(crate) struct TestRng(pub(crate) u64);

impl TryRng for TestRng {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.try_next_u64()? >> 32) as u32)
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Ok(z ^ (z >> 31))
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for byte in bytes {
            *byte = self.try_next_u32()? as u8;
        }
        Ok(())
    }
}
impl TryCryptoRng for TestRng {}

impl TestRng {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.try_next_u64().unwrap() % bound as u64) as usize
    }
}

/// A place that items are appended to: a book, or a device's edits in a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Place {
    Book(BookId),
    Edits(RegisterId, DeviceNo),
}

impl Place {
    pub(crate) fn device(self) -> DeviceNo {
        match self {
            Place::Book(book) => book.device,
            Place::Edits(_, device) => device,
        }
    }
}

pub(crate) const REGISTER: RegisterId = RegisterId { village: VillageNo::new(1), edition: 0 };

/// What is held of a place: the items' bytes, and the counts at which their device signed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Chain {
    pub(crate) items: Vec<Vec<u8>>,
    signed: BTreeMap<usize, Signature>,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Strict(&'static str);

impl Chain {
    fn head(&self, place: Place, count: usize) -> Head {
        let mut head = Sha256::digest(format!("{place:?}")).to_vec();
        for item in &self.items[..count] {
            head = Sha256::new().chain_update(head).chain_update(item).finalize().to_vec();
        }
        Head(head.try_into().unwrap())
    }

    fn sign(&self, place: Place, count: usize) -> Signature {
        let head = self.head(place, count);
        Signature(std::array::from_fn(|at| head.0[at / 2]))
    }

    /// Appends an own item, signed.
    pub(crate) fn save(&mut self, place: Place, item: Vec<u8>) {
        self.items.push(item);
        let count = self.items.len();
        self.signed.insert(count, self.sign(place, count));
    }

    /// Takes what is new of a part: how many items, or what is wrong with it.
    fn take(
        &mut self,
        place: Place,
        start: usize,
        items: &[Vec<u8>],
        signature: Signature,
    ) -> Result<usize, Strict> {
        if start > self.items.len() {
            return Err(Strict("gap"));
        }
        let known = (self.items.len() - start).min(items.len());
        if self.items[start..start + known] != items[..known] {
            return Err(Strict("fork"));
        }
        let mut longer = self.clone();
        longer.items.extend_from_slice(&items[known..]);
        if longer.sign(place, start + items.len()) != signature {
            return Err(Strict("bad signature"));
        }
        longer.signed.insert(start + items.len(), signature);
        *self = longer;
        Ok(items.len() - known)
    }

    /// A part from here on that ends where its device signed, of at least one item.
    fn part(&self, start: usize, budget: usize) -> Option<(Vec<Vec<u8>>, Signature)> {
        let fits = |end: usize| self.items[start..end].concat().len() <= budget;
        let ends: Vec<usize> = self.signed.range(start + 1..).map(|(&end, _)| end).collect();
        let end = *ends.iter().rev().find(|&&end| fits(end)).or(ends.first())?;
        Some((self.items[start..end].to_vec(), self.signed[&end]))
    }
}

/// Parts of places as parts of messages.
fn add_part(
    place: Place,
    start: usize,
    (items, signature): (Vec<Vec<u8>>, Signature),
    books: &mut Vec<BookPart>,
    edits: &mut Vec<EditPart>,
) {
    match place {
        Place::Book(book) => {
            books.push(BookPart { book, start: start as u32, entries: items, signature });
        }
        Place::Edits(register, device) => {
            let edits_of = items.iter().map(|item| minicbor::decode(item).unwrap()).collect();
            edits.push(EditPart { register, device, edits: edits_of, signature });
        }
    }
}

fn parts_of<'a>(
    books: &'a [BookPart],
    edits: &'a [EditPart],
) -> impl Iterator<Item = (Place, usize, Vec<Vec<u8>>, Signature)> + 'a {
    let books = books.iter().map(|part| {
        (Place::Book(part.book), part.start as usize, part.entries.clone(), part.signature)
    });
    let edits = edits.iter().map(|part| {
        let items = part.edits.iter().map(|edit| minicbor::to_vec(edit).unwrap()).collect();
        let start = part.edits[0].number as usize - 1;
        (Place::Edits(part.register, part.device), start, items, part.signature)
    });
    books.chain(edits)
}

/// A phone.
#[derive(Debug, Clone)]
pub(crate) struct Phone {
    pub(crate) device: DeviceNo,
    pub(crate) chains: BTreeMap<Place, Chain>,
    acknowledged: BTreeMap<Place, usize>,
    cursor: Cursor,
    pub(crate) session: Session,
}

impl Phone {
    pub(crate) fn new(number: u16) -> Self {
        Phone {
            device: DeviceNo::new(number).unwrap(),
            chains: BTreeMap::new(),
            acknowledged: BTreeMap::new(),
            cursor: Cursor::default(),
            session: Session::default(),
        }
    }

    fn next_in(&self, place: impl Fn(u32) -> Place, most: usize) -> Place {
        (0..)
            .map(place)
            .find(|place| self.chains.get(place).is_none_or(|chain| chain.items.len() < most))
            .unwrap()
    }

    pub(crate) fn save(&mut self, item: Vec<u8>) {
        let place = self.next_in(|n| Place::Book(BookId::new(self.device, n).unwrap()), 200);
        self.chains.entry(place).or_default().save(place, item);
    }

    pub(crate) fn edit(&mut self, text: &str) {
        let place = Place::Edits(REGISTER, self.device);
        let chain = self.chains.entry(place).or_default();
        let number = chain.items.len() as u32 + 1;
        let value = crate::document::Value::Text(text.into());
        let assignments = vec![("note/1/text".into(), value)];
        let edit = Edit { device: self.device, number, deps: vec![], assignments };
        chain.save(place, minicbor::to_vec(&edit).unwrap());
    }
}

impl Replica for Phone {
    type Error = Strict;

    fn device(&self) -> DeviceNo {
        self.device
    }
    fn sign_challenge(&self, challenge: &Challenge) -> Result<Signature, Strict> {
        Ok(Signature([challenge.0[0]; 64]))
    }
    fn session(&self) -> Result<Session, Strict> {
        Ok(self.session.clone())
    }
    fn keep_session(&mut self, session: &Session) -> Result<(), Strict> {
        self.session = session.clone();
        Ok(())
    }
    fn cursor(&self) -> Result<Cursor, Strict> {
        Ok(self.cursor.clone())
    }

    fn outgoing(&self, budget_bytes: usize) -> Result<Outgoing, Strict> {
        let mut outgoing = Outgoing::default();
        let mut left = budget_bytes;
        for (&place, chain) in &self.chains {
            let from = self.acknowledged.get(&place).copied().unwrap_or(0);
            let Some(part) = chain.part(from.min(chain.items.len()), left) else { continue };
            let size = part.0.concat().len();
            if size > left && !outgoing.is_empty() {
                outgoing.more = true;
                break;
            }
            left = left.saturating_sub(size);
            add_part(place, from, part, &mut outgoing.books, &mut outgoing.edits);
        }
        Ok(outgoing)
    }

    fn apply(&mut self, answer: &SyncResponse) -> Result<Applied, Strict> {
        let mut next = self.clone();
        let mut applied = Applied::default();
        let have = answer.have.iter().map(|&(book, count)| (Place::Book(book), count));
        let have_edits =
            answer.have_edits.iter().map(|&(id, device, count)| (Place::Edits(id, device), count));
        for (place, count) in have.chain(have_edits) {
            let before = next.acknowledged.insert(place, count as usize).unwrap_or(0);
            applied.acknowledged += (count as usize).saturating_sub(before) as u32;
        }
        for (place, start, items, signature) in parts_of(&answer.books, &answer.edits) {
            let chain = next.chains.entry(place).or_default();
            applied.entries += chain.take(place, start, &items, signature)? as u32;
            let known = next.acknowledged.entry(place).or_default();
            *known = (*known).max(start + items.len());
        }
        if let Some(token) = answer.token {
            next.session.token = Some(token);
            next.session.challenge = answer.challenge.clone();
        }
        next.cursor = answer.cursor.clone();
        *self = next;
        Ok(applied)
    }

    fn held(&self, after: Option<&Held>, limit: usize) -> Result<Held, Strict> {
        let last = after.and_then(|page| {
            let edits = page.edits.last().map(|held| Place::Edits(held.register, held.device));
            edits.or(page.books.last().map(|held| Place::Book(held.book)))
        });
        // Small pages, so that several are needed.
        let limit = limit.min(3);
        let rest = self.chains.iter().filter(|&(place, _)| last.is_none_or(|last| *place > last));
        let mut held = Held { more: rest.clone().count() > limit, ..Held::default() };
        for (&place, chain) in rest.take(limit) {
            let count = chain.items.len() as u32;
            match place {
                Place::Book(book) => {
                    let head = chain.head(place, chain.items.len());
                    held.books.push(HeldBook { book, count, head });
                }
                Place::Edits(register, device) => {
                    held.edits.push(HeldEdits { register, device, count });
                }
            }
        }
        Ok(held)
    }

    fn apply_audit(
        &mut self,
        answer: &AuditResponse,
        finished: Option<&Cursor>,
    ) -> Result<(), Strict> {
        for row in &answer.books {
            assert!(row.agrees, "no phone forks in these tests");
            self.acknowledged.insert(Place::Book(row.book), row.count as usize);
        }
        for row in &answer.edits {
            self.acknowledged.insert(Place::Edits(row.register, row.device), row.count as usize);
        }
        if let Some(cursor) = finished {
            self.cursor = cursor.clone();
        }
        Ok(())
    }
}

/// The server.
#[derive(Debug, Clone, Default)]
pub(crate) struct Server {
    pub(crate) epoch: u32,
    pub(crate) chains: BTreeMap<Place, Chain>,
    log: Vec<(Place, usize, Vec<Vec<u8>>, Signature)>,
    sessions: HashMap<[u8; 16], DeviceNo>,
    challenges: HashSet<Vec<u8>>,
    given: u32,
}

impl Server {
    pub(crate) fn new() -> Self {
        Server { epoch: 1, ..Server::default() }
    }

    /// What a restored backup becomes: another epoch, no sessions.
    pub(crate) fn restored(backup: &Server, epoch: u32) -> Self {
        Server { epoch, sessions: HashMap::new(), ..backup.clone() }
    }

    pub(crate) fn end_sessions(&mut self) {
        self.sessions.clear();
    }

    /// The office writes an entry of its own, by a device of this epoch.
    pub(crate) fn publish(&mut self, item: Vec<u8>) {
        let device = DeviceNo::new(1_000 + self.epoch as u16).unwrap();
        let place = Place::Book(BookId::new(device, 0).unwrap());
        let chain = self.chains.entry(place).or_default();
        let start = chain.items.len();
        chain.save(place, item.clone());
        self.log.push((place, start, vec![item], chain.signed[&(start + 1)]));
    }

    fn challenge(&mut self) -> Challenge {
        self.given += 1;
        let challenge = Sha256::digest(format!("{} {}", self.epoch, self.given))[..16].to_vec();
        self.challenges.insert(challenge.clone());
        Challenge(challenge)
    }

    fn refuse(&mut self, door: Door) -> TransportAnswer {
        let mut body = ErrorBody::new(door);
        body.challenge = Some(hex::encode(self.challenge().0));
        TransportAnswer { status: door.status(), body: serde_json::to_vec(&body).unwrap() }
    }

    fn who(&mut self, auth: &Auth) -> Result<(DeviceNo, Option<Token>), Door> {
        match auth {
            Auth::Token(token) => {
                self.sessions.get(&token.0).map(|d| (*d, None)).ok_or(Door::SessionWanted)
            }
            Auth::Signed { device, challenge, signature } => {
                let good = self.challenges.remove(&challenge.0)
                    && *signature == Signature([challenge.0[0]; 64]);
                if !good {
                    return Err(Door::BadChallenge);
                }
                let token = Token(std::array::from_fn(|at| !challenge.0[at]));
                self.sessions.insert(token.0, *device);
                Ok((*device, Some(token)))
            }
        }
    }

    pub(crate) fn answer(&mut self, path: &str, body: &[u8]) -> TransportAnswer {
        let ok = |body: Vec<u8>| TransportAnswer { status: 200, body };
        match path {
            message::path::SESSION => {
                SessionRequest::decode(body).unwrap();
                let challenge = self.challenge();
                ok(SessionResponse { token: None, challenge }.encode())
            }
            message::path::SYNC => {
                let request = SyncRequest::decode(body).unwrap();
                match self.who(&request.auth) {
                    Ok((device, token)) => ok(self.sync(device, token, &request).encode()),
                    Err(door) => self.refuse(door),
                }
            }
            message::path::AUDIT => {
                let request = AuditRequest::decode(body).unwrap();
                match self.who(&request.auth) {
                    Ok(_) => ok(self.audit(&request).encode()),
                    Err(door) => self.refuse(door),
                }
            }
            _ => self.refuse(Door::NotFound),
        }
    }

    fn sync(
        &mut self,
        device: DeviceNo,
        token: Option<Token>,
        asked: &SyncRequest,
    ) -> SyncResponse {
        let mut answer = SyncResponse { token, columns: 1, ..SyncResponse::default() };
        answer.challenge = token.map(|_| self.challenge());
        for (place, start, items, signature) in parts_of(&asked.books, &asked.edits) {
            let chain = self.chains.entry(place).or_default();
            let before = chain.items.len();
            match chain.take(place, start, &items, signature) {
                Ok(0) | Err(Strict("gap")) => {}
                Ok(new) => {
                    let new = items[items.len() - new..].to_vec();
                    self.log.push((place, before, new, signature));
                }
                Err(error) => panic!("{error}"),
            }
            let count = chain.items.len() as u32;
            match place {
                Place::Book(book) => answer.have.push((book, count)),
                Place::Edits(register, device) => answer.have_edits.push((register, device, count)),
            }
        }
        answer.cursor = Cursor { epoch: self.epoch, position: vec![] };
        let at = match <[u8; 4]>::try_from(&asked.cursor.position[..]) {
            Ok(bytes) if asked.cursor.epoch == self.epoch => u32::from_be_bytes(bytes) as usize,
            _ if [0, self.epoch].contains(&asked.cursor.epoch) => 0,
            _ => return answer,
        };
        // Few at a time, so that there is often more.
        let end = self.log.len().min(at + 5);
        for (place, start, items, signature) in &self.log[at..end] {
            if place.device() != device {
                let part = (items.clone(), *signature);
                add_part(*place, *start, part, &mut answer.books, &mut answer.edits);
            }
        }
        answer.more = end < self.log.len();
        answer.cursor.position = (end as u32).to_be_bytes().to_vec();
        answer
    }

    fn audit(&self, asked: &AuditRequest) -> AuditResponse {
        let count_of = |place: Place| self.chains.get(&place).map_or(0, |chain| chain.items.len());
        let books = asked.books.iter().map(|held| {
            let place = Place::Book(held.book);
            let count = count_of(place);
            let agrees = (held.count as usize) != count
                || self
                    .chains
                    .get(&place)
                    .is_none_or(|chain| chain.head(place, count) == held.head);
            AuditedBook { book: held.book, count: count as u32, agrees }
        });
        let edits = asked.edits.iter().map(|held| AuditedEdits {
            register: held.register,
            device: held.device,
            count: count_of(Place::Edits(held.register, held.device)) as u32,
        });
        AuditResponse { epoch: self.epoch, books: books.collect(), edits: edits.collect() }
    }
}
