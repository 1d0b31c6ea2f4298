package storetest

import (
	"fmt"

	"valueweb/graph"
)

// dated is a referral with dates, empty ones not stated.
func dated(state graph.ReferralState, sent, answered, closed string) graph.Referral {
	day := func(text string) graph.Date {
		if text == "" {
			return 0
		}
		return Day(text)
	}
	return graph.Referral{State: state, SentOn: day(sent), AnsweredOn: day(answered), ClosedOn: day(closed), Competency: "erp"}
}

// receipt is a referral that a partner received, and what it counts as.
type receipt struct {
	name  string
	r     graph.Referral
	count int
}

// received says what each of several referrals counts as on a day, each at a partner of its own.
func received(asOf string, count func(graph.TrackFacts) int, cases []receipt) func(w *World) {
	return func(w *World) {
		w.Competency("it").Competency("erp", "it").Competency("gl", "erp").Partner("sender")
		for i, c := range cases {
			w.Candidate(fmt.Sprint("p", i), Here, "erp").Received(c.r)
		}
		q := Ask("erp")
		q.AsOf = Day(asOf)
		for i, c := range cases {
			w.same(c.name, count(w.candidate(q, fmt.Sprint("p", i)).Track), c.count)
		}
	}
}

func openReferrals(t graph.TrackFacts) int { return t.OpenReferrals }

func won(t graph.TrackFacts) int { return t.Won }

func receivedCount(t graph.TrackFacts) int { return t.Received }

// about states the competency of a referral.
func about(r graph.Referral, competency string) graph.Referral {
	r.Competency = competency
	return r
}

