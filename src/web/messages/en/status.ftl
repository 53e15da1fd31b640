### The status: how reports are taken in, stored and judged.

# How soon reports are stored.
# $seconds (number)
stored-within = { $seconds ->
    [one] Everything that arrives is stored within 1 second.
   *[other] Everything that arrives is stored within { $seconds } seconds.
}

# How long what was held back had waited, at most.
# $span (text)
stored-late = Everything that arrived is stored, also what had waited for { $span }.

database-away = The database does not answer.
storing-behind = Reports arrive faster than they are stored.
nothing-came = Nothing has arrived in the last hour.
nothing-lost = Nothing is lost: what browsers send is kept on the disk and stored as soon as it can be.

# What waits on the disk for the database.
# $segments (number)
# $bytes (text)
segments-waiting = { $segments ->
    [one] 1 segment waits
   *[other] { $segments } segments wait
} ({ $bytes }),
newest-stored = Newest report stored
what-became-of-it = What became of the reports of the last 24 hours
equation-more = Every report that was acknowledged ends in exactly one of these. The hour that has begun counts as a whole.
received = received
stored = stored
folded = over the limit, counted only
discarded = not kept
refused = not acknowledged
reason-truncated = beyond the size limit
reason-malformed = not readable
reason-canary = test reports
reason-lost = lost to damage of a disk
reason-unknown-key = unknown key
reason-retired-key = retired key
reason-not-json = no JSON
reason-too-large = too large
reason-method = wrong method
reason-timeout = sent too slowly
reason-broken = broken off
reason-encoding = unknown encoding
reason-unavailable = no room at that moment
busiest = Merchants with the most reports
no-site = no merchant
this-process = This installation
database = Database
database-answers = answers
database-silent = does not answer

# How often the database was started again.
# $count (number)
restarts = { $count ->
    [one] started again once
   *[other] started again { $count } times
}
log = Log on the disk
no-intake-here = Reports are taken in by another process, see its metrics.
detection = Detection
no-detection-here = Nothing was judged by this process yet.

# How far detection is behind.
# $seconds (number)
detector-lag = { $seconds ->
    [one] 1 second behind
   *[other] { $seconds } seconds behind
}

# How many reports detection has judged.
# $count (number)
sightings = { $count ->
    [one] 1 report judged since the start
   *[other] { $count } reports judged since the start
}
waiting-segments = Segments waiting
oldest-waiting = Oldest of them from
log-space = Disk space of the log
failed-inserts = Failed inserts since the start, tried again
set-aside = Segments set aside since the start
collectors = Collectors in the last hour
collector = Collector
segments = Segments
until-stored = Until stored (99 of 100)
last-notices = Last notices

# How many notices wait to be sent.
# $count (number)
notices-waiting = { $count ->
    [0] No notice waits to be sent.
    [one] 1 notice waits to be sent
   *[other] { $count } notices wait to be sent
}
no-notices = No notice yet.
channel = Channel
about = About
what-became = What became of it
test-notice = Test
delivery-sent = sent
delivery-waiting = waiting
delivery-held = held back
delivery-given-up = given up
