//! The data folder that a command of the office works on, and how its errors are said.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use courtyard_core::domain::{Rule, VillageNo};
use courtyard_core::ledger::Published;

use super::Failure;
use crate::clock::SystemClock;
use crate::node::{Node, NodeError};
use crate::office::OfficeError;
use crate::office::acting::Role;
use crate::office::error::CommandError;
use crate::rng;

/// Where, and how to answer.
#[derive(Debug, Clone, Args)]
pub struct Place {
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Answer with one JSON value.
    #[arg(long)]
    pub json: bool,
}

impl Place {
    /// The data folder, made with a new district if there is none.
    ///
    /// # Errors
    /// [`Failure`] in words.
    pub fn open(&self) -> Result<Node, Failure> {
        let node = Node::open(&self.data, Arc::new(SystemClock), rng::system()).map_err(failure)?;
        if node.founded() {
            let path = node.folder().root_key();
            let advice = format!(
                "新建县社。根密钥在 {0}：请抄到别处保管，再从本机删除；日常运行不需要它。\n\
                 A new district. Its root key is {0}: keep it elsewhere and remove it from this \
                 machine; running does not need it.",
                path.display()
            );
            let _ = writeln!(std::io::stderr(), "{advice}");
        }
        Ok(node)
    }

    /// The data folder, which must hold a district already.
    ///
    /// # Errors
    /// [`Failure`] in words.
    pub fn existing(&self) -> Result<Node, Failure> {
        existing(&self.data)
    }
}

/// Opens a data folder that holds a district already: reading shall not found one by a slip of the
/// pen.
///
/// # Errors
/// [`Failure`] in words.
pub fn existing(data: &Path) -> Result<Node, Failure> {
    if !data.join("log.db").is_file() {
        return Err(Failure::words(
            &format!(
                "{} 里没有县社的数据。没有改动任何东西。请检查 --data，或先用 admin village add 新建。",
                data.display()
            ),
            &format!(
                "There is no district in {}. Nothing was changed. Check --data, or begin with \
                 admin village add.",
                data.display()
            ),
        ));
    }
    Node::open(data, Arc::new(SystemClock), rng::system()).map_err(failure)
}

/// What went wrong with a data folder, in words.
pub fn failure(error: NodeError) -> Failure {
    let detail = error.to_string();
    let (zh, en): (String, &str) = match &error {
        NodeError::Running => (
            "这个数据目录上已有一台服务器在运行，没有改动任何东西。请先停下那一台。".into(),
            "Another server is running on this data folder. Nothing was changed. Stop it first.",
        ),
        NodeError::Key(_) => (
            "县社密钥 office.key 不在，或不是这份数据的。没有改动任何东西。请从备份放回。".into(),
            "Nothing was changed. Put office.key back from its copy.",
        ),
        NodeError::File { what, .. } => (
            format!("{what} 无法读写。请检查目录、权限和磁盘空间。"),
            "Nothing was half done. Check the folder, its permissions and the room on the disk.",
        ),
        NodeError::Backup(_) => (
            "没有做成，没有改动任何东西。请另选一个空目录，或换一份完整的备份。".into(),
            "Nothing was changed. Choose an empty folder, or a backup that is whole.",
        ),
        NodeError::Office(OfficeError::Command(CommandError::NoVillage(number))) => {
            return no_village(&number.to_string());
        }
        NodeError::Office(OfficeError::Command(CommandError::NoUser(name))) => {
            return Failure::words(
                &format!("没有“{name}”这个用户。没有改动任何东西。可用 admin user list 查看。"),
                &format!("{detail}. Nothing was changed. See admin user list. ({name})"),
            );
        }
        NodeError::Office(OfficeError::Command(CommandError::MayNot { user, may })) => {
            return may_not(user, may);
        }
        NodeError::Office(OfficeError::Command(CommandError::SamePerson(_))) => {
            return broken(Rule::SAME_PERSON);
        }
        NodeError::Office(OfficeError::Command(CommandError::Rule(rule))) => return broken(*rule),
        NodeError::Office(OfficeError::Command(CommandError::Said { zh, en })) => {
            return Failure::words(zh, en);
        }
        NodeError::Office(OfficeError::Command(CommandError::User(_))) => (
            "用户名 1 到 40 个字，密码至少 10 个字符。没有改动任何东西。".into(),
            "Nothing was changed. Correct it and try again.",
        ),
        NodeError::Office(OfficeError::Command(CommandError::Unsettled(_))) => (
            "名册里有字段同时有三个以上的值，新版只能带走两个。没有改动。请先用 admin register settle 定下来。"
                .into(),
            "Nothing was changed. Decide them with admin register settle.",
        ),
        NodeError::Office(OfficeError::Command(CommandError::NoGrower(grower))) => (
            format!("名册里没有 {grower}，或已经删除。没有改动。请核对编号。"),
            "Nothing was changed. Check the number.",
        ),
        NodeError::Office(OfficeError::Command(CommandError::NoNumber(_))) => (
            "没有封存这个号码。没有改动。可用 admin sealed list 查看。".into(),
            "Nothing was changed. See admin sealed list.",
        ),
        NodeError::Office(OfficeError::Command(CommandError::Number(_))) => (
            "号码不对：身份证号 18 位且末位要对得上，账号 8 到 32 位数字。没有保存。请核对证件。".into(),
            "Nothing was kept. Check it against the card.",
        ),
        NodeError::Office(OfficeError::Command(CommandError::SealingKey(_))) => (
            "封存密钥不在，或不是这一把。没有改动。请用 admin sealed key 新建，或用 --identity 给出私钥文件。"
                .into(),
            "Nothing was changed. Make a key with admin sealed key, or give the file of its private \
             part with --identity.",
        ),
        NodeError::Office(OfficeError::Command(CommandError::NoDevice(_))) => (
            "没有这个编号的手机。没有改动任何东西。可用 admin device list 查看。".into(),
            "Nothing was changed. See admin device list.",
        ),
        NodeError::View(_) => (
            "视图 view.db 跟不上日志。数据没有丢。请删除 view.db 后再试。".into(),
            "Nothing is lost: the view follows from the log. Remove view.db and try again.",
        ),
        NodeError::Tls(_) | NodeError::Log(_) | NodeError::Office(_) => (
            "没有做成，日志里没有留下一半。请检查磁盘，再试一次；仍不行请保留这个目录并联系维护人员。"
                .into(),
            "It was not done, and nothing was half done. Check the disk and try again; else keep \
             the folder as it is and ask for help.",
        ),
    };
    Failure::found(format!("{zh}\n{detail}. {en}"))
}

