package storetest

import "valueweb/graph"

var anyOrder = byID

// found checks what a filter finds, by id.
func (w *World) found(kind graph.Kind, filter graph.Filter, want ...string) {
	w.Helper()
	w.same("found", w.all(kind, filter, anyOrder), want)
}

func needs(competency string, level int) []graph.Need {
	return []graph.Need{{Competency: competency, MinLevel: level}}
}

func point(p graph.Point) *graph.Place { return &graph.Place{Point: &p} }

// filterIDs are filters that name something, by kind and field.
var filterIDs = []struct {
	kind   graph.Kind
	field  string
	filter graph.Filter
}{
	{graph.KindPartner, "filter.holds.1.competency", graph.Filter{Holds: []graph.Need{{Competency: "erp", MinLevel: 1}, {Competency: "none", MinLevel: 1}}}},
	{graph.KindPartner, "filter.certifiedIn", graph.Filter{Certified: "none"}},
	{graph.KindPartner, "filter.region", graph.Filter{Region: "none"}},
	{graph.KindPartner, "filter.near.customer", graph.Filter{Near: &graph.Place{Customer: "none"}}},
	{graph.KindPartner, "filter.near.site", graph.Filter{Near: &graph.Place{Site: "none"}}},
	{graph.KindPartner, "filter.near.opportunity", graph.Filter{Near: &graph.Place{Opportunity: "none"}}},
	{graph.KindOffice, "filter.partner", graph.Filter{Partner: "none"}},
	{graph.KindOffice, "filter.holds.0.competency", graph.Filter{Holds: needs("none", 1)}},
	{graph.KindOffice, "filter.region", graph.Filter{Region: "none"}},
	{graph.KindCompetency, "filter.within", graph.Filter{Within: "none"}},
	{graph.KindCustomer, "filter.partner", graph.Filter{Partner: "none"}},
	{graph.KindCustomer, "filter.region", graph.Filter{Region: "none"}},
	{graph.KindSite, "filter.customer", graph.Filter{Customer: "none"}},
	{graph.KindSite, "filter.near.customer", graph.Filter{Near: &graph.Place{Customer: "none", Site: "city-1"}}},
}

