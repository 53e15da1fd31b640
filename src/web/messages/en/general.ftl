### What stands on every page, in tables, and where there is nothing to show.

overview = Overview
alerts = Alerts
merchants = Merchants
navigation = Main navigation
skip = Skip to the content
log-out = Log out
log-in = Log in
log-in-more = Enter the access token that was set for this installation. It counts until the first operator can log in.
token = Access token
wrong-token = That token is not valid here.
footer = Skimwatch reads the reports that browsers send when a page breaks its Content-Security-Policy. Silence is no proof of safety.
away = Reports cannot be read now: the database does not answer. What you see comes from the control state; nothing that browsers send is lost.
loading = Reading reports…
unknown-now = cannot be read now

not-found = There is nothing here
not-found-more = The address is wrong, or what it named is not yours to see.
forbidden = You may look, but not do this
forbidden-more = Your role does not include it. Ask an administrator of your organization.
foreign = This form was not accepted
foreign-more = It did not come from a page of your present session. Go back, reload the page and try again.
too-many = Too many wrong attempts
too-many-more = Wait a minute, then try again.
bad-form = Something is missing in the form
bad-form-more = To close an alert, choose its cause.
long-note = The note is too long
long-note-more = It may have 2,000 characters. Nothing was changed.
state-changed = The alert is not where it was
state-changed-more = Somebody changed its state in the meantime, so nothing was done. Look at it again.
internal = Something went wrong on this side
internal-more = The log says what. Try again, and if it stays, tell whoever runs this installation.
back = Go back

merchant = Merchant
merchant-id = ID
destination = Destination
first-report = First report
last-report = Last report
reports = Reports
browsers = Browsers
networks = Networks
directive = Directive
directives = Directives
page = Page
page-kinds = Pages
blocked = Sent to
source = Script named as source
browser = Browser
country = Country
now = now
times = Times are UTC.
local-times = Times are in your time zone:
time = Time
checkout = payment
admin = admin
other-pages = other
mobile = phone
masked = * stands for a value that was masked.
no-reports = No reports.
older = Older →
next-page = Next page →
first-page = ← First page
never = never

# A family of browsers, with those that are built like it.
chromium = Chromium
