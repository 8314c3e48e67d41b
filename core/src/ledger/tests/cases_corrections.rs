//! Pending prices, returns, price fixes, adjustments, and voids of what is paid or of another day.

use super::table::run;

#[test]
fn a_pending_line_is_estimated_and_nothing_of_it_is_payable() {
    run("
        A1 slip H1 P1A 10 at ~3.00 + P2A 1 at 2.00    => counted
        =  stock:1            32.00 0.00
        =  price_estimate:1   0.00 30.00
        =  payable:1,H1       0.00 2.00
        =  slip A1            0.00 2.00
        # Nothing of the pending line can be paid.
        A2 pay H1 2 for A1:2                          => counted
        # A void takes back the estimate too.
        A3 slip H2 P1A 10 at ~3.00                    => counted
        A4 void A3                                    => counted again void.already_voided
        =  price_estimate:1   0.00 30.00
        =  stock:1            32.00 0.00
        =  slip A3            0.00 0.00
        A5 slip H1 P1A 100000 at ~1000.01             => purchase.too_large
    ");
}

#[test]
fn a_price_fix_takes_the_estimate_back_and_owes_the_final_amount() {
    run("
        A1 slip H1 P1A 10 at ~3.00 + P2A 1 at 2.00    => counted
        O1 by 7 fix A1.0 10 at 3.50                   => counted again price_fix.twice
        =  stock:1            37.00 0.00
        =  price_estimate:1   0.00 0.00
        =  payable:1,H1       0.00 37.00
        =  slip A1            0.00 37.00
        # Below the estimate, in two segments, rounded once: 2 x 3.333 + 8 x 2.222 = 24.442.
        A2 slip H1 P1A 10 at ~3.00                    => counted
        O2 by 7 fix A2.0 2 at 3.333 + 8 at 2.222      => counted again price_fix.twice
        =  slip A2            0.00 24.44
        =  price_estimate:1   0.00 0.00
        # The void of a fix opens the price again.
        O3 by 8 void O2                               => counted again void.already_voided
        =  slip A2            0.00 0.00
        =  price_estimate:1   0.00 30.00
        O4 by 7 fix A2.0 10 at 3.10                   => counted again price_fix.twice
        =  slip A2            0.00 31.00
        =  payable:1,H1       0.00 68.00
    ");
}

#[test]
fn a_price_fix_is_held_for_each_reason_in_order() {
    run("
        A1 contract K1 v1 H1 P1 100kg floor 2.50      => counted again contract.version_out_of_turn
        A2 slip H1 P1A 10 at ~3.00 on K1 + P2A 1 at 2 => counted
        A3 slip H1 P1A 10 at ~3.00                    => counted
        A4 void A3                                    => counted again void.already_voided
        A5 slip H1 P1A 10 at ~3.00 as 99              => purchase.amount_disagrees
        A6 fix A2.0 10 at 3                           => entry.not_for_this_device
        O1 fix A2.0 10 at 3 as 31                     => purchase.amount_disagrees
        O2 fix A2.0 10 at 0                           => purchase.price_not_positive price_fix.below_floor
        O3 fix A2.0 10 at 3 pending                   => purchase.price_not_positive
        O4 fix A99.0 10 at 3                          => entry.target_unknown
        O5 fix A2.0 10 at 3 differs                   => entry.target_differs
        O6 fix A3.0 10 at 3                           => entry.target_not_counted
        O7 fix A5.0 10 at 3                           => entry.target_not_counted
        O8 entity 2 fix A2.0 10 at 3                  => entry.wrong_entity
        O9 fix A2.7 10 at 3                           => entry.line_unknown
        O10 fix A2.1 1 at 3                           => price_fix.not_pending
        O11 fix A2.0 9 at 3                           => price_fix.weight_disagrees
        O12 fix A2.0 10 at 2.499                      => price_fix.below_floor
        O13 fix A2.0 9.999 at 2.499                   => price_fix.weight_disagrees price_fix.below_floor
        # What is called excess lies within the quantity.
        O14 fix A2.0 10 at 2 excess                   => price_fix.below_floor
        O15 entity 2 fix A2.1 2 at 3 differs          => entry.target_differs entry.wrong_entity price_fix.not_pending price_fix.weight_disagrees
        O16 fix A2.0 10 at 2.50                       => counted again price_fix.twice
        =  payable:1,H1       0.00 27.00
    ");
}

#[test]
fn beyond_the_contract_a_price_may_be_fixed_below_the_floor() {
    run("
        # 100 kg and 10 %: the line is at 110 kg.
        A1 contract K1 v1 H1 P1 100kg floor 2.50      => counted again contract.version_out_of_turn
        A2 slip H1 P1A 120 at ~3.00 on K1             => counted
        O1 fix A2.0 109 at 2.50 + 11 at 2 excess      => price_fix.below_floor
        O2 fix A2.0 110 at 2.50 + 10 at 2 excess      => counted again price_fix.twice
        =  slip A2            0.00 295.00
        # A contract that was voided since has no floor.
        A3 slip H1 P1A 1 at ~3.00 on K1               => counted
        A4 void A1                                    => counted again void.already_voided
        O3 fix A3.0 1 at 1                            => counted again price_fix.twice
    ");
}

#[test]
fn a_return_takes_off_what_is_owed_and_what_was_delivered() {
    run("
        A1 contract K1 v1 H1 P1 100kg floor 2.50      => counted again contract.version_out_of_turn
        A2 slip H1 P1A 12 at 3.19 on K1               => counted
        =  slip A2            0.00 38.28
        =  contract K1        12.000
        A3 return A2.0 2.5                            => counted
        =  slip A2            0.00 30.31
        =  contract K1        9.500
        =  stock:1            30.31 0.00
        =  payable:1,H1       0.00 30.31
        # Three returns of a third: each is the line before less the line after, none loses a fen.
        A4 slip H2 P1A 1 at 1.00                      => counted
        A5 return A4.0 0.333                          => counted
        A6 return A4.0 0.333                          => counted
        =  slip A4            0.00 0.33
        A7 return A4.0 0.334                          => counted again return.beyond_line
        =  slip A4            0.00 0.00
        # Voided by the office, it is delivered and owed again.
        O1 by 8 void A3                               => counted again void.already_voided
        =  slip A2            0.00 38.28
        =  contract K1        12.000
        # The void of a slip takes back only what is left of it.
        A8 return A2.0 2                              => counted
        A9 void A2                                    => counted again void.already_voided
        =  contract K1        0.000
        =  stock:1            0.00 0.00
        =  payable:1,H1       0.00 0.00
        O2 by 8 void A8                               => entry.target_not_counted
    ");
}

#[test]
fn a_return_of_what_was_fixed_later_is_at_the_fixed_price_the_last_segment_first() {
    run("
        A1 slip H1 P1A 10 at ~3.00                    => counted
        A2 return A1.0 1                              => return.of_pending
        O1 fix A1.0 6 at 4 + 4 at 2                   => counted again price_fix.twice
        =  slip A1            0.00 32.00
        A3 return A1.0 3                              => counted
        =  slip A1            0.00 26.00
        A4 return A1.0 2                              => counted
        =  slip A1            0.00 20.00
        # It was returned at that price.
        O2 by 8 void O1                               => void.returned_since
        O3 by 8 void A3                               => counted again void.already_voided
        =  slip A1            0.00 28.00
        O4 by 8 void A4                               => counted again void.already_voided
        O5 by 8 void O1                               => counted again void.already_voided
        =  price_estimate:1   0.00 30.00
        =  stock:1            30.00 0.00
    ");
}

#[test]
fn a_return_is_held_for_each_reason_in_order() {
    run("
        A1 slip H1 P1A 10 at 3.00                     => counted
        A2 slip H1 P1A 10 at 3.00                     => counted
        A3 void A2                                    => counted again void.already_voided
        A4 return A1.0 0                              => return.not_positive
        A5 return A1.0 -3 wordless                    => return.not_positive entry.reason_empty
        C1 return A1.0 1                              => entry.not_for_this_device
        A6 return A99.0 1                             => entry.target_unknown
        A7 return A1.0 1 differs                      => entry.target_differs
        A8 return A2.0 1                              => entry.target_not_counted
        A9 entity 2 return A1.0 1                     => entry.wrong_entity
        A10 return A1.4 1                             => entry.line_unknown
        A11 return A1.0 10.001                        => return.beyond_line
        A12 date 2020-07-03 return A1.0 1             => return.too_late
        A13 date 2020-07-03 entity 2 return A1.0 11 differs => entry.target_differs entry.wrong_entity return.beyond_line return.too_late
        =  slip A1            0.00 30.00
        # Somebody decided that the co-op bears with it.
        A14 date 2020-07-03 admits return.too_late return A1.0 1 => counted
        A15 date 2020-07-02 return A1.0 1             => counted
        O1 return A1.0 1                              => counted
        =  slip A1            0.00 21.00
        # Made cheaper before: what comes back may not be worth more than is left.
        O2 by 7 adjust A1 -15                         => counted again adjustment.below_zero
        A16 return A1.0 2                             => counted again adjustment.below_zero
        A17 return A1.0 1                             => adjustment.below_zero
    ");
}

#[test]
fn the_contract_says_within_how_many_hours_produce_may_come_back() {
    run("
        A1 contract K1 v1 H1 P1 100kg floor 2 49hours => counted again contract.version_out_of_turn
        A2 contract K2 v1 H1 P1 100kg floor 2 0hours  => counted again contract.version_out_of_turn
        A3 slip H1 P1A 10 at 3.00 on K1 + P1B 10 at 3.00 on K2 + P1C 10 at 3.00 on K9 => counted
        # 49 hours reach into the third day.
        A4 date 2020-07-04 return A3.0 1              => counted
        A5 date 2020-07-05 return A3.0 1              => return.too_late
        A6 date 2020-07-02 return A3.1 1              => return.too_late
        A7 return A3.1 1                              => counted
        # Nothing is known of that contract: a day, as usual.
        A8 date 2020-07-02 return A3.2 1              => counted
        A9 date 2020-07-03 return A3.2 1              => return.too_late
    ");
}

#[test]
fn what_was_paid_of_returned_produce_becomes_a_refund_due() {
    run("
        A1 slip H1 P1A 10 at 3.00                     => counted
        A2 pay H1 20 for A1:20                        => counted
        A3 return A1.0 2                              => counted
        =  slip A1            20.00 4.00
        =  refund_due:1,H1    0.00 0.00
        A4 return A1.0 3                              => counted
        =  slip A1            15.00 0.00
        =  refund_due:1,H1    5.00 0.00
        =  payable:1,H1       20.00 20.00
        # Voided by the office, the refund is taken back and paid of the slip again.
        O1 by 8 void A4                               => counted again void.already_voided
        =  slip A1            20.00 4.00
        =  refund_due:1,H1    0.00 0.00
        # A payment that has become a refund cannot be taken back any more.
        A5 return A1.0 8                              => counted again return.beyond_line
        =  slip A1            0.00 0.00
        =  refund_due:1,H1    20.00 0.00
        A6 void A2                                    => void.payment_moved
    ");
}

#[test]
fn an_adjustment_goes_both_ways_and_never_below_nothing() {
    run("
        A1 slip H1 P1A 10 at 3.00                     => counted
        O1 by 7 adjust A1.0 5.00 approved 8           => counted
        =  slip A1            0.00 35.00
        =  stock:1            35.00 0.00
        O2 by 7 adjust A1 -20                         => counted again adjustment.below_zero
        =  slip A1            0.00 15.00
        A2 pay H1 15 for A1:15                        => counted
        O3 by 7 adjust A1 -4 bulk O2                  => counted
        =  slip A1            11.00 0.00
        =  refund_due:1,H1    4.00 0.00
        =  payable:1,H1       15.00 15.00
        O4 by 7 void O3                               => counted again void.already_voided
        =  slip A1            15.00 0.00
        =  refund_due:1,H1    0.00 0.00
        # What was added cannot be taken off below nothing.
        O5 by 7 adjust A1 -11                         => counted again adjustment.below_zero
        O6 by 7 void O1                               => adjustment.below_zero
        O7 by 7 void O2                               => counted again void.already_voided
        =  slip A1            4.00 20.00
        =  refund_due:1,H1    11.00 0.00
        O8 by 7 void O1                               => counted again void.already_voided
        =  slip A1            4.00 15.00
    ");
}

#[test]
fn an_adjustment_is_held_for_each_reason_in_order() {
    run("
        A1 slip H1 P1A 10 at 3.00                     => counted
        A2 slip H1 P1A 10 at 3.00                     => counted
        A3 void A2                                    => counted again void.already_voided
        A4 adjust A1 1                                => entry.not_for_this_device
        O1 adjust A1 0                                => entry.amount_not_positive
        O2 adjust A1 -1 wordless                      => entry.reason_empty
        O3 adjust A1 1000000000.01                    => entry.amount_too_large
        O4 adjust A99 1                               => entry.target_unknown
        O5 adjust A1 1 differs                        => entry.target_differs
        O6 adjust A2 1                                => entry.target_not_counted
        O7 entity 2 adjust A1 1                       => entry.wrong_entity
        O8 adjust A1.1 1                              => entry.line_unknown
        O9 by 7 adjust A1 1 approved 7                => entry.same_person
        O10 by 7 adjust A1 -30.01 approved 8          => adjustment.below_zero
        O11 by 7 entity 2 adjust A1.1 -31 approved 7 differs => entry.target_differs entry.wrong_entity entry.line_unknown entry.same_person adjustment.below_zero
        O12 by 7 adjust A1 -30 approved 8             => counted again adjustment.below_zero
        =  slip A1            0.00 0.00
        =  payable:1,H1       0.00 0.00
    ");
}

#[test]
fn a_phone_alone_voids_only_what_is_of_today_and_unpaid() {
    run("
        A1 by 3 slip H1 P1A 10 at 3.00                => counted
        A2 by 3 slip H1 P1A 10 at 3.00                => counted
        A3 pay H1 5 for A2:5                          => counted
        A10 date 2020-07-02 void A1                   => void.needs_second_person
        A11 by 9 void A2                              => void.needs_second_person
        # The office too is one person if it is the one who bought, or if nobody knows who it is.
        O1 date 2020-07-02 by 3 void A1               => void.needs_second_person
        O2 date 2020-07-02 void A1                    => void.needs_second_person
        O3 date 2020-07-02 by 8 void A1               => counted again void.already_voided
        =  slip A1            0.00 0.00
        # The district may admit what a phone wrote.
        A12 admits void.needs_second_person void A2   => counted again void.already_voided
        =  slip A2            0.00 0.00
        =  payable:1,H1       5.00 5.00
        =  refund_due:1,H1    5.00 0.00
    ");
}

#[test]
fn what_was_paid_of_a_voided_slip_moves_to_the_one_in_its_place() {
    run("
        A1 slip H1 P1A 10 at 3.00                     => counted
        A2 pay H1 30 for A1:30                        => counted
        A3 slip H1 P1A 8 at 3.00                      => counted
        O1 by 8 void A1 for A3                        => counted again void.already_voided
        =  slip A1            0.00 0.00
        =  slip A3            24.00 0.00
        =  refund_due:1,H1    6.00 0.00
        =  payable:1,H1       30.00 30.00
        =  stock:1            24.00 0.00
        A4 void A2                                    => void.payment_moved
        # On to the next, which is dearer.
        A5 slip H1 P1A 9 at 3.00                      => counted
        O2 by 8 void A3 for A5                        => counted again void.already_voided
        =  slip A5            24.00 3.00
        =  refund_due:1,H1    6.00 0.00
        =  payable:1,H1       30.00 33.00
    ");
}

#[test]
fn what_finds_no_place_is_a_refund_due() {
    run("
        A1 slip H1 P1A 1 at 10                        => counted
        A2 slip H1 P1A 1 at 20                        => counted
        A3 slip H1 P1A 1 at 30                        => counted
        A4 pay H1 60 for A1:10 A2:20 A3:30            => counted
        # No such slip; another grower's; another entity's; a voided one.
        O1 by 8 void A1 for A99                       => counted again void.already_voided
        =  refund_due:1,H1    10.00 0.00
        A5 slip H2 P1A 1 at 20                        => counted
        O2 by 8 void A2 for A5                        => counted again void.already_voided
        =  refund_due:1,H1    30.00 0.00
        =  slip A5            0.00 20.00
        A6 entity 2 slip H1 P1A 1 at 30               => counted
        O3 by 8 void A3 for A6                        => counted again void.already_voided
        =  refund_due:1,H1    60.00 0.00
        =  slip A6            0.00 30.00
        =  payable:1,H1       60.00 60.00
        A7 slip H1 P1A 1 at 5                         => counted
        A8 pay H1 5 for A7:5                          => counted
        O4 by 8 void A7 for A1                        => counted again void.already_voided
        =  refund_due:1,H1    65.00 0.00
    ");
}

#[test]
fn only_the_office_voids_a_correction() {
    run("
        A1 slip H1 P1A 10 at 3.00                     => counted
        A2 return A1.0 1                              => counted
        A3 void A2                                    => void.needs_second_person
        O1 entity 2 void A2 differs                   => void.target_differs void.wrong_entity
        O2 void A2 H2                                 => void.target_unknown
        O3 void A2                                    => counted again void.already_voided
        O4 void O3                                    => void.target_not_voidable
        =  slip A1            0.00 30.00
        # What is held has moved nothing, so nothing can be taken back.
        A4 return A1.0 11                             => return.beyond_line
        O5 void A4                                    => void.target_unknown
    ");
}
