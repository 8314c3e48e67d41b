//! Runs a plan: each day the office publishes the list, and every phone pulls, records and pushes.

use std::path::{Path, PathBuf};

use courtyard_core::domain::{BusinessDate, Fen, GrowerId};
use courtyard_core::steward::StewardError;
use courtyard_core::sync::http::{HttpOptions, HttpTransport};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::child::ServerChild;
use super::county::County;
use super::phone::{Phone, Unrecorded};
use super::plan::{Act, Day, Plan};
use super::summary::Seconds;
use crate::clock::Stopwatch;
use crate::command::Failure;
use crate::node::NodeError;

/// A county that has run its plan.
#[derive(Debug)]
pub struct Ran {
    /// The office.
    pub county: County,
    /// The server, still running.
    pub server: ServerChild,
    /// The phones, by village and phone.
    pub phones: Vec<Phone>,
    /// Rows that broke a rule, by line.
    pub unrecorded: Vec<Unrecorded>,
    /// What recording and syncing took.
    pub seconds: Seconds,
    /// The plan's last day, if its people keep all the books.
    pub books_until: Option<BusinessDate>,
}

/// What a phone does on one day.
struct Morning<'p> {
    phone: &'p mut Phone,
    online: bool,
    acts: Vec<(GrowerId, &'p Act)>,
}

/// Runs the plan over this folder. What was done before is not done again.
///
/// # Errors
/// What stopped it, in words; what was recorded until then stays.
pub fn run(
    data: &Path,
    plan: &Plan,
    cash_unit: Fen,
    start_server: impl FnOnce(&Path) -> Result<ServerChild, Failure>,
) -> Result<Ran, Failure> {
    std::fs::create_dir_all(data).map_err(|error| Failure::found(error.to_string()))?;
    let server_data = data.join("server");
    let mut county = County::open(&server_data, plan, cash_unit).map_err(|e| office(&e))?;
    // Before the server starts: where somebody can sign in it offers no set-up.
    county.settle_users().map_err(|e| office(&e))?;
    let server = start_server(&server_data)?;
    let mut phones = open_phones(data, plan, &mut county, &server)?;
    take_on(plan, &mut county, &mut phones)?;
    let mut seconds = Seconds::default();
    let bar = progress_bar(plan.acts());
    let mut before: Option<&Day> = None;
    for day in &plan.days {
        if let Some(last) = before.replace(day).filter(|last| last.date.month() != day.date.month())
        {
            let watch = Stopwatch::start();
            close_month(plan, &mut county, &mut phones, last)?;
            seconds.sync += watch.seconds();
        }
        county.publish_prices(day).map_err(|e| office(&e))?;
        let mut mornings = mornings(&mut phones, plan, &county, day);
        for morning in &mut mornings {
            let acts = morning.acts.iter().map(|(_, act)| *act);
            morning.online &= !morning.phone.has_done(acts).map_err(|e| steward(&e))?;
        }
        let watch = Stopwatch::start();
        together(&mut mornings, |m| if m.online { m.phone.sync() } else { Ok(()) })?;
        seconds.sync += watch.seconds();
        let watch = Stopwatch::start();
        together(&mut mornings, |m| record(m, day.date, &bar))?;
        seconds.record += watch.seconds();
        let watch = Stopwatch::start();
        together(&mut mornings, |m| if m.online { m.phone.sync() } else { Ok(()) })?;
        seconds.sync += watch.seconds();
    }
    bar.finish_and_clear();
    if let Some(last) = before.filter(|_| !plan.stewards.is_empty()) {
        last_evening(plan, &county, &mut phones, last.date).map_err(|e| steward(&e))?;
        close_month(plan, &mut county, &mut phones, last)?;
        together(&mut whole(&mut phones), |m| m.phone.sync())?;
        county.settle(plan.villages.len(), last.date).map_err(|e| office(&e))?;
    }
    // Twice: what one phone pushes in the first round the others fetch in the second.
    let watch = Stopwatch::start();
    for _ in 0..2 {
        together(&mut whole(&mut phones), |m| m.phone.sync())?;
    }
    seconds.sync += watch.seconds();
    let mut unrecorded: Vec<Unrecorded> =
        phones.iter().flat_map(|phone| phone.unrecorded.iter().cloned()).collect();
    unrecorded.sort_by_key(|row| row.line);
    let books_until = before.filter(|_| !plan.stewards.is_empty()).map(|day| day.date);
    Ok(Ran { county, server, phones, unrecorded, seconds, books_until })
}

/// A steward for each phone, and their cash, before the first day.
fn take_on(plan: &Plan, county: &mut County, phones: &mut [Phone]) -> Result<(), Failure> {
    let Some(date) = plan.days.first().map(|day| day.date) else { return Ok(()) };
    if plan.stewards.is_empty() {
        return Ok(());
    }
    for person in &plan.stewards {
        let place = person.village * plan.phones_per_village + person.phone;
        let Some(phone) = phones.get(place) else { continue };
        let device = phone.device().map_err(|e| steward(&e))?;
        county.take_on(person, device, date).map_err(|e| office(&e))?;
    }
    together(&mut whole(phones), |m| m.phone.take_float(date))
}

/// Closes the month of the day that was the last, as soon as the phones that had signal on it have
/// sent what they have. What the others hold comes late, and posts to the next month.
fn close_month(
    plan: &Plan,
    county: &mut County,
    phones: &mut [Phone],
    last: &Day,
) -> Result<(), Failure> {
    let month = last.date.month();
    if plan.stewards.is_empty() {
        return Ok(());
    }
    let open = county.unclosed(plan, month).map_err(|e| office(&e))?;
    if open.is_empty() {
        return Ok(());
    }
    let each = plan.phones_per_village;
    let mut heard = whole(phones);
    for (place, morning) in heard.iter_mut().enumerate() {
        morning.online = !last.offline.contains(&(place / each, place % each));
    }
    together(&mut heard, |m| if m.online { m.phone.sync() } else { Ok(()) })?;
    open.into_iter().try_for_each(|place| county.close(place, month)).map_err(|e| office(&e))
}

