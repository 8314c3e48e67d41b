//! Households that may be one: the same people registered by two phones offline. Only a person can
//! tell; this finds whom to ask about, with the evidence.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{GrowerId, VillageNo};

/// A name as it is compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spelling {
    /// The name.
    pub name: String,
    /// Its pinyin without tones: 王桂花 and 王贵花 sound alike.
    pub pinyin: String,
}

/// What a register says of a household, as far as it tells two apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseholdFacts {
    /// The household.
    pub grower: GrowerId,
    /// Its village.
    pub village: VillageNo,
    /// Every name that its head has or had.
    pub names: Vec<Spelling>,
    /// Its phone number and those of its persons.
    pub phones: Vec<String>,
    /// The villagers' group; empty if not written.
    pub group: String,
    /// The names of its other persons.
    pub persons: Vec<Spelling>,
}

/// What speaks for two households being one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// Both heads have or had this name.
    SameName(String),
    /// Their names sound alike.
    SoundsAlike(String, String),
    /// Both have this phone number.
    SamePhone(String),
    /// Both are of this group.
    SameGroup(String),
    /// The head of one is a person of the other.
    PersonOfOther(String),
}

impl Evidence {
    /// The word in JSON.
    pub const fn name(&self) -> &'static str {
        match self {
            Evidence::SameName(_) => "same_name",
            Evidence::SoundsAlike(..) => "sounds_alike",
            Evidence::SamePhone(_) => "same_phone",
            Evidence::SameGroup(_) => "same_group",
            Evidence::PersonOfOther(_) => "person_of_other",
        }
    }

    /// The words for people, in Chinese and in English.
    pub fn words(&self) -> (String, String) {
        match self {
            Evidence::SameName(name) => (format!("同名{name}"), format!("same name {name}")),
            Evidence::SoundsAlike(one, other) => {
                (format!("{one}与{other}音同"), format!("{one} sounds like {other}"))
            }
            Evidence::SamePhone(phone) => {
                (format!("同一电话{phone}"), format!("same phone {phone}"))
            }
            Evidence::SameGroup(group) => (format!("同在{group}"), format!("same group {group}")),
            Evidence::PersonOfOther(name) => {
                (format!("{name}是另一户的人"), format!("{name} is a person of the other"))
            }
        }
    }
}

/// Two households that may be one, the lower number first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// One.
    pub one: GrowerId,
    /// The other.
    pub other: GrowerId,
    /// Why.
    pub evidence: Vec<Evidence>,
}

/// Pairs of households of one village that may be one, in order of their numbers.
///
/// A name alone is not enough where both have a group and a phone and neither agrees: villages are
/// full of namesakes. A phone number alone is enough to ask: relatives share phones, but few.
pub fn candidates(households: &[HouseholdFacts]) -> Vec<Candidate> {
    // Whoever shares nothing is never compared: a village of a thousand has half a million pairs.
    let mut sharing: BTreeMap<(VillageNo, &str), Vec<usize>> = BTreeMap::new();
    for (place, household) in households.iter().enumerate() {
        let spelled = household.names.iter().chain(&household.persons);
        let marks: BTreeSet<&str> = spelled
            .map(|spelling| spelling.pinyin.as_str())
            .chain(household.phones.iter().map(String::as_str))
            .filter(|mark| !mark.is_empty())
            .collect();
        for mark in marks {
            sharing.entry((household.village, mark)).or_default().push(place);
        }
    }
    let mut pairs: BTreeSet<(usize, usize)> = BTreeSet::new();
    for places in sharing.values() {
        for (index, &one) in places.iter().enumerate() {
            pairs.extend(places.iter().skip(index.saturating_add(1)).map(|&other| (one, other)));
        }
    }
    let mut found: Vec<Candidate> = pairs
        .into_iter()
        .filter_map(|(one, other)| compare(households.get(one)?, households.get(other)?))
        .collect();
    found.sort_by_key(|candidate| (candidate.one, candidate.other));
    found
}

