package neo4jstore

import "valueweb/graph"

// Orders are the orders in which each kind can be listed.
var Orders = byKind(func(kind graph.Kind) []graph.OrderField {
	fields := []graph.OrderField{graph.OrderByID}
	for _, key := range orderKeys[kind] {
		fields = append(fields, key.field)
	}
	return fields
})
