package naive

import (
	"fmt"
	"strconv"
	"strings"
)

// Acting is the world in which the viewer acts by its own lights: what it may not read is not there. What decides what
// it may read and change of the rest is kept whole: whom postings that it may read are addressed to, and the walls that
// keep it out. Where such a posting has an owner, a lead, a customer or a site that the viewer may not read, or a
// referral a customer, or a posting of its own is offered to somebody, somebody stands in of whom nothing is known: that there is one may show in what is refused.
func (s *Sight) Acting() Rows {
	a := &acting{Sight: s, kept: s.Visible().keep(s.reads), standIns: map[string]string{}}
	for _, o := range a.kept["opportunities"] {
		a.fill("opportunities", o, "owner_partner_id", "partners")
		a.fill("opportunities", o, "lead_partner_id", "partners")
		a.fill("opportunities", o, "customer_id", "customers")
		a.fill("opportunities", o, "site_id", "sites")
		if s.posted(a.byID["opportunities"][o["id"]]) { // who is told whether it is offered
			a.fill("opportunities", o, "transfer_to", "partners")
		}
		if was := a.byID["opportunities"][o["id"]]; s.posted(was) || s.Role == "PARTNER" && was["transfer_to"] == s.Organisation {
			a.share(o, was)
		}
	}
	for _, r := range a.kept["referrals"] {
		a.fill("referrals", r, "customer_id", "customers")
	}
	for _, p := range a.kept["partnerships"] {
		for _, party := range list(a.byID["partnerships"][p["id"]]["partners"]) {
			if !a.kept.Has("partners", party) && !a.hidesPartner(a.byID["partners"][party]) {
				p["partners"] += ";" + a.standIn("partners", party)
			}
		}
	}
	a.kept["walls"] = nil
	for _, wall := range s.rows["walls"] {
		a.keepWall(wall)
	}
	return a.kept
}

// acting is a world in which a viewer acts, in the making.
type acting struct {
	*Sight
	kept     Rows
	standIns map[string]string // by sheet and id
}

// fill names a stand-in where a row named what the viewer may not read.
func (a *acting) fill(sheet string, row Row, column, of string) {
	if was := a.byID[sheet][row["id"]][column]; was != "" && row[column] == "" {
		row[column] = a.standIn(of, was)
	}
}

// share has partnerships stand in where an opportunity is shared that is the viewer's, or may become so: it is shared no
// more where a new owner is no party.
func (a *acting) share(o, was Row) {
	for _, id := range list(was["shared_in"]) {
		if a.kept.Has("partnerships", id) {
			continue
		}
		made := "somebody-shares-" + strconv.Itoa(len(a.kept["partnerships"]))
		p, whole := Row{"id": made, "collaboration": "LOW"}, a.byID["partnerships"][id]
		var parties []string
		for _, party := range list(whole["partners"]) {
			if !a.kept.Has("partners", party) {
				party = a.standIn("partners", party)
			}
			parties = append(parties, party)
		}
		p["partners"], p["pending"] = strings.Join(parties, ";"), parties[0]
		a.kept["partnerships"] = append(a.kept["partnerships"], p)
		o["shared_in"] = strings.Trim(o["shared_in"]+";"+made, ";")
	}
}

// standIn is the id of who stands in for a row that the viewer may not read. Partners are as hidden as who they stand
// in for; of customers there is the segment, by which walls are put up, and of sites where they lie.
func (a *acting) standIn(sheet, id string) string {
	key := sheet + " " + id
	if known := a.standIns[key]; known != "" {
		return known
	}
	made := fmt.Sprintf("somebody-%d", len(a.standIns))
	a.standIns[key] = made
	row, was := Row{"id": made, "name": "Somebody"}, a.byID[sheet][id]
	switch sheet {
	case "partners":
		if row["status"] = "SUSPENDED"; a.hidesPartner(was) {
			row["status"] = "PENDING"
		}
	case "customers":
		row["segment"] = was["segment"]
	case "sites":
		row["lat"], row["lng"], row["country"] = was["lat"], was["lng"], was["country"]
		if of := was["customer_id"]; of != "" {
			row["customer_id"] = a.standIn("customers", of)
		}
	}
	a.kept[sheet] = append(a.kept[sheet], row)
	return made
}

// keepWall keeps a wall of the viewer that is around anybody who is left.
func (a *acting) keepWall(wall Row) {
	ids := a.kept.ids()
	if a.Role != "PARTNER" || wall["partner_id"] != a.Organisation || wall["partnership_id"] != "" && !ids["partnerships"][wall["partnership_id"]] {
		return
	}
	kept := Row{}
	for column, cell := range wall {
		kept[column] = cell
	}
	if customer := wall["customer_id"]; customer != "" && !ids["customers"][customer] {
		if kept["customer_id"] = a.standIns["customers "+customer]; kept["customer_id"] == "" {
			return
		}
	}
	a.kept["walls"] = append(a.kept["walls"], kept)
}

// Has reports whether a sheet has a row of an id.
func (r Rows) Has(sheet, id string) bool { return r.Row(sheet, id) != nil }

// Row is the row of an id, nil if a sheet has none.
func (r Rows) Row(sheet, id string) Row {
	for _, row := range r[sheet] {
		if row["id"] == id {
			return row
		}
	}
	return nil
}
