### The alert's page: exposure, what is missing, who looks after it, what merchants are told.

exposure = How many shoppers were exposed
exposed-browsers = browsers that may have let it through, at least
protected-browsers = browsers at merchants where all of it was blocked
exposed-views = page views, estimated
# A figure that is not exact.
# $figure (text)
about-figure = about { $figure }
exposure-basis = Each browser counts once while its pseudonym lasts. Browsers that send no reports, or whose reports were held back on the way, are not in it: the true number is higher.
exposure-estimate = The estimate takes the page views that the canary counted since it began, and of these the share of networks that reported it.

withheld = What the browsers did not tell
# In how many of the reports that are shown.
# $count (number)
# $all (number)
in-reports = In { $count } of { $all } reports:
no-source = no script is named. Safari, embedded frames and what comes after a redirect often name none; for images Chrome often does not.
origin-only = only the host is told, not what was sent to it. Browsers do that for frames.
no-sample = the beginning of the code is missing. Browsers send it if the policy says 'report-sample'.
no-client = the browser is not counted, because this site keeps no pseudonyms or the period is over.
never-told = No report ever holds what was sent in the body of a request, and after a redirect the first address stands for the last one.

assignee = Looked after by
unassigned = nobody yet
me = me
assign = Assign
# An alert was given to somebody.
# $who (text)
event-assigned = Assigned to { $who }
event-unassigned = No longer assigned to anybody

tell-merchant = What to tell the merchant
merchant-stop = Stop taking cards on the shop's own page at once: switch card payment off, or have your payment service provider host the payment page.
merchant-save = Change nothing else yet. Save copies first: the payment page as a browser gets it, its scripts, the server's logs, the list of administrators.
merchant-look = Look for code that was changed shortly before the first report, in files, templates, plugins and the tag manager. If you did not write the shop, have its maker do it today.
merchant-doors = Change the passwords of all administrators, remove accounts that nobody knows, and bring the shop software and its plugins up to date.
merchant-know = If you added this service yourself, say so in the alert and allow it in the policy: then it is no attack.
merchant-open = Open your shop on a phone that is not yours and go as far as the payment page. Look at the address: it must be yours, or your payment service provider's. Enter no card.
merchant-report = Tell your payment service provider what you found. They decide with you what card brands and customers have to be told.
merchant-flood = Say whether the shop was changed on that day, for example by a new design or a new policy. If it was not, have the payment page checked for foreign code.
