package naive

import (
	"cmp"
	"math"
	"slices"
)

// tie is what stands between two partners at a date.
type tie struct {
	strength    float64
	referrals   int           // sent by the date, either way, whatever became of them
	partnership []Partnership // the strongest in force, all equally strong ones in id order
}

// ties are all ties of positive strength at a date, from both ends. The
// referrals are added up in id order, so that the last bit is reproducible.
func (w *World) ties(asOf string) map[string]map[string]tie {
	type pair struct{ a, b string }
	weight, referrals := map[pair]float64{}, map[pair]int{}
	for _, r := range w.Referrals {
		if r.Sent > asOf {
			continue
		}
		p := pair{min(r.From, r.To), max(r.From, r.To)}
		weight[p] += referralWeight(r, asOf)
		referrals[p]++
	}
	strongest := map[pair][]Partnership{}
	for _, s := range w.Partnerships {
		if !inForce(s.Starts, s.Ends, asOf) {
			continue
		}
		for i, a := range s.Parties {
			for _, b := range s.Parties[i+1:] {
				p := pair{min(a, b), max(a, b)}
				strongest[p] = append(strongest[p], s)
			}
		}
	}
	for p, all := range strongest {
		best := 0.0
		for _, s := range all {
			best = max(best, partnershipWeight(s))
		}
		all = slices.DeleteFunc(all, func(s Partnership) bool { return partnershipWeight(s) < best })
		slices.SortFunc(all, func(a, b Partnership) int { return cmp.Compare(a.ID, b.ID) })
		strongest[p] = all
		weight[p] += best
	}
	out := map[string]map[string]tie{}
	for p, sum := range weight {
		if sum <= 0 || p.a == p.b {
			continue
		}
		t := tie{strength: sum / (sum + 2), referrals: referrals[p], partnership: strongest[p]}
		for _, ends := range [][2]string{{p.a, p.b}, {p.b, p.a}} {
			if out[ends[0]] == nil {
				out[ends[0]] = map[string]tie{}
			}
			out[ends[0]][ends[1]] = t
		}
	}
	return out
}

func partnershipWeight(s Partnership) float64 {
	switch s.Collaboration {
	case "HIGH":
		return 2
	case "MEDIUM":
		return 1
	}
	return 0.5
}

// referralWeight is what one referral that was sent by asOf adds to its tie.
func referralWeight(r Referral, asOf string) float64 {
	outcome, since := 0.25, r.Sent
	switch closed := closing(r); {
	case closed != "" && closed <= asOf:
		outcome, since = 0, closed
		if r.State == "WON" {
			outcome = 1
		}
	case answered(r, asOf):
		outcome = 0.5
	}
	return outcome * math.Pow(0.5, daysBetween(since, asOf)/548)
}

// closing is when a referral closed, "" if it is open: without a date of its
// own on the day of the answer, else of the sending.
func closing(r Referral) string {
	switch r.State {
	case "WON", "LOST", "DECLINED", "EXPIRED":
		return or(r.Closed, or(r.Answered, r.Sent))
	}
	return ""
}

// answered says whether a referral was accepted by a date.
func answered(r Referral, asOf string) bool {
	if r.Answered != "" {
		return r.Answered <= asOf
	}
	switch r.State {
	case "ACTIVE", "FORWARDED", "WON", "LOST":
		return true
	}
	return false
}
