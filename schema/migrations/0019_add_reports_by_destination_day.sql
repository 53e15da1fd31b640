-- How a destination or a site went from day to day, without reading its reports.
ALTER TABLE reports
    ADD PROJECTION IF NOT EXISTS by_destination_day
    (
        SELECT destination, toDate(received_at), site, page_kind, directive, disposition, count()
        GROUP BY destination, toDate(received_at), site, page_kind, directive, disposition
    )
