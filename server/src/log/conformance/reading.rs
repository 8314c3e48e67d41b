//! Who reads what, at which state, and in which pages.

use super::*;

/// Who reads what.
pub fn batches_come_to_their_audience_only_and_never_back_to_their_sender<L: Log>(log: &mut L) {
    ran((|| {
        founded(log, |tx| {
            append(tx, 1, 0, &[vec![1]], None)?;
            append(tx, 2, 0, &[vec![2]], Some(1))?;
            append(tx, 3, 0, &[vec![3]], Some(1))?;
            append(tx, 4, 0, &[vec![4]], Some(2))?;
            tx.open_edition(register(1), 0)?;
            append_edit(tx, 1, 2, 1)?;
            append_edit(tx, 1, 3, 1).map(|_| ())
        })?;
        let reads = log.read()?;
        let village = Audience::Village(VillageNo::new(1));
        let numbers = |audience, except| {
            let batches = reads.batches_after(audience, 0, except, usize::MAX)?;
            Ok::<_, LogError>(batches.iter().map(|b| b.book.device.get()).collect::<Vec<_>>())
        };
        assert_eq!(numbers(Audience::County, None)?, [1]);
        assert_eq!(numbers(village, None)?, [2, 3]);
        assert_eq!(numbers(village, Some(device(3)))?, [2]);
        let edits = reads.edits_after(VillageNo::new(1), 0, Some(device(3)), usize::MAX)?;
        assert_eq!(edits.iter().map(|e| e.device).collect::<Vec<_>>(), [device(2)]);
        assert!(reads.edits_after(VillageNo::new(2), 0, None, usize::MAX)?.is_empty());
        Ok(())
    })());
}

/// Asked twice within one read, it answers the same.
pub fn a_reader_stays_at_one_state<L: Log>(log: &mut L) {
    ran((|| {
        founded(log, |tx| append(tx, 1, 0, &[vec![1], vec![2]], None).map(|_| ()))?;
        let book = BookId { device: device(1), number: 0 };
        let reads = log.read()?;
        let before = (reads.tips()?, reads.all_batches_after(0, usize::MAX)?);
        assert_eq!(before, (reads.tips()?, reads.all_batches_after(0, usize::MAX)?));
        assert_eq!(reads.book_batches(book, 1)?.len(), 1);
        assert!(reads.book_batches(book, 2)?.is_empty());
        Ok(())
    })());
}

/// A page holds at least one batch, and the next page goes on after it.
pub fn answers_stop_at_a_size_and_go_on_after_it<L: Log>(log: &mut L) {
    ran((|| {
        founded(log, |tx| {
            for writer in 1..=5 {
                append(tx, writer, 0, &[vec![0; 1_000]], Some(1))?;
            }
            Ok(())
        })?;
        let reads = log.read()?;
        let mut after = 0;
        let mut pages = Vec::new();
        loop {
            let page =
                reads.batches_after(Audience::Village(VillageNo::new(1)), after, None, 2_500)?;
            let Some(last) = page.last() else { break };
            after = last.number;
            pages.push(page.len());
        }
        assert_eq!(pages, [2, 2, 1]);
        assert_eq!(reads.all_batches_after(0, 1)?.len(), 1);
        Ok(())
    })());
}
