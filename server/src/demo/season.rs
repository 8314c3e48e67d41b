//! A seeded season of the demo's own: eight villages, 111 households, winter contracts, dawn
//! purchases from March to October, wrong slips taken back, cash payouts, days without signal.
//! The same seed gives the same plan on every machine. Names are invented.

use courtyard_core::domain::contract::Beyond;
use courtyard_core::domain::product::Product;
use courtyard_core::domain::{Area, BasisPoints, BusinessDate, Grade, Grams, LiPerKg, ProductNo};
use rand::rngs::ChaCha8Rng;
use rand::{Rng as _, RngExt as _, SeedableRng as _};
use sha2::{Digest as _, Sha256};

mod people;

use super::plan::{Act, ActKey, Contract, Day, Deed, Household, Plan, Price, Purchase};

const VILLAGES: [&str; 8] =
    ["石桥村", "柳林村", "上湾村", "青龙村", "梅坪村", "大塘村", "竹溪村", "云岭村"];
const HOUSEHOLDS: usize = 111;
const SURNAMES: [&str; 16] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林",
];
const GIVEN: [&str; 24] = [
    "国华", "秀英", "建军", "桂兰", "志强", "玉珍", "明德", "春香", "永福", "翠莲", "文斌", "凤霞",
    "德胜", "美芳", "长根", "淑芬", "水生", "菊花", "世杰", "银娣", "家旺", "冬梅", "友良", "素琴",
];
/// Name, category, li per kg of grade A, kg per mu.
const CATALOGUE: [(&str, &str, i64, i64); 20] = [
    ("小白菜", "叶菜", 2_400, 1_800),
    ("菠菜", "叶菜", 4_200, 1_500),
    ("生菜", "叶菜", 3_200, 1_700),
    ("空心菜", "叶菜", 2_800, 2_200),
    ("苋菜", "叶菜", 3_000, 1_600),
    ("大白菜", "叶菜", 1_200, 4_000),
    ("黄瓜", "瓜果", 3_000, 3_500),
    ("丝瓜", "瓜果", 3_600, 2_500),
    ("苦瓜", "瓜果", 4_000, 2_200),
    ("南瓜", "瓜果", 1_600, 3_000),
    ("番茄", "瓜果", 3_800, 4_000),
    ("茄子", "瓜果", 3_000, 3_200),
    ("辣椒", "瓜果", 5_000, 1_800),
    ("豇豆", "豆类", 5_200, 1_500),
    ("四季豆", "豆类", 5_600, 1_400),
    ("毛豆", "豆类", 4_800, 900),
    ("萝卜", "根茎", 1_400, 3_500),
    ("莴笋", "根茎", 2_600, 2_500),
    ("土豆", "根茎", 2_200, 2_000),
    ("香葱", "调味", 6_000, 1_500),
];
/// A courtyard's plot in 毫, from a tenth of a mu.
const PLOTS: std::ops::RangeInclusive<i64> = 1..=6;
const CRATE_G: i64 = 1_500;

/// The plan of this seed, with so many phones in each village.
pub fn plan(seed: u64, phones_per_village: usize) -> Plan {
    let phones_per_village = phones_per_village.max(1);
    let mut season = Season {
        rng: ChaCha8Rng::seed_from_u64(seed),
        seed,
        acts: 0,
        phones: phones_per_village,
        households: Vec::new(),
        plots: Vec::new(),
    };
    season.settle_households();
    let days = season.days();
    let stewards = people::stewards(phones_per_village);
    Plan {
        villages: VILLAGES.iter().map(|v| (*v).to_owned()).collect(),
        phones_per_village,
        products: CATALOGUE.iter().zip(1..).map(product).collect(),
        households: season.households,
        days,
        stewards,
    }
}

fn product((item, number): (&(&str, &str, i64, i64), u32)) -> Product {
    Product {
        number: ProductNo::new(number),
        code: format!("C{number:03}"),
        name: item.0.to_owned(),
        category: item.1.to_owned(),
        grades: 3,
        grain_or_oil: false,
        usual_yield_per_mu: Some(Grams::new(item.3.saturating_mul(1_000))),
    }
}

/// What a household grows: a product's place in the catalogue and the plot in tenths of a mu.
struct Plot {
    household: usize,
    item: usize,
    tenths: i64,
}

struct Season {
    rng: ChaCha8Rng,
    seed: u64,
    acts: u64,
    phones: usize,
    households: Vec<Household>,
    plots: Vec<Plot>,
}