func referralCases() []testCase {
	return []testCase{
		{"Open are referrals sent and answered and not closed by the day asked about", received("2026-06-30", openReferrals, []receipt{
			{"active", dated(graph.ReferralActive, "2026-06-01", "2026-06-02", ""), 1},
			{"forwarded", dated(graph.ReferralForwarded, "2026-06-01", "2026-06-02", ""), 1},
			{"new", dated(graph.ReferralNew, "2026-06-01", "", ""), 0},
			{"sent today", dated(graph.ReferralActive, "2026-06-30", "", ""), 1},
			{"sent tomorrow", dated(graph.ReferralActive, "2026-07-01", "", ""), 0},
			{"answered today", dated(graph.ReferralActive, "2026-06-01", "2026-06-30", ""), 1},
			{"answered tomorrow", dated(graph.ReferralActive, "2026-06-01", "2026-07-01", ""), 0},
			{"new but answered", dated(graph.ReferralNew, "2026-06-01", "2026-06-02", ""), 1},
			{"active without a day of answer", dated(graph.ReferralActive, "2026-06-01", "", ""), 1},
			{"won today", dated(graph.ReferralWon, "2026-06-01", "2026-06-02", "2026-06-30"), 0},
			{"won tomorrow", dated(graph.ReferralWon, "2026-06-01", "2026-06-02", "2026-07-01"), 1},
			{"lost tomorrow without a day of answer", dated(graph.ReferralLost, "2026-06-01", "", "2026-07-01"), 1},
			{"declined tomorrow without a day of answer", dated(graph.ReferralDeclined, "2026-06-01", "", "2026-07-01"), 0},
			{"declined tomorrow, answered before", dated(graph.ReferralDeclined, "2026-06-01", "2026-06-02", "2026-07-01"), 1},
			{"expired tomorrow", dated(graph.ReferralExpired, "2026-06-01", "", "2026-07-01"), 0},
			{"won without a closing day closes when answered", dated(graph.ReferralWon, "2026-06-01", "2026-06-02", ""), 0},
			{"won without a closing day, answered tomorrow", dated(graph.ReferralWon, "2026-06-01", "2026-07-01", ""), 0},
			{"lost without any day closes when sent", dated(graph.ReferralLost, "2026-06-01", "", ""), 0},
			{"active with a closing day is not closed", dated(graph.ReferralActive, "2026-06-01", "2026-06-02", "2026-06-03"), 1},
			{"of another competency", about(dated(graph.ReferralActive, "2026-06-01", "2026-06-02", ""), "it"), 1},
			{"of no competency", about(dated(graph.ReferralActive, "2026-06-01", "2026-06-02", ""), ""), 1},
		})},
		{"Proof are referrals that closed won or lost, for this need or something narrower", received("2026-06-30", closed, []receipt{
			{"won", dated(graph.ReferralWon, "2026-06-01", "", "2026-06-02"), 1},
			{"lost", dated(graph.ReferralLost, "2026-06-01", "", "2026-06-02"), 1},
			{"declined", dated(graph.ReferralDeclined, "2026-06-01", "", "2026-06-02"), 0},
			{"expired", dated(graph.ReferralExpired, "2026-06-01", "", "2026-06-02"), 0},
			{"active", dated(graph.ReferralActive, "2026-06-01", "", "2026-06-02"), 0},
			{"narrower", about(dated(graph.ReferralWon, "2026-06-01", "", "2026-06-02"), "gl"), 1},
			{"broader", about(dated(graph.ReferralWon, "2026-06-01", "", "2026-06-02"), "it"), 0},
			{"of no competency", about(dated(graph.ReferralWon, "2026-06-01", "", "2026-06-02"), ""), 0},
			{"closed today", dated(graph.ReferralWon, "2026-06-01", "", "2026-06-30"), 1},
			{"closed tomorrow", dated(graph.ReferralWon, "2026-06-01", "", "2026-07-01"), 0},
			{"exactly 36 months ago", dated(graph.ReferralWon, "2023-01-01", "", "2023-06-30"), 0},
			{"a day less than 36 months ago", dated(graph.ReferralWon, "2023-01-01", "", "2023-07-01"), 1},
			{"closed when answered", dated(graph.ReferralWon, "2023-01-01", "2023-07-01", ""), 1},
			{"closed when sent", dated(graph.ReferralWon, "2023-06-30", "", ""), 0},
		})},
		{"Of proof, those won are counted, and the latest is told", func(w *World) {
			w.Competency("erp").Partner("sender").Candidate("acme", Here, "erp")
			for _, r := range []graph.Referral{
				dated(graph.ReferralWon, "2026-01-01", "", "2026-03-01"), dated(graph.ReferralWon, "2026-01-01", "", "2026-05-01"),
				dated(graph.ReferralWon, "2026-01-01", "", "2026-04-01"), dated(graph.ReferralLost, "2026-01-01", "", "2026-06-01"),
			} {
				w.Received(r)
			}
			w.same("track", w.candidate(Ask("erp"), "acme").Track, graph.TrackFacts{Won: 3, Closed: 4, LastWon: Day("2026-05-01"), Received: 0})
		}},
		// 36 months before 29 February 2024 is 28 February 2021: a month without such a day ends on its last.
		{"Months are calendar months, ended where a month is shorter", received("2024-02-29", won, []receipt{
			{"on the last of February", dated(graph.ReferralWon, "2021-01-01", "", "2021-02-28"), 0},
			{"on the day after", dated(graph.ReferralWon, "2021-01-01", "", "2021-03-01"), 1},
		})},
		{"The end of a period is the day asked about, and its start 36 months before, at the end of a month", received("2026-03-31", won, []receipt{
			{"on the 31st", dated(graph.ReferralWon, "2023-01-01", "", "2023-03-31"), 0},
			{"on the 1st", dated(graph.ReferralWon, "2023-01-01", "", "2023-04-01"), 1},
		})},
		{"Received are referrals sent in the 90 days up to the day asked about", received("2026-06-30", receivedCount, []receipt{
			{"today", dated(graph.ReferralNew, "2026-06-30", "", ""), 1},
			{"tomorrow", dated(graph.ReferralNew, "2026-07-01", "", ""), 0},
			{"89 days ago", dated(graph.ReferralNew, "2026-04-02", "", ""), 1},
			{"90 days ago", dated(graph.ReferralNew, "2026-04-01", "", ""), 0},
			{"declined", dated(graph.ReferralDeclined, "2026-06-01", "", "2026-06-02"), 1},
			{"of another competency", about(dated(graph.ReferralNew, "2026-06-01", "", ""), "it"), 1},
		})},
		{"On a day in the past a referral counts as it stood then", func(w *World) {
			w.Competency("erp").Partner("sender").Candidate("acme", Here, "erp").Received(dated(graph.ReferralWon, "2026-01-10", "2026-01-20", "2026-01-30"))
			for day, want := range map[string]graph.TrackFacts{
				"2026-01-09": {},
				"2026-01-10": {Received: 1},
				"2026-01-20": {Received: 1, OpenReferrals: 1},
				"2026-01-29": {Received: 1, OpenReferrals: 1},
				"2026-01-30": {Received: 1, Won: 1, Closed: 1, LastWon: Day("2026-01-30")},
				"2029-01-29": {Won: 1, Closed: 1, LastWon: Day("2026-01-30")},
				"2029-01-30": {},
			} {
				q := Ask("erp")
				q.AsOf = Day(day)
				w.same(day, w.candidate(q, "acme").Track, want)
			}
		}},
		{"Proof pools all needs, each engagement once", func(w *World) {
			w.Competency("erp").Competency("gl", "erp").Competency("iot").Partner("sender").Candidate("acme", Here, "gl").Holds("iot")
			w.Received(about(dated(graph.ReferralWon, "2026-06-01", "", "2026-06-02"), "gl")).Received(about(dated(graph.ReferralLost, "2026-06-01", "", "2026-06-02"), "iot"))
			track := w.candidate(Ask("erp", "gl", "iot"), "acme").Track
			w.same("won of closed", []int{track.Won, track.Closed}, []int{1, 2})
		}},
		{"What a partner sent is not what it received", func(w *World) {
			w.Competency("erp").Candidate("acme", Here, "erp").Candidate("beta", Here, "erp").Received(graph.Referral{From: "acme", State: graph.ReferralActive, Competency: "erp"})
			w.same("acme", w.candidate(Ask("erp"), "acme").Track, graph.TrackFacts{})
			w.same("beta", w.candidate(Ask("erp"), "beta").Track, graph.TrackFacts{OpenReferrals: 1, Received: 1})
		}},
	}
}
