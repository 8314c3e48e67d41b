//! What the district publishes, as tables: catalogue, price lists, rules and villages.
//!
//! Order decides between two values for one place, not arrival, so nothing is ever folded again.

use rusqlite::{Connection, OptionalExtension as _, Transaction};

use crate::domain::price_list::PriceList;
use crate::domain::product::Product;
use crate::domain::rules::Rules;
use crate::domain::village::Village;
use crate::domain::{Body, BusinessDate, EntityNo, Entry, EntryId, Grams, ProductNo, VillageNo};

use super::entries::{self, Place, Standings, Stored};
use super::error::StoreError;
use super::roster;

/// Takes an entry that counts; what the district does not publish is passed over.
pub(crate) fn take(transaction: &Transaction<'_>, stored: &Stored) -> Result<(), StoreError> {
    let place = Place::of(&stored.arrived);
    match &stored.arrived.entry.body {
        Body::Products(products) => {
            for product in &products.items {
                put_product(transaction, place, product)?;
            }
            Ok(())
        }
        Body::PriceList(list) => put_price_list(transaction, place, list),
        Body::Rules(_) => put_rules(transaction, place),
        Body::Village(village) => put_village(transaction, place, village),
        Body::Steward(member) => roster::put(transaction, place, member),
        Body::DeviceCertificate(_)
        | Body::Slip(_)
        | Body::Void(_)
        | Body::ContractVersion(_)
        | Body::Payout(_)
        | Body::Note(_)
        | Body::DeviceRevocation(_)
        | Body::RecoveredEntry(_)
        | Body::Return(_)
        | Body::PriceFix(_)
        | Body::Adjustment(_)
        | Body::Prepayment(_)
        | Body::InputCredit(_)
        | Body::Deposit(_)
        | Body::Confirmation(_)
        | Body::Receipt(_)
        | Body::BankReserve(_)
        | Body::BankApprove(_)
        | Body::BankFile(_)
        | Body::BankResult(_)
        | Body::FloatIssue(_)
        | Body::FloatAccept(_)
        | Body::FloatCount(_)
        | Body::FloatDifference(_)
        | Body::Question(_)
        | Body::Answer(_)
        | Body::Objection(_)
        | Body::Review(_)
        | Body::HoldDecision(_)
        | Body::IdentityLink(_)
        | Body::IdentityUnlink(_)
        | Body::MonthClose(_)
        | Body::Unknown { .. } => Ok(()),
    }
}

/// Whether [`take`] keeps anything of it.
pub(crate) const fn is_published(body: &Body) -> bool {
    matches!(
        body,
        Body::Products(_)
            | Body::PriceList(_)
            | Body::Rules(_)
            | Body::Village(_)
            | Body::Steward(_)
    )
}

/// Takes again all that counts of what the district publishes: something no longer does.
pub(crate) fn publish_again(
    transaction: &Transaction<'_>,
    standings: &mut Standings,
) -> Result<(), StoreError> {
    for table in ["products", "price_lists", "rules", "villages", "roster"] {
        transaction.execute(&format!("DELETE FROM {table}"), [])?;
    }
    let mut statement = transaction.prepare_cached(
        "SELECT id, close_index, lamport_jump, bytes FROM entries
         WHERE partition IS NULL AND id NOT IN (SELECT entry FROM holds)",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        take(transaction, &entries::read(transaction, row, standings)?)?;
    }
    Ok(())
}

fn put_product(
    transaction: &Transaction<'_>,
    place: Place,
    product: &Product,
) -> Result<(), StoreError> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO products (number, close_index, lamport, entry, code, name, category, grades,
                               grain_or_oil, yield_g)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (number) DO UPDATE SET close_index = excluded.close_index,
             lamport = excluded.lamport, entry = excluded.entry, code = excluded.code,
             name = excluded.name, category = excluded.category, grades = excluded.grades,
             grain_or_oil = excluded.grain_or_oil, yield_g = excluded.yield_g
         WHERE (excluded.close_index, excluded.lamport, excluded.entry)
             >= (close_index, lamport, entry)",
    )?;
    statement.execute((
        product.number.get(),
        place.close,
        place.lamport,
        place.id,
        &product.code,
        &product.name,
        &product.category,
        product.grades,
        product.grain_or_oil,
        product.usual_yield_per_mu.map(Grams::get),
    ))?;
    Ok(())
}

fn put_price_list(
    transaction: &Transaction<'_>,
    place: Place,
    list: &PriceList,
) -> Result<(), StoreError> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO price_lists (version, close_index, lamport, entry, from_day)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (version) DO UPDATE SET close_index = excluded.close_index,
             lamport = excluded.lamport, entry = excluded.entry, from_day = excluded.from_day
         WHERE (excluded.close_index, excluded.lamport, excluded.entry)
             >= (close_index, lamport, entry)",
    )?;
    statement.execute((list.version, place.close, place.lamport, place.id, list.from.days()))?;
    Ok(())
}