/// What phones write without hearing of each other: two numbers of one household, one number of two
/// households, tills that differ, and an objection.
fn last_evening(
    plan: &Plan,
    county: &County,
    phones: &mut [Phone],
    date: BusinessDate,
) -> Result<(), StewardError> {
    let each = plan.phones_per_village;
    let numbers = [(0, 0, "13800000001"), (each - 1, 0, "13800000002")];
    let same = [(3 * each - 1, 2, "13900000003"), (3 * each - 1, 10, "13900000003")];
    for (place, household, number) in numbers.into_iter().chain(same) {
        if let (Some(phone), Some(grower)) = (phones.get_mut(place), county.grower(household)) {
            phone.write_number(grower, number)?;
        }
    }
    for (place, more) in [(3 * each, 1_000), (5 * each, -3_000)] {
        if let Some(phone) = phones.get_mut(place) {
            phone.count(date, Fen::new(more))?;
        }
    }
    match (phones.first_mut(), county.grower(0)) {
        (Some(phone), Some(grower)) => phone.object(date, grower),
        _ => Ok(()),
    }
}

/// Every phone, with nothing to record.
fn whole(phones: &mut [Phone]) -> Vec<Morning<'_>> {
    let idle = |phone| Morning { phone, online: true, acts: Vec::new() };
    phones.iter_mut().map(idle).collect()
}

fn record(
    morning: &mut Morning<'_>,
    date: BusinessDate,
    bar: &ProgressBar,
) -> Result<(), StewardError> {
    for (grower, act) in &morning.acts {
        morning.phone.act(date, *grower, act)?;
        bar.inc(1);
    }
    Ok(())
}

/// The phones that have something to do on this day, each with its acts.
fn mornings<'p>(
    phones: &'p mut [Phone],
    plan: &'p Plan,
    county: &County,
    day: &'p Day,
) -> Vec<Morning<'p>> {
    let each = plan.phones_per_village;
    let place_of = |act: &Act| {
        let household = plan.households.get(act.household)?;
        Some(household.village * each + household.phone)
    };
    let mut all: Vec<Morning<'p>> = phones
        .iter_mut()
        .enumerate()
        .map(|(place, phone)| Morning {
            phone,
            online: !day.offline.contains(&(place / each, place % each)),
            acts: Vec::new(),
        })
        .collect();
    for act in &day.acts {
        let morning = place_of(act).and_then(|place| all.get_mut(place));
        if let (Some(morning), Some(grower)) = (morning, county.grower(act.household)) {
            morning.acts.push((grower, act));
        }
    }
    all.retain(|morning| !morning.acts.is_empty());
    all
}

/// Does the same on every phone at once, as in the field, and ends with the first error.
fn together(
    mornings: &mut [Morning<'_>],
    deed: impl Fn(&mut Morning<'_>) -> Result<(), StewardError> + Sync,
) -> Result<(), Failure> {
    std::thread::scope(|scope| {
        let deed = &deed;
        let handles: Vec<_> =
            mornings.iter_mut().map(|morning| scope.spawn(move || deed(morning))).collect();
        for handle in handles {
            match handle.join() {
                Ok(done) => done.map_err(|e| steward(&e))?,
                Err(_) => return Err(Failure::found("a phone's thread stopped")),
            }
        }
        Ok(())
    })
}

fn open_phones(
    data: &Path,
    plan: &Plan,
    county: &mut County,
    server: &ServerChild,
) -> Result<Vec<Phone>, Failure> {
    let mut phones = Vec::new();
    for (place, name) in plan.villages.iter().enumerate() {
        for number in 0..plan.phones_per_village {
            let folder = phone_folder(data, name, number);
            std::fs::create_dir_all(&folder).map_err(|e| Failure::found(e.to_string()))?;
            let transport = HttpTransport::new(server.address(), None, HttpOptions::default())
                .map_err(|e| steward(&StewardError::from(e)))?;
            let village = county.village(place);
            let invited = county.node().invite(village, Some(server.address()));
            let invitation = invited.map_err(|e| office(&e))?;
            let mut phone =
                Phone::open(&folder, || Ok(invitation), transport).map_err(|e| steward(&e))?;
            let acts: Vec<&Act> = plan
                .days
                .iter()
                .flat_map(|day| &day.acts)
                .filter(|act| {
                    plan.households
                        .get(act.household)
                        .is_some_and(|h| h.village == place && h.phone == number)
                })
                .collect();
            phone.expect(acts.into_iter()).map_err(|e| steward(&e))?;
            phones.push(phone);
        }
    }
    Ok(phones)
}

/// Where a phone of the demo keeps its store.
pub fn phone_folder(data: &Path, village: &str, number: usize) -> PathBuf {
    data.join("phones").join(format!("{village}-{}", number.saturating_add(1)))
}

fn progress_bar(acts: usize) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(
        u64::try_from(acts).ok(),
        ProgressDrawTarget::stderr_with_hz(10),
    );
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} {elapsed} (剩余 {eta})")
    {
        bar.set_style(style);
    }
    bar
}

fn office(error: &NodeError) -> Failure {
    Failure::found(error.to_string())
}

fn steward(error: &StewardError) -> Failure {
    let said = error.said();
    Failure::words(&said.zh, &format!("{} ({error})", said.en))
}
