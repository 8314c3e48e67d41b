//! Damaged books.

use super::county::*;
use crate::document::{BookTip, Head};
use crate::verify::*;

/// Two books, 217 entries, a signature after every seventh.
fn written(county: &County) -> Vec<SignedBook> {
    county.write(phone(), &slips(217), 7)
}

/// Exactly one book is broken, or none but those that stand on it.
fn broken(report: &Report) -> BrokenBook {
    assert!(!report.is_sound());
    report.broken[0]
}

fn span(broken: &BrokenBook) -> (u32, u32) {
    (broken.first.sequence.get(), broken.last.sequence.get())
}

#[test]
fn a_whole_county_is_sound() {
    let county = County::new(1);
    let mut books = written(&county);
    books.extend(county.write(other_phone(), &slips(3), 1));
    let report = county.check(&books);
    assert!(report.is_sound(), "{report:?}");
    assert_eq!((report.books, report.entries, report.slips, report.held), (3, 220, 220, 0));
    assert_eq!(report, county.check_against(&books, &[head(&books[0]), head(&books[2])]));
}

#[test]
fn a_flipped_bit_anywhere_in_any_entry_is_found_between_its_signatures() {
    let county = County::new(1);
    let books = written(&county);
    for (b, book) in books.iter().enumerate() {
        for (e, entry) in book.entries.iter().enumerate() {
            // Another byte and bit for each entry, so that every field is hit by some.
            let (byte, bit) = (e * 13 % entry.bytes.len(), e % 8);
            let mut books = books.clone();
            books[b].entries[e].bytes[byte] ^= 1 << bit;
            let found = broken(&county.check(&books));
            assert_eq!(found.book, book.book, "entry {e}");
            let sequence = book.book.entry_at(u32::try_from(e).unwrap()).sequence.get();
            let (first, last) = span(&found);
            assert!(first <= sequence && sequence <= last, "entry {e}: {found:?}");
            assert!(last - first < 7, "{found:?}");
            match found.fault {
                BookFault::Signature => {}
                BookFault::Undecodable => assert_eq!(first, last),
                other => panic!("entry {e}: {other:?}"),
            }
        }
    }
}

#[test]
fn every_bit_of_an_entry_counts() {
    let county = County::new(1);
    let books = county.write(phone(), &slips(3), 1);
    for byte in 0..books[0].entries[1].bytes.len() {
        for bit in 0..8 {
            let mut books = books.clone();
            books[0].entries[1].bytes[byte] ^= 1 << bit;
            let found = broken(&county.check(&books));
            assert_eq!(span(&found), (2, 2), "byte {byte}, bit {bit}");
        }
    }
}

#[test]
fn marks_name_the_very_entry_that_was_changed_or_removed() {
    let county = County::new(1);
    let mut books = county.write(phone(), &slips(217), 200);
    books.iter_mut().for_each(mark);
    assert!(county.check(&books).is_sound());
    for (b, e) in [(0, 0), (0, 1), (0, 120), (0, 199), (1, 0), (1, 16)] {
        let sequence = books[b].book.entry_at(u32::try_from(e).unwrap()).sequence.get();
        let mut flipped = books.clone();
        // The last byte of a slip is its price list: still an entry.
        *flipped[b].entries[e].bytes.last_mut().unwrap() ^= 1;
        assert_eq!(span(&broken(&county.check(&flipped))), (sequence, sequence));
        let mut removed = books.clone();
        let mut entries: Vec<_> = removed[b].entries.drain(..).map(|entry| entry.bytes).collect();
        entries.remove(e);
        removed[b].entries = place(entries);
        assert_eq!(span(&broken(&county.check(&removed))), (sequence, sequence));
    }
}

#[test]
fn every_removed_entry_is_found_with_and_without_numbers() {
    let county = County::new(1);
    let books = written(&county);
    for (b, book) in books.iter().enumerate() {
        for e in 0..book.entries.len() {
            let sequence = book.book.entry_at(u32::try_from(e).unwrap()).sequence.get();
            let mut listed = books.clone();
            let mut entries: Vec<_> =
                listed[b].entries.drain(..).map(|entry| entry.bytes).collect();
            entries.remove(e);
            listed[b].entries = place(entries);
            let found = broken(&county.check(&listed));
            let (first, last) = span(&found);
            assert_eq!(found.book, book.book);
            assert!(first <= sequence && sequence <= last && last - first < 7, "{found:?}");

            let mut numbered = books.clone();
            numbered[b].numbered = true;
            numbered[b].entries.remove(e);
            let found = broken(&county.check(&numbered));
            assert_eq!((span(&found), found.fault), ((sequence, sequence), BookFault::Gap));
        }
    }
}

