package naive

import (
	"fmt"
	"slices"
	"strings"
)

// partnerships are of two and of three, in force and not.
func (m *maker) partnerships() {
	m.header("partnerships", "id,partners,kind,collaboration,starts_on,ends_on,pending")
	for i := range len(m.ids) / 2 {
		starts, ends := m.span(45)
		parties := some(m.Rand, m.ids, pick(m.Rand, []int{2, 2, 3}))
		m.row("partnerships", fmt.Sprintf("ship%d", i), strings.Join(parties, ";"), "alliance",
			pick(m.Rand, []string{"LOW", "MEDIUM", "HIGH"}), starts, ends, pick(m.Rand, []string{"", "", "", "", "", "", "", parties[0]}))
	}
}

// sent is what a later link of a chain must know of a referral.
type sent struct {
	id, to, on string
	trail      []string // everybody along the chain
}

// referrals are in every state, with and without their dates; some go on with
// one that was forwarded.
func (m *maker) referrals() {
	m.header("referrals", "id,from_partner_id,to_partner_id,customer_id,competency_id,state,sent_on,answered_on,closed_on,parent_id")
	var forwarded []sent
	for i := range len(m.ids) * (2 + m.IntN(3)) {
		pair := some(m.Rand, m.ids, 2)
		s := sent{id: fmt.Sprintf("r%d", i), to: pair[1], on: m.date(), trail: pair}
		from, parent := pair[0], ""
		if len(forwarded) > 0 && m.chance(60) {
			last := forwarded[len(forwarded)-1]
			forwarded = forwarded[:len(forwarded)-1]
			if !slices.Contains(last.trail, s.to) && len(last.trail) < 4 {
				from, parent, s.on = last.to, last.id, m.later(last.on)
				s.trail = append(slices.Clone(last.trail), s.to)
			}
		}
		state := pick(m.Rand, []string{"NEW", "ACTIVE", "FORWARDED", "WON", "WON", "WON", "LOST", "DECLINED", "EXPIRED"})
		answered, closed := m.progress(state, s.on)
		m.row("referrals", s.id, from, s.to, m.maybe(50, fmt.Sprintf("k%d", m.IntN(6))), m.maybe(80, pick(m.Rand, m.competencies)),
			state, s.on, answered, closed, parent)
		if state == "FORWARDED" {
			forwarded = append(forwarded, s)
		}
	}
}

// progress are the dates of the answer and the closing that a state may have.
func (m *maker) progress(state, on string) (answered, closed string) {
	switch state {
	case "NEW":
		return "", ""
	case "ACTIVE", "FORWARDED":
		return m.maybe(70, m.later(on)), ""
	case "EXPIRED":
		return "", m.maybe(80, m.later(on))
	}
	answered = m.maybe(70, m.later(on))
	return answered, m.maybe(80, m.later(or(answered, on)))
}

var stages = []string{"DRAFT", "PROSPECT", "QUALIFIED", "COMMITTED", "LAUNCHED", "LAUNCHED", "LAUNCHED", "LOST", "LOST"}

// opportunities stand at a site, at all sites of a customer, at a point, or at a
// customer without any.
func (m *maker) opportunities() {
	m.header("opportunities", "id,title,customer_id,site_id,lat,lng,needs,owner_partner_id,lead_partner_id,member_partner_ids,"+
		"declined_partner_ids,stage,review,posted_on,closed_on,lost_reason,audience")
	for i := range len(m.ids) {
		customer, site, lat, lng := pick(m.Rand, m.customerIDs), "", "", ""
		switch m.IntN(4) {
		case 0:
			customer, site = "", pick(m.Rand, m.siteOf[""])
		case 1:
			p := m.point()
			customer, lat, lng = "", cell(p.Lat), cell(p.Lng)
		case 2:
			if len(m.siteOf[customer]) > 0 {
				site = pick(m.Rand, m.siteOf[customer])
			}
		}
		var needs []string
		for _, c := range some(m.Rand, m.competencies, 1+m.IntN(2)) {
			needs = append(needs, c+m.maybe(30, fmt.Sprintf(":%d", 1+m.IntN(4))))
		}
		who := some(m.Rand, m.ids, 8) // owner, lead, two members, the rest may decline
		stage := pick(m.Rand, stages)
		posted, closed, lost, review := m.date(), "", "", pick(m.Rand, []string{"", "APPROVED", "SUBMITTED"})
		switch stage {
		case "LAUNCHED", "LOST":
			closed = m.maybe(85, m.later(posted))
			if stage == "LOST" {
				lost = "PRICE"
			}
		case "DRAFT":
			review = ""
		default:
			review = pick(m.Rand, []string{"", "APPROVED", "WITHDRAWN", "REJECTED"})
		}
		m.row("opportunities", fmt.Sprintf("opp%d", i), "Vorhaben", customer, site, lat, lng, strings.Join(needs, ";"),
			m.maybe(85, who[0]), m.maybe(70, who[1]), strings.Join(who[2:2+m.IntN(3)], ";"), strings.Join(who[4:4+m.IntN(4)], ";"),
			stage, review, posted, closed, lost, "ALL")
	}
}

// walls are about a customer or a segment, about everything or a competency;
// one is within a partnership and keeps nobody from an answer.
func (m *maker) walls() {
	m.header("walls", "id,partner_id,customer_id,segment,competency_id,partnership_id")
	for i := range len(m.ids) / 2 {
		customer, segment := pick(m.Rand, m.customerIDs), ""
		if m.chance(30) {
			customer, segment = "", pick(m.Rand, []string{"SMB", "Öffentliche Hand"})
		}
		m.row("walls", fmt.Sprintf("wall%d", i), pick(m.Rand, m.ids), customer, segment, m.maybe(60, pick(m.Rand, m.competencies)), "")
	}
	ship := m.sheets["partnerships"][1]
	m.row("walls", "wall-within", list(ship[1])[0], pick(m.Rand, m.customerIDs), "", "", ship[0])
}