func filterCases() []testCase {
	return []testCase{
		{"An unknown id in a filter is not found, and its field is named", func(w *World) {
			w.Competency("erp").Customer("city", Here).Save()
			for _, c := range filterIDs {
				_, err := w.List(w.Context(), graph.Operator, graph.ListQuery{Kind: c.kind, Filter: c.filter, Order: byID, Page: graph.PageQuery{First: 1}})
				w.refused(err, graph.CodeNotFound, c.field)
			}
		}},
		{"Text is found in name, alias and id without regard to case and accents", func(w *World) {
			w.Partner("by-id-MÜLLER").Partner("b", graph.Partner{Name: "Bäckerei muller"}).Partner("c", graph.Partner{Name: "C", Aliases: []string{"x", "Müller & Co"}}).Partner("d", graph.Partner{Name: "Möller"})
			w.found(graph.KindPartner, graph.Filter{Text: "Muller"}, "b", "by-id-MÜLLER", "c")
			w.found(graph.KindPartner, graph.Filter{Text: "MÜLLER"}, "b", "by-id-MÜLLER", "c")
			w.found(graph.KindPartner, graph.Filter{Text: "miller"})
		}},
		{"Text narrows every kind that has a name", func(w *World) {
			w.Competency("erp").Add(&graph.Competency{Meta: graph.Meta{ID: "x"}, Name: "Planning", Aliases: []string{"ERP suite"}}).Competency("iot")
			w.found(graph.KindCompetency, graph.Filter{Text: "erp"}, "erp", "x")
			w.Partner("p").Office("a", Here, graph.Office{Name: "Lab"}).Office("lab", Here).Office("c", Here, graph.Office{City: "Oslo"})
			w.found(graph.KindOffice, graph.Filter{Text: "LAB"}, "a", "lab")
			w.found(graph.KindOffice, graph.Filter{Text: "oslo"}, "c")
			w.Customer("city").Customer("village")
			w.found(graph.KindCustomer, graph.Filter{Text: "the c"}, "city")
			w.Add(&graph.Site{Meta: graph.Meta{ID: "s"}, Name: "Town hall"}, &graph.Site{Meta: graph.Meta{ID: "t"}, Name: "Depot"})
			w.found(graph.KindSite, graph.Filter{Text: "hall"}, "s")
		}},
		{"A part of the text that looks like a pattern is text", func(w *World) {
			w.Partner("a", graph.Partner{Name: "100% (.*)"}).Partner("b", graph.Partner{Name: "100 partners"})
			w.found(graph.KindPartner, graph.Filter{Text: "0% (.*)"}, "a")
			w.found(graph.KindPartner, graph.Filter{Text: ".*"}, "a")
		}},
		{"Kinds and statuses are any of those named", func(w *World) {
			w.Partner("a", graph.Partner{PartnerKind: graph.ISV}).Partner("b", graph.Partner{PartnerKind: graph.Vendor, Status: graph.Left}).Partner("c", graph.Partner{Status: graph.Pending})
			w.found(graph.KindPartner, graph.Filter{Kinds: []graph.PartnerKind{graph.ISV, graph.Vendor}}, "a", "b")
			w.found(graph.KindPartner, graph.Filter{Statuses: []graph.PartnerStatus{graph.Left, graph.Pending}}, "b", "c")
			w.found(graph.KindPartner, graph.Filter{Kinds: []graph.PartnerKind{graph.Vendor}, Statuses: []graph.PartnerStatus{graph.Active}})
		}},
		{"A tier at least, where none stated is the lowest", func(w *World) {
			w.Partner("none").Partner("silver", graph.Partner{Tier: "SILVER"}).Partner("gold", graph.Partner{Tier: "GOLD"})
			w.found(graph.KindPartner, graph.Filter{MinTier: "SILVER"}, "gold", "silver")
			w.found(graph.KindPartner, graph.Filter{MinTier: "REGISTERED"}, "gold", "none", "silver")
		}},
		{"Tags are all of those named", func(w *World) {
			w.Partner("both", graph.Partner{Tags: []string{"x", "y"}}).Office("o", Here, graph.Office{Tags: []string{"x", "y"}}).Partner("one", graph.Partner{Tags: []string{"x"}}).Office("p", Here, graph.Office{Tags: []string{"x"}})
			w.found(graph.KindPartner, graph.Filter{Tags: []string{"y", "x"}}, "both")
			w.found(graph.KindPartner, graph.Filter{Tags: []string{"x"}}, "both", "one")
			w.found(graph.KindOffice, graph.Filter{Tags: []string{"y", "x"}}, "o")
		}},
		{"A partner holds all of the needs: narrower ones count, levels and days must fit", func(w *World) {
			w.Competency("erp").Competency("gl", "erp").Competency("iot")
			w.Partner("both").Holds("gl").Holds("iot").Partner("one").Holds("erp")
			w.Partner("low").Holds("erp", graph.Holding{Level: 2}).Partner("past").Holds("erp", graph.Holding{Until: Today - 1}).Partner("last-day").Holds("erp", graph.Holding{Until: Today})
			w.found(graph.KindPartner, graph.Filter{Holds: needs("erp", 1)}, "both", "last-day", "low", "one")
			w.found(graph.KindPartner, graph.Filter{Holds: needs("erp", 3)}, "both", "last-day", "one")
			w.found(graph.KindPartner, graph.Filter{Holds: needs("gl", 1)}, "both")
			w.found(graph.KindPartner, graph.Filter{Holds: append(needs("erp", 1), needs("iot", 1)...)}, "both")
			w.found(graph.KindPartner, graph.Filter{Holds: needs("erp", 1), AsOf: Today - 1}, "both", "last-day", "low", "one", "past")
		}},
		{"An office holds what is tied to it, not what is partner-wide", func(w *World) {
			w.Competency("erp").Competency("gl", "erp").Partner("p").Office("a", Here).Office("b", Here).Holds("erp").Holds("gl", graph.Holding{Office: "a"})
			w.found(graph.KindOffice, graph.Filter{Holds: needs("erp", 1)}, "a")
		}},
		{"A certification counts while valid, of the competency or a narrower one", func(w *World) {
			w.Competency("erp").Competency("gl", "erp").Partner("a").Certified("gl", graph.Certification{Scheme: "ISO"})
			w.Partner("b").Certified("erp", graph.Certification{ExpiresOn: Today - 1, Scheme: "ISO"}).Partner("c").Certified("erp", graph.Certification{IssuedOn: Today, ExpiresOn: Today})
			w.Partner("d").Add(&graph.Certification{Meta: graph.Meta{ID: "unverified"}, Partner: "d", Competency: "erp", Scheme: "ISO"})
			w.found(graph.KindPartner, graph.Filter{Certified: "erp"}, "a", "c")
			w.found(graph.KindPartner, graph.Filter{Certified: "gl"}, "a")
			w.found(graph.KindPartner, graph.Filter{Scheme: "ISO"}, "a")
			w.found(graph.KindPartner, graph.Filter{Scheme: "ISO", Certified: "erp"}, "a")
		}},
		{"With or without an office", func(w *World) {
			yes, no := true, false
			w.Partner("a").Office("o", Here).Partner("b")
			w.found(graph.KindPartner, graph.Filter{HasOffice: &yes}, "a")
			w.found(graph.KindPartner, graph.Filter{HasOffice: &no}, "b")
		}},
		{"Countries are those of offices and sites; a region holds those of its parts", func(w *World) {
			w.Region("world", "FR").Add(&graph.Region{Meta: graph.Meta{ID: "dach"}, Name: "DACH", Countries: []string{"DE", "AT"}, Parent: "world"}, &graph.Region{Meta: graph.Meta{ID: "alps"}, Name: "Alps", Countries: []string{"CH"}, Parent: "dach"})
			for _, country := range []string{"FR", "DE", "CH", "US"} {
				w.Partner("p-"+country).Office("o-"+country, Here, graph.Office{Country: country})
				w.Customer("c-" + country).Add(&graph.Site{Meta: graph.Meta{ID: "s-" + country}, Customer: "c-" + country, Country: country})
			}
			w.Partner("p-nowhere").Customer("c-nowhere")
			for kind, prefix := range map[graph.Kind]string{graph.KindPartner: "p-", graph.KindOffice: "o-", graph.KindCustomer: "c-", graph.KindSite: "s-"} {
				w.found(kind, graph.Filter{Countries: []string{"US", "DE"}}, prefix+"DE", prefix+"US")
				w.found(kind, graph.Filter{Region: "dach"}, prefix+"CH", prefix+"DE")
				w.found(kind, graph.Filter{Region: "world"}, prefix+"CH", prefix+"DE", prefix+"FR")
				w.found(kind, graph.Filter{Region: "dach", Countries: []string{"US", "DE"}}, prefix+"DE")
				w.found(kind, graph.Filter{Region: "dach", Countries: []string{"US"}})
			}
		}},
		{"Near is measured from every kind of place, to the nearest office or site", func(w *World) {
			w.Partner("near").Office("n1", North(10)).Office("n2", Far).Partner("far").Office("f", Far).Partner("none").Customer("city", Far, Here).Opportunity("gap", graph.Opportunity{Customer: "city", Site: "city-2"})
			for name, place := range map[string]graph.Place{"point": {Point: &Here}, "site": {Site: "city-2"}, "site of a customer": {Customer: "city", Site: "city-2"}, "opportunity": {Opportunity: "gap"}} {
				w.Log(name)
				w.found(graph.KindPartner, graph.Filter{Near: &place, RadiusKm: 50}, "near")
				w.found(graph.KindOffice, graph.Filter{Near: &place, RadiusKm: 50}, "n1")
				w.found(graph.KindCustomer, graph.Filter{Near: &place, RadiusKm: 50}, "city")
				w.found(graph.KindSite, graph.Filter{Near: &place, RadiusKm: 50}, "city-2")
			}
			w.found(graph.KindOffice, graph.Filter{Near: &graph.Place{Customer: "city"}, RadiusKm: 50}, "f", "n1", "n2") // both sites
			w.found(graph.KindPartner, graph.Filter{Near: point(Here)}, "far", "near")                                   // no radius: any distance
		}},
		{"A radius is exact", func(w *World) {
			at := North(12.345)
			w.Partner("p").Office("o", at).Add(&graph.Site{Meta: graph.Meta{ID: "s"}, Location: at})
			km := graph.Kilometres(at, Here)
			for kind, id := range map[graph.Kind]string{graph.KindPartner: "p", graph.KindOffice: "o", graph.KindSite: "s"} {
				w.found(kind, graph.Filter{Near: point(Here), RadiusKm: km}, id)
				w.found(kind, graph.Filter{Near: point(Here), RadiusKm: below(km)})
			}
		}},
		{"Near goes across the 180th meridian and the poles", func(w *World) {
			w.Partner("p").Office("east", graph.Point{Lat: 0, Lng: 179.95}).Office("west", graph.Point{Lat: 0, Lng: -179.95}).Office("line", graph.Point{Lat: 0, Lng: -180})
			w.Office("north", graph.Point{Lat: 89.9, Lng: 10}).Office("beyond", graph.Point{Lat: 89.9, Lng: -170}).Office("south", graph.Point{Lat: -90, Lng: 45})
			near := func(lat, lng, km float64) graph.Filter {
				return graph.Filter{Near: point(graph.Point{Lat: lat, Lng: lng}), RadiusKm: km}
			}
			w.found(graph.KindOffice, near(0, 180, 10), "east", "line", "west")
			w.found(graph.KindOffice, near(0, 179.95, 10), "east", "line")
			w.found(graph.KindOffice, near(0, -179.95, 12), "east", "line", "west")
			w.found(graph.KindOffice, near(90, 0, 20), "beyond", "north")
			w.found(graph.KindOffice, near(89.9, 10, 30), "beyond", "north")
			w.found(graph.KindOffice, near(-89.9, -135, 15), "south")
			w.found(graph.KindOffice, near(0, 0, 20_100), "beyond", "east", "line", "north", "south", "west")
		}},
		{"Offices are of a partner, near a place and with one of the roles", func(w *World) {
			w.Partner("p").Office("a", Here, graph.Office{Roles: []graph.OfficeRole{"SALES", "SUPPORT"}}).Office("b", Far, graph.Office{Roles: []graph.OfficeRole{"DELIVERY"}}).Partner("q").Office("c", Here)
			w.found(graph.KindOffice, graph.Filter{Partner: "p"}, "a", "b")
			w.found(graph.KindOffice, graph.Filter{Partner: "p", Near: point(Here), RadiusKm: 1}, "a")
			w.found(graph.KindOffice, graph.Filter{Roles: []graph.OfficeRole{"SUPPORT", "DELIVERY"}}, "a", "b")
		}},
		{"Competencies are within another at any depth, or at the top", func(w *World) {
			yes, no := true, false
			w.Competency("a").Competency("b", "a").Competency("c", "b").Competency("x").Competency("d", "c", "x")
			w.found(graph.KindCompetency, graph.Filter{Within: "a"}, "b", "c", "d")
			w.found(graph.KindCompetency, graph.Filter{Roots: &yes}, "a", "x")
			w.found(graph.KindCompetency, graph.Filter{Roots: &no, Within: "x"}, "d")
		}},
		{"Customers are of a segment and industry, and served by a partner", func(w *World) {
			w.Add(&graph.Customer{Meta: graph.Meta{ID: "a"}, Name: "A", Segment: "S1", Industry: "I1"}, &graph.Customer{Meta: graph.Meta{ID: "b"}, Name: "B", Segment: "S2", Industry: "I1"}, &graph.Customer{Meta: graph.Meta{ID: "c"}, Name: "C"})
			w.Partner("p").Partner("q").Add(&graph.CustomerPartner{Meta: graph.Meta{ID: "1"}, Customer: "b", Partner: "p", Role: "OWNER"}, &graph.CustomerPartner{Meta: graph.Meta{ID: "2"}, Customer: "b", Partner: "p", Role: "SUPPORTS"})
			w.found(graph.KindCustomer, graph.Filter{Segments: []string{"S1", "S2"}}, "a", "b")
			w.found(graph.KindCustomer, graph.Filter{Industry: []string{"I1"}, Segments: []string{"S2"}}, "b")
			w.found(graph.KindCustomer, graph.Filter{Segments: []string{"", "S2"}}, "b", "c") // the empty text is the one that is not stated
			w.found(graph.KindCustomer, graph.Filter{Industry: []string{""}}, "c")
			w.found(graph.KindCustomer, graph.Filter{Partner: "p"}, "b")
			w.found(graph.KindCustomer, graph.Filter{Partner: "q"})
		}},
		{"Sites are of a customer, or free", func(w *World) {
			yes, no := true, false
			w.Customer("c", Here, Far).Add(&graph.Site{Meta: graph.Meta{ID: "free"}, Location: Here})
			w.found(graph.KindSite, graph.Filter{Customer: "c"}, "c-1", "c-2")
			w.found(graph.KindSite, graph.Filter{Free: &yes}, "free")
			w.found(graph.KindSite, graph.Filter{Free: &no, Near: point(Here), RadiusKm: 1}, "c-1")
		}},
		{"A filter goes with every order", func(w *World) {
			for _, id := range []string{"d", "b", "c", "a"} {
				w.Partner(id, graph.Partner{Tags: []string{"x"}}).Office("o-"+id, Here)
			}
			w.Partner("z").Office("o-z", Here)
			filter := graph.Filter{Tags: []string{"x"}, Near: point(Here), RadiusKm: 5}
			for _, field := range []graph.OrderField{graph.OrderByID, graph.OrderByName, graph.OrderByTier, graph.OrderByJoined} {
				w.same(string(field), w.all(graph.KindPartner, filter, graph.Order{Field: field}), []string{"a", "b", "c", "d"})
			}
		}},
		{"A customer without a site is not near anything", func(w *World) {
			w.Customer("lost")
			w.found(graph.KindCustomer, graph.Filter{Near: point(Here), RadiusKm: graph.MaxRadiusKm})
			w.Save()
			_, err := w.List(w.Context(), graph.Operator, graph.ListQuery{Kind: graph.KindSite, Filter: graph.Filter{Near: &graph.Place{Customer: "lost"}}, Order: byID, Page: graph.PageQuery{First: 1}})
			w.refused(err, graph.CodeValidation, "filter.near.customer")
		}},
	}
}