#[test]
fn two_swapped_entries_are_found() {
    let county = County::new(1);
    let books = written(&county);
    for (a, b) in [(0, 1), (3, 4), (6, 7), (100, 180), (198, 199)] {
        let mut books = books.clone();
        let bytes = books[0].entries[a].bytes.clone();
        books[0].entries[a].bytes = std::mem::replace(&mut books[0].entries[b].bytes, bytes);
        let found = broken(&county.check(&books));
        let (first, last) = span(&found);
        let sequence = u32::try_from(a).unwrap() + 1;
        assert!(first <= sequence && sequence <= last, "{found:?}");
        assert_eq!(found.fault, BookFault::Signature);
    }
    // From one book to another, each in the other's place.
    let mut across = books.clone();
    let bytes = across[0].entries[5].bytes.clone();
    across[0].entries[5].bytes = std::mem::replace(&mut across[1].entries[5].bytes, bytes);
    assert_eq!(county.check(&across).broken.len(), 2);
}

#[test]
fn a_moved_signature_is_found() {
    let county = County::new(1);
    let books = written(&county);
    for (from, to) in [(0, 1), (1, 0), (3, 20)] {
        let mut books = books.clone();
        books[0].boundaries[to].signature = books[0].boundaries[from].signature;
        let found = broken(&county.check(&books));
        let last = books[0].boundaries[to].count;
        assert_eq!((span(&found), found.fault), ((last - 6, last), BookFault::Signature));
    }
    let mut other_place = books.clone();
    other_place[0].boundaries[2].count -= 1;
    assert_eq!(broken(&county.check(&other_place)).fault, BookFault::Signature);
    // A whole book under the number of another, or as another device's.
    for book in [
        SignedBook {
            book: crate::document::BookId { device: other_phone(), number: 0 },
            ..books[0].clone()
        },
        SignedBook {
            book: crate::document::BookId { device: phone(), number: 0 },
            ..books[1].clone()
        },
    ] {
        assert_eq!(broken(&county.check(&[book])).fault, BookFault::Signature);
    }
}

#[test]
fn entries_after_the_last_signature_are_not_believed() {
    let county = County::new(1);
    let mut books = written(&county);
    books[1].boundaries.pop();
    let found = broken(&county.check(&books));
    assert_eq!((span(&found), found.fault), ((215, 217), BookFault::Unsigned));
    books[0].boundaries.clear();
    let found = broken(&county.check(&books));
    assert_eq!((span(&found), found.fault), ((1, 200), BookFault::Unsigned));
}

#[test]
fn an_end_cut_off_at_a_signature_is_found_only_against_a_head_known_elsewhere() {
    let county = County::new(1);
    let books = written(&county);
    let known = [head(&books[0]), head(&books[1])];
    let mut cut = books.clone();
    cut[1].entries.truncate(14);
    cut[1].boundaries.truncate(2);
    let found = broken(&county.check(&cut));
    assert_eq!((span(&found), found.fault), ((215, 217), BookFault::Gap), "by its own count");
    // Whoever cuts it rewrites that count too.
    cut[1].recorded = None;
    assert!(county.check(&cut).is_sound());
    let found = broken(&county.check_against(&cut, &known));
    assert_eq!((span(&found), found.fault), ((215, 217), BookFault::Truncated));
    // The whole second book, and every book.
    let found = broken(&county.check_against(&cut[..1], &known));
    assert_eq!((span(&found), found.fault), ((201, 217), BookFault::Truncated));
    assert_eq!(county.check_against(&[], &known).broken.len(), 2);
}

#[test]
fn two_histories_that_the_device_signed_are_told_from_each_other() {
    let county = County::new(1);
    let ours = county.write(phone(), &slips(10), 5);
    let mut entries = slips(10);
    entries[8] = entry(9, slip(9, 50_000));
    let theirs = county.write(phone(), &entries, 5);
    assert!(county.check(&theirs).is_sound());
    let found = broken(&county.check_against(&theirs, &[head(&ours[0])]));
    assert_eq!(found.fault, BookFault::OtherHistory);
    // Both in one container.
    let both = [ours[0].clone(), theirs[0].clone()];
    assert_eq!(broken(&county.check(&both)).fault, BookFault::Fork);
    let mut overlapping = ours[0].clone();
    overlapping.entries.insert(9, theirs[0].entries[8].clone());
    let found = broken(&county.check(&[overlapping]));
    assert_eq!((span(&found), found.fault), ((9, 9), BookFault::Fork));
}

