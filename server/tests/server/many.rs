//! Many requests at once: group commit, and two processes on one log.

use std::sync::Arc;

use courtyard_core::domain::Body;
use courtyard_core::domain::note::Note;
use courtyard_core::wire::message::path;
use courtyard_server::log::Log as _;
use courtyard_server::log::sqlite::SqliteLog;
use courtyard_server::office::OfficeError;
use courtyard_server::writer::Writer;

use crate::support::{Yard, open_node};

/// Lets all of them wait before the first is answered.
async fn together<T>(
    all: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T>
where
    T: Send + 'static,
{
    let tasks: Vec<_> = all.into_iter().map(tokio::spawn).collect();
    let mut done = Vec::new();
    for task in tasks {
        done.push(task.await.unwrap());
    }
    done
}

#[test]
fn requests_that_share_a_commit_stand_alone() {
    let yard = Yard::new();
    let path = yard.place.path().join("log.db");
    let office = yard.office();
    let log = Box::new(SqliteLog::open(&path).unwrap());
    let commits = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = Arc::clone(&commits);
    let on_commit = Box::new(move || {
        counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    });
    let writer = Arc::new(Writer::thread(log, office, on_commit).unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let before = SqliteLog::open(&path).unwrap().read().unwrap().county().unwrap().unwrap();
    let outcomes = runtime.block_on(together((0..200_u64).map(|number| {
        let writer = Arc::clone(&writer);
        async move {
            writer
                .run(move |office, tx| {
                    let body = Body::Note(Note { about: None, text: number.to_string() });
                    let stamp = courtyard_server::office::publish::Stamp::today(0);
                    office.publish(tx, None, &[body], stamp)?;
                    // Every third is refused after it has written.
                    if number % 3 == 0 {
                        return Err(OfficeError::Stopping);
                    }
                    Ok(number)
                })
                .await
        }
    })));
    let taken: Vec<u64> = outcomes.into_iter().filter_map(Result::ok).collect();
    assert_eq!(taken, (0..200).filter(|number| number % 3 != 0).collect::<Vec<_>>());
    let mut log = SqliteLog::open(&path).unwrap();
    let reads = log.read().unwrap();
    let county = reads.county().unwrap().unwrap();
    assert_eq!(county.last_number - before.last_number, u64::try_from(taken.len()).unwrap());
    assert!(commits.load(std::sync::atomic::Ordering::SeqCst) <= 200);
    writer.stop();
    let late = runtime.block_on(writer.run(|_, _| Ok(())));
    assert!(matches!(late, Err(OfficeError::Stopping)));
}

#[test]
fn two_processes_write_to_one_log_and_neither_undoes_the_other() {
    let yard = Yard::new();
    let mut phone = yard.enrol(1);
    phone.notes(60);
    let place = yard.place.path().to_owned();
    let clock = yard.clock.clone();
    let village = yard.village;
    let command = std::thread::spawn(move || {
        let mut node = open_node(&place, &clock, 99);
        for number in 0..60 {
            let note = Body::Note(Note { about: None, text: number.to_string() });
            node.publish(&[note], None).unwrap();
            let key = format!("grower/H-002-{}/name/1", number + 1);
            let name = courtyard_core::document::Value::Text("王".to_owned());
            node.edit_register(village, vec![vec![(key, name)]]).unwrap();
        }
    });
    let mut have = 0;
    for count in 1..=60 {
        let edit = phone.edit(&format!("grower/H-003-{count}/name/1"), "李");
        let request = phone.request(vec![phone.part(0, count - 1, count)], vec![edit]);
        let answer = yard.call("POST", path::SYNC, request.encode()).sync();
        assert!(answer.refused.is_empty());
        have = answer.have.first().map_or(0, |(_, count)| *count);
    }
    command.join().unwrap();
    assert_eq!(have, 60);
    let mut node = yard.node();
    let office = node.office_device(village).unwrap().unwrap();
    let reads = node.read().unwrap();
    let register = phone.register.id();
    assert_eq!(reads.edit_count(register, phone.device()).unwrap(), 60);
    assert_eq!(reads.edit_count(register, office).unwrap(), 60);
    let mut numbers: Vec<u64> = reads
        .all_batches_after(0, usize::MAX)
        .unwrap()
        .iter()
        .map(|batch| batch.number)
        .chain(reads.all_edits_after(0, usize::MAX).unwrap().iter().map(|edits| edits.number))
        .collect();
    numbers.sort_unstable();
    let last = reads.county().unwrap().unwrap().last_number;
    assert_eq!(numbers, (1..=last).collect::<Vec<_>>(), "no number twice and none missing");
}
