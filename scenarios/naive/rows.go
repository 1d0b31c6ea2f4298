package naive

import (
	"bytes"
	"encoding/csv"
	"maps"
	"slices"
	"strings"
)

// Row is a row of a sheet by column; an absent column is an empty cell.
type Row map[string]string

// Rows are the rows of a world by sheet.
type Rows map[string][]Row

// reference is a column that names rows of a sheet.
type reference struct {
	column, to string
	list       bool
	must       bool // where what it names is gone, so is the row
}

// references are the columns of every sheet that name what may be gone.
var references = map[string][]reference{
	"competencies":         {{column: "parent_id", to: "competencies", list: true}, {column: "related", to: "competencies", list: true}},
	"partners":             {{column: "part_of", to: "partners"}, {column: "channel_manager", to: "contacts"}},
	"offices":              {{column: "partner_id", to: "partners", must: true}},
	"sites":                {{column: "customer_id", to: "customers", must: true}},
	"contacts":             {{column: "partner_id", to: "partners", must: true}, {column: "customer_id", to: "customers", must: true}, {column: "office_id", to: "offices"}},
	"partner_competencies": {{column: "partner_id", to: "partners", must: true}, {column: "office_id", to: "offices"}},
	"certifications":       {{column: "partner_id", to: "partners", must: true}, {column: "office_id", to: "offices"}},
	"customer_partners":    {{column: "customer_id", to: "customers", must: true}, {column: "partner_id", to: "partners", must: true}},
	"solutions":            {{column: "partner_id", to: "partners", list: true}, {column: "builds_on", to: "solutions", list: true}},
	"partnerships":         {{column: "partners", to: "partners", list: true}, {column: "sites", to: "sites", list: true}, {column: "pending", to: "partners", list: true}},
	"opportunities": {
		{column: "customer_id", to: "customers"}, {column: "site_id", to: "sites"},
		{column: "owner_partner_id", to: "partners"}, {column: "lead_partner_id", to: "partners"}, {column: "transfer_to", to: "partners"},
		{column: "member_partner_ids", to: "partners", list: true}, {column: "declined_partner_ids", to: "partners", list: true},
		{column: "audience_partner_ids", to: "partners", list: true}, {column: "shared_in", to: "partnerships", list: true},
	},
	"invitations": {{column: "opportunity_id", to: "opportunities", must: true}, {column: "partner_id", to: "partners", must: true}},
	"referrals": {
		{column: "from_partner_id", to: "partners", must: true}, {column: "to_partner_id", to: "partners", must: true},
		{column: "customer_id", to: "customers"}, {column: "parent_id", to: "referrals"},
	},
	"walls": {
		{column: "partner_id", to: "partners", must: true}, {column: "customer_id", to: "customers", must: true},
		{column: "partnership_id", to: "partnerships", must: true},
	},
}

// ids are those of every sheet.
func (r Rows) ids() map[string]map[string]bool {
	all := map[string]map[string]bool{}
	for sheet, rows := range r {
		all[sheet] = map[string]bool{}
		for _, row := range rows {
			all[sheet][row["id"]] = true
		}
	}
	return all
}

// keep is a copy with the rows that are wanted: what must name others is gone with them, and nothing names
// them any more.
func (r Rows) keep(wanted func(sheet string, row Row) bool) Rows {
	kept := r.only(wanted)
	for fewer := true; fewer; {
		ids, before := kept.ids(), kept.count()
		kept = kept.only(func(sheet string, row Row) bool {
			return !slices.ContainsFunc(references[sheet], func(ref reference) bool {
				return ref.must && row[ref.column] != "" && !ids[ref.to][row[ref.column]]
			})
		})
		fewer = kept.count() < before
	}
	ids := kept.ids()
	for sheet, rows := range kept {
		for _, row := range rows {
			pending := row["pending"]
			row.forget(references[sheet], ids)
			if left := list(row["partners"]); pending != "" && row["pending"] == "" && len(left) > 0 {
				row["pending"] = left[0] // whoever is waited for: it is no more in force than before
			}
		}
	}
	return kept
}

// only is a copy of the rows that are wanted.
func (r Rows) only(wanted func(sheet string, row Row) bool) Rows {
	kept := Rows{}
	for sheet, rows := range r {
		kept[sheet] = nil
		for _, row := range rows {
			if wanted(sheet, row) {
				kept[sheet] = append(kept[sheet], maps.Clone(row))
			}
		}
	}
	return kept
}

func (r Rows) count() (n int) {
	for _, rows := range r {
		n += len(rows)
	}
	return n
}

// forget takes from a row the names of what is gone.
func (row Row) forget(refs []reference, ids map[string]map[string]bool) {
	for _, ref := range refs {
		if row[ref.column] == "" {
			continue
		}
		left := slices.DeleteFunc(list(row[ref.column]), func(id string) bool { return !ids[ref.to][id] })
		row[ref.column] = strings.Join(left, ";")
	}
}

// ReadRows reads the rows of sheets.
func ReadRows(files map[string][]byte) (Rows, error) {
	rows := Rows{}
	for name, text := range files {
		records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil {
			return nil, err
		}
		sheet := strings.TrimSuffix(name, ".csv")
		for _, record := range records[1:] {
			row := Row{}
			for column, cell := range record {
				row[records[0][column]] = cell
			}
			rows[sheet] = append(rows[sheet], row)
		}
	}
	return rows, nil
}

// Records are the rows of every sheet under a header.
func (r Rows) Records() map[string][][]string {
	sheets := map[string][][]string{}
	for sheet, rows := range r {
		columns := map[string]bool{"id": true}
		for _, row := range rows {
			for column := range row {
				columns[column] = true
			}
		}
		header := sorted(columns)
		records := [][]string{header}
		for _, row := range rows {
			record := make([]string, len(header))
			for i, column := range header {
				record[i] = row[column]
			}
			records = append(records, record)
		}
		if len(rows) > 0 {
			sheets[sheet] = records
		}
	}
	return sheets
}
