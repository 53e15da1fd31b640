### Spans of time.

# $count (number)
seconds = { $count } s

# $count (number)
minutes = { $count } min

# $count (number)
hours = { $count } h

# $count (number)
days = { $count } d

# Two units of one span.
# $greater (text)
# $lesser (text)
together = { $greater } { $lesser }

just-now = just now

# $span (text)
span-ago = { $span } ago
