// What an analyst may see: docs/access.md, in the words of graph.Access.
MATCH (who:Partner)
WHERE who.status = 'PENDING'
RETURN {hidden: collect(who.id)} AS answer
