-- What came in before the projections were there is summed up too, in the background: nothing waits for it.
ALTER TABLE reports
    MATERIALIZE PROJECTION by_destination_site, MATERIALIZE PROJECTION by_destination_day
