//! Debts, a grower's word, receipts, and payouts that repay or pay too much: one row per rule, errors
//! in order of precedence.

use super::table::run;

#[test]
fn what_is_given_ahead_is_owed_on_an_account_of_its_own() {
    run("
        A1 prepay H1 100                            => counted
        =  prepaid:1,H1      100.00 0.00
        =  float:1,A         0.00 100.00
        =  debt A1           0.00 100.00
        A2 by P3 prepay H1 50 from bank             => counted
        =  bank:1            0.00 50.00
        A3 by P3 prepay H1 20                       => counted
        =  float:1,P3        0.00 20.00
        # Goods on credit: the entity's own are a sale, a supplier's are owed to the supplier.
        A4 credit H1 2.5x130.01                     => counted
        =  input_credit:1,H1 325.03 0.00
        =  input_sales:1     0.00 325.03
        A5 credit H1 1x10 of 农资站                 => counted
        =  supplier:1        0.00 10.00
        # Another entity's debt is another account.
        A6 entity 2 prepay H1 7                     => counted
        =  prepaid:2,H1      7.00 0.00
    ");
}

#[test]
fn a_debt_is_held_for_each_reason_in_order() {
    run("
        A1 prepay H1 0 share 0%                     => entry.amount_not_positive debt.share_out_of_range
        A2 prepay H1 100 share 100.01%              => debt.share_out_of_range
        A3 prepay H1 1000000000.01                  => entry.amount_too_large
        A4 credit H1 nothing                        => debt.items_count
        A5 credit H1 0x10                           => debt.item_not_positive entry.amount_not_positive
        A6 credit H1 2x10=21                        => debt.item_amount_disagrees
        A7 jump prepay H1 0                         => entry.lamport_jump entry.amount_not_positive
        C1 prepay H1 1                              => entry.not_for_this_device
        C2 credit H1 1x1                            => entry.not_for_this_device
        C3 deposit H1 K1 1                          => entry.not_for_this_device deposit.without_contract
        =  prepaid:1,H1      0.00 0.00
        =  float:1,A         0.00 0.00
    ");
}

#[test]
fn a_deposit_is_at_most_a_fifth_of_its_contract() {
    run("
        A1 deposit H1 K1 100                        => deposit.without_contract
        # 200 kg at 2.50 is 500.00, a fifth of it 100.00.
        A2 contract K1 v1 H1 P1 200kg floor 2.50    => counted again contract.version_out_of_turn
        A3 deposit H1 K1 100.01                     => deposit.beyond_fifth
        A4 deposit H1 K1 60                         => counted again deposit.beyond_fifth
        A5 deposit H1 K1 40.01                      => deposit.beyond_fifth
        A6 deposit H1 K1 40                         => counted again deposit.beyond_fifth
        =  deposit:1,H1      100.00 0.00
        # A voided deposit leaves its room.
        A7 void A4                                  => counted again void.already_voided
        A8 deposit H1 K1 60                         => counted again deposit.beyond_fifth
        =  deposit:1,H1      100.00 0.00
        # Another household's contract, another entity's, and one that was voided secure nothing.
        A9 deposit H2 K1 1                          => deposit.without_contract
        A10 entity 2 deposit H1 K1 1                => deposit.without_contract
        A11 void A2                                 => counted again void.already_voided
        A12 deposit H1 K1 1                         => deposit.without_contract
    ");
}

#[test]
fn a_word_on_a_debt_confirms_or_disputes_it_and_the_last_one_holds() {
    run("
        A1 slip H1 P1A 100 at 1                     => counted
        A2 prepay H1 30                             => counted
        A3 pay H1 70 for A1:80 repay A2=10          => counted
        =  repaid A3         0.00 repayment.not_confirmed
        A4 dispute A2                               => counted
        A5 pay H1 0 for A1:10 repay A2=10           => counted
        =  repaid A5         0.00 repayment.disputed
        A6 confirm A2                               => counted
        A7 pay H1 5 for A1:10 repay A2=5            => counted again counted
        =  repaid A7         5.00
        =  debt A2           5.00 25.00
        B1 dispute A2                               => counted
        A8 pay H1 5 for A1:10 repay A2=5            => counted
        =  repaid A8         0.00 repayment.disputed
        =  slip A1           85.00 15.00
    ");
}

#[test]
fn a_word_is_held_for_each_reason_in_order() {
    run("
        A1 prepay H1 30                             => counted
        A2 prepay H1 0                              => entry.amount_not_positive
        A3 slip H1 P1A 100 at 1                     => counted
        A4 pay H1 10 for A3:10                      => counted
        A5 entity 2 confirm A1 differs              => entry.target_differs entry.wrong_entity
        A6 confirm A99                              => entry.target_unknown
        A7 confirm A2                               => entry.target_not_counted
        A8 entity 2 confirm A1                      => entry.wrong_entity
        A9 confirm A4 differs                       => entry.target_differs
        A10 entity 2 confirm A4                     => entry.wrong_entity
        A11 void A4                                 => counted again void.already_voided
        A12 confirm A4                              => entry.target_not_counted
        C1 confirm A1                               => entry.not_for_this_device
        # A word on a slip stands beside it.
        A13 confirm A3                              => counted
        A14 confirm A3 differs                      => entry.target_differs
        A15 void A13                                => void.target_not_voidable
    ");
}

#[test]
fn a_receipt_gives_money_back_on_a_debt() {
    run("
        A1 prepay H1 30                             => counted
        A2 receive H1 A1 10                         => counted
        =  debt A1           10.00 20.00
        =  float:1,A         10.00 30.00
        =  prepaid:1,H1      30.00 10.00
        B1 receive H1 A1 5 into bank                => counted
        =  bank:1            5.00 0.00
        A3 receive H1 A1 15.01                      => receipt.beyond_debt
        A4 void A2                                  => counted again void.already_voided
        =  debt A1           5.00 25.00
        =  float:1,A         0.00 30.00
        A5 void A1                                  => void.repaid_since
        B2 void B1                                  => counted again void.already_voided
        A6 void A1                                  => counted again void.already_voided
        =  prepaid:1,H1      0.00 0.00
        =  float:1,A         0.00 0.00
        =  debt A1           0.00 0.00
    ");
}

#[test]
fn a_receipt_is_held_for_each_reason_in_order() {
    run("
        A1 prepay H1 30                             => counted
        A2 prepay H1 0                              => entry.amount_not_positive
        A3 receive H1 A1 0                          => entry.amount_not_positive
        A4 receive H1 A99 1                         => debt.unknown
        A5 receive H2 A1 1                          => debt.unknown
        A6 receive H1 A2 1                          => debt.not_counted
        A7 entity 2 receive H1 A1 31                => entry.wrong_entity
        A8 receive H1 A1 30.01                      => receipt.beyond_debt
        C1 receive H1 A1 1                          => entry.not_for_this_device
        A9 void A8                                  => void.target_held
        =  debt A1           0.00 30.00
    ");
}

#[test]
fn a_slip_repays_a_due_confirmed_debt_up_to_its_agreed_share() {
    run("
        A1 slip H1 P1A 100 at 1                     => counted
        A2 credit H1 1x80                           => counted
        A3 confirm A2                               => counted
        A4 pay H1 50 for A1:100 repay A2=50         => counted
        =  repaid A4         50.00
        =  debt A2           50.00 30.00
        =  slip A1           100.00 0.00
        =  payable:1,H1      100.00 100.00
        =  float:1,A         0.00 50.00
        =  input_credit:1,H1 80.00 50.00
        # A voided payout makes the debt owed again.
        A5 void A4                                  => counted again void.already_voided
        =  debt A2           0.00 80.00
        =  slip A1           0.00 100.00
        =  float:1,A         0.00 0.00
        # More than was agreed was kept back: half of what is paid is half of 40.00, and the rest of
        # the slip stays payable.
        A6 pay H1 20 for A1:100 repay A2=80         => counted
        =  repaid A6         20.00 repayment.beyond_share
        =  slip A1           40.00 60.00
        =  debt A2           20.00 60.00
        # All of it was kept back, no cash: a half of nothing.
        A7 pay H1 0 for A1:60 repay A2=60           => counted
        =  repaid A7         0.00 repayment.beyond_share
        =  slip A1           40.00 60.00
    ");
}

#[test]
fn what_a_debt_does_not_take_stays_payable_from_the_last_slip_backwards() {
    run("
        A1 slip H1 P1A 30 at 1                      => counted
        A2 slip H1 P1A 30 at 1                      => counted
        A3 slip H1 P1A 30 at 1                      => counted
        A4 prepay H1 5 share 100%                   => counted
        A5 confirm A4                               => counted
        # Another phone had taken the debt down already; this one did not know.
        A6 pay H1 50 for A1:30 A2:30 A3:30 repay A4=40   => counted
        =  repaid A6         5.00 repayment.beyond_debt
        =  slip A1           30.00 0.00
        =  slip A2           25.00 5.00
        =  slip A3           0.00 30.00
        =  debt A4           5.00 0.00
        =  excess A6         0.00
    ");
}

#[test]
fn a_debt_that_may_not_be_repaid_takes_nothing_and_says_why() {
    run("
        A1 slip H1 P1A 100 at 1                             => counted
        A2 prepay H1 10 due 2020-07-02                      => counted
        A3 entity 2 prepay H1 10                            => counted
        A4 prepay H1 0                                      => entry.amount_not_positive
        A5 prepay H2 10                                     => counted
        A6 confirm A2                                       => counted
        A7 entity 2 confirm A3                              => counted
        A8 pay H1 0 for A1:1 repay A2=1                     => counted
        =  repaid A8  0.00 repayment.not_due
        A9 pay H1 0 for A1:1 repay A3=1                     => counted
        =  repaid A9  0.00 repayment.wrong_entity
        A10 pay H1 0 for A1:1 repay A4=1                    => counted
        =  repaid A10 0.00 debt.not_counted
        A11 pay H1 0 for A1:1 repay A99=1                   => counted
        =  repaid A11 0.00 debt.unknown
        A12 pay H1 0 for A1:1 repay A5=1                    => counted
        =  repaid A12 0.00 debt.unknown
        =  slip A1    0.00 100.00
        # On its day it may.
        A13 date 2020-07-02 pay H1 1 for A1:2 repay A2=1    => counted
        =  repaid A13 1.00
        A14 void A2                                         => void.repaid_since
        A15 date 2020-07-02 void A13                        => counted again void.already_voided
        A16 void A2                                         => counted again void.already_voided
        A17 date 2020-07-02 pay H1 1 for A1:2 repay A2=1    => counted
        =  repaid A17 0.00 debt.not_counted
        =  slip A1    1.00 99.00
        # What is wrong in the payout itself holds it.
        A18 pay H1 10 for A1:10 repay A5=0                  => repayment.not_positive
        A19 pay H1 8 for A1:10 repay A5=1 repay A5=1        => repayment.debt_twice
        A20 pay H1 10 for A1:10 repay A5=1                  => payout.cash_disagrees
    ");
}

#[test]
fn nothing_is_kept_back_from_grain_and_oil() {
    run("
        A1 slip H1 P1A 60 at 1 of grain             => counted
        A2 slip H1 P1A 60 at 1 of grain + P2A 40 at 1   => counted
        A3 prepay H1 100 share 100%                 => counted
        A4 confirm A3                               => counted
        A5 pay H1 50 for A1:60 repay A3=10          => counted
        =  repaid A5         0.00 repayment.from_grain
        =  slip A1           50.00 10.00
        # Of a slip with both, as much as the other lines are of it.
        A6 pay H1 60 for A2:100 repay A3=40         => counted
        =  repaid A6         40.00
        =  slip A2           100.00 0.00
    ");
}

#[test]
fn several_debts_share_one_payout_and_never_take_more_than_it() {
    run("
        A1 slip H1 P1A 100 at 1                     => counted
        A2 prepay H1 60 share 60%                   => counted
        A3 credit H1 1x60 share 60%                 => counted
        A4 confirm A2                               => counted
        A5 confirm A3                               => counted
        A6 pay H1 0 for A1:100 repay A2=60 repay A3=40   => counted
        =  repaid A6         60.00 40.00
        =  prepaid:1,H1      60.00 60.00
        =  input_credit:1,H1 60.00 40.00
        =  slip A1           100.00 0.00
    ");
}

#[test]
fn cash_that_was_paid_twice_is_suspense_until_the_grower_says_so() {
    run("
        A1 slip H1 P1A 36 at 1                      => counted
        A2 pay H1 36 for A1:36                      => counted
        =  marks A2
        # Another steward pays it too, offline.
        B1 by P3 pay H1 36 for A1:36                => counted
        =  marks B1          payout.not_the_buyer payout.beyond_unpaid
        =  excess B1         36.00
        =  suspense:1,P3     36.00 0.00
        =  float:1,P3        0.00 36.00
        =  payable:1,H1      36.00 36.00
        # No, says the grower: the steward answers for it.
        A3 dispute B1                               => counted
        =  suspense:1,P3     36.00 0.00
        A4 confirm B1                               => counted
        =  suspense:1,P3     36.00 36.00
        =  refund_due:1,H1   36.00 0.00
        =  debt B1           0.00 36.00
        A5 receive H1 B1 6                          => counted
        # What is not given back goes to the steward again.
        A6 dispute B1                               => counted
        =  debt B1           6.00 0.00
        =  suspense:1,P3     36.00 6.00
        B2 by P3 void B1                            => void.repaid_since
        A7 void A5                                  => counted again void.already_voided
        B3 by P3 void B1                            => counted again void.already_voided
        =  suspense:1,P3     0.00 0.00
        =  refund_due:1,H1   0.00 0.00
        =  float:1,P3        0.00 0.00
        =  slip A1           36.00 0.00
    ");
}

#[test]
fn a_refund_is_repaid_out_of_the_next_slip() {
    run("
        A1 slip H1 P1A 36 at 1                      => counted
        A2 pay H1 36 for A1:36                      => counted
        B1 pay H1 36 for A1:36                      => counted
        A3 confirm B1                               => counted
        A4 slip H1 P1A 50 at 1                      => counted
        A5 pay H1 14 for A4:50 repay B1=36          => counted
        =  repaid A5         36.00
        =  refund_due:1,H1   36.00 36.00
        =  slip A4           50.00 0.00
    ");
}

#[test]
fn cash_counts_even_where_it_should_not_have_been_paid() {
    run("
        A1 slip H1 P1A 10 at 1                      => counted
        A2 slip H1 P1A 10 at 1                      => counted
        A3 void A2                                  => counted again void.already_voided
        # A voided slip takes nothing.
        A4 pay H1 10 for A2:10                      => counted
        =  marks A4          payout.slip_not_counted
        =  excess A4         10.00
        # Part of it is owed.
        A5 pay H1 12 for A1:12                      => counted
        =  marks A5          payout.beyond_unpaid
        =  slip A1           10.00 0.00
        =  excess A5         2.00
        =  suspense:1,A      12.00 0.00
        A6 void A5                                  => counted again void.already_voided
        =  slip A1           0.00 10.00
        =  suspense:1,A      10.00 0.00
        # Nothing is repaid out of what is not owed.
        A7 prepay H1 10 share 100%                  => counted
        A8 confirm A7                               => counted
        A9 pay H1 5 for A2:10 repay A7=5            => counted
        =  repaid A9         0.00 repayment.beyond_share
        =  excess A9         5.00
    ");
}

#[test]
fn what_is_reserved_for_the_bank_is_not_paid_in_cash() {
    run("
        A1 slip H1 P1A 10 at 1                      => counted
        O1 reserve B1 H1 A1:8                       => counted
        A2 pay H1 3 for A1:3                        => counted
        =  marks A2          bank.reserved
        =  excess A2         1.00
        =  slip A1           2.00 8.00
        A3 pay H1 9 for A1:9                        => counted
        =  marks A3          bank.reserved payout.beyond_unpaid
        =  excess A3         9.00
        =  suspense:1,A      10.00 0.00
    ");
}

#[test]
fn the_right_to_pay_lies_with_the_steward_who_bought() {
    run("
        A1 by P3 slip H1 P1A 10 at 1                => counted
        # The same steward on another phone; the same phone, not named.
        B1 by P3 pay H1 1 for A1:1                  => counted
        =  marks B1
        A2 pay H1 1 for A1:1                        => counted
        =  marks A2
        # Another steward of the same phone, and another phone.
        A3 by P4 pay H1 1 for A1:1                  => counted
        =  marks A3          payout.not_the_buyer
        B2 pay H1 1 for A1:1                        => counted
        =  marks B2          payout.not_the_buyer
        # Where no cash moves, nobody's float is touched.
        A4 prepay H1 5 share 100%                   => counted
        A5 confirm A4                               => counted
        O1 pay H1 0 for A1:5 repay A4=5             => counted
        =  marks O1
        =  repaid O1         5.00
        =  slip A1           9.00 1.00
    ");
}

#[test]
fn what_a_proxy_took_is_not_invoiceable_until_the_grower_says_so() {
    run("
        A1 slip H1 P1A 10 at 1                      => counted
        A2 pay H1 4 for A1:4 payee 1                => counted
        =  invoiceable A2    yes
        A3 pay H1 6 for A1:6 payee 0 proxy 2        => counted
        =  invoiceable A3    no
        A4 dispute A3                               => counted
        =  invoiceable A3    no
        A5 confirm A3                               => counted
        =  invoiceable A3    yes
        A6 void A3                                  => counted again void.already_voided
        =  invoiceable A3    no
        =  slip A1           4.00 6.00
    ");
}

#[test]
fn a_debt_is_voided_whole_and_only_while_nothing_rests_on_it() {
    run("
        A1 credit H1 1x80 of 农资站                 => counted
        A2 void A1 differs                          => void.target_differs
        A3 entity 2 void A1                         => void.wrong_entity
        A4 credit H1 nothing                        => debt.items_count
        A5 void A4                                  => void.target_held
        A6 void A1                                  => counted again void.already_voided
        =  input_credit:1,H1 0.00 0.00
        =  supplier:1        0.00 0.00
        =  debt A1           0.00 0.00
        A7 confirm A1                               => entry.target_not_counted
        # What was repaid keeps it.
        A8 slip H1 P1A 100 at 1                     => counted
        A9 prepay H1 30                             => counted
        A10 confirm A9                              => counted
        A11 pay H1 30 for A8:60 repay A9=30         => counted
        A12 void A9                                 => void.repaid_since
        A13 void A11                                => counted again void.already_voided
        A14 void A9                                 => counted again void.already_voided
        =  slip A8           0.00 100.00
        =  prepaid:1,H1      0.00 0.00
    ");
}
