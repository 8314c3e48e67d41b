//! One row per rule, errors in order of precedence.

use super::table::run;

#[test]
fn a_slip_is_stock_and_is_owed_to_its_grower() {
    run("
        A1 slip H1 P1A 12.852-1.5 at 3.19                     => counted
        =  stock:1       36.21 0.00
        =  payable:1,H1  0.00 36.21
        =  slip A1       0.00 36.21
        # Two lines, one with deductions: 10 kg less 0.3 less 2 % (0.2) is 9.5 kg.
        A2 slip H1 P1A 1 at 2.00 + P2B 10 at 1.00 less 0.3 less 2%    => counted
        =  payable:1,H1  0.00 47.71
        # Another entity's debt is another account.
        A3 entity 2 slip H1 P1A 1 at 1.00                     => counted
        =  payable:2,H1  0.00 1.00
        =  payable:1,H1  0.00 47.71
        # So light and cheap that it comes to nothing: it counts and moves nothing.
        A4 slip H2 P1A 0.004 at 1.00                          => counted
        =  payable:1,H2  0.00 0.00
        =  slip A4       0.00 0.00
    ");
}

#[test]
fn a_slip_that_disagrees_with_itself_is_held_and_blocks_nothing() {
    run("
        A1 slip H1                                            => purchase.no_lines
        A2 slip H1 P1A 1.5-1.5 at 3.19                        => purchase.tare_not_below_gross
        A3 slip H1 P1A 2 at 3.19 less 2                       => purchase.deductions_not_below_net
        A4 slip H1 P1A 2 at 0                                 => purchase.price_not_positive
        A5 slip H1 P1A 2 at 3.19 as 6.39                      => purchase.amount_disagrees
        A6 jump slip H1 P1A 2 at 3.19 as 6.39                 => entry.lamport_jump purchase.amount_disagrees
        C1 jump slip H1 P1A 2 at 3.19                         => entry.not_for_this_device entry.lamport_jump
        =  payable:1,H1  0.00 0.00
        A7 slip H1 P1A 2 at 3.19                              => counted
        =  payable:1,H1  0.00 6.38
        # 100 t at 1,000,001 yuan per kg: beyond what a slip may come to, though it adds up.
        A8 slip H1 P1A 100000 at 1000.01                      => purchase.too_large
        A9 slip H1 P1A 100000 at 1000.00                      => counted
        =  payable:1,H1  0.00 100000006.38
    ");
}

#[test]
fn only_the_right_device_writes_a_kind() {
    run("
        C1 slip H1 P1A 1 at 1                 => entry.not_for_this_device
        A1 slip H1 P1A 1 at 1                 => counted
        C5 pay H1 1 for A1:1                  => entry.not_for_this_device
        C2 void A1                            => entry.not_for_this_device
        C3 contract K1 v1 H1 P1 100kg floor 2 => entry.not_for_this_device
        O3 contract K1 v1 H1 P1 100kg floor 2 => counted again contract.version_out_of_turn
        O4 void A1                            => counted again void.already_voided
        C4 note 下雨                          => counted
        A2 note 下雨                          => counted
        C6 newer                              => newer
        A3 newer                              => newer
    ");
}

#[test]
fn cash_pays_slips_and_the_float_and_rounding_bear_it() {
    run("
        A1 slip H1 P1A 12.852-1.5 at 3.19     => counted
        A2 slip H1 P1A 1 at 10                => counted
        A3 pay H1 40.00 for A1:30 A2:10       => counted
        =  slip A1       30.00 6.21
        =  slip A2       10.00 0.00
        =  float:1,A     0.00 40.00
        A4 pay H1 6.30 for A1:6.21 round 0.09 => counted
        =  slip A1       36.21 0.00
        =  payable:1,H1  46.21 46.21
        =  float:1,A     0.00 46.30
        =  purchase_difference:1 0.09 0.00
    ");
}

#[test]
fn a_payout_is_held_for_each_reason_in_order() {
    run("
        A1 slip H1 P1A 1 at 10                     => counted
        A2 slip H2 P1A 1 at 10                     => counted
        A3 entity 2 slip H1 P1A 1 at 10            => counted
        B1 slip H1 P1A 1 at 10                     => counted
        A4 slip H1 P1A 1 at 10 as 11               => purchase.amount_disagrees
        A5 slip H1 P1A 1 at 10                     => counted
        A6 void A5                                 => counted again void.already_voided

        A10 pay H1 0                               => payout.nothing
        A11 pay H1 5 for A1:5 A1:-1 round 1        => payout.allocation_not_positive payout.slip_twice payout.rounding_beyond_unit
        A12 pay H1 5 for A1:5 A1:5                 => payout.slip_twice payout.cash_disagrees
        A13 pay H1 9.99 for A1:10 round -0.01      => payout.rounding_negative
        A14 pay H1 11.00 for A1:10 round 1.00      => payout.rounding_beyond_unit
        A15 pay H1 10.00 for A1:9                  => payout.cash_disagrees
        A16 pay H1 1 for A99:1                     => payout.slip_unknown
        A17 pay H1 1 for A2:1                      => payout.slip_unknown
        A18 pay H1 1 for A4:1                      => payout.slip_not_counted
        A20 pay H1 1 for A3:1                      => payout.wrong_entity
        A23 pay H1 40 for A99:10 A4:10 A3:10 A1:10 => payout.slip_unknown payout.slip_not_counted payout.wrong_entity
        B2 entity 2 pay H1 99 for A4:99            => payout.slip_not_counted payout.wrong_entity
        A26 pay H1 10000000000 for A1:10000000000  => payout.too_large
        A24 jump pay H1 10 for A1:10               => entry.lamport_jump
        =  slip A1       0.00 10.00
        =  float:1,A     0.00 0.00
        # None of them stood in the way of the payment that is right.
        A25 pay H1 10 for A1:10                    => counted
        =  slip A1       10.00 0.00
    ");
}

#[test]
fn a_void_takes_back_on_the_same_side() {
    run("
        A1 slip H1 P1A 12.852-1.5 at 3.19     => counted
        A2 void A1                            => counted again void.already_voided
        =  stock:1       0.00 0.00
        =  payable:1,H1  0.00 0.00
        =  slip A1       0.00 0.00
        # A voided payout makes its slips unpaid again; cash and rounding go back.
        A3 slip H1 P1A 1 at 10                => counted
        A4 pay H1 10.50 for A3:10 round 0.50  => counted
        A5 void A4                            => counted again void.already_voided
        =  slip A3       0.00 10.00
        =  float:1,A     0.00 0.00
        =  purchase_difference:1 0.00 0.00
        =  payable:1,H1  0.00 10.00
        A6 pay H1 10 for A3:10                => counted
    ");
}

#[test]
fn a_void_is_held_for_each_reason_in_order() {
    run("
        A1 slip H1 P1A 1 at 10                => counted
        A2 slip H1 P1A 1 at 10 as 11          => purchase.amount_disagrees
        A3 pay H1 10.01 for A1:10             => payout.cash_disagrees
        A4 note 下雨                          => counted
        A10 void A1 wordless                  => void.reason_empty
        A11 void A99                          => void.target_unknown
        A12 void A4                           => void.target_unknown
        A13 void A1 H2                        => void.target_unknown
        A14 void A1 differs                   => void.target_differs
        A15 void A2                           => void.target_held
        A16 void A3                           => void.target_held
        A17 entity 2 void A1 differs          => void.target_differs void.wrong_entity
        A18 pay H1 0.01 for A1:0.01           => counted
        A19 void A1                           => void.needs_second_person
        A20 entity 2 void A1                  => void.wrong_entity void.needs_second_person
        A21 void A18                          => counted again void.already_voided
        A22 void A21                          => void.target_not_voidable
        O1 void A1                            => counted again void.already_voided
        A23 void A1 differs                   => void.target_differs void.already_voided
        # A void of a void that does not count: nothing to take back.
        A24 void A20                          => void.target_unknown
        =  payable:1,H1  0.00 0.00
    ");
}

#[test]
fn a_contract_counts_its_deliveries_in_settlement_weight_less_voids() {
    run("
        A1 contract K1 v1 H1 P1 200kg floor 2.50         => counted again contract.version_out_of_turn
        A2 slip H1 P1A 100 at 2.50 less 10 on K1         => counted
        B1 slip H1 P1C 50 at 2.50 on K1                  => counted
        =  contract K1   140.000
        A3 void A2                                       => counted again void.already_voided
        =  contract K1   50.000
        # Another product on the same contract is bought, but is not what was agreed.
        A4 slip H1 P2A 7 at 2.50 on K1                   => counted
        =  contract K1   50.000
        A5 contract K1 v2 H1 P1 300kg floor 2.60         => counted again contract.version_out_of_turn
        =  contract K1   50.000
        # A printed price is honoured, whatever becomes of the contract that it names.
        A6 slip H1 P1A 1 at 2.60 on K9                   => counted
        A7 slip H2 P1A 1 at 2.60 on K1                   => counted
        A8 void A5                                       => counted again void.already_voided
        A9 void A1                                       => counted again void.already_voided
        =  contract K1   0.000
        A10 contract K1 v3 H1 P1 100kg floor 2           => counted again contract.version_out_of_turn
        =  contract K1   50.000
    ");
}

#[test]
fn a_contract_version_is_held_for_each_reason_in_order() {
    run("
        A1 contract K1 v0 H1 P1 200kg floor 2.50          => contract.version_zero
        A2 contract K1 v2 H1 P1 200kg floor 2.50          => contract.version_out_of_turn
        A3 contract K1 v1 H1 P1 0kg floor -2.50           => contract.quantity_not_positive contract.floor_negative
        A4 contract K1 v1 H1 P1 200kg floor 0             => counted again contract.version_out_of_turn
        # Two phones drew up version 2 without knowing of each other: the first in order counts.
        A5 lamport 9 contract K1 v2 H1 P1 300kg floor 2   => counted again contract.version_out_of_turn
        B1 lamport 9 contract K1 v2 H1 P1 400kg floor 3   => contract.version_out_of_turn
        A6 contract K1 v3 H1 P2 300kg floor 2             => contract.wrong_product
        A7 entity 2 contract K1 v4 H1 P2 300kg floor 2    => contract.version_out_of_turn contract.wrong_product contract.wrong_entity
        A8 void A6                                        => void.target_held
        # Another household's contract of the same number is another contract.
        A9 contract K1 v1 H2 P1 300kg floor 2             => counted again contract.version_out_of_turn
    ");
}

#[test]
fn one_origin_counts_once_as_itself_or_issued_again() {
    run("
        # The former key's slip arrived after all, and came first.
        A1 slip H1 P1A 1 at 10                => counted
        B1 reissues A1 slip H1 P1A 1 at 10    => entry.reissued_twice
        # Nobody else ever saw this origin: it counts once.
        D1 reissues A77 slip H1 P1A 3 at 10   => counted again entry.reissued_twice
        D2 reissues A77 slip H1 P1A 3 at 10   => entry.reissued_twice
        # A held one leaves the place free.
        D3 reissues A78 slip H1 P1A 3 at 10 as 31  => purchase.amount_disagrees
        D4 reissues A78 slip H1 P1A 3 at 10   => counted again entry.reissued_twice
        =  payable:1,H1  0.00 70.00
    ");
}
