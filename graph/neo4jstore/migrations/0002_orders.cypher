// The keys by which lists are ordered: what is ordered by, then the id.
CREATE RANGE INDEX region_by_name IF NOT EXISTS FOR (n:Region) ON (n.byName);
CREATE RANGE INDEX competency_by_name IF NOT EXISTS FOR (n:Competency) ON (n.byName);
CREATE RANGE INDEX partner_by_name IF NOT EXISTS FOR (n:Partner) ON (n.byName);
CREATE RANGE INDEX partner_by_tier IF NOT EXISTS FOR (n:Partner) ON (n.byTier);
CREATE RANGE INDEX partner_by_joined IF NOT EXISTS FOR (n:Partner) ON (n.byJoinedOn);
CREATE RANGE INDEX office_by_name IF NOT EXISTS FOR (n:Office) ON (n.byName);
CREATE RANGE INDEX customer_by_name IF NOT EXISTS FOR (n:Customer) ON (n.byName);
CREATE RANGE INDEX site_by_name IF NOT EXISTS FOR (n:Site) ON (n.byName);
CREATE RANGE INDEX solution_by_name IF NOT EXISTS FOR (n:Solution) ON (n.byName);
CREATE RANGE INDEX opportunity_by_posted IF NOT EXISTS FOR (n:Opportunity) ON (n.byPostedOn);
CREATE RANGE INDEX referral_by_sent IF NOT EXISTS FOR (n:Referral) ON (n.bySentOn);
CREATE RANGE INDEX wall_segment IF NOT EXISTS FOR (n:Wall) ON (n.segment);
