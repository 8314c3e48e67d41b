//! Reading the SQLite log.

use courtyard_core::document::{BookId, BookTip, DistrictId, Head, PublicKey, RegisterId};
use courtyard_core::domain::{DeviceNo, GrowerId, Month, VillageNo};
use rusqlite::{OptionalExtension, params};

use super::SqliteTransaction;
use super::query::{left_out, register, sized_batch, sized_edits, user};
use super::rows::{self, bytes, cbor, device_number, int, number, role_column};
use crate::log::{
    Act, Audience, Batch, Card, County, Device, DeviceState, EditBatch, Invitation, LogError,
    PageSession, PageUser, Reads, SealedNumber, Session, SetAside, User,
};
use courtyard_core::domain::device::DeviceRole;

const DEVICE: &str = "certificate, state, lamport, since_ms";
const BATCH: &str = "number, device, book, start, signature, entries";
const CARD: &str =
    "token_hash, grower, pin_hash, issued_ms, issued_by, wrong_pins, locked_until_ms,
                    revoked_ms";
const EDIT: &str = "number, village, edition, device, signature, head, edits";

impl Reads for SqliteTransaction<'_> {
    fn county(&self) -> Result<Option<County>, LogError> {
        self.one(
            "SELECT district, root, office, epoch, last_number, next_device, lamport, secret
             FROM county",
            [],
            |row| {
                Ok(County {
                    district: DistrictId(bytes(row, 0)?),
                    root: PublicKey(bytes(row, 1)?),
                    office: cbor(row, 2)?,
                    epoch: number(row, 3)?,
                    last_number: number(row, 4)?,
                    next_device: number(row, 5)?,
                    lamport: number(row, 6)?,
                    secret: bytes(row, 7)?,
                })
            },
        )
    }

    fn device(&self, device: DeviceNo) -> Result<Option<Device>, LogError> {
        self.one(
            &format!("SELECT {DEVICE} FROM device WHERE number = ?1"),
            [device.get()],
            rows::device,
        )
    }

    fn devices(&self) -> Result<Vec<Device>, LogError> {
        self.all(&format!("SELECT {DEVICE} FROM device ORDER BY number"), [], rows::device)
    }

    fn heard_ms(&self, device: DeviceNo) -> Result<Option<i64>, LogError> {
        self.one("SELECT at_ms FROM heard WHERE device = ?1", [device.get()], |row| Ok(row.get(0)?))
    }

    fn office_device(&self, village: Option<VillageNo>) -> Result<Option<Device>, LogError> {
        let role =
            if village.is_some() { DeviceRole::VillageOffice } else { DeviceRole::CountyOffice };
        self.one(
            &format!(
                "SELECT {DEVICE} FROM device WHERE village = ?1 AND role = ?2 AND state = ?3
                 ORDER BY number DESC LIMIT 1"
            ),
            [rows::village_column(village), role_column(role), DeviceState::Active.number()],
            rows::device,
        )
    }

    fn tip(&self, book: BookId) -> Result<Option<BookTip>, LogError> {
        self.one(
            "SELECT count, head FROM book WHERE device = ?1 AND number = ?2",
            params![book.device.get(), book.number],
            |row| Ok(BookTip { count: number(row, 0)?, head: Head(bytes(row, 1)?) }),
        )
    }

    fn last_book(&self, device: DeviceNo) -> Result<Option<BookId>, LogError> {
        self.one(
            "SELECT number FROM book WHERE device = ?1 ORDER BY number DESC LIMIT 1",
            [device.get()],
            |row| Ok(BookId { device, number: number(row, 0)? }),
        )
    }

    fn tips(&self) -> Result<Vec<(BookId, BookTip)>, LogError> {
        self.all(
            "SELECT count, head, device, number FROM book ORDER BY device, number",
            [],
            |row| {
                let tip = BookTip { count: number(row, 0)?, head: Head(bytes(row, 1)?) };
                Ok((BookId { device: device_number(row, 2)?, number: number(row, 3)? }, tip))
            },
        )
    }

    fn book_batches(&self, book: BookId, from: u32) -> Result<Vec<Batch>, LogError> {
        self.all(
            &format!(
                "SELECT {BATCH} FROM batch
                 WHERE device = ?1 AND book = ?2 AND start + count > ?3 ORDER BY start"
            ),
            params![book.device.get(), book.number, from],
            rows::batch,
        )
    }

    fn batches_after(
        &self,
        audience: Audience,
        after: u64,
        except: Option<DeviceNo>,
        max_bytes: usize,
    ) -> Result<Vec<Batch>, LogError> {
        let village = match audience {
            Audience::County => 0,
            Audience::Village(village) => i64::from(village.get()),
        };
        self.until(
            &format!(
                "SELECT {BATCH} FROM batch
                 WHERE village = ?1 AND number > ?2 AND device <> ?3 ORDER BY number"
            ),
            [village, int(after), left_out(except)],
            max_bytes,
            sized_batch,
        )
    }

    fn all_batches_after(&self, after: u64, max_bytes: usize) -> Result<Vec<Batch>, LogError> {
        self.until(
            &format!("SELECT {BATCH} FROM batch WHERE number > ?1 ORDER BY number"),
            [int(after)],
            max_bytes,
            sized_batch,
        )
    }

    fn editions(&self, village: VillageNo) -> Result<Vec<RegisterId>, LogError> {
        self.all(
            "SELECT village, number FROM edition WHERE village = ?1 ORDER BY number",
            [village.get()],
            register,
        )
    }

    fn registers(&self) -> Result<Vec<RegisterId>, LogError> {
        self.all("SELECT village, number FROM edition ORDER BY village, number", [], register)
    }

    fn edit_count(&self, register: RegisterId, device: DeviceNo) -> Result<u32, LogError> {
        let count = self.one(
            "SELECT start + count FROM edit
             WHERE village = ?1 AND edition = ?2 AND device = ?3 ORDER BY start DESC LIMIT 1",
            params![register.village.get(), register.edition, device.get()],
            |row| number(row, 0),
        )?;
        Ok(count.unwrap_or(0))
    }

    fn edit_counts(&self) -> Result<Vec<(RegisterId, DeviceNo, u32)>, LogError> {
        self.all(
            "SELECT village, edition, device, max(start + count) FROM edit
             GROUP BY village, edition, device ORDER BY village, edition, device",
            [],
            |row| Ok((register(row)?, device_number(row, 2)?, number(row, 3)?)),
        )
    }

    fn register_edits_after(
        &self,
        register: RegisterId,
        after: u64,
    ) -> Result<Vec<EditBatch>, LogError> {
        self.all(
            &format!(
                "SELECT {EDIT} FROM edit
                 WHERE village = ?1 AND number > ?2 AND edition = ?3 ORDER BY number"
            ),
            params![register.village.get(), int(after), register.edition],
            rows::edit_batch,
        )
    }

    fn edits_after(
        &self,
        village: VillageNo,
        after: u64,
        except: Option<DeviceNo>,
        max_bytes: usize,
    ) -> Result<Vec<EditBatch>, LogError> {
        self.until(
            &format!(
                "SELECT {EDIT} FROM edit
                 WHERE village = ?1 AND number > ?2 AND device <> ?3 ORDER BY number"
            ),
            [i64::from(village.get()), int(after), left_out(except)],
            max_bytes,
            sized_edits,
        )
    }

    fn all_edits_after(&self, after: u64, max_bytes: usize) -> Result<Vec<EditBatch>, LogError> {
        self.until(
            &format!("SELECT {EDIT} FROM edit WHERE number > ?1 ORDER BY number"),
            [int(after)],
            max_bytes,
            sized_edits,
        )
    }

    fn parked(&self, register: RegisterId) -> Result<Vec<EditBatch>, LogError> {
        self.all(
            "SELECT number, village, edition, device, signature, NULL, edits FROM parked_edit
             WHERE village = ?1 AND edition = ?2 ORDER BY number",
            params![register.village.get(), register.edition],
            rows::edit_batch,
        )
    }

    fn set_aside(&self) -> Result<Vec<SetAside>, LogError> {
        self.all(
            "SELECT hash, device, code, subject, evidence, received_ms FROM set_aside
             ORDER BY number",
            [],
            |row| {
                Ok(SetAside {
                    hash: bytes(row, 0)?,
                    device: device_number(row, 1)?,
                    code: row.get(2)?,
                    subject: row.get(3)?,
                    evidence: row.get(4)?,
                    now_ms: row.get(5)?,
                })
            },
        )
    }

    fn session(&self, token_hash: &[u8; 32]) -> Result<Option<Session>, LogError> {
        self.one(
            "SELECT device, expires_ms FROM session WHERE token_hash = ?1",
            [token_hash],
            |row| {
                Ok(Session {
                    token_hash: *token_hash,
                    device: device_number(row, 0)?,
                    expires_ms: row.get(1)?,
                })
            },
        )
    }

    fn page_session(&self, token_hash: &[u8; 32]) -> Result<Option<PageSession>, LogError> {
        self.one(
            "SELECT user, grower, expires_ms FROM page_session WHERE token_hash = ?1",
            [token_hash],
            |row| {
                let of =
                    match row.get::<_, Option<String>>(0)? {
                        Some(name) => PageUser::Office(name),
                        None => {
                            let grower = GrowerId::from_key(row.get(1)?);
                            PageUser::Grower(grower.ok_or_else(|| {
                                LogError::Corrupt("a session's grower".to_owned())
                            })?)
                        }
                    };
                Ok(PageSession { token_hash: *token_hash, of, expires_ms: row.get(2)? })
            },
        )
    }

    fn invitation(&self, code_hash: &[u8; 32]) -> Result<Option<Invitation>, LogError> {
        self.one(
            "SELECT village, expires_ms, used_by FROM invitation WHERE code_hash = ?1",
            [code_hash],
            |row| {
                let used_by: Option<i64> = row.get(2)?;
                Ok(Invitation {
                    code_hash: *code_hash,
                    village: VillageNo::new(number(row, 0)?),
                    expires_ms: row.get(1)?,
                    used_by: used_by.map(|_| device_number(row, 2)).transpose()?,
                })
            },
        )
    }

    fn user(&self, name: &str) -> Result<Option<User>, LogError> {
        let found = self
            .tx
            .prepare_cached(
                "SELECT name, role, password_hash, since_ms, operator FROM user WHERE name = ?1",
            )?
            .query_row([name], user)
            .optional()?;
        Ok(found)
    }

    fn users(&self) -> Result<Vec<User>, LogError> {
        self.all(
            "SELECT name, role, password_hash, since_ms, operator FROM user ORDER BY name",
            [],
            |row| Ok(user(row)?),
        )
    }

    fn card(&self, token_hash: &[u8; 32]) -> Result<Option<Card>, LogError> {
        self.one(
            &format!("SELECT {CARD} FROM card WHERE token_hash = ?1"),
            [token_hash],
            rows::card,
        )
    }

    fn cards(&self, grower: Option<GrowerId>) -> Result<Vec<Card>, LogError> {
        self.all(
            &format!(
                "SELECT {CARD} FROM card WHERE ?1 IS NULL OR grower = ?1
                 ORDER BY grower, issued_ms, token_hash"
            ),
            [grower.map(GrowerId::key)],
            rows::card,
        )
    }

    fn acts_before(
        &self,
        before: Option<u64>,
        actor: Option<&str>,
        limit: u32,
    ) -> Result<Vec<(u64, Act)>, LogError> {
        let before = before.map_or(i64::MAX, |number| i64::try_from(number).unwrap_or(i64::MAX));
        self.all(
            "SELECT number, at_ms, actor, act, subject FROM act
             WHERE number < ?1 AND (?2 IS NULL OR actor = ?2) ORDER BY number DESC LIMIT ?3",
            (before, actor, limit),
            |row| {
                let (at_ms, actor) = (row.get(1)?, row.get(2)?);
                let act = Act { at_ms, actor, act: row.get(3)?, subject: row.get(4)? };
                Ok((row.get::<_, i64>(0)?.cast_unsigned(), act))
            },
        )
    }

    fn sealing_key(&self) -> Result<Option<[u8; 32]>, LogError> {
        self.one("SELECT public FROM sealing_key", [], |row| bytes(row, 0))
    }

    fn sealed_numbers(&self, grower: Option<GrowerId>) -> Result<Vec<SealedNumber>, LogError> {
        // The words of the sorts stand in the order of the alphabet, which is not theirs.
        let mut all = self.all(
            "SELECT grower, person, kind, ciphertext, last_four, put_ms, put_by, approved_by
             FROM sealed_numbers WHERE ?1 IS NULL OR grower = ?1",
            [grower.map(GrowerId::key)],
            rows::sealed,
        )?;
        all.sort_by_key(|number| number.of);
        Ok(all)
    }

    fn sealed_changed(&self) -> Result<Option<u64>, LogError> {
        self.one("SELECT after FROM sealed_change", [], |row| number(row, 0))
    }

    fn closed_statements(
        &self,
        village: VillageNo,
        month: Month,
    ) -> Result<Vec<(GrowerId, Vec<u8>)>, LogError> {
        self.all(
            "SELECT grower, bytes FROM closed_statement WHERE village = ?1 AND month = ?2
             ORDER BY grower",
            params![village.get(), month.to_string()],
            |row| {
                let grower = GrowerId::from_key(row.get(0)?)
                    .ok_or_else(|| LogError::Corrupt("a statement's grower".to_owned()))?;
                Ok((grower, row.get(1)?))
            },
        )
    }
}
