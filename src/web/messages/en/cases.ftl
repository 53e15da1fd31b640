### The closed sets of cases: kinds, severities, states, causes, events.

receives = receives data
runs-code = code is loaded from it
poses = shoppers are led to it
floods = its reports are flooded
low = Low
medium = Medium
high = High
critical = Critical
open = Open
acknowledged = Acknowledged
contained = Contained
closed = Closed
skimmer = A script planted in the page copied card data
fake-page = Shoppers were led to a fake payment page
supplier = A supplier of the merchants was broken into
legitimate = A change that the merchant meant
policy-mistake = A mistake in the merchant’s policy
visitor = Software of visitors, such as extensions
forged = Reports that no page caused
test = A test of our own
late-look = nobody has looked at it
late-look-twice = still nobody has looked at it; the operator was told
late-close = it is not closed
late-close-twice = it is still not closed; the operator was told

# What an alert is about.
# $destination (text)
title-exfiltration = Card data may be leaving for { $destination }

# What an alert is about.
# $destination (text)
title-foreign-script = Unknown code from { $destination } may be running on payment pages

# What an alert is about.
# $destination (text)
title-fake-page = Shoppers may be led to a fake payment page at { $destination }

title-suspect-reports = What is reported of a payment page cannot be believed

# How long an alert may still wait.
# $span (text)
look-within = To be looked at within { $span }

# How long an alert has waited too long.
# $span (text)
look-overdue = Overdue by { $span }: nobody has looked at it

# How long an alert may still be open.
# $span (text)
close-within = To be closed within { $span }

# How long an alert has been open too long.
# $span (text)
close-overdue = Overdue by { $span }: not closed

# How the alerts of 90 days were dealt with.
# $raised (number)
# $share (number) - of those that were looked at, in percent
# $overdue (number)
quarter = Last 90 days: { $raised } raised, { $share } % looked at, { $overdue } overdue.

# $look (text) - half of the times until they were looked at are shorter
median-look = Median time to the first look: { $look }.

# $look (text) - half of the times until they were looked at are shorter
# $close (text) - and until they were closed
median-times = Median time to the first look: { $look }; to the end: { $close }.

# $severity (text)
event-raised = Alert raised ({ $severity })

# $severity (text)
# $first (text) - merchant
# $more (number) - other merchants
raised-at = Alert raised ({ $severity }): first merchant { $first }{ $more ->
    [0] { "" }
   *[other] , and { $more } more
}

# $severity (text)
event-worsened = Severity rose to: { $severity }

# $merchant (text)
event-site-joined = One more merchant hit: { $merchant }

# $destination (text)
event-member-joined = One more destination belongs to it: { $destination }

event-acknowledged = Acknowledged

event-contained = Marked as contained

# $cause (text)
event-closed = Closed. Cause: { $cause }

# $late (text) - what is late about it
event-overdue = Overdue: { $late }

event-reopened = Opened again

# $merchant (text)
event-reopened-by = Opened again, because it was reported at { $merchant }
