// The texts in which a filter looks, without case and accents, and the same words for whoever searches
// the database itself.
CREATE TEXT INDEX competency_text IF NOT EXISTS FOR (n:Competency) ON (n.texts);
CREATE TEXT INDEX partner_text IF NOT EXISTS FOR (n:Partner) ON (n.texts);
CREATE TEXT INDEX office_text IF NOT EXISTS FOR (n:Office) ON (n.texts);
CREATE TEXT INDEX customer_text IF NOT EXISTS FOR (n:Customer) ON (n.texts);
CREATE TEXT INDEX site_text IF NOT EXISTS FOR (n:Site) ON (n.texts);
CREATE FULLTEXT INDEX names IF NOT EXISTS
  FOR (n:Partner|Competency|Customer|Solution|Office|Site|Region|Opportunity) ON EACH [n.name, n.title, n.aliases];
