### What to do about an alert, step by step: said to the analyst of the payment service provider.

to-do = What to do now
for-whom = For the analyst of the payment service provider.
to-do-first = Acknowledge the alert first (under “Your response”), so that your colleagues see that you are on it. Then:

send-1 = Call the merchants, in the order of the table. Ask them to switch card payment off, or to move it to a payment page hosted by you, until the cause is found.
save = Before anything is removed, have them save copies: the checkout page as delivered, its scripts, the server logs, the list of administrators. Investigators will ask for them.
look = Have them look for code that was changed or added shortly before the first report: files of the shop, templates, plugins, the tag manager.
over = When it is removed and no new reports come, mark the alert as contained. Cards that were entered since it began are at risk: inform the card brands as your rules say.
finish = Close the alert with its cause and what was done.
script-1 = Call the merchants, in the order of the table. Ask whether they, or a supplier of theirs, added this code on purpose.
script-2 = If nobody did, treat it as an attack: have card payment switched off or moved to a payment page hosted by you. Before anything is removed, have copies saved: the checkout page as delivered, its scripts, the server logs, the list of administrators.
script-3 = Have them find how it came in: code that was changed shortly before the first report, administrators’ accounts, plugins, the tag manager, a supplier that these merchants have in common.
script-5 = If it turns out to be meant, have the merchants allow it in their policies. Either way, close the alert with its cause.
fake-1 = Open the checkout of the first merchant in the table on a clean device and see where the payment step leads. Enter no real card.
fake-2 = If it leads to a page that is neither the merchant’s nor yours, call the merchants, in the order of the table, and have card payment switched off.
fake-3 = Before anything is removed, have them save copies (the checkout page as delivered, its scripts, the server logs, the list of administrators). Then have them look for code that was changed shortly before the first report.
fake-4 = Report the fake page to its registrar and host for removal. When it is gone and no new reports come, mark the alert as contained, and inform the card brands as your rules say.
flood-1 = Look at the destinations that came up at this merchant since then, and at what they have in common: junk has made-up names, one report each and few networks.
flood-2 = Ask the merchant whether the shop was changed on that day: a new design or an unfinished policy brings many destinations at once.
flood-3 = If it was not, have them look at the payment page as delivered: a skimmer may flood the reports to push its own out. If the page is clean, somebody makes reports up: give the site a new reporting key and retire the old one.

# The file to look at first, and at how many merchants browsers name it.
# $script (markup)
look-first = Look at this file first: { $script }

# What is known of that file.
# $file (markup)
# $merchants (number)
look-at-named = { $file }; it was named by the browsers of { $merchants ->
    [one] 1 merchant
   *[other] { $merchants } merchants
}. A page can forge that.