fn put_rules(transaction: &Transaction<'_>, place: Place) -> Result<(), StoreError> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO rules (one, close_index, lamport, entry) VALUES (1, ?1, ?2, ?3)
         ON CONFLICT (one) DO UPDATE SET close_index = excluded.close_index,
             lamport = excluded.lamport, entry = excluded.entry
         WHERE (excluded.close_index, excluded.lamport, excluded.entry)
             >= (close_index, lamport, entry)",
    )?;
    statement.execute((place.close, place.lamport, place.id))?;
    Ok(())
}

fn put_village(
    transaction: &Transaction<'_>,
    place: Place,
    village: &Village,
) -> Result<(), StoreError> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO villages (number, close_index, lamport, entry, name, entity)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (number) DO UPDATE SET close_index = excluded.close_index,
             lamport = excluded.lamport, entry = excluded.entry, name = excluded.name,
             entity = excluded.entity
         WHERE (excluded.close_index, excluded.lamport, excluded.entry)
             >= (close_index, lamport, entry)",
    )?;
    statement.execute((
        village.number.get(),
        place.close,
        place.lamport,
        place.id,
        &village.name,
        village.entity.get(),
    ))?;
    Ok(())
}

const PRODUCT: &str =
    "SELECT number, code, name, category, grades, grain_or_oil, yield_g FROM products";

fn read_product(row: &rusqlite::Row<'_>) -> rusqlite::Result<Product> {
    Ok(Product {
        number: ProductNo::new(row.get(0)?),
        code: row.get(1)?,
        name: row.get(2)?,
        category: row.get(3)?,
        grades: row.get(4)?,
        grain_or_oil: row.get(5)?,
        usual_yield_per_mu: row.get::<_, Option<i64>>(6)?.map(Grams::new),
    })
}

/// The product with this number.
pub(crate) fn product(
    connection: &Connection,
    number: ProductNo,
) -> Result<Option<Product>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{PRODUCT} WHERE number = ?1"))?;
    Ok(statement.query_row([number.get()], read_product).optional()?)
}

/// The whole catalogue, in order of numbers.
pub(crate) fn products(connection: &Connection) -> Result<Vec<Product>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{PRODUCT} ORDER BY number"))?;
    let rows = statement.query_map([], read_product)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The price list version with this number: the one that a slip names.
pub(crate) fn price_list(
    connection: &Connection,
    version: u32,
) -> Result<Option<PriceList>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT entry FROM price_lists WHERE version = ?1")?;
    let entry: Option<i64> = statement.query_row([version], |row| row.get(0)).optional()?;
    list_of(connection, entry)
}

/// The price list version in force on a date: the highest that had taken effect.
pub(crate) fn price_list_on(
    connection: &Connection,
    date: BusinessDate,
) -> Result<Option<PriceList>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT entry FROM price_lists WHERE from_day <= ?1 ORDER BY version DESC LIMIT 1",
    )?;
    let entry: Option<i64> = statement.query_row([date.days()], |row| row.get(0)).optional()?;
    list_of(connection, entry)
}

/// The newest price list version, in force or not.
pub(crate) fn newest_price_list(connection: &Connection) -> Result<Option<u32>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT max(version) FROM price_lists")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

fn list_of(connection: &Connection, key: Option<i64>) -> Result<Option<PriceList>, StoreError> {
    Ok(match entry_of(connection, key)? {
        Some(Entry { body: Body::PriceList(list), .. }) => Some(list),
        _ => None,
    })
}

/// The rules in force; the defaults until the district publishes its own.
pub(crate) fn rules(connection: &Connection) -> Result<Rules, StoreError> {
    let mut statement = connection.prepare_cached("SELECT entry FROM rules")?;
    let entry: Option<i64> = statement.query_row([], |row| row.get(0)).optional()?;
    Ok(match entry_of(connection, entry)? {
        Some(Entry { body: Body::Rules(rules), .. }) => rules,
        _ => Rules::default(),
    })
}

fn entry_of(connection: &Connection, key: Option<i64>) -> Result<Option<Entry>, StoreError> {
    key.and_then(EntryId::from_key).map_or(Ok(None), |id| entry(connection, id))
}

/// An entry of the county's books.
pub(crate) fn entry(connection: &Connection, id: EntryId) -> Result<Option<Entry>, StoreError> {
    let bytes = entries::bytes(connection, id)?;
    bytes.map(|bytes| Entry::decode(&bytes).map_err(StoreError::inconsistent)).transpose()
}

/// Every village, in order of numbers.
pub(crate) fn villages(connection: &Connection) -> Result<Vec<Village>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT number, name, entity FROM villages ORDER BY number")?;
    let rows = statement.query_map([], |row| {
        Ok(Village {
            number: VillageNo::new(row.get(0)?),
            name: row.get(1)?,
            entity: EntityNo::new(row.get(2)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The entity on whose account a village buys; the county co-op until the district says otherwise.
pub(crate) fn entity_of(
    connection: &Connection,
    village: VillageNo,
) -> Result<EntityNo, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT entity FROM villages WHERE number = ?1")?;
    let entity: Option<u16> = statement.query_row([village.get()], |row| row.get(0)).optional()?;
    Ok(EntityNo::new(entity.unwrap_or(0)))
}
