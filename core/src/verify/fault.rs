//! What can be wrong with a book or with a device's edits: a stable code and its words.

/// A stable code with its words for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// The stable code, such as `verify.signature`.
    pub code: &'static str,
    /// What is wrong, in Chinese.
    pub zh: &'static str,
    /// The same in English.
    pub en: &'static str,
}

const fn words(code: &'static str, zh: &'static str, en: &'static str) -> Words {
    Words { code, zh, en }
}

/// What is wrong with an entry, or with a range of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BookFault {
    /// The office's certificate is not signed by the root key, so nothing here can be believed.
    OfficeNotUnderRoot,
    /// There is no certificate of the book's device.
    NoCertificate,
    /// The device's certificate is not signed by the office.
    CertificateNotUnderOffice,
    /// The end of the book before this one is unknown, so this one cannot be derived.
    BookBefore,
    /// An entry is missing, and others come after it or are said to.
    Gap,
    /// Two different entries have one number.
    Fork,
    /// More entries than a book holds.
    Overlong,
    /// The bytes are no entry.
    Undecodable,
    /// The signature does not fit the entries.
    Signature,
    /// No signature covers the entry.
    Unsigned,
    /// The container says that the book has fewer entries.
    Beyond,
    /// The container says that the book has another head, though its entries are signed as they are.
    OtherHead,
    /// A head known from elsewhere covers entries that are not here.
    Truncated,
    /// A head known from elsewhere is not the one that these entries give: two histories.
    OtherHistory,
}

impl BookFault {
    /// Its code and words.
    pub const fn words(self) -> Words {
        match self {
            BookFault::OfficeNotUnderRoot => words(
                "verify.office_not_under_root",
                "县社证书不是由给定的根公钥签发，全部内容都不能采信。请核对根公钥。",
                "The office's certificate is not signed by the given root key, so nothing here can be believed. Check the root key.",
            ),
            BookFault::NoCertificate => words(
                "verify.no_certificate",
                "没有这台设备的证书，它的记录不能采信。",
                "There is no certificate of this device, so its entries cannot be believed.",
            ),
            BookFault::CertificateNotUnderOffice => words(
                "verify.certificate_not_under_office",
                "这台设备的证书不是由本县社签发，它的记录不能采信。",
                "This device's certificate is not signed by the district's office, so its entries cannot be believed.",
            ),
            BookFault::BookBefore => words(
                "verify.book_before",
                "前一册不完整，本册无法验证。请先修复前一册。",
                "The book before this one is not whole, so this one cannot be checked. Repair that one first.",
            ),
            BookFault::Gap => words(
                "verify.gap",
                "缺少记录：后面还有记录，或签名、条数表明应当有。",
                "An entry is missing: others come after it, or a signature or the count says that it was there.",
            ),
            BookFault::Fork => words(
                "verify.fork",
                "同一编号有两条不同的记录。",
                "Two different entries have the same number.",
            ),
            BookFault::Overlong => words(
                "verify.overlong",
                "一册超过二百条记录。",
                "The book holds more than its 200 entries.",
            ),
            BookFault::Undecodable => words(
                "verify.undecodable",
                "记录的内容读不出来，已被改动或损坏。",
                "The entry cannot be read: it was changed or damaged.",
            ),
            BookFault::Signature => words(
                "verify.signature",
                "签名与记录不符：记录被改动、调换、增删，或签名被移动。",
                "The signature does not fit: an entry was changed, swapped, added or removed, or the signature was moved.",
            ),
            BookFault::Unsigned => words(
                "verify.unsigned",
                "记录没有签名，不能采信。",
                "No signature covers the entry, so it cannot be believed.",
            ),
            BookFault::Beyond => words(
                "verify.beyond",
                "记录多于账册登记的条数。",
                "There are more entries than the count that is kept of this book.",
            ),
            BookFault::OtherHead => words(
                "verify.other_head",
                "记录与签名相符，但账册登记的校验值不符。",
                "The entries fit their signatures, but what is kept beside them of this book does not.",
            ),
            BookFault::Truncated => words(
                "verify.truncated",
                "末尾缺少记录：别处留存的校验值表明应当有。",
                "Entries are missing at the end: a head known from elsewhere covers them.",
            ),
            BookFault::OtherHistory => words(
                "verify.other_history",
                "与别处留存的校验值不符：同一册有两种内容。",
                "A head known from elsewhere does not fit: this book exists with other content.",
            ),
        }
    }
}

/// What is wrong with edits of a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EditsFault {
    /// The office's certificate is not signed by the root key.
    OfficeNotUnderRoot,
    /// There is no certificate of the device.
    NoCertificate,
    /// The device's certificate is not signed by the office.
    CertificateNotUnderOffice,
    /// The bytes are no edit.
    Undecodable,
    /// An edit before it is missing.
    Gap,
    /// Two different edits have one number.
    Fork,
    /// It stands on edits that are not here, or that do not verify.
    MissingDeps,
    /// It is none that this library writes.
    Malformed,
    /// The signature does not fit the edits.
    Signature,
    /// No signature covers it.
    Unsigned,
    /// More are known from elsewhere than are here.
    Truncated,
}

impl EditsFault {
    /// Its code and words.
    pub const fn words(self) -> Words {
        match self {
            EditsFault::OfficeNotUnderRoot => BookFault::OfficeNotUnderRoot.words(),
            EditsFault::NoCertificate => BookFault::NoCertificate.words(),
            EditsFault::CertificateNotUnderOffice => BookFault::CertificateNotUnderOffice.words(),
            EditsFault::Undecodable => words(
                "verify.edit_undecodable",
                "名册改动读不出来，已被改动或损坏。",
                "The register edit cannot be read: it was changed or damaged.",
            ),
            EditsFault::Gap => words(
                "verify.edit_gap",
                "缺少名册改动：后面还有同一设备的改动，或签名表明应当有。",
                "A register edit is missing: others of this device come after it, or a signature covers it.",
            ),
            EditsFault::Fork => words(
                "verify.edit_fork",
                "同一编号有两条不同的名册改动。",
                "Two different register edits have the same number.",
            ),
            EditsFault::MissingDeps => words(
                "verify.edit_missing_deps",
                "名册改动所依据的其他改动不在这里，或没有通过验证。",
                "The register edit stands on others that are not here or do not verify.",
            ),
            EditsFault::Malformed => words(
                "verify.edit_malformed",
                "名册改动不合规范，不是本程序写成的。",
                "The register edit is none that this program writes.",
            ),
            EditsFault::Signature => words(
                "verify.edit_signature",
                "签名与名册改动不符：改动被篡改、调换，或签名被移动。",
                "The signature does not fit: a register edit was changed, or the signature was moved.",
            ),
            EditsFault::Unsigned => words(
                "verify.edit_unsigned",
                "名册改动没有签名，不能采信。",
                "No signature covers the register edit, so it cannot be believed.",
            ),
            EditsFault::Truncated => words(
                "verify.edit_truncated",
                "缺少名册改动：别处留存的条数表明应当有。",
                "Register edits are missing: more are known from elsewhere.",
            ),
        }
    }
}
