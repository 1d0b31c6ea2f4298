package scenarios

import (
	"maps"
	"slices"

	"valueweb/scenarios/naive"
)

func sortedNames(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

// narrow draws a filter and an order. What it names may be hidden, or not be there at all.
func (c *lawful) narrow(k nodeKind, variables map[string]any) {
	filter := map[string]any{}
	maybe := func(percent int, field string, value any) {
		if c.chance(percent) {
			filter[field] = value
		}
	}
	maybe(25, "text", c.word(k.sheet))
	switch k.name {
	case "Partner":
		maybe(15, "kinds", []any{"VENDOR", "RESELLER", "INTEGRATOR", "ISV"})
		maybe(25, "statuses", []any{c.oneOf("ACTIVE", "PENDING", "SUSPENDED", "LEFT"), "SUSPENDED"})
		maybe(10, "minTier", "SILVER")
		maybe(15, "holds", c.needed())
		maybe(10, "certifiedIn", c.any("competencies"))
		maybe(10, "scheme", "Scheme")
		maybe(15, "tags", []any{c.oneOf("cloud", "public", "retail")})
		maybe(10, "hasOffice", c.chance(70))
	case "Office":
		maybe(25, "partner", c.any("partners"))
		maybe(10, "roles", []any{"SALES"})
		maybe(10, "tags", []any{"cloud"})
		maybe(15, "holds", c.needed())
	case "Competency":
		maybe(25, "within", c.any("competencies"))
		maybe(25, "roots", c.chance(50))
	case "Customer":
		maybe(20, "segments", []any{"SMB"})
		maybe(20, "industries", []any{"retail", "energy"})
		maybe(25, "partner", c.any("partners"))
	case "Site":
		maybe(25, "customer", c.any("customers"))
		maybe(25, "free", c.chance(50))
	}
	near := false
	if k.name != "Competency" {
		maybe(15, "countries", []any{"FR", c.oneOf("DE", "CH", "SE")})
		maybe(15, "region", c.any("regions"))
		if near = c.chance(25); near {
			filter["near"] = c.place()
			maybe(70, "radiusKm", []float64{10, 100, 1000}[c.IntN(3)])
		}
	}
	if len(filter) > 0 {
		variables["filter"] = filter
	}
	if c.chance(60) {
		order := c.oneOf(k.orders...)
		if near && c.chance(50) && (k.name == "Office" || k.name == "Site") {
			order = "KM"
		}
		variables["orderBy"] = map[string]any{"field": order, "direction": c.oneOf("ASC", "DESC")}
	}
}

func (c *lawful) oneOf(texts ...string) string { return texts[c.IntN(len(texts))] }

func (c *lawful) needed() []any {
	return []any{map[string]any{"competency": c.any("competencies"), "minLevel": 1 + c.IntN(3)}}
}

// word is what some record of a sheet may be found by.
func (c *lawful) word(sheet string) string {
	row := c.rows[sheet][c.IntN(len(c.rows[sheet]))]
	return c.oneOf(row["name"], row["id"], naive.TokensIn(row["name"] + "zq000000000000")[0][:6], "zq", "1", "partner", "ort")
}

// place is near what any filter measures: of an opportunity only where the viewer may read where that is.
func (c *lawful) place() map[string]any {
	switch c.IntN(4) {
	case 0:
		return map[string]any{"customer": c.any("customers")}
	case 1:
		return map[string]any{"site": c.any("sites")}
	case 2:
		if id := c.any("opportunities"); c.tellsPlace(id) {
			return map[string]any{"opportunity": id}
		}
	}
	office := c.rows["offices"][c.IntN(len(c.rows["offices"]))]
	return map[string]any{"point": map[string]any{"lat": degrees(office["lat"]), "lng": degrees(office["lng"])}}
}

// tellsPlace reports whether an opportunity is unknown to the viewer, or with it all that says where it is.
func (c *lawful) tellsPlace(id string) bool {
	find := func(rows naive.Rows) naive.Row {
		for _, o := range rows["opportunities"] {
			if o["id"] == id {
				return o
			}
		}
		return nil
	}
	told, whole := find(c.told), find(c.rows)
	return told == nil || told["customer_id"] == whole["customer_id"] && told["site_id"] == whole["site_id"]
}
