//! Search keys of a Chinese name: full pinyin and initials, so that `wangfang`, `wf` and 王芳 find
//! the same person.

use ::pinyin::ToPinyin as _;

/// Surnames whose reading differs from the character's usual one.
const SURNAMES: &[(char, &str)] = &[
    ('曾', "zeng"),
    ('单', "shan"),
    ('仇', "qiu"),
    ('解', "xie"),
    ('查', "zha"),
    ('任', "ren"),
    ('华', "hua"),
    ('盖', "ge"),
    ('乐', "yue"),
    ('区', "ou"),
    ('朴', "piao"),
    ('繁', "po"),
    ('缪', "miao"),
    ('尉', "wei"),
    ('翟', "zhai"),
    ('覃', "qin"),
    ('冼', "xian"),
    ('重', "chong"),
    ('黑', "he"),
    ('秘', "bi"),
];

/// A name's keys for search.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct SearchKeys {
    /// Every syllable, without spaces and tones: `wangfang`.
    pub(crate) pinyin: String,
    /// The first letters: `wf`.
    pub(crate) initials: String,
}

/// The search keys of a name; letters and digits stand for themselves, other signs are left out.
pub(crate) fn search_keys(name: &str) -> SearchKeys {
    let mut keys = SearchKeys::default();
    let mut in_word = false;
    for (place, c) in name.trim().chars().enumerate() {
        if let Some(syllable) = reading(place, c) {
            // Keyboards type ü as v.
            keys.pinyin.extend(syllable.chars().map(|c| if c == 'ü' { 'v' } else { c }));
            keys.initials.extend(syllable.chars().next());
            in_word = false;
        } else if c.is_alphanumeric() {
            let lower = c.to_lowercase();
            keys.pinyin.extend(lower.clone());
            if !in_word {
                keys.initials.extend(lower);
            }
            in_word = true;
        } else {
            in_word = false;
        }
    }
    keys
}

fn reading(place: usize, c: char) -> Option<&'static str> {
    let surname = SURNAMES.iter().find(|(character, _)| *character == c).map(|(_, text)| *text);
    match surname {
        Some(text) if place == 0 => Some(text),
        _ => c.to_pinyin().map(|p| p.plain()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(name: &str) -> (String, String) {
        let keys = search_keys(name);
        (keys.pinyin, keys.initials)
    }

    #[test]
    fn a_name_is_found_by_full_pinyin_and_by_initials() {
        assert_eq!(keys("王芳"), ("wangfang".into(), "wf".into()));
        assert_eq!(keys("吕 伟"), ("lvwei".into(), "lw".into()));
    }

    #[test]
    fn a_surname_is_read_as_a_surname_only_in_front() {
        assert_eq!(keys("曾小单"), ("zengxiaodan".into(), "zxd".into()));
        assert_eq!(keys("单曾"), ("shanceng".into(), "sc".into()));
    }

    #[test]
    fn letters_and_digits_stand_for_themselves() {
        assert_eq!(keys("V4-01"), ("v401".into(), "v0".into()));
        assert_eq!(keys(""), (String::new(), String::new()));
    }
}
