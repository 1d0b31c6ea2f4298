RETURN {
  Region: COUNT { (:Region) },
  Competency: COUNT { (:Competency) },
  Partner: COUNT { (:Partner) },
  Office: COUNT { (:Office) },
  Customer: COUNT { (:Customer) },
  Site: COUNT { (:Site) },
  Contact: COUNT { (:Contact) },
  Holding: COUNT { (:Holding) },
  Certification: COUNT { (:Certification) },
  CustomerPartner: COUNT { ()-[:SERVES]->() },
  Solution: COUNT { (:Solution) },
  Partnership: COUNT { (:Partnership) },
  Opportunity: COUNT { (:Opportunity) },
  Invitation: COUNT { (:Invitation) },
  Referral: COUNT { (:Referral) },
  Wall: COUNT { (:Wall) },
  ApiKey: COUNT { (:ApiKey) }
} AS answer
