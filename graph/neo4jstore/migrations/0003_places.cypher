// Where offices and sites stand.
CREATE POINT INDEX office_location IF NOT EXISTS FOR (n:Office) ON (n.location);
CREATE POINT INDEX site_location IF NOT EXISTS FOR (n:Site) ON (n.location);
