// What decides whom a viewer may see: partners that are not public, and customers of a segment with a wall around it.
CREATE RANGE INDEX partner_status IF NOT EXISTS FOR (n:Partner) ON (n.status);
CREATE RANGE INDEX partner_discoverable IF NOT EXISTS FOR (n:Partner) ON (n.discoverable);
CREATE RANGE INDEX customer_segment IF NOT EXISTS FOR (n:Customer) ON (n.segment);
