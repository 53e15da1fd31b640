-- Names of query parameters whose values the site takes to be nobody's secret; they stay readable in its reports.
ALTER TABLE sites ADD COLUMN harmless_parameters TEXT NOT NULL DEFAULT '[]'
    CHECK (json_type(harmless_parameters) = 'array');
