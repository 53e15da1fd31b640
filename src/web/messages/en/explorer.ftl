### Destinations and reports: what is looked for, what is found, what is decided.

destinations-tab = Destinations
reports-tab = Reports
status-tab = Status

no-bars = No reports in this time.
as-table = Figures as a table
from-then = From

filter = Filter
filter-wrong = Nothing was looked for yet: correct what is marked below.
more-filters = More filters
show-reports = Show reports
reset-filter = Reset
shared-by-address = The address of this page holds the filter: pass it on to share it.
any = any
search = Search
time-range = Time
last-week = last 7 days
last-month = last 30 days
last-quarter = last 90 days
from-utc = From (UTC)
to-utc = Until (UTC)
merchant-with-id = Merchant (ID)
host = Host
page-kind = Kind of page
disposition = What the browser did
enforced = blocked it
reported-only = let it through
not-said = does not say
card-in-report = Card number
with-card = with a card number
without-card = without one
country-code = Country (two letters)
network = Network (pseudonym)
label = Label
report-type = Report type
policy-hash = Policy (hash)
take-out = Take this filter out

too-long = This is longer than anything it could match.
no-word = This is none of the choices.
no-country = Write two letters, such as JP.
no-moment = Write a date and a time, such as 2026-01-31T09:30.
ends-before = The end is not after the beginning.
too-far-back = At most 400 days can be looked at in one go.
not-hexadecimal = Write the 16 digits as a report shows them.
no-id = No merchant can have this ID: it has letters, digits, “-”, “_”, “.”.

over-time = Reports over time
bars-lead = A bar leads to its reports.
whole-time = Back to the last 30 days
older-reports = Older reports →
as-file = As a file
as-file-more = All reports of this filter, newest first, not only those of this page. Merchants can have up to 200,000 in a file, organizations 2,000,000.
no-file = There is no file
files-busy = A file is being made for your organization already. Wait until it has arrived, then try again.
file-too-long = There are more reports than one file may hold. Choose a shorter time or one merchant.

# How many reports a filter finds.
# $count (number)
reports-found = { $count ->
    [one] 1 report
   *[other] { $count } reports
}

reports-away = The reports cannot be read now
one-report = One report
what-it-says = What it says
where-from = Where it comes from
body = Body
policy = Policy of the page
no-policy-text = The text of this policy is not at hand.
related = Related reports
occurred = Happened
sample = Beginning of the code
status-code = Status of the page
referrer = Page before
network-operator = Network operator

# An autonomous system.
# $number (text)
operator-number = AS{ $number }

client = Browser (pseudonym)
same-destination = All to the same destination
same-moment = All of this merchant within five minutes
same-network = All from the same network
same-policy = All of pages with the same policy

# How long a card number is.
# $digits (number)
card-digits = { $digits ->
    [one] 1 digit
   *[other] { $digits } digits
}

destinations-more = Every place that browsers reported, newest first. Open one to see where it came first and what was decided about it.
no-destinations = No destination fits. Ask for less, or for a longer time.
name-holds = Name, or part of it
new-since = New in the last
any-time = any time
verdict = Verdict
any-verdict = with a verdict
approved = Approved
blocked-tag = Blocked
payment-only = only payment pages
with-alert = only with an alert

# A stretch of days up to now.
# $count (number)
days-back = { $count ->
    [one] 1 day
   *[other] { $count } days
}

alerts-about = Alerts about it
by-day = By day, last 60 days
newest-reports = Newest reports
all-reports = All reports of it →
whole-history = All that is known of this destination →
site-all-reports = All reports of this merchant →
never-seen = No report of it has been stored from the merchants that you see.
where-seen = Where it came, in the order in which it began
blocked-count = Blocked
what-stands-there = What its reports say
most-frequent = The most frequent ones.

# What is left out of a list whose end nobody has seen.
# $count (number)
at-least-more = and at least { $count } more

verdicts = Verdicts
verdicts-more = What is approved raises no alert, unless card numbers go there or it poses as a payment page. What is blocked raises an alert with its first report. Blocked counts more than approved.
no-verdict = Nothing has been decided about it.
no-verdict-possible = Verdicts are for whole domains, such as vendor.example. This is none.
not-yours-to-decide = You cannot decide about it: a verdict counts for everybody who sees the merchant, so one that several organizations share is the operator’s to decide about.
decide = Decide
for-which = For which merchant
all-merchants = All merchants
why-decided = Reason
why-more = For whoever reads the verdict later. It stays in the log for good.
why-more-operator = For whoever reads the verdict later. It stays in the log for good. About one merchant it is read by every organization that sees the merchant.
approve = Approve
block = Block
withdraw = Withdraw
why-withdrawn = Reason to withdraw it
decided = What was decided so far
approved-then = Approved
blocked-then = Blocked
approval-withdrawn = Approval withdrawn
block-withdrawn = Block withdrawn
another-organization = Another organization
why-not-shown = The reason is not shown.
no-place = Nothing was decided: choose for which merchant.
no-such-merchant = Nothing was decided: there is no such merchant, or it is not yours to see.
why-wrong = Nothing was decided: give a reason of at most 500 characters, on one line.
not-your-verdict = Nothing was decided: this verdict counts for others too, or is the operator’s. Ask the operator.
no-verdict-there = Nothing was done: there is no such verdict any more.
too-many-verdicts = Nothing was decided: there are as many verdicts as may be. Withdraw one first.
