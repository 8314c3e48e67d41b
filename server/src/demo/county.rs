//! The demo's office: villages, rules, catalogue, daily price lists and the growers' register,
//! published through a node beside the running server. What stands already is left as it is.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use courtyard_core::document::Value;
use courtyard_core::document::register::keys;
use courtyard_core::domain::price_list::{PriceList, PriceRow};
use courtyard_core::domain::product::Product;
use courtyard_core::domain::rules::{Entity, Rules};
use courtyard_core::domain::{
    Body, BusinessDate, EntityNo, Fen, Grams, GrowerId, LiPerKg, VillageNo,
};

use super::plan::{Day, Household, Plan};
use crate::clock::SystemClock;
use crate::node::{Node, NodeError};
use crate::office::publish::Stamp;
use crate::rng;

/// The demo's office.
#[derive(Debug)]
pub struct County {
    node: Node,
    /// Numbers of the plan's villages, in its order.
    villages: Vec<VillageNo>,
    /// Numbers of the plan's households, in its order.
    growers: Vec<GrowerId>,
    lists: BTreeMap<BusinessDate, Vec<PriceRow>>,
    newest_list: u32,
}

/// The heaviest load in the real purchases is 441.5 kg, from a platform scale.
const SCALE_CAPACITY: Grams = Grams::new(500_000);

impl County {
    /// Opens the county in this folder and brings it to what the plan wants.
    ///
    /// # Errors
    /// The node's own.
    pub fn open(data: &Path, plan: &Plan, cash_unit: Fen) -> Result<County, NodeError> {
        let node = Node::open(data, Arc::new(SystemClock), rng::system())?;
        let mut county = County {
            node,
            villages: Vec::new(),
            growers: Vec::new(),
            lists: BTreeMap::new(),
            newest_list: 0,
        };
        county.settle_villages(plan)?;
        county.publish_catalogue(plan, cash_unit)?;
        county.register_growers(plan)?;
        Ok(county)
    }

    /// The node beside the server.
    pub fn node(&mut self) -> &mut Node {
        &mut self.node
    }

    /// The number of the plan's village at this place.
    pub fn village(&self, place: usize) -> VillageNo {
        self.villages.get(place).copied().unwrap_or_default()
    }

    /// The number of the plan's household at this place.
    pub fn grower(&self, place: usize) -> Option<GrowerId> {
        self.growers.get(place).copied()
    }

    /// Numbers of the plan's households, in its order.
    pub fn growers(&self) -> &[GrowerId] {
        &self.growers
    }

    fn settle_villages(&mut self, plan: &Plan) -> Result<(), NodeError> {
        let known: HashMap<String, VillageNo> = {
            let view = self.node.view()?;
            let villages = view.store().villages()?;
            villages.into_iter().map(|village| (village.name, village.number)).collect()
        };
        for name in &plan.villages {
            let number = match known.get(name) {
                Some(number) => *number,
                None => self.node.add_village(name, None)?,
            };
            self.villages.push(number);
        }
        Ok(())
    }

    fn publish_catalogue(&mut self, plan: &Plan, cash_unit: Fen) -> Result<(), NodeError> {
        let rules = Rules {
            entities: vec![Entity {
                number: EntityNo::new(0), name: "县供销合作社".to_owned()
            }],
            scale_capacity: SCALE_CAPACITY,
            low_price: LiPerKg::new(200),
            repeat_window_s: 120,
            cash_unit,
            bookkeeping: Default::default(),
        };
        let view = self.node.view()?;
        let store = view.store();
        let known: HashMap<_, Product> =
            store.products()?.into_iter().map(|product| (product.number, product)).collect();
        let stands = store.rules()? == rules;
        let newest = store.newest_price_list()?.unwrap_or(0);
        for version in 1..=newest {
            if let Some(list) = store.price_list(version)? {
                self.lists.insert(list.from, list.rows);
            }
        }
        self.newest_list = newest;
        drop(view);
        let new: Vec<Product> = plan
            .products
            .iter()
            .filter(|product| known.get(&product.number) != Some(product))
            .cloned()
            .collect();
        let mut bodies: Vec<Body> = Vec::new();
        if !stands {
            bodies.push(rules.into());
        }
        bodies.extend(new.chunks(50).map(|items| {
            courtyard_core::domain::product::Products { items: items.to_vec() }.into()
        }));
        if !bodies.is_empty() {
            self.node.publish(&bodies, None)?;
        }
        Ok(())
    }

    /// Each household under the number that the register already has for its name in its village,
    /// or else under the next one of the office's device.
    fn register_growers(&mut self, plan: &Plan) -> Result<(), NodeError> {
        let known: HashMap<(VillageNo, String), GrowerId> = {
            let view = self.node.view()?;
            let rows = view.store().growers(None)?;
            rows.into_iter().map(|row| ((row.village, row.name), row.id)).collect()
        };
        let mut next: HashMap<VillageNo, u32> = HashMap::new();
        for (village, id) in known.iter().map(|((village, _), id)| (*village, *id)) {
            let highest = next.entry(village).or_insert(0);
            *highest = (*highest).max(id.counter);
        }
        let mut edits: BTreeMap<VillageNo, Vec<Vec<(String, Value)>>> = BTreeMap::new();
        for household in &plan.households {
            let village = self.village(household.village);
            let found = known.get(&(village, household.name.clone()));
            let grower = match found {
                Some(grower) => *grower,
                None => {
                    let counter = next.entry(village).or_insert(0);
                    *counter = counter.saturating_add(1);
                    let device = self.node.office_device(village)?.unwrap_or_default();
                    let grower = GrowerId::new(device, *counter);
                    edits.entry(village).or_default().push(fields(grower, household));
                    grower
                }
            };
            self.growers.push(grower);
        }
        for (village, edits) in edits {
            self.node.edit_register(village, edits)?;
        }
        Ok(())
    }

    /// Publishes the day's price list, unless it stands.
    ///
    /// # Errors
    /// The node's own.
    pub fn publish_prices(&mut self, day: &Day) -> Result<(), NodeError> {
        let Some(prices) = &day.prices else { return Ok(()) };
        let mut rows: Vec<PriceRow> = prices
            .iter()
            .map(|p| PriceRow { product: p.product, grade: p.grade, price: p.price })
            .collect();
        rows.sort_by_key(|row| (row.product, row.grade));
        if self.lists.get(&day.date) == Some(&rows) {
            return Ok(());
        }
        let version = self.newest_list.saturating_add(1);
        let list = PriceList { version, from: day.date, rows: rows.clone() };
        let stamp = Stamp { date: day.date, ..Stamp::today(0) };
        self.node.publish(&[list.into()], Some(stamp))?;
        self.newest_list = version;
        self.lists.insert(day.date, rows);
        Ok(())
    }
}

fn fields(grower: GrowerId, household: &Household) -> Vec<(String, Value)> {
    let name = Value::Text(household.name.clone());
    let mut fields = vec![(keys::grower_name_key(grower, 1), name)];
    if let Some(group) = &household.group {
        fields.push((keys::grower_key(grower, keys::GROUP), Value::Text(group.clone())));
    }
    if let Some(flag) = household.flag {
        fields.push((keys::grower_flag_key(grower, flag), Value::Bool(true)));
    }
    fields
}
