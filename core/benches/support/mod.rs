//! Real purchases for the benchmarks, as the entries that a phone writes.

use std::collections::BTreeMap;
use std::path::Path;

use courtyard_core::domain::slip::{Line, PriceReason, Segment, Slip, Weighing};
use courtyard_core::domain::{
    BusinessDate, Clock, DeviceNo, EntityNo, Envelope, Fen, Grade, GrowerId, LiPerKg, OperatorNo,
    ProductNo,
};

/// What goes wrong in a benchmark ends it.
pub(crate) type Fault = Box<dyn std::error::Error>;

/// A row of the file.
#[derive(Debug, Clone)]
pub(crate) struct Purchase {
    pub(crate) date: BusinessDate,
    pub(crate) wall_s: i64,
    pub(crate) village: u16,
    pub(crate) grower: u32,
    pub(crate) product: ProductNo,
    pub(crate) grade: Grade,
    pub(crate) weighing: Weighing,
    pub(crate) price: LiPerKg,
}

/// All purchases of `pickups.csv` beside the repository, or as many made-up ones if it is not there;
/// says which on standard error.
pub(crate) fn purchases() -> Result<Vec<Purchase>, Fault> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/pickups.csv");
    match std::fs::read_to_string(&path) {
        Ok(text) => {
            let purchases = read(&text)?;
            eprintln!("{} real purchases of pickups.csv", purchases.len());
            Ok(purchases)
        }
        Err(_) => {
            eprintln!("pickups.csv is not here: 38992 MADE-UP purchases");
            read(&made_up(38_992))
        }
    }
}

fn read(text: &str) -> Result<Vec<Purchase>, Fault> {
    let mut products = BTreeMap::new();
    let mut growers = BTreeMap::new();
    let mut purchases = Vec::new();
    for row in text.lines().skip(1) {
        let fields: Vec<&str> = row.split(',').collect();
        let [date, time, village, household, item, _, grade, gross, tare, price] = fields[..]
        else {
            return Err(format!("not a purchase: {row}").into());
        };
        let date: BusinessDate = date.parse()?;
        let mut second = 0;
        for part in time.split(':') {
            second = second * 60 + part.parse::<i64>()?;
        }
        let next = u32::try_from(products.len() + 1)?;
        let product = *products.entry(item.to_owned()).or_insert(next);
        let next = u32::try_from(growers.len() + 1)?;
        let grower = *growers.entry(household.to_owned()).or_insert(next);
        purchases.push(Purchase {
            date,
            wall_s: i64::from(date.days()) * 86_400 - 8 * 3_600 + second,
            village: village.trim_start_matches('V').parse()?,
            grower,
            product: ProductNo::new(product),
            grade: grade.parse()?,
            weighing: Weighing { gross: gross.parse()?, tare: tare.parse()? },
            price: format!("{price}/kg").parse()?,
        });
    }
    Ok(purchases)
}

/// Rows of the file's form from a fixed sequence (a 64-bit LCG; Knuth, TAOCP 2, 3.3.4).
fn made_up(rows: u32) -> String {
    let mut text = String::new();
    let mut state: u64 = 1;
    let mut draw = |below: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for row in 0..rows {
        let day = BusinessDate::from_days(18_444 + i32::try_from(row / 43).unwrap_or(0));
        let day = day.map_or_else(String::new, |day| day.to_string());
        let village = draw(8) + 1;
        text += &format!(
            "\n{day},06:{:02}:{:02},V{village},V{village}-{:02},{},product,A,{}.{:03},1.500,{}.{:02}",
            row % 43 + 10,
            draw(60),
            draw(14),
            draw(250),
            draw(30) + 2,
            draw(1_000),
            draw(12) + 1,
            draw(100),
        );
    }
    text
}

/// The slip of a purchase, at the price of the day's list.
pub(crate) fn slip(purchase: &Purchase) -> Result<Slip, Fault> {
    let mut line = Line {
        product: purchase.product,
        grade: purchase.grade,
        weighings: vec![purchase.weighing],
        deductions: Vec::new(),
        segments: Vec::new(),
        amount: Fen::ZERO,
        contract: None,
        marks: Default::default(),
    };
    let (weight, price) = (line.settlement()?, purchase.price);
    line.segments.push(Segment { weight, price, reason: PriceReason::List });
    line.amount = line.computed_amount()?;
    // The village's office registered the household; each day has its list.
    let grower = GrowerId::new(DeviceNo::new(1).ok_or("device")?, purchase.grower);
    let list = u32::try_from(purchase.date.days() - 18_443).unwrap_or(1);
    Ok(Slip { grower, lines: vec![line], price_list: Some(list), visit: Default::default() })
}

/// The envelope of a purchase: the phone was started an hour before six.
pub(crate) fn envelope(purchase: &Purchase, lamport: u64) -> Envelope {
    let midnight = i64::from(purchase.date.days()) * 86_400 - 8 * 3_600;
    let uptime_s = purchase.wall_s - midnight - 5 * 3_600;
    Envelope {
        lamport,
        date: purchase.date,
        clock: Clock { wall_s: purchase.wall_s, uptime_s },
        entity: EntityNo::new(1),
        operator: OperatorNo::new(0),
        reissue_of: None,
    }
}
