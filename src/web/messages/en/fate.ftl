### Whether it was blocked or went through.

fate = Blocked?
was-blocked = blocked
went-through = went through
fate-unknown = not known

# In a table: how many reports say so of either.
# $blocked (number)
# $through (number)
fate-mixed = in part: { $blocked } blocked, { $through } went through

blocked-clause = the browser blocked it
through-clause = it went through, because the policy there only reports
mixed-clause = only part of it was blocked
unknown-clause = it is not known whether it was blocked
blocked-last-clause = the browser blocked it
through-last-clause = it went through, because the policy there only reports
mixed-last-clause = only part of it was blocked
unknown-last-clause = it is not known whether it was blocked

# The same at all merchants.
# $count (number)
# $clause (text)
clause-at-all = { $count ->
    [1] { $clause }
    [2] at both of them { $clause }
   *[other] at all { $count } of them { $clause }
}

# What happened at some merchants.
# $count (number)
# $clause (text)
clause-at-some = at { $count } of them { $clause }

# What happened at others.
# $before (text) - the clauses before
# $count (number)
# $clause (text)
clause-at-others = { $before }; at { $count } { $clause }

# What became of it; its first letter becomes a capital one.
# $clauses (text)
fates-sentence = { $clauses }.