impl Season {
    fn settle_households(&mut self) {
        for index in 0..HOUSEHOLDS {
            let village = index % VILLAGES.len();
            let name = self.name_not_in(village);
            let flag = match self.rng.random_range(0..10) {
                0 => Some("脱贫户"),
                1 => Some("监测户"),
                _ => None,
            };
            self.households.push(Household {
                village,
                name,
                group: Some(format!("{}组", self.rng.random_range(1..=4))),
                flag,
                phone: (index / VILLAGES.len()) % self.phones,
            });
            for _ in 0..self.rng.random_range(2..=4) {
                let item = self.rng.random_range(0..CATALOGUE.len());
                let known = self.plots.iter().any(|p| p.household == index && p.item == item);
                if !known {
                    let tenths = self.rng.random_range(PLOTS);
                    self.plots.push(Plot { household: index, item, tenths });
                }
            }
        }
    }

    /// A name that no other household of the village has: a demo that goes on finds each household
    /// by it.
    fn name_not_in(&mut self, village: usize) -> String {
        loop {
            let surname = pick(&mut self.rng, &SURNAMES);
            let given = pick(&mut self.rng, &GIVEN);
            let name = format!("{surname}{given}");
            if !self.households.iter().any(|h| h.village == village && h.name == name) {
                return name;
            }
        }
    }

    fn days(&mut self) -> Vec<Day> {
        let start = day("2026-03-01");
        let end = day("2026-10-31");
        let mut days = vec![self.signing_day(day("2026-02-10"), start, end)];
        let mut level = [100_i64; CATALOGUE.len()];
        let mut next = start;
        while next <= end {
            days.push(self.buying_day(next, &mut level));
            let Some(after) = BusinessDate::from_days(next.days().saturating_add(1)) else { break };
            next = after;
        }
        days
    }

    /// In winter the stewards go from house to house: a contract for the first plot of each.
    fn signing_day(&mut self, date: BusinessDate, from: BusinessDate, to: BusinessDate) -> Day {
        let mut acts = Vec::new();
        for household in 0..self.households.len() {
            let Some(plot) = self.plots.iter().find(|p| p.household == household) else { continue };
            let (item, tenths) = (plot.item, plot.tenths);
            let Some(&(_, _, price, yield_kg)) = CATALOGUE.get(item) else { continue };
            let contract = Contract {
                product: number(item),
                area: Area::new(tenths * 100),
                quantity: Grams::new(yield_kg * 1_000 * tenths / 10 / 8),
                floor: LiPerKg::new(price * 80 / 100 / 100 * 100),
                from,
                to,
                tolerance: BasisPoints::new(1_000),
                beyond: if household % 3 == 0 { Beyond::ContractPrice } else { Beyond::ListPrice },
            };
            acts.push(self.act(household, 9 * 3_600, Deed::Contract(contract)));
            for deed in people::ahead(household) {
                acts.push(self.act(household, 10 * 3_600, deed));
            }
        }
        Day { date, prices: Some(price_rows(&[100; CATALOGUE.len()])), acts, offline: Vec::new() }
    }

    fn buying_day(&mut self, date: BusinessDate, level: &mut [i64; CATALOGUE.len()]) -> Day {
        // The list changes on about two days a week.
        let prices = (self.rng.random_range(0..7) < 2).then(|| {
            for share in level.iter_mut() {
                *share = (*share + self.rng.random_range(-12..=12)).clamp(60, 160);
            }
            price_rows(level)
        });
        let mut acts = Vec::new();
        for household in 0..self.households.len() {
            if self.rng.random_range(0..9) != 0 {
                continue;
            }
            let second = self.rng.random_range(5 * 3_600..8 * 3_600);
            let mut purchases = self.purchases(household);
            let Some(first) = purchases.first_mut() else { continue };
            people::mark(first, household, date);
            let comes_back = !first.pending && self.rng.random_range(0..120) == 0;
            acts.push(self.act(household, second, Deed::Buy(purchases)));
            if comes_back {
                acts.push(self.act(household, second + 60, Deed::Return(Grams::new(500))));
                continue;
            }
            if self.rng.random_range(0..60) == 0 {
                let reason = pick(&mut self.rng, &["称重记错", "品级选错", "农户选错"]).to_owned();
                acts.push(self.act(household, second + 90, Deed::VoidLast { reason }));
                let again = self.purchases(household);
                acts.push(self.act(household, second + 180, Deed::Buy(again)));
            }
            if self.rng.random_range(0..3) == 0 {
                acts.push(self.act(household, second + 300, Deed::PayAll));
            }
        }
        acts.sort_by_key(|act| act.second_of_day);
        let mut offline = Vec::new();
        for village in 0..VILLAGES.len() {
            for phone in 0..self.phones {
                let lost = people::LOST == (village, phone) && date >= day(people::LOST_SINCE);
                if self.rng.random_range(0..4) == 0 || lost {
                    offline.push((village, phone));
                }
            }
        }
        Day { date, prices, acts, offline }
    }

