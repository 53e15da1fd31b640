### Overviews: of many merchants, and of one.

ages = Open for how long
age-hour = under 1 hour
age-day = under 1 day
age-week = under 7 days
age-older = 7 days or more
# How many alerts are past their deadline.
# $count (number)
overdue = { $count } overdue

sending = Sending
sending-more = at least one report within 24 hours
silent = Silent
silent-more = no report for ten times as long as usual
unclear = Cannot tell
unclear-more = too few reports to tell silence from peace
never-reported = Never sent
never-reported-more = not one report is stored

matrix = Which campaign hit which merchant, and when
not-hit = not hit

verdict-act = Act now: card data may be leaving your shop
verdict-act-more = Open the alert below and do what it says. Your payment service provider sees it too.
verdict-look = Please look at this
verdict-look-more = Something new on your payment pages has no explanation yet. Open the alert below and say what it is.
verdict-silent = Your shop has stopped reporting
verdict-silent-more = Reports used to arrive and do not any more. Open your payment page and look whether the header is still sent.
verdict-blind = We cannot tell yet whether your shop is safe
verdict-blind-more = At least one of your sites sends no reports, or too few. Open it below; its page says what to do.
verdict-calm = Safe, as far as we can see
verdict-calm-more = Your sites report, and nothing in the reports is suspicious. What your policy allows, and pages without a policy, nobody sees.
verdict-away = We cannot tell at the moment
verdict-away-more = Reports cannot be read now; none is lost. No alert is open.
your-sites = Your sites
site = Site
status = State
this-week = New this week
this-week-more = Hosts that your pages reported for the first time in the last 7 days. Most are harmless; what looks like an attack becomes an alert.
site-unclear = No report for more than 24 hours, which may mean nothing
site-unclear-more = This site reports so seldom that silence says nothing. Open a payment page and look whether the header is still there.

# How many merchants a list shows, and how many there are.
# $count (number)
# $all (number)
merchants-found = { $all ->
    [one] { $count } of 1 merchant
   *[other] { $count } of { $all } merchants
}
as-csv = Download as CSV
no-such-sites = No merchant fits. Take a filter away.
previous-page = ← Previous page
platform = Shop software
filter-list = Filter
selected = Selected
label-selected = Label for the selected merchants
add-label = Add
remove-label = Remove
bad-label = The labels were not changed
bad-label-more = A label is one word of at most 50 characters, and a site has at most 16 of them. Go back and try again.

questions = Open questions
key-retires = A reporting key is retired by itself:
no-checkout-paths = No payment page is known for this site, so that every page counts as one or none does. Tell its payment paths.
scripts = Scripts
scripts-more = What browsers reported of payment pages in the last 7 days: scripts that ran, were blocked, or were named as the origin of something, which a page can forge. Scripts that the policy allows and that do nothing it forbids are not in it.
no-scripts = No script was reported on payment pages in the last 7 days.
script = Script
script-role = How it was seen
role-source = named as origin
role-blocked = blocked
role-ran = ran or tried to
policies = Policies
policies-more = Policies as browsers sent them back in the last 30 days, the newest first, and what changed from one to the next. Nonces and the reporting address do not count.
no-policies = No browser has sent a policy back in the last 30 days.
first-policy = The first that was seen in this time.
same-rules = The same rules as the one before, written differently.
rule-removed = removed
rule-added = added
whole-policy = The whole policy
