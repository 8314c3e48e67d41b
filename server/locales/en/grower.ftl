# A household's own pages
grower-title = Our purchase account
grower-switches = Type size and language
grower-elder = Larger type
grower-usual = Usual type
grower-home = Back to this month
grower-out = Sign out
grower-card-title = Scan the QR on your card
grower-card-text = Scan your household's card with the phone's camera, then type the PIN. If you have no card or lost it, ask the village's steward or the county office.
grower-card-idle = After { $minutes } minutes without a tap you are signed out; everything in the books stays.
grower-pin-title = Type your PIN
grower-pin-label = PIN of 6 digits
grower-pin-go = Open
grower-pin-help = The PIN is on the paper that came with the card. If you forgot it, ask the village's steward or the county office; the card stays.
grower-pin-wrong = That is not the PIN. You can try { $left } more times, then you have to wait. If you forgot it, ask the village's steward or the county office.
grower-pin-locked = Too many wrong PINs. Wait { $minutes } minutes and try again. If you forgot it, ask the village's steward or the county office.
grower-pin-no-card = This card opens nothing: there may be a newer one, or the address is cut. Scan the newer card, or ask the village's steward or the county office.
grower-month-name = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
 } { $year }
grower-month-short = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
 }
grower-month = Month
grower-jin = Jin
grower-delivered = Delivered
grower-gross = Gross purchases
grower-gross-hint = Gross purchases are what your produce was bought for. Your costs are not taken off, so it is not income.
grower-corrected = of it corrections
grower-paid = Paid
grower-paid-month = Paid this month
grower-repaid = of it kept back for debts
grower-unpaid = Unpaid
grower-unpaid-now = Unpaid, all months
grower-unpaid-then = Unpaid at the close, all months
grower-unpaid-none = Nothing is unpaid.
grower-unpaid-bank = { $amount } of it is with the bank since { $day }; it counts as paid when it has arrived.
grower-unpaid-until = No day of payment is written down yet. The district pays within { $days } days of a purchase: the oldest by { $day }.
grower-unpaid-late = The oldest was to be paid by { $day } (the district's { $days } days) and is late. Ask the steward, or object on its slip.
grower-estimated = Besides, some has no price yet and is paid once it is fixed. Estimated now
grower-slips-of = See the { $count } slips of this month
grower-slips-last = See the slips of { $month }
grower-nothing-yet = Nothing delivered this month yet.
grower-year = Twelve months
grower-chart-name = Gross purchases of the last twelve months
grower-chart-now = Thick: the month's gross purchases.
grower-chart-before = Thin: the same month a year before.
grower-chart-table = As a table
grower-year-before = Year before
grower-objections = Your objections
grower-objections-none = You have not objected to anything.
grower-closed = This month is closed and its figures stay; later corrections stand in later months.
grower-slips = Slips
grower-slips-none = No slip in this month.
grower-slip = Slip
grower-late = posted late
grower-changed = corrected since
grower-newer = newer
grower-older = older
grower-moved = Payments and what else moved
grower-debts = What your household owes
grower-debt = { $what } of { $amount }, { $left } left, due { $day }.
grower-prepayment = Prepayment
grower-input-credit = Inputs on credit
grower-deposit = Deposit
grower-refund = Refund due
grower-gross-weight = Gross weight
grower-net-weight = without the crate
grower-settled = Settlement weight
grower-no-reason = no reason written
grower-deducted = Taken off for “{ $why }”: { $how }, that is
grower-price-list = the price list of the day
grower-price-floor = your contract's floor price, above the list
grower-price-excess = beyond the contract's quantity: the list of the day
grower-price-stated = the price agreed at the scale
grower-price-pending = not fixed yet: an estimate, paid once it is fixed
grower-voided = This slip is voided and does not count. Why:
grower-held = Held: not owed until the district admits it. Why:
grower-refused = The district did not admit this slip, so it is not owed. Object if you disagree.
grower-due = Owed
grower-reserved = of it with the bank
grower-returned-by-bank = The bank returned it, so nothing was paid. Ask the office to check the account. Why:
grower-settled-up = Paid in full
grower-by-bank = by bank
grower-not-by-bank = returned by the bank
grower-in-cash = in cash
grower-returned = Returned
grower-price-fixed = Price fixed
grower-adjusted = Adjusted
grower-payout = Payment
grower-bank-paid = The bank paid it to the account ending in { $last }.
grower-bank-returned = The bank returned it: nothing was paid, and it is still owed. Why:
grower-bank-released = The office gave this bank payment up; it is still owed. Why:
grower-cash-paid = Paid in cash, by hand.
grower-rounding = Rounded up for you
grower-kept-back = Kept back for debts
grower-received = Received
grower-proxy = Somebody took this money for you. Object if you did not get it.
grower-notice = Notice of what was kept back
grower-notice-text = Kept back from this payment for { $what } of { $day }: { $amount }; { $left } is left.
grower-notice-less = The slip says { $claimed }; the rest is still owed to you.
grower-objection = Objection
grower-object = I object
grower-object-open = Waits for the office
grower-object-answered = Answered, not settled
grower-object-settled = Settled
grower-you = You said
grower-answer = The office answered
grower-object-why = What is wrong?
grower-object-weight = The weight
grower-object-price = The price
grower-object-deduction = What was taken off
grower-object-payment = The money did not come, or not all of it
grower-object-stranger = This is not ours
grower-object-other = Something else
grower-object-text = In your own words (if you like)
grower-object-hint = Please write no names, phone or ID numbers: these words are kept for years.
grower-object-choose = Choose a reason first.
grower-object-next = Next
grower-object-confirm = Please look once more
grower-object-about = About:
grower-object-what = The office will see it and answer; the answer stands below this slip. No money and no figure changes by itself.
grower-object-send = Send
grower-object-back = Back
