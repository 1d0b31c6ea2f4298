package naive

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Figure is a cell of figures: how many records it holds, and how many of them the viewer may not read.
type Figure struct{ Count, Unknown int }

// Dimensions are what figures are counted by.
var Dimensions = []string{"SEGMENT", "INDUSTRY", "COUNTRY"}

// countedIn are the sheets of what figures count.
var countedIn = map[string]string{"CUSTOMERS": "customers", "OPPORTUNITIES": "opportunities", "REFERRALS": "referrals"}

// counted is a record that counts for a viewer.
type counted struct {
	id      string
	values  [3]string // by Dimensions
	unknown bool
}

// Figures are the cells by some dimensions, by their values joined with "|", and whether counts are told at all
// where none is too small. A partnership that tells nothing has no cells.
func (s *Sight) Figures(of, partnership string, by []string) (cells map[string]Figure, telling bool) {
	cells = map[string]Figure{}
	if partnership != "" && !s.teller(s.byID["partnerships"][partnership]) {
		return cells, true
	}
	if len(by) == 0 {
		cells[""] = Figure{}
	}
	for _, record := range s.counted(of, partnership) {
		var values []string
		for _, dimension := range by {
			values = append(values, record.values[slices.Index(Dimensions, dimension)])
		}
		key := strings.Join(values, "|")
		cell := cells[key]
		cell.Count++
		if record.unknown {
			cell.Unknown++
		}
		cells[key] = cell
	}
	return cells, s.Role != "PARTNER" || partnership == "" || s.tells(of, partnership)
}

// teller reports whether a partnership tells figures.
func (s *Sight) teller(p Row) bool { return s.inForce(p) && sharing(p) != "NONE" }

// counted are the records that count for me, or that the other parties of a partnership have.
func (s *Sight) counted(of, partnership string) (all []counted) {
	sheet := countedIn[of]
	if s.told == nil {
		s.seen, s.told = s.Visible(), s.Readable()
	}
	byID := map[string]Row{}
	for _, row := range s.told[sheet] {
		byID[row["id"]] = row
	}
	for _, seen := range s.seen[sheet] {
		raw := s.byID[sheet][seen["id"]]
		mine, readable := byID[raw["id"]]
		switch {
		case partnership == "" && !readable && s.Role != "ANALYST":
		case partnership != "" && !readable && of == "OPPORTUNITIES":
		case partnership != "" && !s.had(of, raw, s.byID["partnerships"][partnership]):
		case readable:
			all = append(all, counted{raw["id"], s.values(sheet, mine, s.told), false})
		default:
			all = append(all, counted{raw["id"], s.values(sheet, raw, s.rows), true})
		}
	}
	return all
}

// had reports whether another party of a partnership has a record, and no wall within the partnership is around it.
func (s *Sight) had(of string, row, p Row) bool {
	walls := s.wallsOf(p["id"])
	return slices.ContainsFunc(list(p["partners"]), func(party string) bool {
		if s.Role == "PARTNER" && party == s.Organisation {
			return false
		}
		switch of {
		case "CUSTOMERS":
			return s.servedBy(row["id"], party, "OWNER") && !s.around(walls, row["id"])
		case "OPPORTUNITIES":
			return row["owner_partner_id"] == party && !s.around(walls, s.customerOf(row), needsOf(row)...)
		}
		return (row["from_partner_id"] == party || row["to_partner_id"] == party) && !s.around(walls, row["customer_id"], row["competency_id"])
	})
}

// values are where a record counts, as some rows say it.
func (s *Sight) values(sheet string, row Row, rows Rows) [3]string {
	find := func(sheet, id string) Row {
		for _, found := range rows[sheet] {
			if found["id"] == id && id != "" {
				return found
			}
		}
		return nil
	}
	subject, at := row["customer_id"], Row(nil)
	switch sheet {
	case "customers":
		subject = row["id"]
	case "opportunities":
		at = find("sites", row["site_id"])
		subject = or(subject, at["customer_id"])
	}
	customer := find("customers", subject)
	return [3]string{customer["segment"], customer["industry"], or(at["country"], s.home(customer["id"], rows))}
}

// home is the country of most sites of a customer.
func (s *Sight) home(customer string, rows Rows) string {
	sites := map[string]int{}
	for _, site := range rows["sites"] {
		if customer != "" && site["customer_id"] == customer && site["country"] != "" && s.live(site) {
			sites[site["country"]]++
		}
	}
	countries := slices.SortedFunc(maps.Keys(sites), func(a, b string) int {
		return cmp.Or(sites[b]-sites[a], strings.Compare(a, b))
	})
	return strings.Join(countries[:min(1, len(countries))], "")
}

// tells reports whether a partnership of mine tells counts beside the others.
func (s *Sight) tells(of, partnership string) bool {
	unknown := map[string]map[string]bool{}
	for _, p := range s.rows["partnerships"] {
		if !slices.Contains(list(p["partners"]), s.Organisation) || !s.teller(p) {
			continue
		}
		unknown[p["id"]] = map[string]bool{}
		for _, record := range s.counted(of, p["id"]) {
			if record.unknown {
				unknown[p["id"]][record.id] = true
			}
		}
	}
	best := partnership
	for _, id := range connected(unknown, partnership) {
		if len(unknown[id]) > len(unknown[best]) || len(unknown[id]) == len(unknown[best]) && id < best {
			best = id
		}
	}
	return maps.Equal(unknown[best], unknown[partnership])
}

// connected are the sets that a set shares members with, and those that these share members with, and so on.
func connected(sets map[string]map[string]bool, from string) []string {
	found := []string{from}
	for at := 0; at < len(found); at++ {
		for id, members := range sets {
			if !slices.Contains(found, id) && meet(members, sets[found[at]]) {
				found = append(found, id)
			}
		}
	}
	return found
}

// meet reports whether two sets have a member in common.
func meet(a, b map[string]bool) bool {
	for member := range a {
		if b[member] {
			return true
		}
	}
	return false
}
