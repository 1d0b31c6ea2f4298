package neo4jstore

import (
	"valueweb/graph"
)

// place is a place resolved.
type place struct {
	points   []graph.Point
	customer string // whose walls count
	country  string
	owner    string // of the opportunity that was named
}

// placeParam is a place as a parameter.
func placeParam(p graph.Place) map[string]any {
	param := map[string]any{"customer": nil, "site": nil, "opportunity": nil, "point": nil}
	switch {
	case p.Point != nil:
		param["point"] = pointParam(*p.Point)
	case p.Opportunity != "":
		param["opportunity"] = p.Opportunity
	default:
		param["customer"], param["site"] = textParam(p.Customer), textParam(p.Site)
	}
	return param
}

// placeOf makes a place of what place.cypher returned, or says what is wrong with it; field is the path of
// its input.
func (s sight) placeOf(p graph.Place, r row, field string, asOf graph.Date) (place, error) {
	switch {
	case p.Point != nil:
		return place{points: []graph.Point{*p.Point}}, nil
	case p.Opportunity != "":
		return s.opportunityPlace(p.Opportunity, r, field, asOf)
	case p.Site != "":
		return sitePlace(p, r, field, asOf)
	}
	return customerPlace(p.Customer, r.text("customer"), r, field+".customer")
}

// opportunityPlace is where an opportunity is: its site, its point, or its customer.
func (s sight) opportunityPlace(id string, r row, field string, asOf graph.Date) (place, error) {
	if r.text("opportunity") == "" {
		return place{}, graph.NotFound(field+".opportunity", graph.KindOpportunity, id)
	}
	var at place
	var err error
	customer := r.text("postedFor")
	switch {
	case r.text("site") != "":
		at, err = sitePlace(graph.Place{Site: r.text("site")}, r, field, asOf)
		if customer != "" {
			at.customer = customer
		}
	case r.point("point") != nil:
		at = place{points: []graph.Point{*r.point("point")}, customer: customer, country: firstOf(texts[string](r, "countries"))}
	case customer != "":
		at, err = customerPlace(customer, customer, r, field+".opportunity")
	default:
		err = noPlace(field, id)
	}
	if err != nil && !(s.reads(customer) && s.reads(r.text("siteOf"))) {
		err = noPlace(field, id) // what is wrong with it names whom the viewer may not read
	}
	at.owner = r.text("owner")
	return at, err
}

func noPlace(field, opportunity string) error {
	return graph.Invalid(field+".opportunity", "the opportunity %q has no place: name one", opportunity)
}

// sitePlace is one site; a customer's own site stands for its customer.
func sitePlace(p graph.Place, r row, field string, asOf graph.Date) (place, error) {
	site, retired := r.text("site"), r.date("retiredOn")
	switch {
	case p.Customer != "" && r.text("customer") == "":
		return place{}, graph.NotFound(field+".customer", graph.KindCustomer, p.Customer)
	case site == "":
		return place{}, graph.NotFound(field+".site", graph.KindSite, p.Site)
	case p.Customer != "" && r.text("siteOf") != p.Customer:
		return place{}, graph.Invalid(field+".site", "the site %q is not one of the customer %q", p.Site, p.Customer)
	case !retired.IsZero() && asOf >= retired:
		return place{}, graph.Invalid(field+".site", "the site %q was retired on %s: name another, or an earlier day", site, retired)
	}
	return place{points: []graph.Point{r.place("location")}, customer: r.text("siteOf"), country: r.text("country")}, nil
}

// customerPlace is every site that a customer has on a day.
func customerPlace(asked, found string, r row, field string) (place, error) {
	if found == "" {
		return place{}, graph.NotFound(field, graph.KindCustomer, asked)
	}
	at := place{customer: found, country: firstOf(texts[string](r, "countries"))}
	for _, value := range r.list("sites") {
		at.points = append(at.points, row{"at": value}.place("at"))
	}
	if len(at.points) == 0 {
		return at, graph.Invalid(field, "the customer %q has no site: name a place", found)
	}
	return at, nil
}

// firstOf is the first text that is stated.
func firstOf(texts []string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