/// A user's role does not allow what they asked for.
fn may_not(user: &str, may: &[Role]) -> Failure {
    let zh: Vec<&str> = may.iter().map(|role| role.zh()).collect();
    let en: Vec<&str> = may.iter().map(|role| role.word()).collect();
    Failure::words(
        &format!("“{user}”不能做这件事，要由{}来做。没有改动任何东西。", zh.join("、")),
        &format!(
            "{user} may not do this; it takes one of: {}. Nothing was changed.",
            en.join(", ")
        ),
    )
}

/// There is no such village.
pub fn no_village(asked: &str) -> Failure {
    Failure::words(
        &format!("没有“{asked}”这个村。没有改动任何东西。可用 admin village list 查看。"),
        &format!("There is no village {asked:?}. Nothing was changed. See admin village list."),
    )
}

/// The village that a person means by its name, or by its number.
///
/// # Errors
/// [`no_village`].
pub fn village(published: &Published, asked: &str) -> Result<VillageNo, Failure> {
    find_village(published, asked).ok_or_else(|| no_village(asked))
}

/// The same without words: a name goes before a number.
pub fn find_village(published: &Published, asked: &str) -> Option<VillageNo> {
    let asked = asked.trim();
    let number = || asked.parse().ok().map(VillageNo::new);
    published
        .villages()
        .find(|village| village.name == asked)
        .or_else(|| published.village(number()?))
        .map(|village| village.number)
}

/// A rule that is broken, in both languages.
pub fn broken(rule: Rule) -> Failure {
    Failure::words(
        &format!("{}没有改动任何东西。（{}）", rule.zh, rule.code),
        &format!("{} Nothing was changed. ({})", rule.en, rule.code),
    )
}

/// The name of a village; its number if the district has not named it.
pub fn village_name(published: &Published, village: Option<VillageNo>) -> String {
    let Some(number) = village else { return String::new() };
    published.village(number).map_or_else(|| number.to_string(), |village| village.name.clone())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::clock::SetClock;

    /// 2026-07-01 06:00 in Shanghai.
    pub(crate) const MORNING_MS: i64 = 1_782_856_800_000;

    /// A district of its own, with a clock that stands.
    pub(crate) fn node() -> (Node, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(SetClock::at(MORNING_MS));
        let node = Node::open(folder.path(), clock, rng::system()).unwrap();
        (node, folder)
    }

    #[test]
    fn reading_an_empty_folder_founds_no_district() {
        let folder = tempfile::tempdir().unwrap();
        let said = existing(folder.path()).unwrap_err();
        assert!(said.text().contains("village add"), "{}", said.text());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_village_is_found_by_its_name_before_its_number() {
        let (mut node, _folder) = node();
        node.add_village("上庄", None).unwrap();
        node.add_village("下庄", None).unwrap();
        let reads = node.read().unwrap();
        let published = crate::office::published::published(reads.as_ref()).unwrap();
        assert_eq!(village(&published, "下庄").unwrap(), VillageNo::new(2));
        assert_eq!(village(&published, "1").unwrap(), VillageNo::new(1));
        assert!(village(&published, "3").is_err());
        assert_eq!(village_name(&published, Some(VillageNo::new(2))), "下庄");
        assert_eq!(village_name(&published, Some(VillageNo::new(9))), "9");
    }
}
