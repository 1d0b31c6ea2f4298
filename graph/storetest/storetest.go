// Package storetest is the suite that every store passes: what it does not demand of a store is not
// promised by [graph.Store]. A store's own tests call [Run] with a function that opens it empty.
//
// Each case builds a small world with a [World], asks, and compares facts. One file a concept, with the
// basename that the concept has in package graph; the cases of a file say in one sentence what must hold.
package storetest

import (
	"testing"
	"time"

	"valueweb/graph"
)

// Run runs the suite. Every case opens a store of its own, which must be empty and go by the clock of the world;
// open registers whatever closes it again.
func Run(t *testing.T, open func(t *testing.T, clock func() time.Time) graph.Store) {
	for _, concept := range []struct {
		name  string
		cases []testCase
	}{
		{"write", writeCases()},
		{"node", nodeCases()},
		{"check", checkCases()},
		{"holding", holdingCases()},
		{"rehearse", rehearseCases()},
		{"watch", watchCases()},
		{"read", readCases()},
		{"viewer", viewerCases()},
		{"list", listCases()},
		{"filter", filterCases()},
		{"related", relatedCases()},
		{"gap", gapCases()},
		{"competency", competencyCases()},
		{"certification", certificationCases()},
		{"partner", partnerCases()},
		{"geo", geoCases()},
		{"customer", customerCases()},
		{"opportunity", opportunityCases()},
		{"wall", wallCases()},
		{"referral", referralCases()},
		{"shortfall", shortfallCases()},
		{"network", networkCases()},
		{"API key", keyCases()},
		{"history", historyCases()},
		{"audit", auditCases()},
		{"transaction", txCases()},
		{"receipt", receiptCases()},
		{"ticket", ticketCases()},
		{"clock", clockCases()},
		{"delivery", deliverCases()},
		{"access", accessCases()},
		{"access table", tableCases()},
		{"access of a partner", partnerAccessCases()},
		{"access behind a wall", wallAccessCases()},
		{"access to opportunities", opportunityAccessCases()},
		{"access of a customer", customerAccessCases()},
		{"access of an analyst", analystAccessCases()},
		{"access to a gap", gapAccessCases()},
		{"figures", figureCases()},
		{"figures of a partnership", figurePartnershipCases()},
	} {
		t.Run(concept.name, func(t *testing.T) {
			for _, c := range concept.cases {
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					clock := new(clock)
					w := NewWorld(t, open(t, clock.now))
					w.clock = clock
					c.run(w)
				})
			}
		})
	}
}

// testCase is something that must hold, and what shows it in an empty world. The cases of a concept are made by
// a function and are no variable: the compiler would take all of them for parts of one function, which sets the
// variables of the package, and search it over and over.
type testCase struct {
	name string
	run  func(w *World)
}
