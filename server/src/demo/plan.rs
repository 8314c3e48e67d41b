//! What a demo is going to do, day by day, before anything is done: the same for a seeded season
//! and for a file of real purchases, so that one runner records both.

use courtyard_core::domain::contract::Beyond;
use courtyard_core::domain::product::Product;
use courtyard_core::domain::{
    Area, BasisPoints, BusinessDate, Fen, Grade, Grams, LiPerKg, ProductNo,
};

/// A county's demo: who is there, and what happens on each day.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Villages, in order of their numbers from 1.
    pub villages: Vec<String>,
    /// How many phones each village has, at least one.
    pub phones_per_village: usize,
    /// The catalogue.
    pub products: Vec<Product>,
    /// The growers' households.
    pub households: Vec<Household>,
    /// The days, in order.
    pub days: Vec<Day>,
    /// Who works at the phones, with a float in hand. None: the books are kept without them, and
    /// without months that are closed.
    pub stewards: Vec<Person>,
}

/// A steward of the demo.
#[derive(Debug, Clone)]
pub struct Person {
    /// The village, as an index into [`Plan::villages`].
    pub village: usize,
    /// The phone, below [`Plan::phones_per_village`].
    pub phone: usize,
    /// The name in the roster.
    pub name: String,
    /// The steward's own household, if it is one of the growers'.
    pub household: Option<usize>,
    /// The cash set out before the season.
    pub float: Fen,
}

/// A grower's household of the demo.
#[derive(Debug, Clone)]
pub struct Household {
    /// The village, as an index into [`Plan::villages`].
    pub village: usize,
    /// The name under which the office registers it.
    pub name: String,
    /// The group (组) of the village, if any.
    pub group: Option<String>,
    /// Whether it is an assisted household (脱贫户, 监测户), and which.
    pub flag: Option<&'static str>,
    /// The phone of the village that buys from it, below [`Plan::phones_per_village`].
    pub phone: usize,
}

/// One day.
#[derive(Debug, Clone)]
pub struct Day {
    /// Its business date.
    pub date: BusinessDate,
    /// The price list published in the morning; none if yesterday's still holds.
    pub prices: Option<Vec<Price>>,
    /// What stewards do, in the order of the day.
    pub acts: Vec<Act>,
    /// Phones (village, phone) that find no signal this day: they record, and sync another day.
    pub offline: Vec<(usize, usize)>,
}

/// A price of the day's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// The product.
    pub product: ProductNo,
    /// The grade.
    pub grade: Grade,
    /// Its price.
    pub price: LiPerKg,
}

/// One thing that a steward does.
#[derive(Debug, Clone)]
pub struct Act {
    /// Names the act for ever: a demo that runs again skips what is done.
    pub key: ActKey,
    /// The household, as an index into [`Plan::households`]; its phone does it.
    pub household: usize,
    /// Seconds after midnight in Asia/Shanghai.
    pub second_of_day: u32,
    /// The line of the file it comes from; 0 for a seeded season.
    pub source_line: u64,
    /// What is done.
    pub deed: Deed,
}

/// SHA-256 of an act's text and how often the same text came before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ActKey {
    /// SHA-256 of the row.
    pub row: [u8; 32],
    /// 0 for the first such row.
    pub occurrence: u32,
}

/// A steward's deed.
#[derive(Debug, Clone)]
pub enum Deed {
    /// Sign a courtyard contract.
    Contract(Contract),
    /// Buy: one slip.
    Buy(Vec<Purchase>),
    /// Take back the household's latest slip that is unpaid, and buy again rightly.
    VoidLast {
        /// Why.
        reason: String,
    },
    /// Pay everything unpaid in cash, rounded as the district's rule says; what may be kept back for
    /// debts is kept back.
    PayAll,
    /// Give inputs on credit.
    Credit(Loan),
    /// Pay money ahead.
    Advance(Loan),
    /// So much of the first line of the household's latest slip comes back the same day.
    Return(Grams),
    /// The household agrees to its latest debt that nobody has agreed to, on paper.
    Confirm,
}

/// The terms of a contract to be signed.
#[derive(Debug, Clone)]
pub struct Contract {
    /// What is grown.
    pub product: ProductNo,
    /// On how much land.
    pub area: Area,
    /// Expected quantity.
    pub quantity: Grams,
    /// 保底价.
    pub floor: LiPerKg,
    /// First day of delivery.
    pub from: BusinessDate,
    /// Last day of delivery.
    pub to: BusinessDate,
    /// How far beyond the quantity its price holds.
    pub tolerance: BasisPoints,
    /// What holds beyond that.
    pub beyond: Beyond,
}

/// What is given ahead.
#[derive(Debug, Clone, Copy)]
pub struct Loan {
    /// How much; of inputs, what a bag costs.
    pub amount: Fen,
    /// How many bags.
    pub bags: i64,
    /// From when on it is repaid.
    pub due: BusinessDate,
    /// Which share of the slips goes to it.
    pub share: BasisPoints,
}

/// One line to be bought.
#[derive(Debug, Clone)]
pub struct Purchase {
    /// What.
    pub product: ProductNo,
    /// Its grade.
    pub grade: Grade,
    /// Gross and tare of each weighing.
    pub weighings: Vec<(Grams, Grams)>,
    /// Taken off for water or soil, as a share of the net.
    pub deduction: Option<(BasisPoints, String)>,
    /// The price, where it is given and not taken from the list.
    pub stated: Option<LiPerKg>,
    /// Whether the price is agreed to be fixed later.
    pub pending: bool,
    /// About how much more was brought and refused at inspection.
    pub refused: Option<Grams>,
}

impl Plan {
    /// How many acts there are, for the progress bar.
    pub fn acts(&self) -> usize {
        self.days.iter().map(|day| day.acts.len()).sum()
    }

    /// The rounding that the demo's rules allow when cash is paid: up to a whole yuan.
    pub const CASH_UNIT: Fen = Fen::new(100);
}
