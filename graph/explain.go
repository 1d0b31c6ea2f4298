package graph

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// explain says why a partner stands where it stands: every term with its evidence and one sentence, the
// matches, and what to know before relying on it.
func (r *ranking) explain(row *row, place int) Candidate {
	c := Candidate{
		Partner: row.facts.Partner, Rank: place, Score: row.score, Trust: row.trust,
		Country: r.facts.Country, Evidence: row.facts.Track, Matches: row.needMatches(),
	}
	if row.hasKm {
		km := row.km
		c.Km, c.Office = &km, row.office.ID
	}
	for at, term := range Terms {
		if term == Trust && r.facts.Asker == "" {
			continue
		}
		because, evidence := r.reason(term, row)
		c.Terms = append(c.Terms, ScoreTerm{
			Term: term, Value: row.values[at], Weight: r.weigh[at], Contribution: r.weigh[at] * row.values[at],
			Because: because, Evidence: evidence,
		})
	}
	c.Caveats = r.caveats(row)
	return c
}

func (row *row) needMatches() []NeedMatch {
	matches := make([]NeedMatch, len(row.matches))
	for i, m := range row.matches {
		matches[i] = NeedMatch{Need: m.need.Competency, Holding: m.holding.ID, Exact: m.holding.Exact}
		if m.holding.Certification != nil {
			matches[i].Certification = m.holding.Certification.ID
		}
		if m.office != nil {
			km := m.office.Km
			matches[i].Office, matches[i].Km = m.office.ID, &km
		}
	}
	return matches
}

// reason is the sentence of a term and the facts it rests on.
func (r *ranking) reason(term Term, row *row) (string, []Evidence) {
	switch term {
	case Fit:
		return r.fitReason(row)
	case Near:
		return r.nearReason(row)
	case Trust:
		return r.trustReason(row)
	case Proof:
		return r.proofReason(row)
	case Ready:
		return r.readyReason(row)
	default:
		return r.fairReason(row)
	}
}

func (r *ranking) fitReason(row *row) (string, []Evidence) {
	var parts []string
	var evidence []Evidence
	for _, m := range row.matches {
		h := m.holding
		part := "holds " + h.CompetencyName
		if !h.Exact {
			part += ", narrower than " + m.need.Name + ","
		}
		of := GID(KindHolding, h.ID)
		if h.Level == 0 {
			part += fmt.Sprintf(" at no stated level (counts as %d)", UnstatedLevel)
		} else {
			part += fmt.Sprintf(" at level %d of %d", h.Level, MaxLevel)
		}
		evidence = append(evidence, Evidence{Name: "level", Value: strconv.Itoa(h.effectiveLevel()), Of: of})
		if cert := h.Certification; cert != nil {
			part += ", certified" + cert.words()
			evidence = append(evidence, Evidence{Name: "certification", Value: cert.Scheme, Of: GID(KindCertification, cert.ID)})
		} else {
			part += ", not certified"
		}
		parts = append(parts, part)
	}
	return sentence(parts), evidence
}

// words names a certification and its end.
func (c *CertificationFacts) words() string {
	words := ""
	if c.Scheme != "" {
		words = " (" + c.Scheme + ")"
	}
	if c.ExpiresOn.IsZero() {
		return words + " without an end"
	}
	return words + " until " + c.ExpiresOn.String()
}

func (r *ranking) nearReason(row *row) (string, []Evidence) {
	var parts []string
	var evidence []Evidence
	together := row.fromOneOffice()
	for i, m := range row.matches {
		what := ""
		if !together {
			what = " for " + m.need.Name
		}
		if m.office == nil {
			parts = append(parts, "works remotely"+what)
			evidence = append(evidence, Evidence{Name: "remote", Value: "true", Of: GID(KindHolding, m.holding.ID)})
			continue
		}
		if i == 0 || !together {
			parts = append(parts, fmt.Sprintf("the office %s is %s away%s", m.office.node("").Label(), kmText(m.office.Km), what))
		}
		evidence = append(evidence, Evidence{Name: "km", Value: number(m.office.Km), Of: GID(KindOffice, m.office.ID)})
	}
	return sentence(parts), evidence
}

// fromOneOffice reports whether every need is filled from the same office, which one sentence then says.
func (row *row) fromOneOffice() bool {
	for _, m := range row.matches {
		if m.office != row.matches[0].office || m.office == nil && len(row.matches) > 1 {
			return false
		}
	}
	return true
}

func (r *ranking) trustReason(row *row) (string, []Evidence) {
	asker := r.names(r.facts.Asker)
	if row.trust == nil {
		switch {
		case r.facts.AskerState != Active:
			return fmt.Sprintf("%s is not active in the network, so it lends no trust.", asker), nil
		case r.facts.Access == nil && slices.Contains(r.facts.Blocked, r.facts.Asker): // others are not told of walls
			return fmt.Sprintf("Trust from %s does not count for this question.", asker), nil
		default:
			return fmt.Sprintf("No path of at most %d ties leads here from %s.", MaxTrustTies, asker), nil
		}
	}
	names := make([]string, len(row.trust.Partners))
	for i, id := range row.trust.Partners {
		names[i] = r.names(id)
	}
	evidence := make([]Evidence, len(row.trust.Ties))
	for i, tie := range row.trust.Ties {
		evidence[i] = Evidence{Name: "tie", Value: number(tie.Strength), Of: GID(KindPartner, tie.B)}
	}
	return fmt.Sprintf("%s reaches it over %s, strength %.3f: %s.", asker, counted(len(row.trust.Ties), "tie"), row.trust.Strength, strings.Join(names, " → ")), evidence
}

