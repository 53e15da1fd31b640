"""The write path beside what it could cost at least and what others cost. `bench/compare.sh` runs it."""
