//! Floats and the bank: one row per rule, errors in order of precedence.

use super::table::run;

#[test]
fn cash_moves_when_the_receiver_accepts_it() {
    run("
        O1 by 3 issue office P7 500                   => counted
        =  float:1,P7    0.00 0.00
        =  bank:1        0.00 0.00
        A1 by 7 accept O1                             => counted again float.already_accepted
        =  float:1,P7    500.00 0.00
        =  bank:1        0.00 500.00
        # From one hand to another, and what is left back to the bank.
        A2 by 7 issue P7 P8 200                       => counted
        B1 by 8 accept A2                             => counted again float.already_accepted
        =  float:1,P7    500.00 200.00
        =  float:1,P8    200.00 0.00
        B2 by 8 issue P8 office 150.50                => counted
        O2 by 3 accept B2                             => counted again float.already_accepted
        =  float:1,P8    200.00 150.50
        =  bank:1        150.50 500.00
        # A phone whose steward the district has not named stands for itself.
        O3 issue office A 10                          => counted
        A3 accept O3                                  => counted again float.already_accepted
        =  float:1,A     10.00 0.00
        # Each entity has its own cash.
        O4 entity 2 issue office P7 70                => counted
        A4 by 7 accept O4                             => float.issue_unknown
        A5 entity 2 by 7 accept O4                    => counted again float.already_accepted
        =  float:2,P7    70.00 0.00
        =  float:1,P7    500.00 200.00
    ");
}

#[test]
fn a_float_below_zero_is_what_the_steward_advanced() {
    run("
        A1 by 7 slip H1 P1A 10 at 3                   => counted
        A2 by 7 pay H1 30 for A1:30                   => counted
        =  float:1,P7    0.00 30.00
        O1 by 3 issue office P7 20                    => counted
        A3 by 7 accept O1                             => counted again float.already_accepted
        =  float:1,P7    20.00 30.00
        # Handing over more than there is is a fact too.
        A4 by 7 issue P7 P8 5                         => counted
        B1 by 8 accept A4                             => counted again float.already_accepted
        =  float:1,P7    20.00 35.00
    ");
}

#[test]
fn an_issue_and_its_acceptance_are_held_for_each_reason_in_order() {
    run("
        A1 by 7 issue P7 P8 0                         => entry.amount_not_positive
        A2 by 7 issue P7 P7 1                         => float.to_oneself
        A3 by 7 issue P7 P8 1000000000.01             => entry.amount_too_large
        A4 by 7 issue P8 P9 1                         => float.not_the_giver
        A5 by 7 issue office P8 1                     => float.not_the_giver
        A6 issue P7 P8 1                              => float.not_the_giver
        A7 by 7 issue A P8 1                          => float.not_the_giver
        O1 by 3 issue P7 P8 1                         => float.not_the_giver
        O2 by 3 issue P3 P8 1                         => float.not_the_giver
        C1 issue office P8 1                          => entry.not_for_this_device
        A8 jump by 7 issue P8 P8 -1                   => entry.lamport_jump entry.amount_not_positive float.to_oneself float.not_the_giver
        O3 by 3 issue office P7 100                   => counted
        A9 by 7 accept O99                            => float.issue_unknown
        A10 by 7 accept O3 differs                    => entry.target_differs
        B1 by 8 accept A4                             => entry.target_not_counted float.not_the_receiver
        B2 by 9 accept A4                             => entry.target_not_counted
        B3 by 8 accept O3                             => float.not_the_receiver
        A11 accept O3                                 => float.not_the_receiver
        O4 by 7 accept O3                             => float.not_the_receiver
        B4 by 8 accept O3 differs                     => entry.target_differs float.not_the_receiver
        # Another village's cash is not seen from here.
        D1 by 7 accept O3                             => float.issue_unknown
        C2 by 7 accept O3                             => entry.not_for_this_device float.issue_unknown
        =  float:1,P7    0.00 0.00
        A12 by 7 accept O3                            => counted again float.already_accepted
        B5 by 8 accept O3                             => float.already_accepted float.not_the_receiver
        =  float:1,P7    100.00 0.00
    ");
}

#[test]
fn a_count_posts_nothing_and_its_approved_difference_is_posted_once() {
    run("
        O1 by 3 issue office P7 500                   => counted
        A1 by 7 accept O1                             => counted again float.already_accepted
        A2 by 7 count P7 480 of 500                   => counted
        A3 by 7 count P7 505.50 of 500                => counted
        A4 by 7 count P7 500 of 500                   => counted
        # Somebody else may count, and money that was advanced is no shortage.
        O2 by 3 count P7 0 of -30                     => counted
        =  float:1,P7    500.00 0.00
        =  shortage_pending:1 0.00 0.00
        # A shortage.
        O3 by 3 difference A2 P7 -20 approved 4       => counted again float.difference_twice
        =  float:1,P7    500.00 20.00
        =  shortage_pending:1 20.00 0.00
        # A surplus: negative on the same side.
        O4 by 3 difference A3 P7 5.50 approved 4      => counted again float.difference_twice
        =  float:1,P7    500.00 14.50
        =  shortage_pending:1 14.50 0.00
    ");
}

#[test]
fn a_count_and_its_difference_are_held_for_each_reason_in_order() {
    run("
        A1 by 7 count P7 -1 of 0                      => float.count_negative
        A2 by 7 count office 1 of 0                   => float.of_the_office
        A3 by 7 count office -1 of 0                  => float.count_negative float.of_the_office
        C1 by 7 count P7 1 of 0                       => entry.not_for_this_device
        A4 by 7 count P7 90 of 100                    => counted
        A5 by 7 difference A4 P7 -10 approved 4       => entry.not_for_this_device
        O1 by 3 difference A99 P7 -10 approved 4      => float.count_unknown
        O2 by 3 difference A4 P7 0 approved 4         => entry.amount_not_positive float.difference_disagrees
        O3 by 3 difference A4 P7 -10 approved 4 wordless  => entry.reason_empty
        O4 by 3 difference A4 P7 -10 approved 4 differs   => entry.target_differs
        O5 by 3 difference A1 P7 -1 approved 4        => entry.target_not_counted
        O6 by 3 difference A4 P7 -11 approved 4       => float.difference_disagrees
        O7 by 3 difference A4 P8 -10 approved 4       => float.difference_disagrees
        O8 by 3 difference A4 P7 -10 approved 3       => entry.same_person
        O9 by 3 difference A4 P7 -10 approved 0       => entry.same_person
        O10 difference A4 P7 -10 approved 4           => entry.same_person
        # Whose till it is cannot approve what it lacks.
        O11 by 3 difference A4 P7 -10 approved 7      => entry.same_person
        O12 by 3 difference A4 P8 1 approved 3 differs => entry.target_differs float.difference_disagrees entry.same_person
        O13 entity 2 by 3 difference A4 P7 -10 approved 4 => float.count_unknown
        =  shortage_pending:1 0.00 0.00
        O14 by 3 difference A4 P7 -10 approved 4      => counted again float.difference_twice
        O15 by 3 difference A4 P7 -10 approved 3      => float.difference_twice entry.same_person
    ");
}

#[test]
fn a_batch_is_reserved_approved_filed_and_paid_or_returned() {
    run("
        A1 slip H1 P1A 10 at 10                       => counted
        A2 slip H1 P1A 5 at 10                        => counted
        A3 slip H2 P1A 2 at 10                        => counted
        O1 by 3 reserve B1 H1 A1:100 A2:50            => counted
        O2 by 3 reserve B1 H2 A3:20                   => counted
        =  reserved A1   100.00
        =  slip A1       0.00 100.00
        =  payable:1,H1  0.00 150.00
        O3 by 4 approve B1 2 170 prepared 3           => counted again bank.approved_twice
        =  bank:1        0.00 0.00
        O4 by 3 file B1 O3 2 170                      => counted again bank.file_twice
        =  bank:1        0.00 170.00
        =  bank_in_transit:1 170.00 0.00
        O5 by 3 result B1 H1 O1 paid                  => counted again bank.already_settled
        =  slip A1       100.00 0.00
        =  slip A2       50.00 0.00
        =  reserved A1   0.00
        =  payable:1,H1  150.00 150.00
        =  bank_in_transit:1 170.00 150.00
        # The bank returned the other one: it is payable again, in cash too.
        O6 by 3 result B1 H2 O2 returned              => counted again bank.already_settled
        =  slip A3       0.00 20.00
        =  reserved A3   0.00
        =  bank:1        20.00 170.00
        =  bank_in_transit:1 170.00 170.00
        =  payable:1,H2  0.00 20.00
        O7 by 3 reserve B2 H2 A3:20                   => counted
        # Given up before a file was made: nothing moved.
        O8 by 3 result B2 H2 O7 released              => counted again bank.already_settled
        =  reserved A3   0.00
        =  bank:1        20.00 170.00
        A4 pay H2 20 for A3:20                        => counted
        =  slip A3       20.00 0.00
    ");
}

#[test]
fn what_the_bank_pays_beyond_the_unpaid_is_suspense_of_the_office() {
    run("
        A1 slip H1 P1A 10 at 10                       => counted
        A2 slip H1 P1A 1 at 10                        => counted
        # More is reserved than is unpaid: it counts, and pays no more than is unpaid.
        O1 by 3 reserve B1 H1 A1:120 A2:4             => counted
        =  reserved A1   120.00
        # Paid in cash meanwhile, on a phone that did not know: suspense of its steward.
        A3 pay H1 30 for A1:30                        => counted
        O2 by 3 result B1 H1 O1 paid                  => counted again bank.already_settled
        =  slip A1       100.00 0.00
        =  slip A2       4.00 6.00
        =  reserved A1   0.00
        =  payable:1,H1  104.00 110.00
        =  suspense:1,office 20.00 0.00
        =  suspense:1,A  30.00 0.00
        =  bank_in_transit:1 0.00 124.00
        # The same payable in two batches: the second pays nothing more.
        O3 by 3 reserve B2 H1 A2:6                    => counted
        O4 by 3 reserve B3 H1 A2:6                    => counted
        =  reserved A2   12.00
        O5 by 3 result B2 H1 O3 paid                  => counted again bank.already_settled
        =  reserved A2   6.00
        O6 by 3 result B3 H1 O4 paid                  => counted again bank.already_settled
        =  slip A2       10.00 0.00
        =  suspense:1,office 26.00 0.00
        # The grower says that it came: owed back. A later no takes back what is not repaid yet.
        O7 by 3 entity 2 confirm O2                   => entry.wrong_entity
        O8 by 3 confirm O2 differs                    => entry.target_differs
        A4 confirm O2                                 => counted
        =  suspense:1,office 26.00 20.00
        =  refund_due:1,H1 20.00 0.00
        A5 confirm O2                                 => counted
        =  refund_due:1,H1 20.00 0.00
        A6 receive H1 O2 5                            => counted
        A7 dispute O2                                 => counted
        =  suspense:1,office 26.00 5.00
        =  refund_due:1,H1 5.00 5.00
    ");
}

#[test]
fn a_reserve_is_held_for_each_reason_in_order() {
    run("
        A1 slip H1 P1A 1 at 10                        => counted
        A2 slip H2 P1A 1 at 10                        => counted
        A3 slip H1 P1A 1 at 10 as 11                  => purchase.amount_disagrees
        A4 slip H1 P1A 1 at 10                        => counted
        A5 void A4                                    => counted again void.already_voided
        A6 entity 2 slip H1 P1A 1 at 10               => counted
        O1 by 3 reserve B1 H1                         => payout.nothing
        O2 by 3 reserve B1 H1 A1:0                    => payout.allocation_not_positive entry.amount_not_positive
        O3 by 3 reserve B1 H1 A1:1 A1:1               => payout.slip_twice
        O4 by 3 reserve B1 H1 A1:1000000000.01        => entry.amount_too_large
        O5 by 3 reserve B1 H1 A1:1 last4=12           => bank.last_four
        O6 by 3 reserve B1 H1 A99:1                   => payout.slip_unknown
        O7 by 3 reserve B1 H1 A2:1                    => payout.slip_unknown
        O8 by 3 reserve B1 H1 A3:1                    => payout.slip_not_counted
        O9 by 3 reserve B1 H1 A4:1                    => payout.slip_not_counted
        O10 by 3 reserve B1 H1 A6:1                   => payout.wrong_entity
        O11 by 3 reserve B1 H1 A1:1 A99:1 A3:1 A6:1   => payout.slip_unknown payout.slip_not_counted payout.wrong_entity
        A7 reserve B1 H1 A1:1                         => entry.not_for_this_device
        C1 reserve B1 H1 A1:1                         => entry.not_for_this_device
        O12 jump by 3 reserve B1 H1 A1:1 last4=x      => entry.lamport_jump bank.last_four
        =  reserved A1   0.00
        O13 by 3 reserve B1 H1 A1:10                  => counted
        =  reserved A1   10.00
    ");
}

#[test]
fn an_approval_and_a_file_are_held_for_each_reason_in_order() {
    run("
        O1 by 4 approve B1 0 10 prepared 3            => bank.batch_empty
        O2 by 4 approve B1 1 0 prepared 3             => entry.amount_not_positive
        O3 by 3 approve B1 1 10 prepared 3            => entry.same_person
        O4 approve B1 1 10 prepared 3                 => entry.same_person
        O5 by 4 approve B1 1 10 prepared 0            => entry.same_person
        A1 by 4 approve B1 1 10 prepared 3            => entry.not_for_this_device
        O6 by 3 file B1 O3 1 10                       => bank.not_approved
        O7 by 4 approve B1 1 10 prepared 3            => counted again bank.approved_twice
        O8 by 3 approve B1 1 10 prepared 3            => bank.approved_twice entry.same_person
        O9 by 3 file B1 O3 1 10                       => bank.not_approved
        O10 by 3 file B2 O7 1 10                      => bank.not_approved
        O11 entity 2 by 3 file B1 O7 1 10             => bank.not_approved
        O12 by 3 file B1 O7 0 10                      => bank.batch_empty bank.total_disagrees
        O13 by 3 file B1 O7 2 10                      => bank.total_disagrees
        O14 by 3 file B1 O7 1 10.01                   => bank.total_disagrees
        A2 by 3 file B1 O7 1 10                       => entry.not_for_this_device
        =  bank:1        0.00 0.00
        O15 by 3 file B1 O7 1 10                      => counted again bank.file_twice
        O16 by 3 file B1 O7 1 11                      => bank.file_twice bank.total_disagrees
        =  bank_in_transit:1 10.00 0.00
        # Another entity may have a batch of its own.
        O17 entity 2 by 4 approve B2 1 5 prepared 3   => counted again bank.approved_twice
        O18 entity 2 by 3 file B2 O17 1 5             => counted again bank.file_twice
        =  bank_in_transit:2 5.00 0.00
    ");
}

#[test]
fn a_result_is_held_for_each_reason_in_order() {
    run("
        A1 slip H1 P1A 1 at 10                        => counted
        O1 by 3 reserve B1 H1 A1:10                   => counted
        O2 by 3 reserve B1 H1 A99:1                   => payout.slip_unknown
        O3 by 3 result B1 H1 O99 paid                 => bank.reserve_unknown
        O4 by 3 result B1 H2 O1 paid                  => bank.reserve_unknown
        O5 by 3 result B1 H1 O1 paid differs          => entry.target_differs
        O6 by 3 result B1 H1 O2 paid                  => bank.reserve_not_counted
        O7 by 3 result B2 H1 O1 paid                  => bank.other_batch
        O8 entity 2 by 3 result B1 H1 O1 paid         => entry.wrong_entity
        O9 by 3 result B1 H1 O1 returned wordless     => entry.reason_empty
        O10 by 3 result B1 H1 O1 released wordless    => entry.reason_empty
        A2 result B1 H1 O1 paid                       => entry.not_for_this_device
        O11 entity 2 by 3 result B2 H1 O1 paid differs => entry.target_differs bank.other_batch entry.wrong_entity
        =  slip A1       0.00 10.00
        =  reserved A1   10.00
        O12 by 3 result B1 H1 O1 paid                 => counted again bank.already_settled
        O13 by 3 result B1 H1 O1 returned             => bank.already_settled
        O14 by 3 result B2 H1 O1 paid                 => bank.other_batch bank.already_settled
        O15 by 3 void O12                             => void.target_not_voidable
        =  slip A1       10.00 0.00
    ");
}

#[test]
fn a_slip_that_is_returned_while_it_is_reserved_is_paid_into_suspense() {
    run("
        A1 slip H1 P1A 1 at 10                        => counted
        O1 by 3 reserve B1 H1 A1:10                   => counted
        # What comes back while it is reserved is paid by the bank all the same: suspense.
        A2 slip H1 P1A 1 at 4                         => counted
        O2 by 3 reserve B1 H1 A2:4                    => counted
        A3 void A2                                    => void.reserved
        A4 return A2.0 1                              => counted again return.beyond_line
        =  reserved A2   4.00
        O3 by 3 result B1 H1 O2 paid                  => counted again bank.already_settled
        =  reserved A2   0.00
        =  slip A2       0.00 0.00
        =  suspense:1,office 4.00 0.00
        =  payable:1,H1  0.00 10.00
    ");
}