func (r *ranking) proofReason(row *row) (string, []Evidence) {
	from, _ := ProofPeriod(r.query.AsOf)
	track := row.facts.Track
	evidence := []Evidence{{Name: "won", Value: strconv.Itoa(track.Won)}, {Name: "closed", Value: strconv.Itoa(track.Closed)}}
	what := "this need"
	if len(row.matches) > 1 {
		what = "these needs"
	}
	if track.Closed == 0 {
		return fmt.Sprintf("Nothing for %s was closed after %s, which counts as one half.", what, from), evidence
	}
	text := fmt.Sprintf("Won %d of %s for %s closed after %s", track.Won, counted(track.Closed, "referral or opportunity"), what, from)
	if !track.LastWon.IsZero() {
		text += ", the last win on " + track.LastWon.String()
		evidence = append(evidence, Evidence{Name: "lastWon", Value: track.LastWon.String()})
	}
	return text + ".", evidence
}

func (r *ranking) readyReason(row *row) (string, []Evidence) {
	track, capacity := row.facts.Track, capacityOf(row.facts)
	stated := ""
	if row.facts.Capacity == nil {
		stated = ", which is what counts where none is stated"
	}
	text := fmt.Sprintf("Carries %s and %s at a capacity of %d%s.", counted(track.OpenReferrals, "open referral"), counted(track.OpenOpportunities, "open opportunity"), capacity, stated)
	return text, []Evidence{
		{Name: "openReferrals", Value: strconv.Itoa(track.OpenReferrals)},
		{Name: "openOpportunities", Value: strconv.Itoa(track.OpenOpportunities)},
		{Name: "capacity", Value: strconv.Itoa(capacity), Of: GID(KindPartner, row.facts.Partner)},
	}
}

func (r *ranking) fairReason(row *row) (string, []Evidence) {
	from, _ := FairPeriod(r.query.AsOf)
	received := row.facts.Track.Received
	evidence := []Evidence{{Name: "received", Value: strconv.Itoa(received)}, {Name: "receivedByAll", Value: strconv.Itoa(r.total)}}
	if r.total == 0 {
		return fmt.Sprintf("None of the candidates was sent a referral after %s.", from), evidence
	}
	return fmt.Sprintf("Was sent %d of %s that went to the candidates after %s.", received, counted(r.total, "referral"), from), evidence
}

// caveats are what to know before relying on a candidate.
func (r *ranking) caveats(row *row) []Caveat {
	var all []Caveat
	seen := map[Caveat]bool{}
	add := func(code CaveatCode, format string, args ...any) {
		caveat := Caveat{Code: code, Text: fmt.Sprintf(format, args...)}
		if !seen[caveat] { // two needs may rest on one holding
			seen[caveat] = true
			all = append(all, caveat)
		}
	}
	for _, m := range row.matches {
		h := m.holding
		if cert := h.Certification; cert != nil && r.soon(cert.ExpiresOn) {
			add(CertificateLapses, "The certification%s for %s lapses on %s, %s after %s.", schemeText(cert.Scheme), h.CompetencyName, cert.ExpiresOn, counted(cert.ExpiresOn.DaysSince(r.query.AsOf), "day"), r.query.AsOf)
		}
		for _, counts := range []*HoldingFacts{h, m.nearest} {
			if counts != nil && r.soon(counts.Until) {
				add(HoldingEnds, "%s is offered until %s only, %s after %s.", counts.CompetencyName, counts.Until, counted(counts.Until.DaysSince(r.query.AsOf), "day"), r.query.AsOf)
			}
		}
		if h.Level == 0 {
			add(LevelUnstated, "No level is stated for %s; it counts as %d.", h.CompetencyName, UnstatedLevel)
		}
	}
	if row.facts.Capacity == nil {
		add(CapacityUnstated, "No capacity is stated; %d engagements at once are assumed.", DefaultCapacity)
	}
	if row.facts.Synthetic {
		add(SyntheticFact, "%s is fictional: made for demonstration.", row.facts.Name)
	}
	return all
}

// soon reports whether an end lies within CaveatDays of the day asked about.
func (r *ranking) soon(end Date) bool {
	return !end.IsZero() && end.DaysSince(r.query.AsOf) <= CaveatDays
}

func schemeText(scheme string) string {
	if scheme == "" {
		return ""
	}
	return " " + scheme
}

// sentence joins parts into one sentence.
func sentence(parts []string) string {
	text := strings.Join(parts, "; ")
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// counted is a number with its noun, in the plural where it needs one.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	words := strings.Split(noun, " ")
	for i, word := range words {
		switch {
		case strings.HasSuffix(word, "y") && !strings.HasSuffix(word, "ay"):
			words[i] = word[:len(word)-1] + "ies"
		case word == "tie" || word == "day" || strings.HasPrefix(word, "referral") || word == "engagement" || word == "km":
			words[i] = word + "s"
		}
	}
	return strconv.Itoa(n) + " " + strings.Join(words, " ")
}

// kmText is a distance as people read it.
func kmText(km float64) string { return strconv.FormatFloat(km, 'f', 1, 64) + " km" }

// radiusText is a radius as a client would ask for it.
func radiusText(km float64) string {
	if math.IsInf(km, 1) {
		return "anywhere"
	}
	return number(km)
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// joinWords joins words as in a sentence: a, b or c.
func joinWords(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}
