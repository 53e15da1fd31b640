### The overview and the lists.

nothing-open = Nothing open
nothing-open-more = Every alert has been closed, or none was ever raised.
unresolved = Unresolved
closed-tab = Closed
all-tab = All
no-alerts = No alerts here.
all-unresolved = All unresolved alerts →
intake = Reports coming in
last-minute = last minute
last-hour = last hour
last-day = last 24 hours
by-minute = By minute, last 60 minutes
by-three-hours = By three hours, last 7 days
coverage = Merchants reporting
reporting = reported in the last 24 hours
silent = silent for more than 24 hours
never-reported = not one report yet
alerts-by-state = Alerts by state
new-destinations = New destinations, last 30 days
new-destinations-more = Hosts that no merchant’s pages had ever reported before. Most are harmless; what looks like an attack becomes an alert.
no-new-destinations = No new destination in the last 30 days.
alert = Alert
merchants-hit = Merchants
merchants-with-alerts = Merchants with unresolved alerts

# What a chart shows, for those who do not see it.
# $title (text)
# $total (number)
# $most (number)
chart = { $title }: { $total ->
    [one] 1 report
   *[other] { $total } reports
} in all, at most { $most } in one bar.

# A bar, for whoever points at it.
# $when (text)
# $reports (number)
bar = { $when }: { $reports ->
    [one] 1 report
   *[other] { $reports } reports
}

# How many unresolved alerts there are.
# $count (number)
unresolved-counted = { $count ->
    [one] 1 unresolved alert
   *[other] { $count } unresolved alerts
}

# How many merchants.
# $count (number)
merchants-counted = { $count ->
    [one] 1 merchant
   *[other] { $count } merchants
}

# What is left out of a list.
# $count (number)
more = and { $count } more

# The scale of a chart.
# $most (number)
at-most = highest bar: { $most }
