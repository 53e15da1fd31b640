-- Which destinations there are, since when, and where. Parts sum up as they merge, so it stays small however many reports come in.
-- The last key says whether a host is the site's own or on the visitor's network.
ALTER TABLE reports
    ADD PROJECTION IF NOT EXISTS by_destination_site
    (
        SELECT destination, site, page_kind, hasAny(labels, ['own-domain', 'private-host']),
               min(received_at), max(received_at), count()
        GROUP BY destination, site, page_kind, hasAny(labels, ['own-domain', 'private-host'])
    )
