// Which of the nodes there are that others name, by kind.
CALL { MATCH (n:Region) WHERE n.id IN $ids.Region RETURN collect(n.id) AS Region }
CALL { MATCH (n:Competency) WHERE n.id IN $ids.Competency RETURN collect(n.id) AS Competency }
CALL { MATCH (n:Partner) WHERE n.id IN $ids.Partner RETURN collect(n.id) AS Partner }
CALL { MATCH (n:Office) WHERE n.id IN $ids.Office RETURN collect(n.id) AS Office }
CALL { MATCH (n:Customer) WHERE n.id IN $ids.Customer RETURN collect(n.id) AS Customer }
CALL { MATCH (n:Site) WHERE n.id IN $ids.Site RETURN collect(n.id) AS Site }
CALL { MATCH (n:Contact) WHERE n.id IN $ids.Contact RETURN collect(n.id) AS Contact }
CALL { MATCH (n:Solution) WHERE n.id IN $ids.Solution RETURN collect(n.id) AS Solution }
CALL { MATCH (n:Partnership) WHERE n.id IN $ids.Partnership RETURN collect(n.id) AS Partnership }
CALL { MATCH (n:Opportunity) WHERE n.id IN $ids.Opportunity RETURN collect(n.id) AS Opportunity }
CALL { MATCH (n:Referral) WHERE n.id IN $ids.Referral RETURN collect(n.id) AS Referral }
RETURN {
  Region: Region, Competency: Competency, Partner: Partner, Office: Office, Customer: Customer, Site: Site, Contact: Contact,
  Solution: Solution, Partnership: Partnership, Opportunity: Opportunity, Referral: Referral
} AS answer
