### The page of an alert.

what-happened = What happened
why = Why we think so
as-of = As of
points = Points
reason = Reason
score = Score
account = Account
networks-more = Networks: those that report this, of all that report anything on the same pages since it came up there, as detection counted them last.
members = Destinations that belong together
members-more = Each was new at some of the same merchants at about the same time, or took the place of the one before. What is said above and below counts them together.
what-it-does = What it does
severity = Severity
judged = The reasons below are those of the destination that stands highest:
hit-in-order = Merchants hit, in order
after-first = After the first
card-number = Card number
card-seen = seen
card-not-seen = not seen
since = Since
raised = Raised
state = State
timeline = Timeline
raised-here = Alert raised
lane-more = A bar is a slice of time with reports of this destination; the taller, the more.
history = History
detector = detector
operator = operator
evidence = Evidence: the newest reports
evidence-more = As browsers sent them, with everything removed that could be card data or name a person.
respond = Your response
acknowledge = Acknowledge: I am looking at it
contain = Contained: the sending has stopped
reopen = Open again
why-closed = Why it was closed
close = Close alert
close-more = Close with its cause
cause = Cause
choose = Choose one
note = What was done
note-more = What was found and done, for the record, up to 2,000 characters. No card numbers, please.

# How a score comes about.
scoring = The points of a reason are what was measured times its weight; what is simply true counts its weight once. The score is the base, which is the same for every destination, plus all points. 0 means undecided; the higher, the likelier an attack. The weights are set by hand: they rank alerts; they are not a probability.

# From how many points on an alert has which severity.
# $medium (text) - points
# $high (text) - points
# $alone (text) - points of high at one merchant
# $critical (text) - points
# $hours (number) - for how long services that merchants chose are held back
severities-more = From { $medium } points on an alert is Medium, from { $high } High ({ $alone } if it is about one merchant, unless disguised card numbers were found or its name imitates another), from { $critical } Critical if two merchants or more are hit. What looks like a service that merchants chose is Medium at most for { $hours ->
    [one] 1 hour
   *[other] { $hours } hours
}.

# What a score is made of: the base and the sum of the points.
# $base (text)
# $sum (text)
made-of = base { $base }, points { $sum }

# How many of those who report anything report this.
# $part (text)
# $whole (text)
part-of = { $part } of { $whole }

# How long after the first report an alert was raised.
# $span (text)
raised-after = { $span } after the first report

# A lane of the timeline, for those who do not see it.
# $merchant (text)
# $first (text)
# $last (text)
lane = { $merchant }: first report { $first }, last report { $last }
