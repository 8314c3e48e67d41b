//! What the door answers when it does not take something: a stable code and words for a person.
//!
//! The door refuses only what is not evidence of anything: a bad signature, a fork, what is over a
//! limit or cannot be read, and what its sender may not send. Everything else is kept, and the
//! ledger decides whether it counts.

use serde::{Deserialize, Serialize};

use super::error::WireError;

/// The same sentence for both readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
}

macro_rules! doors {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $status:literal, $code:literal,
        $zh:literal, $en:literal, $kept:ident, $todo:ident;)*) => {
        /// A reason of the door.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Door {
            $($(#[$doc])* $variant,)*
        }

        impl Door {
            /// Every reason, in the order of the document.
            pub const ALL: &[Door] = &[$(Door::$variant,)*];

            /// The number that travels in an answer.
            pub const fn number(self) -> u16 {
                match self { $(Door::$variant => $number,)* }
            }

            /// The reason with this number.
            pub const fn from_number(number: u16) -> Option<Door> {
                match number { $($number => Some(Door::$variant),)* _ => None }
            }

            /// The HTTP status when it is the answer to a whole request.
            pub const fn status(self) -> u16 {
                match self { $(Door::$variant => $status,)* }
            }

            /// Stable text.
            pub const fn code(self) -> &'static str {
                match self { $(Door::$variant => $code,)* }
            }

            /// The reason with this code.
            pub fn from_code(code: &str) -> Option<Door> {
                match code { $($code => Some(Door::$variant),)* _ => None }
            }

            /// What happened.
            pub const fn words(self) -> Words {
                match self { $(Door::$variant => Words { zh: $zh, en: $en },)* }
            }

            /// What was kept.
            pub const fn kept(self) -> Words {
                match self { $(Door::$variant => $kept,)* }
            }

            /// What to do.
            pub const fn todo(self) -> Words {
                match self { $(Door::$variant => $todo,)* }
            }
        }
    };
}

const ON_PHONE: Words = Words {
    zh: "单据都在手机上，没有丢失。",
    en: "Everything is still on the phone; nothing is lost.",
};
const REST_TAKEN: Words = Words {
    zh: "这一部分留在手机上另存，其余的已经收下。",
    en: "This part is set aside on the phone; the rest was accepted.",
};
const NOTHING: Words = Words { zh: "没有改动任何数据。", en: "Nothing was changed." };

const BY_ITSELF: Words = Words {
    zh: "不用处理，手机会自动重试。",
    en: "Nothing; the phone tries again by itself.",
};
const UPDATE_PHONE: Words = Words {
    zh: "请更新手机上的应用；若已是最新版，请联系县社。",
    en: "Update the app; if it is the newest, call the district office.",
};
const UPDATE_SERVER: Words = Words {
    zh: "请县社更新服务器后再同步。",
    en: "The district office updates the server; then sync again.",
};
const CALL_OFFICE: Words = Words {
    zh: "请联系县社，报上这个代码。",
    en: "Call the district office and read them this code.",
};
const NEW_INVITATION: Words = Words {
    zh: "请县社重新发一个邀请码。",
    en: "Ask the district office for a new invitation.",
};
const ENROL_AGAIN: Words = Words {
    zh: "请重新登记这台手机；未上传的单据会用新单号段补发。",
    en: "Enrol this phone again; slips not yet sent are issued again under the new book code.",
};
const SPLIT: Words = Words {
    zh: "请把内容分成几次，或缩短后再存。",
    en: "Send it in smaller pieces, or shorten it and save again.",
};

