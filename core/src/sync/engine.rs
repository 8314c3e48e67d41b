//! The sync engine: events and the time go in, effects come out.
//!
//! One exchange is a chain of posts: a sync, again while either side has more, an audit in between
//! when the server was restored. Whatever is lost on the way is simply sent again: an answer is
//! taken in one transaction, and the server takes what it has already as taken.

use rand_core::CryptoRng;

use super::backoff;
use super::replica::{Applied, Held, Replica, Session};
use super::request::{self, Sent};
use super::transport::{TransportAnswer, TransportError};
use crate::wire::message::path;
use crate::wire::{
    AuditResponse, Challenge, Cursor, Door, ErrorBody, SessionRequest, SessionResponse,
    SyncResponse, WireError, limits,
};

/// What happened.
#[derive(Debug)]
pub enum Event<'a> {
    /// The app was opened.
    Opened,
    /// The steward asked for it.
    Tapped,
    /// The phone has found a network.
    LinkHealed,
    /// Something was saved.
    Saved,
    /// The time of an [`Effect::WakeAt`] has come.
    Timer,
    /// The last post was answered.
    Answered(&'a TransportAnswer),
    /// The last post was not answered.
    Failed(&'a TransportError),
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Post this and come back with its answer; only one post is under way at a time.
    Post {
        /// Where.
        path: &'static str,
        /// What.
        body: Vec<u8>,
    },
    /// Come back at this time; it replaces every earlier one.
    WakeAt {
        /// On the scale of `now_ms`.
        at_ms: u64,
    },
    /// An answer was taken and is durable.
    Took(Applied),
    /// The exchange is over, both sides are still.
    Done,
}

/// Why the last exchange ended before both sides were still.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// No answer came.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The server did not take the request.
    #[error("{} ({})", .0.en, .0.code)]
    Refused(Box<ErrorBody>),
    /// The server answered with this status and nothing that can be read.
    #[error("the server answered with status {status}")]
    Status {
        /// The HTTP status.
        status: u16,
    },
    /// The answer cannot be read.
    #[error("the server's answer cannot be read: {0}")]
    Answer(#[from] WireError),
    /// The server neither took what was sent nor said why.
    #[error("the server took nothing of what was sent, and did not say why")]
    Stuck,
}

/// What is awaited.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Phase {
    Still,
    Session,
    Sync(Sent),
    Audit { page: Held, target: Cursor },
}

/// The engine of one device.
#[derive(Debug)]
pub struct Engine {
    phase: Phase,
    /// Something happened during an exchange that asks for another one.
    again: bool,
    /// What the last answered sync of this exchange sent: the same again would lead nowhere.
    answered: Option<Sent>,
    /// The server has said that it has more.
    promised: bool,
    /// How often a session was refused in this exchange.
    sessions_refused: u32,
    /// How many bytes of CBOR go into one body.
    budget_bytes: usize,
    failures: u32,
    wake_at_ms: Option<u64>,
    trouble: Option<Trouble>,
}

