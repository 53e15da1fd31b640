### Why a destination is an alert: one sentence for each kind of evidence, for a merchant to read.

# $merchants (number)
# $clients (number)
# $networks (number)
# $share (number) - of the networks that reported anything there, in percent
new-on-payment-pages = It is new on the payment pages of { $merchants ->
    [one] one merchant
   *[other] { $merchants } unrelated merchants
}, and the pages themselves cause it: { $clients ->
    [one] 1 browser
   *[other] { $clients } browsers
} on { $networks ->
    [one] 1 network
   *[other] { $networks } networks
} reported it; { $share } % of the networks that sent any report from these pages reported it.

# The same where no client data is kept.
# $merchants (number)
# $stretches (number) - of five minutes
# $share (number) - of those in which anything was reported there, in percent
new-on-payment-pages-in-stretches = It is new on the payment pages of { $merchants ->
    [one] one merchant
   *[other] { $merchants } unrelated merchants
}, and the pages themselves seem to cause it: it was reported in { $stretches ->
    [one] 1 stretch
   *[other] { $stretches } stretches
} of five minutes, { $share } % of those in which any report came from these pages. No client data is kept, so nobody can say by how many browsers.

# $networks (number)
# $all (number)
follows-pages = { $networks } of the { $all ->
    [one] 1 network
   *[other] { $all } networks
} that reported anything on these pages since then report it: more than visitors' own software would bring about.

# $share (number) - in percent
after-payment = { $share } % of its reports come from pages that are shown after the payment, where nobody types a card any more; conversions are counted there.

# $networks (number)
looks-forged = { $networks ->
    [one] 1 network that reports it reports
   *[other] { $networks } networks that report it report
} nothing else that visitors of these pages report: the reports look forged.

# $clients (number)
one-browser-family = All { $clients } browsers that report it are of one kind, as with an extension.

# $families (number)
many-browser-families = { $families ->
    [2] Two
    [3] Three
    [4] Four
   *[other] { $families }
} kinds of browser, phones among them, report it: it is in the page, not in the browser.

# $clients (number) - none where no client data is kept
card-numbers = Card numbers were found in the addresses that { $clients ->
    [0] browsers
    [one] 1 browser
   *[other] { $clients } browsers
} reported.

# $clients (number) - none where no client data is kept
disguised-card-numbers = Disguised (encoded) card numbers were found in the addresses that { $clients ->
    [0] browsers
    [one] 1 browser
   *[other] { $clients } browsers
} reported.

# $merchants (number)
# $networks (number) - none where no client data is kept
hidden-in-flood = It came up while the payment pages of { $merchants ->
    [one] 1 merchant
   *[other] { $merchants } merchants
} flooded us with reports about other new destinations{ $networks ->
    [0] { "" }
    [one] ; 1 network sent both
   *[other] ; { $networks } networks sent both
}. Such a flood can push out the report that matters: the page hides something.

# $destinations (number)
one-of-many = It is one of { $destinations } new destinations that the same pages reported all at once: junk that hides another, or a page that changed altogether. Only a few of them are alerts, so look at all that is new there.

# $share (number) - in percent
other-pages-too = It is on other pages too: { $share } % of its reports come from there.

# $destinations (number)
flooded = { $destinations } destinations that were never seen there came up on its payment pages within a day. Either the page floods us to hide something, or somebody makes reports up, or the page changed altogether.

# $merchants (number)
follows-visitors = At { $merchants ->
    [one] 1 merchant
   *[other] { $merchants } merchants
} only single visitors report it: it follows visitors, as browser extensions do.

# $merchants (number)
shared-script = The same script file does it at { $merchants ->
    [one] 1 merchant
   *[other] { $merchants } merchants
}: one hand is behind it.

# $merchants (number)
known-for-long = { $merchants ->
    [one] 1 merchant had it in its
   *[other] { $merchants } merchants had it in their
} reports before.

# $merchants (number)
allowed-by-policies = { $merchants ->
    [one] 1 merchant allows
   *[other] { $merchants } merchants allow
} it in the policy of the page.

# $merchants (number)
spreads-fast = It came to { $merchants ->
    [one] 1 merchant
   *[other] { $merchants } merchants
} one soon after the other, as an attacker works through a list.

# $merchants (number)
spreads-slowly = It came to { $merchants ->
    [one] 1 merchant
   *[other] { $merchants } merchants
} far apart in time, as what merchants choose by themselves does.

# $merchants (number)
allowed-since = { $merchants ->
    [one] 1 merchant has allowed
   *[other] { $merchants } merchants have allowed
} it in the policy since it came up there.

# $merchants (number)
blocked = { $merchants ->
    [one] It is blocked: somebody decided that it is known to be bad. 1 merchant reports it, and one report is enough for an alert.
   *[other] It is blocked: somebody decided that it is known to be bad. { $merchants } merchants report it, and one report is enough for an alert.
}

payment-pages-only = It is on payment pages only, though these merchants report their other pages too.
sends-only = It only receives data: requests carry data there, and no code, style or frame is loaded from it.
forms-go-there = Forms are sent there.
looks-like-widget = Scripts, styles and frames come from there, as with a payment widget or a chat.
looks-like-tag = A script comes from there and data goes there, as with a counting tag.
by-itself = A script of its own, which the page already had, causes it.
imitates-service = Its name imitates that of a well-known service.
imitates-shop = Its name imitates that of the shop.
well-known = It is a well-known service.
account-of-service = It is one account on a service where anybody may have one.
cheap-name = Its name ends as names do that cost next to nothing and are often thrown away.
by-tag-manager = A tag manager put it on the page.
by-extension = A browser extension names itself as its source.
