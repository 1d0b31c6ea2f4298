package naive

import (
	"fmt"
	"regexp"
	"strings"
)

// tokens are what no other cell of a world holds, and nobody guesses.
var tokens = regexp.MustCompile(`zq[0-9a-z]{12}|\b[1-9][0-9]{11}\.25`)

// TokensIn are the tokens in a text.
func TokensIn(text string) []string { return tokens.FindAllString(text, -1) }

// Tokens are the tokens in the cells of rows.
func (r Rows) Tokens() map[string]bool {
	all := map[string]bool{}
	for _, rows := range r {
		for _, row := range rows {
			for _, cell := range row {
				for _, found := range TokensIn(cell) {
					all[found] = true
				}
			}
		}
	}
	return all
}

// marked are the cells of every sheet that take a token, each with the text around it.
var marked = map[string]map[string]string{
	"partners":             {"name": "Partner %s", "aliases": "Alias %s", "website": "https://%s.example"},
	"offices":              {"name": "Büro %s", "address": "Street %s", "city": "Ort %s"},
	"customers":            {"name": "Kunde %s"},
	"sites":                {"name": "Site %s", "city": "Ort %s"},
	"contacts":             {"name": "Person %s", "email": "%s@example.org", "phone": "+1 %s"},
	"partner_competencies": {"offer": "Offer %s"},
	"certifications":       {"issuer": "Issuer %s"},
	"solutions":            {"name": "Solution %s", "description": "About %s"},
	"partnerships":         {"kind": "alliance %s", "sponsor": "Sponsor %s", "manager": "Manager %s"},
	"opportunities":        {"title": "Vorhaben %s"},
	"customer_partners":    {}, "invitations": {}, "referrals": {}, "walls": {},
}

// mark names every record by a token, in its id and in all texts that it has, each by its own.
func (g *guard) mark() {
	renamed := map[string]map[string]string{}
	for _, sheet := range sorted(g.rows) {
		cells, named := marked[sheet]
		if !named {
			continue
		}
		renamed[sheet] = map[string]string{}
		for _, row := range g.rows[sheet] {
			id := row["id"] + "." + g.token()
			renamed[sheet][row["id"]], row["id"] = id, id
			row["external_ids"] = "crm=" + g.token()
			for _, column := range sorted(cells) {
				row[column] = fmt.Sprintf(cells[column], g.token())
			}
		}
	}
	for _, sheet := range sorted(g.rows) {
		for _, row := range g.rows[sheet] {
			row.rename(references[sheet], renamed)
		}
	}
	for _, sheet := range []string{"referrals", "opportunities"} {
		for _, row := range g.rows[sheet] {
			if g.chance(70) {
				row["value"], row["currency"] = fmt.Sprintf("%d.25", 1e11+g.Int64N(9e11)), "EUR"
			}
		}
	}
}

func (g *guard) token() string {
	const letters = "0123456789abcdefghijklmnopqrstuvwxyz"
	text := []byte("zq")
	for range 12 {
		text = append(text, letters[g.IntN(len(letters))])
	}
	return string(text)
}

func (row Row) rename(refs []reference, renamed map[string]map[string]string) {
	for _, ref := range refs {
		if renamed[ref.to] == nil || row[ref.column] == "" {
			continue
		}
		ids := list(row[ref.column])
		for i, id := range ids {
			ids[i] = renamed[ref.to][id]
		}
		row[ref.column] = strings.Join(ids, ";")
	}
}
