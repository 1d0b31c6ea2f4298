package naive

import (
	"fmt"
	"strconv"
)

var (
	statuses = []string{"ACTIVE", "ACTIVE", "ACTIVE", "ACTIVE", "ACTIVE", "ACTIVE", "ACTIVE", "", "", "PENDING", "SUSPENDED", "LEFT"}
	kinds    = []string{"VENDOR", "DISTRIBUTOR", "RESELLER", "INTEGRATOR", "ISV", "CONSULTANCY", "SERVICE_PROVIDER"}
)

// partners draws who there is, with offices, holdings and certificates. Every
// fourth one or so is a twin of the one before: scores are then equal.
func (m *maker) partners() {
	m.header("partners", "id,name,kind,status,tier,capacity")
	m.header("offices", "id,partner_id,name,city,country,lat,lng")
	m.header("partner_competencies", "partner_id,competency_id,office_id,level,since,until,remote,offer")
	m.header("certifications", "id,partner_id,competency_id,office_id,scheme,issued_on,expires_on,verified")
	m.offices = map[string][]string{}
	var kind, status, tier, capacity string
	for i := range 8 + m.IntN(23) {
		id := fmt.Sprintf(pick(m.Rand, []string{"p%d", "P%d", "p-%d", "p_%d", "p%d~x"}), i)
		twin := i > 0 && m.chance(25)
		if !twin {
			kind, status = pick(m.Rand, kinds), pick(m.Rand, statuses)
			tier = pick(m.Rand, append([]string{""}, tiers...))
			capacity = pick(m.Rand, []string{"", "", "", "0", "1", "2", "3", "5", "12"})
		}
		m.row("partners", id, "Partner "+id, kind, status, tier, capacity)
		if twin {
			m.twin(id, m.ids[len(m.ids)-1])
		} else {
			m.profile(id)
		}
		m.ids = append(m.ids, id)
	}
}

func (m *maker) profile(partner string) {
	for i := range pick(m.Rand, []int{0, 1, 1, 2, 2, 3}) {
		p, id := m.point(), fmt.Sprintf("%s.o%d", partner, i)
		m.row("offices", id, partner, "Büro "+id, "Ort", "FR", cell(p.Lat), cell(p.Lng))
		m.offices[partner] = append(m.offices[partner], id)
	}
	held := map[[2]string]bool{}
	for range 2 + m.IntN(6) {
		competency, office := pick(m.Rand, m.competencies), ""
		if at := m.offices[partner]; len(at) > 0 && m.chance(50) {
			office = pick(m.Rand, at)
		}
		if key := [2]string{competency, office}; !held[key] {
			held[key] = true
			m.holding(partner, competency, office)
		}
	}
	for range m.IntN(4) {
		m.certificate(partner)
	}
}

func (m *maker) level() string {
	return m.maybe(80, strconv.Itoa(1+m.IntN(5)))
}

// holding is one row, or two of one triple: with overlapping dates they are one
// holding, with a gap between them two.
func (m *maker) holding(partner, competency, office string) {
	add := func(level, since, until string) {
		m.row("partner_competencies", partner, competency, office, level, since, until, m.maybe(20, "true"), "")
	}
	switch first := m.date(); {
	case m.chance(10):
		add(m.level(), "", addDays(first, 30))
		add(m.level(), addDays(first, pick(m.Rand, []int{-30, 10})), "")
	case m.chance(10):
		add(m.level(), "", first)
		add(m.level(), addDays(first, 2+m.IntN(100)), "")
	default:
		since, until := m.span(30)
		add(m.level(), since, until)
	}
}

func (m *maker) certificate(partner string) {
	rows := m.sheets["partner_competencies"]
	competency, office := pick(m.Rand, m.competencies), ""
	if last := pick(m.Rand, rows); m.chance(75) && last[0] == partner {
		competency = last[1]
	} else if own := rows[len(rows)-1]; own[0] == partner && m.chance(70) {
		competency = own[1]
	}
	if at := m.offices[partner]; len(at) > 0 && m.chance(35) {
		office = pick(m.Rand, at)
	}
	issued, expires := m.span(40)
	verified := pick(m.Rand, []string{"", "", "", "true", "false"})
	m.row("certifications", fmt.Sprintf("cert%d", len(m.sheets["certifications"])), partner, competency, office, "Scheme", issued, expires, verified)
}

// twin repeats offices and holdings of another partner, at the very same points.
func (m *maker) twin(partner, of string) {
	office := map[string]string{}
	for _, row := range m.sheets["offices"] {
		if row[1] == of {
			id := fmt.Sprintf("%s.o%d", partner, len(office))
			office[row[0]] = id
			m.row("offices", id, partner, "Büro "+id, row[3], row[4], row[5], row[6])
			m.offices[partner] = append(m.offices[partner], id)
		}
	}
	for _, row := range m.sheets["partner_competencies"] {
		if row[0] == of {
			m.row("partner_competencies", partner, row[1], office[row[2]], row[3], row[4], row[5], row[6], row[7])
		}
	}
}