fn compare(one: &HouseholdFacts, other: &HouseholdFacts) -> Option<Candidate> {
    let (one, other) = if one.grower < other.grower { (one, other) } else { (other, one) };
    let mut evidence = BTreeSet::new();
    for mine in &one.names {
        for theirs in other.names.iter().filter(|theirs| theirs.pinyin == mine.pinyin) {
            evidence.insert(if mine.name == theirs.name {
                Evidence::SameName(mine.name.clone())
            } else {
                Evidence::SoundsAlike(mine.name.clone(), theirs.name.clone())
            });
        }
    }
    for (head, household) in [(one, other), (other, one)] {
        let among = |name: &&Spelling| household.persons.iter().any(|p| p.name == name.name);
        let named = head.names.iter().filter(among);
        evidence.extend(named.map(|name| Evidence::PersonOfOther(name.name.clone())));
    }
    let named = !evidence.is_empty();
    let phones: Vec<&String> =
        one.phones.iter().filter(|phone| other.phones.contains(phone)).collect();
    let same_group = !one.group.is_empty() && one.group == other.group;
    let silent = |mine: bool, theirs: bool| mine || theirs;
    let group_is_open = silent(one.group.is_empty(), other.group.is_empty());
    let phone_is_open = silent(one.phones.is_empty(), other.phones.is_empty());
    let likely = !phones.is_empty() || (named && (same_group || group_is_open || phone_is_open));
    if !likely {
        return None;
    }
    evidence.extend(phones.into_iter().map(|phone| Evidence::SamePhone(phone.clone())));
    if same_group {
        evidence.insert(Evidence::SameGroup(one.group.clone()));
    }
    let evidence = evidence.into_iter().collect();
    Some(Candidate { one: one.grower, other: other.grower, evidence })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn household(counter: u32, name: &str, group: &str, phones: &[&str]) -> HouseholdFacts {
        // Enough of pinyin for these names.
        let pinyin = name.replace(['桂', '贵'], "gui").replace('王', "wang").replace('花', "hua");
        HouseholdFacts {
            grower: GrowerId::new("A7K".parse().unwrap(), counter),
            village: VillageNo::new(1),
            names: vec![Spelling { name: name.to_owned(), pinyin }],
            phones: phones.iter().map(|phone| (*phone).to_owned()).collect(),
            group: group.to_owned(),
            persons: Vec::new(),
        }
    }

    /// The pairs' counters with the words of their evidence.
    fn found(households: &[HouseholdFacts]) -> Vec<(u32, u32, Vec<&'static str>)> {
        let found = candidates(households);
        found
            .iter()
            .map(|c| {
                let evidence = c.evidence.iter().map(Evidence::name).collect();
                (c.one.counter, c.other.counter, evidence)
            })
            .collect()
    }

    #[test]
    fn the_same_household_registered_twice_is_found_however_it_was_spelled() {
        let twice = [household(2, "王贵花", "2组", &[]), household(1, "王桂花", "2组", &["138"])];
        assert_eq!(found(&twice), [(1, 2, vec!["sounds_alike", "same_group"])]);
        let same = [household(1, "王桂花", "", &["138"]), household(2, "王桂花", "2组", &["138"])];
        assert_eq!(found(&same), [(1, 2, vec!["same_name", "same_phone"])]);
    }

    #[test]
    fn namesakes_of_two_groups_with_two_phones_are_left_alone() {
        let two =
            [household(1, "王桂花", "1组", &["138"]), household(2, "王桂花", "2组", &["139"])];
        assert_eq!(found(&two), []);
        let mut elsewhere = [household(1, "王桂花", "", &[]), household(2, "王桂花", "", &[])];
        elsewhere[1].village = VillageNo::new(2);
        assert_eq!(found(&elsewhere), [], "of two villages");
    }

    #[test]
    fn a_shared_phone_is_enough_to_ask() {
        let two =
            [household(1, "王桂花", "1组", &["138"]), household(2, "李强", "2组", &["138", "7"])];
        assert_eq!(found(&two), [(1, 2, vec!["same_phone"])]);
    }

    #[test]
    fn a_former_name_and_a_person_of_the_other_household_count() {
        let mut renamed = household(1, "王桂花", "", &[]);
        renamed.names.push(Spelling { name: "赵敏".into(), pinyin: "zhaomin".into() });
        let mut other = household(2, "赵敏", "", &[]);
        other.names[0].pinyin = "zhaomin".into();
        assert_eq!(found(&[renamed, other]), [(1, 2, vec!["same_name"])]);
        let mut family = household(1, "李强", "", &[]);
        family.persons.push(Spelling { name: "王桂花".into(), pinyin: "wangguihua".into() });
        let pair = [family, household(2, "王桂花", "", &[])];
        assert_eq!(found(&pair), [(1, 2, vec!["person_of_other"])]);
    }
}