doors! {
    /// The bytes are no message, or hold what is no entry or edit.
    Undecodable = 1, 400, "door.undecodable", "服务器读不懂收到的内容。",
        "The server could not read what it received.", ON_PHONE, UPDATE_PHONE;
    /// Larger than a limit; `limit` names it.
    OverLimit = 2, 413, "door.over_limit", "内容超过了限制。",
        "Something is larger than its limit.", ON_PHONE, SPLIT;
    /// The message is of a protocol that the server does not speak yet.
    FutureProtocol = 3, 400, "door.future_protocol", "手机比服务器新，服务器还不认识这种格式。",
        "The phone is newer than the server, which does not speak this protocol yet.",
        ON_PHONE, UPDATE_SERVER;
    /// The rows use columns that the receiver has not announced.
    FutureColumns = 4, 400, "door.future_columns", "内容用了服务器还不认识的列。",
        "The rows use columns that the server does not know yet.", ON_PHONE, UPDATE_SERVER;
    /// No session: the token is unknown or has ended. `challenge` holds what to sign.
    SessionWanted = 5, 401, "door.session_wanted", "登录已过期。",
        "The session has ended.", ON_PHONE, BY_ITSELF;
    /// The signature over the challenge is not of this device, or the challenge is spent.
    BadChallenge = 6, 401, "door.bad_challenge", "手机的登录签名没有通过。",
        "The signature that opens the session does not hold.", ON_PHONE, BY_ITSELF;
    /// No device of this number is certified here.
    UnknownDevice = 7, 403, "door.unknown_device", "县社没有登记过这台手机。",
        "The district has not enrolled this device.", ON_PHONE, CALL_OFFICE;
    /// The device is revoked and asked for more than to upload.
    Revoked = 8, 403, "door.revoked", "这台手机已停用，只能上传已有的单据。",
        "This device is revoked; it may only upload what it has written.", ON_PHONE, CALL_OFFICE;
    /// The invitation is not known, or has ended.
    InvitationUnknown = 9, 403, "door.invitation_unknown", "邀请码不对或已过期。",
        "The invitation is unknown or has ended.", NOTHING, NEW_INVITATION;
    /// Another key has used the invitation.
    InvitationUsed = 10, 409, "door.invitation_used", "邀请码已被另一台手机用过。",
        "Another phone has used this invitation.", NOTHING, NEW_INVITATION;
    /// There is nothing at this address.
    NotFound = 11, 404, "door.not_found", "没有这个地址。",
        "There is nothing at this address.", NOTHING, UPDATE_PHONE;
    /// The address takes another method.
    WrongMethod = 12, 405, "door.wrong_method", "请求方式不对。",
        "This address takes another method.", NOTHING, UPDATE_PHONE;
    /// Too many requests; `retry_ms` says when to come back.
    TooMany = 13, 429, "door.too_many", "请求太频繁。",
        "Too many requests.", ON_PHONE, BY_ITSELF;
    /// The server cannot write now.
    Unavailable = 14, 503, "door.unavailable", "服务器暂时不可用。",
        "The server is not available for the moment.", ON_PHONE, BY_ITSELF;
    /// The server failed; its log knows more.
    Internal = 15, 500, "door.internal", "服务器出错了。",
        "The server failed.", ON_PHONE, BY_ITSELF;

    /// The signature does not hold over what was received.
    BadSignature = 32, 400, "door.bad_signature", "签名与内容不符。",
        "The signature does not fit the content.", REST_TAKEN, CALL_OFFICE;
    /// The server holds other content under the same number.
    Fork = 33, 409, "door.fork", "同一单号已有不同内容；两份都留作证据。",
        "Other content is already stored under the same number; both are kept as evidence.",
        REST_TAKEN, ENROL_AGAIN;
    /// The book is another device's, and no restore asks for it.
    OtherDevicesBook = 34, 403, "door.other_devices_book", "这是另一台手机的单号段。",
        "The book belongs to another device.", REST_TAKEN, CALL_OFFICE;
    /// No certificate of the part's device was presented or is known.
    CertificateWanted = 35, 403, "door.certificate_wanted", "缺少这台手机的证书。",
        "No certificate of the device that wrote it is known.", REST_TAKEN, CALL_OFFICE;
    /// A certificate does not hold.
    BadCertificate = 36, 403, "door.bad_certificate", "证书不是本县社签发的。",
        "The certificate was not issued by this district.", REST_TAKEN, CALL_OFFICE;
    /// The village has no register of this edition.
    EditionUnknown = 37, 404, "door.edition_unknown", "没有这一版名册。",
        "The village has no register of this edition.", REST_TAKEN, BY_ITSELF;
    /// The register is another village's.
    OtherVillage = 38, 403, "door.other_village", "这是另一个村的名册。",
        "The register belongs to another village.", REST_TAKEN, CALL_OFFICE;
    /// An edit's number is not the next of its device.
    EditOutOfTurn = 39, 409, "door.edit_out_of_turn", "名册修改的序号不连续。",
        "The edit's number is not the next one.", REST_TAKEN, BY_ITSELF;
    /// An entry or an edit cannot be read.
    UndecodableItem = 40, 400, "door.undecodable_item", "其中一条内容读不懂。",
        "One of the entries or edits cannot be read.", REST_TAKEN, UPDATE_PHONE;
    /// An entry or an edit is larger than a limit.
    ItemOverLimit = 41, 413, "door.item_over_limit", "其中一条内容超过了限制。",
        "One of the entries or edits is larger than its limit.", REST_TAKEN, SPLIT;
}