    fn purchases(&mut self, household: usize) -> Vec<Purchase> {
        let items: Vec<(usize, i64)> = self
            .plots
            .iter()
            .filter(|p| p.household == household)
            .map(|p| (p.item, p.tenths))
            .collect();
        let mut bought = Vec::new();
        for (item, tenths) in items {
            if !bought.is_empty() && self.rng.random_range(0..3) != 0 {
                continue;
            }
            let crates = self.rng.random_range(1..=2);
            let weighings = (0..crates)
                .map(|_| {
                    let net = self.rng.random_range(1_500..4_000) + tenths * 250;
                    (Grams::new(net + CRATE_G), Grams::new(CRATE_G))
                })
                .collect();
            let deduction = (self.rng.random_range(0..6) == 0)
                .then(|| (BasisPoints::new(self.rng.random_range(1..=5) * 100), "水".to_owned()));
            let grade = match self.rng.random_range(0..10) {
                0..6 => 0,
                6..9 => 1,
                _ => 2,
            };
            bought.push(Purchase {
                product: number(item),
                grade: Grade::new(grade).unwrap_or_default(),
                weighings,
                deduction,
                stated: None,
                pending: false,
                refused: None,
            });
        }
        bought
    }

    fn act(&mut self, household: usize, second_of_day: u32, deed: Deed) -> Act {
        self.acts = self.acts.saturating_add(1);
        let text = format!("season {} act {}", self.seed, self.acts);
        let row = Sha256::digest(text.as_bytes()).into();
        Act { key: ActKey { row, occurrence: 0 }, household, second_of_day, source_line: 0, deed }
    }
}

/// The list at these levels, in hundredths of the catalogue's price; a grade is a tenth cheaper.
fn price_rows(level: &[i64; CATALOGUE.len()]) -> Vec<Price> {
    let mut rows = Vec::new();
    for ((item, share), place) in CATALOGUE.iter().zip(level).zip(0..) {
        for (grade, part) in [(0, 100), (1, 90), (2, 75)] {
            let li = item.2 * share / 100 * part / 100 / 20 * 20;
            rows.push(Price {
                product: number(place),
                grade: Grade::new(grade).unwrap_or_default(),
                price: LiPerKg::new(li),
            });
        }
    }
    rows
}

fn number(item: usize) -> ProductNo {
    ProductNo::new(u32::try_from(item).unwrap_or(0).saturating_add(1))
}

fn pick<'a>(rng: &mut ChaCha8Rng, from: &[&'a str]) -> &'a str {
    let place = usize::try_from(rng.next_u32()).unwrap_or(0) % from.len().max(1);
    from.get(place).copied().unwrap_or("")
}

fn day(text: &str) -> BusinessDate {
    text.parse().unwrap_or_else(|_| BusinessDate::at(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_one_season_and_another_seed_another() {
        let keys = |seed| {
            let plan = plan(seed, 2);
            let acts = plan.days.iter().flat_map(|d| &d.acts);
            acts.map(|a| format!("{:?}", a.deed)).collect::<Vec<_>>()
        };
        assert_eq!(keys(1), keys(1));
        assert_ne!(keys(1), keys(2));
    }

    #[test]
    fn no_two_households_of_a_village_share_a_name() {
        for seed in 0..20 {
            let plan = plan(seed, 2);
            let names: std::collections::BTreeSet<_> =
                plan.households.iter().map(|h| (h.village, &h.name)).collect();
            assert_eq!(names.len(), plan.households.len(), "seed {seed}");
        }
    }

    #[test]
    fn a_season_has_the_size_that_the_programme_had_in_its_first_year() {
        let plan = plan(1, 2);
        assert_eq!((plan.villages.len(), plan.households.len()), (8, 111));
        let net_g: i64 = plan
            .days
            .iter()
            .flat_map(|d| &d.acts)
            .filter_map(|a| if let Deed::Buy(p) = &a.deed { Some(p) } else { None })
            .flatten()
            .flat_map(|p| &p.weighings)
            .map(|(gross, tare)| gross.get() - tare.get())
            .sum();
        let jin = net_g / 500;
        assert!((30_000..90_000).contains(&jin), "{jin} jin");
    }
}