/// Rows are far smaller than the CBOR; what little may not be is caught when the body is built.
const BUDGET_BYTES: usize = 192 * 1024;

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine {
    /// An engine that has not spoken yet.
    pub fn new() -> Self {
        Engine {
            phase: Phase::Still,
            again: false,
            answered: None,
            promised: false,
            sessions_refused: 0,
            budget_bytes: BUDGET_BYTES,
            failures: 0,
            wake_at_ms: None,
            trouble: None,
        }
    }

    /// Whether an exchange is under way.
    pub fn is_exchanging(&self) -> bool {
        self.phase != Phase::Still
    }

    /// Why the last exchange ended early, if it did.
    pub fn trouble(&self) -> Option<&Trouble> {
        self.trouble.as_ref()
    }

    /// When it tries again by itself, after a failure.
    pub fn wake_at_ms(&self) -> Option<u64> {
        self.wake_at_ms
    }

    /// Takes an event.
    ///
    /// # Errors
    /// The store's own; the exchange then ends, and the next event begins another.
    pub fn handle<R: Replica>(
        &mut self,
        event: Event<'_>,
        now_ms: u64,
        replica: &mut R,
        rng: &mut dyn CryptoRng,
    ) -> Result<Vec<Effect>, R::Error> {
        let mut turn = Turn { now_ms, effects: Vec::new(), rng };
        let result = match event {
            Event::Opened | Event::Tapped | Event::LinkHealed => self.begin(&mut turn, replica),
            Event::Saved if self.wake_at_ms.is_none() => self.begin(&mut turn, replica),
            Event::Saved => Ok(()),
            Event::Timer => match self.wake_at_ms {
                Some(at_ms) if at_ms > now_ms => {
                    turn.effects.push(Effect::WakeAt { at_ms });
                    Ok(())
                }
                Some(_) => self.begin(&mut turn, replica),
                None => Ok(()),
            },
            Event::Answered(answer) => self.answered(answer, &mut turn, replica),
            Event::Failed(error) => {
                self.fail(Trouble::Transport(error.clone()), None, &mut turn);
                Ok(())
            }
        };
        if result.is_err() {
            self.phase = Phase::Still;
        }
        result.map(|()| turn.effects)
    }

    fn begin<R: Replica>(&mut self, turn: &mut Turn<'_>, replica: &mut R) -> Result<(), R::Error> {
        if self.is_exchanging() {
            self.again = true;
            return Ok(());
        }
        self.answered = None;
        self.promised = false;
        self.sessions_refused = 0;
        self.budget_bytes = BUDGET_BYTES;
        self.speak(turn, replica)
    }

    /// Posts a sync, or asks for a challenge if there is nothing to authenticate it with.
    fn speak<R: Replica>(&mut self, turn: &mut Turn<'_>, replica: &mut R) -> Result<(), R::Error> {
        self.again = false;
        let Some(auth) = request::auth(replica)? else {
            self.phase = Phase::Session;
            let body = SessionRequest::Ask { device: replica.device() }.encode();
            turn.post(path::SESSION, body);
            return Ok(());
        };
        let (sent, body) = request::sync(replica, auth, self.budget_bytes)?;
        if self.answered.as_ref() == Some(&sent) {
            if self.promised || !sent.is_empty() {
                self.fail(Trouble::Stuck, None, turn);
            } else {
                turn.effects.push(Effect::Done);
            }
            return Ok(());
        }
        self.phase = Phase::Sync(sent);
        turn.post(path::SYNC, body);
        Ok(())
    }

    fn answered<R: Replica>(
        &mut self,
        answer: &TransportAnswer,
        turn: &mut Turn<'_>,
        replica: &mut R,
    ) -> Result<(), R::Error> {
        let phase = std::mem::replace(&mut self.phase, Phase::Still);
        if answer.status != 200 {
            return self.refused(&phase, answer, turn, replica);
        }
        match phase {
            Phase::Still => Ok(()),
            Phase::Session => match SessionResponse::decode(&answer.body) {
                Ok(opened) => {
                    let columns = replica.session()?.columns;
                    let challenge = Some(opened.challenge);
                    replica.keep_session(&Session { token: opened.token, challenge, columns })?;
                    self.speak(turn, replica)
                }
                Err(error) => self.unreadable(error, turn),
            },
            Phase::Sync(sent) => match SyncResponse::decode(&answer.body) {
                Ok(synced) => self.synced(sent, synced, turn, replica),
                Err(error) => self.unreadable(error, turn),
            },
            Phase::Audit { page, target } => match AuditResponse::decode(&answer.body) {
                Ok(audited) => self.audited(&page, target, &audited, turn, replica),
                Err(error) => self.unreadable(error, turn),
            },
        }
    }

    fn synced<R: Replica>(
        &mut self,
        sent: Sent,
        mut answer: SyncResponse,
        turn: &mut Turn<'_>,
        replica: &mut R,
    ) -> Result<(), R::Error> {
        let restored = sent.cursor.epoch != 0 && sent.cursor.epoch != answer.cursor.epoch;
        let target = answer.cursor.clone();
        if restored {
            // The new epoch is kept with the audit's last answer: an audit that is cut begins again.
            answer.cursor = sent.cursor.clone();
        }
        let applied = replica.apply(&answer)?;
        self.succeed();
        turn.effects.push(Effect::Took(applied));
        if restored {
            return self.audit(None, target, turn, replica);
        }
        self.answered = Some(sent);
        self.promised = answer.more;
        if answer.more || self.again || !replica.outgoing(1)?.is_empty() {
            self.speak(turn, replica)
        } else {
            turn.effects.push(Effect::Done);
            Ok(())
        }
    }

    /// Asks what the server has of the next page of what is held here.
    fn audit<R: Replica>(
        &mut self,
        after: Option<&Held>,
        target: Cursor,
        turn: &mut Turn<'_>,
        replica: &mut R,
    ) -> Result<(), R::Error> {
        let Some(auth) = request::auth(replica)? else { return self.speak(turn, replica) };
        let page = replica.held(after, limits::AUDIT_ROWS.len())?;
        turn.post(path::AUDIT, request::audit(auth, &page));
        self.phase = Phase::Audit { page, target };
        Ok(())
    }

    fn audited<R: Replica>(
        &mut self,
        page: &Held,
        target: Cursor,
        answer: &AuditResponse,
        turn: &mut Turn<'_>,
        replica: &mut R,
    ) -> Result<(), R::Error> {
        if answer.epoch != target.epoch {
            // Restored again in the meantime.
            return self.speak(turn, replica);
        }
        replica.apply_audit(answer, (!page.more).then_some(&target))?;
        self.succeed();
        if page.more {
            return self.audit(Some(page), target, turn, replica);
        }
        self.answered = None;
        self.speak(turn, replica)
    }

    fn refused<R: Replica>(
        &mut self,
        phase: &Phase,
        answer: &TransportAnswer,
        turn: &mut Turn<'_>,
        replica: &mut R,
    ) -> Result<(), R::Error> {
        let Some(body) = ErrorBody::read(&answer.body) else {
            self.fail(Trouble::Status { status: answer.status }, None, turn);
            return Ok(());
        };
        match body.door() {
            Some(Door::SessionWanted | Door::BadChallenge) if self.sessions_refused < 3 => {
                self.sessions_refused += 1;
                let challenge = body
                    .challenge
                    .as_deref()
                    .and_then(|hex| hex::decode(hex).ok())
                    .filter(|bytes| limits::CHALLENGE_BYTES.check_len(bytes.len()).is_ok())
                    .map(Challenge);
                let columns = replica.session()?.columns;
                replica.keep_session(&Session { token: None, challenge, columns })?;
                self.speak(turn, replica)
            }
            Some(Door::OverLimit)
                if matches!(phase, Phase::Sync(_)) && self.budget_bytes > 1_024 =>
            {
                self.budget_bytes /= 4;
                self.speak(turn, replica)
            }
            _ => {
                let retry_ms = body.retry_ms;
                self.fail(Trouble::Refused(Box::new(body)), retry_ms, turn);
                Ok(())
            }
        }
    }

    fn unreadable<E>(&mut self, error: WireError, turn: &mut Turn<'_>) -> Result<(), E> {
        self.fail(Trouble::Answer(error), None, turn);
        Ok(())
    }

    fn succeed(&mut self) {
        self.failures = 0;
        self.wake_at_ms = None;
        self.trouble = None;
    }

    fn fail(&mut self, trouble: Trouble, not_before_ms: Option<u64>, turn: &mut Turn<'_>) {
        self.phase = Phase::Still;
        self.again = false;
        self.failures = self.failures.saturating_add(1);
        let wait_ms = backoff::after(self.failures, turn.rng).max(not_before_ms.unwrap_or(0));
        let at_ms = turn.now_ms.saturating_add(wait_ms);
        self.wake_at_ms = Some(at_ms);
        self.trouble = Some(trouble);
        turn.effects.push(Effect::WakeAt { at_ms });
    }
}

/// One call of the engine.
struct Turn<'r> {
    now_ms: u64,
    effects: Vec<Effect>,
    rng: &'r mut dyn CryptoRng,
}

impl Turn<'_> {
    fn post(&mut self, path: &'static str, body: Vec<u8>) {
        self.effects.push(Effect::Post { path, body });
    }
}
