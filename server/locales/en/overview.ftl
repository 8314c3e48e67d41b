overview-title = Overview
overview-slips = { $count } slips in all
