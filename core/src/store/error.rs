//! What can go wrong with a store, with the words for the person who holds the device.

use std::path::PathBuf;

/// Why a store did not do what was asked. Nothing of the failed step is in the file.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder or file cannot be opened or made.
    #[error("{path} cannot be opened: {reason}")]
    CannotOpen {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The file or its folder may only be read.
    #[error("the store may only be read")]
    ReadOnly,
    /// No room is left, and the reserve is used up.
    #[error("the disk is full")]
    Full,
    /// The file is damaged.
    #[error("the store's file is damaged: {reason}")]
    Corrupt {
        /// What the database said.
        reason: String,
    },
    /// A newer build has written this file.
    #[error("the store has schema {found}, this build knows up to {known}")]
    Newer {
        /// The version in the file.
        found: i32,
        /// The newest that this build knows.
        known: i32,
    },
    /// An SQLite file of another program.
    #[error("the file belongs to another program")]
    Foreign,
    /// Another process is writing.
    #[error("another process is writing to the store")]
    Busy,
    /// The disk or its VFS does not do write-ahead logging, so a save would not be durable.
    #[error("the journal mode is {found:?}, not wal")]
    JournalMode {
        /// What SQLite answered.
        found: String,
    },
    /// The device has no number and no certificate yet.
    #[error("the device is not enrolled")]
    NotEnrolled,
    /// The platform's key store does not open, or not take, the device's key.
    #[error("the key store did not open the device's key: {reason}")]
    KeySealed {
        /// What it said.
        reason: String,
    },
    /// Something of this name is not in the store.
    #[error("{what} is not here")]
    Missing {
        /// What was looked for.
        what: String,
    },
    /// What the file holds contradicts itself; a rebuild from the entries may mend it.
    #[error("the store contradicts itself: {reason}")]
    Inconsistent {
        /// What does not fit.
        reason: String,
    },
    /// Any other database error.
    #[error(transparent)]
    Database(rusqlite::Error),
}

impl StoreError {
    /// A contradiction inside the file, in words.
    pub(crate) fn inconsistent(reason: impl ToString) -> Self {
        StoreError::Inconsistent { reason: reason.to_string() }
    }

    /// The stable public code of this kind of error.
    pub const fn code(&self) -> &'static str {
        self.words().code
    }

    /// What happened, what was kept and what to do.
    pub const fn words(&self) -> Words {
        match self {
            StoreError::CannotOpen { .. } => Words {
                code: "store.cannot_open",
                zh: "打不开账本文件。账本没有改动。请检查文件夹是否存在、是否有权限。",
                en: "The store's file cannot be opened. Nothing was changed. Check that the folder exists and may be written.",
            },
            StoreError::ReadOnly => Words {
                code: "store.read_only",
                zh: "账本文件只读，这一步没有保存，以前的都在。请检查文件夹权限。",
                en: "The store may only be read; this step was not saved, all before it is kept. Check the folder's permissions.",
            },
            StoreError::Full => Words {
                code: "store.disk_full",
                zh: "存储已满，这一步没有保存；以前保存的都在。请删除照片等文件腾出空间再试。",
                en: "The disk is full; this step was not saved, everything saved before is kept. Free some space, photos first, and try again.",
            },
            StoreError::Corrupt { .. } => Words {
                code: "store.corrupt",
                zh: "账本文件已损坏。原文件会另存，不会删除；读得出的内容会导出。请联系县社重新登记本机。",
                en: "The store's file is damaged. It is set aside, never deleted, and what can be read is exported. Ask the office to enrol this device again.",
            },
            StoreError::Newer { .. } => Words {
                code: "store.newer_schema",
                zh: "账本由更新版本的程序写成，本程序没有改动它。请更新程序。",
                en: "A newer version of the program wrote this store; it was not touched. Update the program.",
            },
            StoreError::Foreign => Words {
                code: "store.foreign_file",
                zh: "这个文件不是庭院收购账的账本，没有改动。请检查路径。",
                en: "This file is not a Courtyard store; it was not touched. Check the path.",
            },
            StoreError::Busy => Words {
                code: "store.busy",
                zh: "另一个程序正在写账本，这一步没有保存。请稍后再试。",
                en: "Another process is writing to the store; this step was not saved. Try again.",
            },
            StoreError::JournalMode { .. } => Words {
                code: "store.not_durable",
                zh: "这个存储位置不能保证断电不丢，因此没有保存。请把数据放到本机存储。",
                en: "This storage cannot keep a save through a power cut, so nothing was saved. Put the data on local storage.",
            },
            StoreError::NotEnrolled => Words {
                code: "store.not_enrolled",
                zh: "本机还没有登记，不能记账。请用县社给的邀请登记。",
                en: "This device is not enrolled, so it cannot write. Enrol it with an invitation from the office.",
            },
            StoreError::KeySealed { .. } => Words {
                code: "store.key_sealed",
                zh: "手机的密钥库打不开本机的签名密钥，暂时不能开单；账本里的都在。请重启手机再试；仍不行请向县社要新的邀请换号。",
                en: "The phone's key store does not open this device's signing key, so nothing can be written now; all that is in the ledger is kept. Restart the phone and try again; else ask the office for a new invitation.",
            },
            StoreError::Missing { .. } => Words {
                code: "store.missing",
                zh: "账本里没有要找的内容。请核对号码，或先同步。",
                en: "What was asked for is not in the store. Check the number, or sync first.",
            },
            StoreError::Inconsistent { .. } => Words {
                code: "store.inconsistent",
                zh: "账本内容前后不符，这一步没有保存；已保存的单据都在。请重建汇总；仍不行请联系县社。",
                en: "The store contradicts itself; this step was not saved, saved entries are kept. Rebuild it; if that does not help, ask the office.",
            },
            StoreError::Database(_) => Words {
                code: "store.database",
                zh: "账本读写出错，这一步没有保存；以前保存的都在。请重试。",
                en: "Reading or writing the store failed; this step was not saved, everything saved before is kept. Try again.",
            },
        }
    }
}

/// An error for people: a stable code, and what happened, what was kept and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// The stable code.
    pub code: &'static str,
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        match error.sqlite_error_code() {
            Some(Code::DiskFull) => StoreError::Full,
            Some(Code::DatabaseCorrupt | Code::NotADatabase) => {
                StoreError::Corrupt { reason: error.to_string() }
            }
            Some(Code::ReadOnly) => StoreError::ReadOnly,
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => StoreError::Busy,
            _ => StoreError::Database(error),
        }
    }
}
