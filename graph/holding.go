package graph

import (
	"slices"
	"strings"
)

// UnstatedLevel is what a level counts as where none is stated.
const UnstatedLevel = 3

// MaxLevel is the highest level of a holding.
const MaxLevel = 5

// Holding is a partner's claim to a competency, tied to an office or partner-wide. There is one holding
// per partner, competency and office at a time: rows that overlap are its parts.
type Holding struct {
	Meta
	Partner    string   `cbor:"10,keyasint"`
	Competency string   `cbor:"11,keyasint"`
	Office     string   `cbor:"12,keyasint,omitempty"` // empty: partner-wide
	Level      int      `cbor:"13,keyasint,omitempty"` // 1..5; 0: not stated
	Since      Date     `cbor:"14,keyasint,omitempty"`
	Until      Date     `cbor:"15,keyasint,omitempty"`
	Remote     bool     `cbor:"16,keyasint,omitempty"`
	Offers     []string `cbor:"17,keyasint,omitempty"`
	// Parts are the overlapping claims that make up this holding; none where there is only one.
	Parts []HoldingPart `cbor:"18,keyasint,omitempty"`
	// MergedInto names the holding that took this one over; it then claims nothing itself.
	MergedInto string `cbor:"19,keyasint,omitempty"`
}

// HoldingPart is one claim among several that overlap in time. Since and offer tell parts apart.
type HoldingPart struct {
	Level  int    `cbor:"1,keyasint,omitempty"`
	Since  Date   `cbor:"2,keyasint,omitempty"`
	Until  Date   `cbor:"3,keyasint,omitempty"`
	Remote bool   `cbor:"4,keyasint,omitempty"`
	Offer  string `cbor:"5,keyasint,omitempty"`
}

// Kind returns KindHolding.
func (*Holding) Kind() Kind { return KindHolding }

// GID is unique over all kinds.
func (h *Holding) GID() string { return GID(KindHolding, h.ID) }

// References lists partner, competency and office.
func (h *Holding) References() []Reference {
	var refs references
	refs.add("partner_id", KindPartner, h.Partner)
	refs.add("competency_id", KindCompetency, h.Competency)
	refs.add("office_id", KindOffice, h.Office)
	return refs
}

// CurrentAt reports whether the holding is claimed on a date; both ends count.
func (h *Holding) CurrentAt(asOf Date) bool {
	return h.MergedInto == "" && asOf.within(h.Since, h.Until)
}

// EffectiveLevel is the level that counts, UnstatedLevel where none is stated.
func (h *Holding) EffectiveLevel() int {
	if h.Level == 0 {
		return UnstatedLevel
	}
	return h.Level
}

// StatedLevel is the level, nil where none is stated.
func (h *Holding) StatedLevel() *int {
	if h.Level == 0 {
		return nil
	}
	return &h.Level
}

// Overlaps reports whether two periods of one claim share a day.
func (h *Holding) Overlaps(other *Holding) bool {
	startsAfter := func(since, until Date) bool { return !since.IsZero() && !until.IsZero() && since > until }
	return !startsAfter(h.Since, other.Until) && !startsAfter(other.Since, h.Until)
}

// Merge takes the parts of other into h: offers joined, the highest stated level, the earliest since,
// the latest until, remote if any part is. A part of the same since and offer is replaced, so that a
// corrected row corrects.
func (h *Holding) Merge(other *Holding) {
	parts := slices.Clone(h.Claims())
	for _, part := range other.Claims() {
		same := func(p HoldingPart) bool { return p.Since == part.Since && p.Offer == part.Offer }
		if i := slices.IndexFunc(parts, same); i >= 0 {
			parts[i] = part
		} else {
			parts = append(parts, part)
		}
	}
	slices.SortFunc(parts, func(a, b HoldingPart) int {
		if a.Since != b.Since {
			return int(a.Since) - int(b.Since)
		}
		return strings.Compare(a.Offer, b.Offer)
	})
	h.join(parts)
}

// Claims returns the claims that make up the holding: its parts, or where it has none, itself, once an
// offer.
func (h *Holding) Claims() []HoldingPart {
	if len(h.Parts) > 0 {
		return h.Parts
	}
	claim := HoldingPart{Level: h.Level, Since: h.Since, Until: h.Until, Remote: h.Remote}
	if len(h.Offers) == 0 {
		return []HoldingPart{claim}
	}
	claims := make([]HoldingPart, len(h.Offers))
	for i, offer := range h.Offers {
		claims[i] = claim
		claims[i].Offer = offer
	}
	return claims
}

func (h *Holding) join(parts []HoldingPart) {
	first := parts[0]
	h.Level, h.Since, h.Until, h.Remote, h.Offers, h.Parts = first.Level, first.Since, first.Until, first.Remote, nil, nil
	for _, p := range parts {
		h.Level = max(h.Level, p.Level)
		h.Remote = h.Remote || p.Remote
		if p.Since.IsZero() || h.Since.IsZero() {
			h.Since = 0
		} else {
			h.Since = min(h.Since, p.Since)
		}
		if p.Until.IsZero() || h.Until.IsZero() {
			h.Until = 0
		} else {
			h.Until = max(h.Until, p.Until)
		}
		if p.Offer != "" && !slices.Contains(h.Offers, p.Offer) {
			h.Offers = append(h.Offers, p.Offer)
		}
	}
	slices.Sort(h.Offers)
	if len(parts) > 1 {
		h.Parts = parts
	}
}
