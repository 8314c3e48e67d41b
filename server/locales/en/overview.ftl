overview-title = Overview
overview-today = Today
overview-this-month = This month
overview-season = This season
overview-other-season = Season
overview-slips = { $count ->
    [one] { $shown } slip
   *[other] { $shown } slips
}
overview-last = No slip yet today. The last purchase was on { $date }.
overview-sentence = { $villages ->
    [one] { $villages } village
   *[other] { $villages } villages
}, { $households ->
    [one] { $households } household
   *[other] { $households } households
} since { $since }: { $jin } jin ({ $kg } kg) net, gross purchases { $amount }, { $mean } per active household and month.
overview-spoken = Today { $count } slips, { $jin } jin, gross purchases { $amount }.
overview-no-village = No village yet. Add the first one, then invite its phones.
overview-no-prices = No price list yet. Import products and prices on the server; phones can buy as soon as they have synced:
overview-no-phone = No phone yet. Invite one under “Villages and phones” and let the steward paste the text into the app.
overview-no-slip = No slip yet. The first slip appears here by itself when its phone has synced.
overview-set-up = To villages and phones
overview-years = Years
overview-waiting = Waiting
overview-unpaid = Unpaid
overview-held = Held entries
overview-open = Open exceptions
overview-counting = being looked through…
overview-phones = Phones
overview-phones-silent = { $silent ->
    [0] { $all } in use
   *[other] { $all } in use, { $silent } silent for long
}
overview-silent = silent for { $days } days
overview-all-phones = All { $all } phones
overview-by-month = Gross purchases by month
overview-by-village = Gross purchases by village
overview-by-product = Gross purchases by product
overview-chart = Gross purchases of { $year } by { $by }
overview-month = month
overview-village = village
overview-product = product
overview-amount = gross purchases
overview-jin = jin
overview-before = same months of { $year }
overview-month-name = { $month ->
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
overview-rest = { $count } others
overview-adjusted = Adjustments of whole slips