#[test]
fn certificates_lead_up_to_the_root_key_or_nothing_is_believed() {
    let county = County::new(1);
    let books = written(&county);
    let check = |root, office: &_, certificates: Vec<_>| {
        let mut verifier = Verifier::new(&root, office, certificates);
        books.iter().for_each(|book| verifier.book(book));
        let report = verifier.finish();
        assert_eq!(report.broken.len(), 2);
        broken(&report).fault
    };
    let other = County::new(2);
    let own = || county.certificates.clone();
    assert_eq!(check(other.root(), &county.certificate, own()), BookFault::OfficeNotUnderRoot);
    assert_eq!(check(county.root(), &other.certificate, own()), BookFault::OfficeNotUnderRoot);
    assert_eq!(
        check(other.root(), &other.certificate, own()),
        BookFault::CertificateNotUnderOffice
    );
    assert_eq!(
        check(county.root(), &county.certificate, other.certificates.clone()),
        BookFault::CertificateNotUnderOffice
    );
    assert_eq!(check(county.root(), &county.certificate, vec![]), BookFault::NoCertificate);
    // The other county certified the same key for the same number: its word, not ours, in these books.
    assert_eq!(
        check(other.root(), &other.certificate, other.certificates.clone()),
        BookFault::Signature
    );
}

#[test]
fn a_missing_book_is_named_and_what_stands_on_it_is_not_believed() {
    let county = County::new(1);
    let books = county.write(phone(), &slips(610), 50);
    let report = county.check(&[books[0].clone(), books[3].clone()]);
    let found: Vec<_> = report.broken.iter().map(|b| (b.book.number, b.fault)).collect();
    assert_eq!(found, [(1, BookFault::Gap), (3, BookFault::BookBefore)]);
}

#[test]
fn a_broken_book_does_not_hide_the_books_after_it() {
    let county = County::new(1);
    let mut books = county.write(phone(), &slips(610), 50);
    books[1].entries[7].bytes.push(0);
    let report = county.check(&books);
    assert_eq!(report.broken.len(), 1, "its last head is signed, so book 2 can go on");
    *books[2].entries[9].bytes.last_mut().unwrap() ^= 1;
    let numbers: Vec<_> = county.check(&books).broken.iter().map(|b| b.book.number).collect();
    assert_eq!(numbers, [1, 2]);
    // Without a signed end of book 1 nobody can tell.
    books[1].recorded = None;
    let report = county.check(&books);
    assert_eq!(report.broken[1].fault, BookFault::BookBefore);
}

#[test]
fn what_a_container_says_beside_the_entries_is_compared() {
    let county = County::new(1);
    let books = written(&county);
    let BookTip { count, head } = books[1].recorded.unwrap();
    let recorded = |tip| {
        let mut books = books.clone();
        books[1].recorded = Some(tip);
        broken(&county.check(&books)).fault
    };
    assert_eq!(recorded(BookTip { count: count + 1, head }), BookFault::Gap);
    assert_eq!(recorded(BookTip { count: count - 1, head }), BookFault::Beyond);
    assert_eq!(recorded(BookTip { count, head: Head([7; 32]) }), BookFault::OtherHead);
}

#[test]
fn numbers_out_of_any_range_stop_nothing() {
    let county = County::new(1);
    let mut books = written(&county);
    books[0].entries[3].position = u32::MAX;
    books[0].boundaries[4].count = u32::MAX;
    books[1].boundaries[0].count = 0;
    books[1].recorded = Some(BookTip { count: u32::MAX, head: Head([0; 32]) });
    let known = KnownHead { book: books[0].book, count: u32::MAX, head: Head([0; 32]) };
    assert_eq!(county.check_against(&books, &[known]).broken.len(), 2);
    let extra = EntryAt { position: 200, bytes: slips(1).remove(0) };
    let mut books = written(&county);
    books[0].entries.push(extra);
    assert_eq!(broken(&county.check(&books)).fault, BookFault::Overlong);
}
