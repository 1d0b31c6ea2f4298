// Drafts are hidden from an analyst.
n.stage <> 'DRAFT'