/// A sentence in both languages, as it travels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl From<Words> for Sentence {
    fn from(words: Words) -> Self {
        Sentence { zh: words.zh.to_owned(), en: words.en.to_owned() }
    }
}

/// The body of every HTTP answer that is not 200, as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// Stable code; see [`Door::code`].
    pub code: String,
    /// What happened, in Chinese.
    pub zh: String,
    /// What happened, in English.
    pub en: String,
    /// What was kept.
    pub kept: Sentence,
    /// What to do.
    pub todo: Sentence,
    /// The limit that was passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// What to sign to open a session, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<String>,
    /// Not before so many milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_ms: Option<u64>,
}

impl ErrorBody {
    /// The body for this reason.
    pub fn new(door: Door) -> Self {
        let words = door.words();
        ErrorBody {
            code: door.code().to_owned(),
            zh: words.zh.to_owned(),
            en: words.en.to_owned(),
            kept: door.kept().into(),
            todo: door.todo().into(),
            limit: None,
            challenge: None,
            retry_ms: None,
        }
    }

    /// Reads the body of an answer that is not 200; `None` if something else than the server
    /// answered.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// The reason, or `None` if it is of a newer build.
    pub fn door(&self) -> Option<Door> {
        Door::from_code(&self.code)
    }
}

impl WireError {
    /// The door's reason for a request that reads so.
    pub const fn door(&self) -> Door {
        match self {
            WireError::FutureProtocol { .. } => Door::FutureProtocol,
            WireError::FutureColumns { .. } => Door::FutureColumns,
            WireError::OverLimit { .. } => Door::OverLimit,
            WireError::Undecodable { .. } => Door::Undecodable,
        }
    }

    /// The body of the answer to a request that reads so.
    pub fn body(&self) -> ErrorBody {
        let mut body = ErrorBody::new(self.door());
        if let WireError::OverLimit { limit, .. } = self {
            body.limit = Some(limit.name.to_owned());
        }
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_reason_has_a_number_and_a_code_of_its_own() {
        let numbers: HashSet<_> = Door::ALL.iter().map(|d| d.number()).collect();
        let codes: HashSet<_> = Door::ALL.iter().map(|d| d.code()).collect();
        assert_eq!(numbers.len(), Door::ALL.len());
        assert_eq!(codes.len(), Door::ALL.len());
        for &door in Door::ALL {
            assert_eq!(Door::from_number(door.number()), Some(door));
            assert_eq!(Door::from_code(door.code()), Some(door));
            assert!((400..600).contains(&door.status()), "{door:?}");
        }
    }

    #[test]
    fn every_reason_says_what_happened_what_was_kept_and_what_to_do_in_both_languages() {
        for &door in Door::ALL {
            for words in [door.words(), door.kept(), door.todo()] {
                assert!(words.zh.ends_with('。') && !words.zh.is_ascii(), "{door:?}");
                assert!(words.en.ends_with('.') && words.en.is_ascii(), "{door:?}");
            }
        }
    }

    #[test]
    fn an_error_body_reads_back_and_leaves_out_what_it_does_not_say() {
        let body = ErrorBody::new(Door::Fork);
        let json = serde_json::to_string(&body).unwrap();
        assert!(!json.contains("challenge"));
        let back: ErrorBody = serde_json::from_str(&json).unwrap();
        assert_eq!(back, body);
        assert_eq!(back.door(), Some(Door::Fork));
    }
}
