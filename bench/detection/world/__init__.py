"""Shops, their shoppers and what browsers report, with labels. [`scenario.Scenario`] is the type to know.

Shops, small vendors, extensions and attackers are made up from word lists and a seed; card numbers are random digits in ranges
kept for tests. The same family, seed and size give the same bytes.
"""
