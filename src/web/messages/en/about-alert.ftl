### What an alert says happened, in sentences around names and moments.

# What is done at the payment pages, as it stands in the sentences below.
act-floods = flooding the reports of
act-sends = sending data to
act-tries-to-send = trying to send data to
act-loads = loading code from
act-tries-to-load = trying to load code from
act-leads = leading shoppers to
act-tries-to-lead = trying to lead shoppers to

# What has happened since when, and where.
# $since (markup)
# $merchants (number)
# $act (text)
# $destination (markup)
happens = Since { $since }, payment pages of { $merchants ->
    [one] 1 merchant
   *[other] { $merchants } merchants
} have been { $act } { $destination }, a destination never seen there before.

# The same of an account, where anybody may have one.
# $since (markup)
# $merchants (number)
# $act (text)
# $destination (markup)
# $account (markup)
happens-at-account = Since { $since }, payment pages of { $merchants ->
    [one] 1 merchant
   *[other] { $merchants } merchants
} have been { $act } { $destination }, account { $account }. Anybody may have an account there; this one was never seen at them before.

# $count (number)
more-destinations = { $count ->
    [one] One more destination belongs to it, see below.
   *[other] { $count } more destinations belong to it, see below.
}

# The first of several merchants, and how long after it the last one followed.
# $first (markup)
# $spread (text)
began-and-spread = It began at { $first } and reached the last of them { $spread } later.

# The only merchant.
# $first (markup)
began-at = It began at { $first }.

# Who reported it.
# $browsers (number)
# $networks (number)
seen-by = { $browsers ->
    [one] 1 browser
   *[other] { $browsers } browsers
} on { $networks ->
    [one] 1 network
   *[other] { $networks } networks
} reported it.

# Merchants that the reader may not see.
# $count (number)
seen-elsewhere = It was also seen at { $count ->
    [one] 1 merchant that is not yours to see.
   *[other] { $count } merchants that are not yours to see.
}

# The shops’ own script that browsers name.
# $merchants (number)
# $script (markup)
named-script = Browsers at { $merchants ->
    [one] 1 merchant
   *[other] { $merchants } merchants
} name the script { $script } as its source.

cards-found = Card numbers were found in the addresses that browsers reported.

# $merchants (number)
cards-found-at-all = At { $merchants ->
    [2] both merchants
   *[other] all { $merchants } merchants
}, card numbers were found in the addresses that browsers reported.

# $some (number)
# $all (number)
cards-found-at-some = At { $some } of the { $all } merchants, card numbers were found in the addresses that browsers reported.

cards-found-more = What else was sent cannot be seen; whether cards were taken must be found out at the shop.
cards-unknown = Browsers report the address that a page calls, not what it sends: whether cards were taken must be found out at the shop.
