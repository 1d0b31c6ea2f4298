package neo4jstore

import "valueweb/graph"

func writeHolding(n *graph.Holding, p properties, l links) {
	p.integer("level", n.Level)
	p.date("since", n.Since)
	p.date("until", n.Until)
	p.truth("remote", n.Remote)
	listed(p, "offers", n.Offers)
	p.text("mergedInto", n.MergedInto)
	writeParts(n.Parts, p)
	l.one("partner", n.Partner)
	l.one("competency", n.Competency)
	l.one("office", n.Office)
}

// A list of the database holds no null: in the lists of the parts, dates are texts that may be empty.
func writeParts(parts []graph.HoldingPart, p properties) {
	if len(parts) == 0 {
		return
	}
	n := len(parts)
	levels, remote, synthetic := make([]int, n), make([]bool, n), make([]bool, n)
	since, until, offers, retired := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	for i, part := range parts {
		levels[i], remote[i], synthetic[i], offers[i] = part.Level, part.Remote, part.Synthetic, part.Offer
		since[i], until[i], retired[i] = part.Since.String(), part.Until.String(), part.RetiredOn.String()
	}
	p["partLevels"], p["partRemote"], p["partSynthetic"], p["partOffers"] = levels, remote, synthetic, offers
	p["partSince"], p["partUntil"], p["partRetiredOn"] = since, until, retired
}

func readHolding(r row, meta graph.Meta) *graph.Holding {
	return &graph.Holding{
		Meta: meta, Partner: r.text("partner"), Competency: r.text("competency"), Office: r.text("office"), Level: r.integer("level"),
		Since: r.date("since"), Until: r.date("until"), Remote: r.truth("remote"), Offers: texts[string](r, "offers"),
		Parts: readParts(r), MergedInto: r.text("mergedInto"),
	}
}

func readParts(r row) []graph.HoldingPart {
	levels := r.list("partLevels")
	if len(levels) == 0 {
		return nil
	}
	parts := make([]graph.HoldingPart, len(levels))
	for i := range parts {
		at := part{r, i}
		level, _ := levels[i].(int64)
		parts[i] = graph.HoldingPart{
			Level: int(level), Since: at.date("partSince"), Until: at.date("partUntil"), RetiredOn: at.date("partRetiredOn"),
			Remote: at.truth("partRemote"), Synthetic: at.truth("partSynthetic"), Offer: at.text("partOffers"),
		}
	}
	return parts
}

// part reads the i-th of every list of a row.
type part struct {
	row row
	i   int
}

func (p part) value(name string) any {
	if list := p.row.list(name); p.i < len(list) {
		return list[p.i]
	}
	return nil
}

func (p part) text(name string) string {
	text, _ := p.value(name).(string)
	return text
}

func (p part) truth(name string) bool {
	is, _ := p.value(name).(bool)
	return is
}

func (p part) date(name string) graph.Date { return readDate(p.text(name)) }
