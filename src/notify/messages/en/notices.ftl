### What those who are to know of an alert are told.

destination = Destination
account = Account there
since = Since
why = Why we think so
first = What to do first
open = Open the alert
news-in-order = In order

low = Low
medium = Medium
high = High
critical = Critical

# How soon to look, and what it is about.
# $severity (text)
# $title (text)
marked = [{ $severity }] { $title }

# What an alert is about.
# $destination (text)
about-exfiltration = Card data may be leaving for { $destination }

# What an alert is about.
# $destination (text)
about-foreign-script = Unknown code from { $destination } may be running on payment pages

# What an alert is about.
# $destination (text)
about-fake-page = Shoppers may be led to a fake payment page at { $destination }

about-suspect-reports = What is reported of a payment page cannot be believed

# What is new about what an alert is about.
# $about (text)
title-worsened = More severe: { $about }

# $about (text)
title-reopened = Not over: { $about }

# $about (text)
title-site-joined = One more merchant: { $about }

# $about (text)
title-member-joined = One more destination: { $about }

# $about (text)
title-contained = Contained: { $about }

# $about (text)
title-closed = Closed: { $about }

# $about (text)
title-overdue = Overdue: { $about }

news-raised = An alert was raised.

# $severity (text)
news-worsened = The severity of this alert rose to { $severity }.

news-reopened = What was contained or closed goes on. The alert is open again.

# $merchant (text)
news-reopened-at = What was contained or closed goes on, at { $merchant }. The alert is open again.

news-site-joined = One more merchant was hit.

# $merchant (text)
news-site-joined-at = One more merchant was hit: { $merchant }.

news-member-joined = One more destination belongs to this alert.

# $destination (text)
news-member-joined-at = One more destination belongs to this alert: { $destination }

news-contained = It was marked as contained: it does no more harm.

# $cause (text)
news-closed = It was closed. Cause: { $cause }.

news-test = This is a test. Notices of this channel arrive here; nothing is wrong.

late-look = Nobody has looked at this alert in time. Please look at it now.
late-look-twice = Twice the time has passed, and nobody has looked at this alert. The operator has been told too.
late-close = This alert was not closed in time. What caused it, and what was done about it, is not on record yet.
late-close-twice = Twice the time has passed, and this alert is not closed. The operator has been told too.
late = What is to be done about this alert is overdue.

# The title of a test.
# $channel (text)
test = Skimwatch: test of channel “{ $channel }”

# The title of several notices together.
# $number (number)
digest = { $number ->
    [one] 1 notice
   *[other] { $number } notices
} from Skimwatch

digest-more = These came up in quiet hours, or beyond the number of messages an hour of this channel. What was critical was sent at once.

# Merchants that were hit, and how many.
# $number (number)
merchants = Merchants hit ({ $number })

# Of several things two that stand in a row.
# $before (text)
# $next (text)
and-next = { $before }, { $next }

# Several, of which only some are named.
# $named (text)
# $more (number)
and-others = { $named } and { $more } more

first-exfiltration = Call the merchants, in this order. Have card payment switched off, or moved to a payment page hosted by you, until the cause is found. Have copies saved before anything is removed.
first-foreign-script = Call the merchants, in this order, and ask whether they or a supplier of theirs added this code on purpose. If nobody did, treat it as an attack.
first-fake-page = Open the checkout of the first merchant on a clean device and see where the payment step leads. Enter no real card. If it is a page of neither the merchant’s nor yours, have card payment switched off.
first-suspect-reports = Ask the merchant whether the shop was changed on that day. If it was not, have the payment page looked at as it is delivered.

skimmer = a script planted in the page copied card data
fake-page = shoppers were led to a fake payment page
supplier = a supplier of the merchants was broken into
legitimate = a change that the merchant meant
policy-mistake = a mistake in the merchant’s policy
visitor = software of visitors, such as extensions
forged = reports that no page caused
test-of-ours = a test of our own
unknown = unknown

# Who sends this, and to whom.
# $organization (text)
# $channel (text)
closing = Sent by Skimwatch to { $organization }, channel “{ $channel }”. Nobody reads answers.
