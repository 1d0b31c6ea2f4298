package graph

import (
	"cmp"
	"slices"
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

// HoldingPart is one claim among several that overlap in time. Two parts are the same if they say the same
// in every field.
type HoldingPart struct {
	Level     int    `cbor:"1,keyasint,omitempty"`
	Since     Date   `cbor:"2,keyasint,omitempty"`
	Until     Date   `cbor:"3,keyasint,omitempty"`
	Remote    bool   `cbor:"4,keyasint,omitempty"`
	Offer     string `cbor:"5,keyasint,omitempty"`
	Synthetic bool   `cbor:"6,keyasint,omitempty"`
	RetiredOn Date   `cbor:"7,keyasint,omitempty"`
}

// Compare orders parts by since, offer, until, level, remote and the rest; 0 is for the same part.
func (p HoldingPart) Compare(other HoldingPart) int {
	flag := func(b bool) int {
		if b {
			return 1
		}
		return 0
	}
	return cmp.Or(
		cmp.Compare(p.Since, other.Since), cmp.Compare(p.Offer, other.Offer), cmp.Compare(p.Until, other.Until),
		cmp.Compare(p.Level, other.Level), flag(p.Remote)-flag(other.Remote),
		flag(p.Synthetic)-flag(other.Synthetic), cmp.Compare(p.RetiredOn, other.RetiredOn),
	)
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

// NaturalKey is what makes the id of a holding that states none.
func (h *Holding) NaturalKey() []string {
	return []string{h.Partner, h.Competency, h.Office, h.Since.String()}
}

// End retires the holding: its claims end the day before, so that another one can take its place from that day on. One
// that has not begun by then lasts the one day on which it would have.
func (h *Holding) End(today Date) {
	end := func(since, until Date) Date {
		last := max(today.AddDays(-1), since)
		if !until.IsZero() && until < last {
			return until
		}
		return last
	}
	h.RetiredOn = today
	if len(h.Parts) == 0 {
		h.Until = end(h.Since, h.Until)
		return
	}
	parts := slices.Clone(h.Parts)
	for i := range parts {
		parts[i].Until, parts[i].RetiredOn = end(parts[i].Since, parts[i].Until), today
	}
	h.join(parts)
}

// CurrentAt reports whether the holding is claimed on a date; both ends count.
func (h *Holding) CurrentAt(asOf Date) bool {
	return h.MergedInto == "" && h.LiveAt(asOf) && asOf.within(h.Since, h.Until)
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
// the latest until, remote and synthetic if any part is, retired once every part is. The parts are a set:
// the same claims merged in any order, and any number of times, make the same holding.
func (h *Holding) Merge(other *Holding) {
	h.join(slices.Concat(h.Claims(), other.Claims()))
}

// Correct puts a part in the place of the one of the same since and offer. It reports whether there is
// exactly one; otherwise the holding is left as it is.
func (h *Holding) Correct(part HoldingPart) bool {
	parts := slices.Clone(h.Claims())
	at := -1
	for i, p := range parts {
		if p.Since == part.Since && p.Offer == part.Offer {
			if at >= 0 {
				return false
			}
			at = i
		}
	}
	if at < 0 {
		return false
	}
	parts[at] = part
	h.join(parts)
	return true
}

// Claims returns the claims that make up the holding: its parts, or where it has none, itself, once an
// offer.
func (h *Holding) Claims() []HoldingPart {
	if len(h.Parts) > 0 {
		return h.Parts
	}
	claim := HoldingPart{
		Level: h.Level, Since: h.Since, Until: h.Until, Remote: h.Remote, Synthetic: h.Synthetic, RetiredOn: h.RetiredOn,
	}
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

// join makes the holding what its parts say; parts is its own from then on.
func (h *Holding) join(parts []HoldingPart) {
	slices.SortFunc(parts, HoldingPart.Compare)
	parts = slices.Compact(parts)
	all := parts[0]
	var offers []string
	for _, p := range parts {
		all.Level = max(all.Level, p.Level)
		all.Remote = all.Remote || p.Remote
		all.Synthetic = all.Synthetic || p.Synthetic
		if all.Since.IsZero() || p.Since.IsZero() {
			all.Since = 0
		} else {
			all.Since = min(all.Since, p.Since)
		}
		all.Until = later(all.Until, p.Until)
		all.RetiredOn = later(all.RetiredOn, p.RetiredOn)
		if p.Offer != "" {
			offers = append(offers, p.Offer)
		}
	}
	slices.Sort(offers)
	h.Offers = slices.Clip(slices.Compact(offers))
	h.Level, h.Since, h.Until, h.Remote, h.Parts = all.Level, all.Since, all.Until, all.Remote, nil
	h.Synthetic, h.RetiredOn = all.Synthetic, all.RetiredOn
	if len(parts) > 1 {
		h.Parts = parts
	}
}

// later is the later end of two, open if one of them is.
func later(a, b Date) Date {
	if a.IsZero() || b.IsZero() {
		return 0
	}
	return max(a, b)
}
