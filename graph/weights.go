package graph

import "math"

// Term is one part of a score.
type Term string

// The terms of a score, in the order in which they are summed.
const (
	Fit   Term = "FIT"
	Near  Term = "NEAR"
	Trust Term = "TRUST"
	Proof Term = "PROOF"
	Ready Term = "READY"
	Fair  Term = "FAIR"
)

// Terms lists the terms in the order in which they are summed.
var Terms = []Term{Fit, Near, Trust, Proof, Ready, Fair}

// The places of the terms in Terms.
const (
	atFit = iota
	atNear
	atTrust
	atProof
	atReady
	atFair
	termCount
)

// termValues holds one number a term, in the order of Terms.
type termValues [termCount]float64

// DefaultWeights are the weights of the terms where a question states none.
var DefaultWeights = map[Term]float64{Fit: 0.30, Near: 0.20, Trust: 0.20, Proof: 0.15, Ready: 0.10, Fair: 0.05}

// Weights are what a question wants the terms to weigh; absent ones keep their default.
type Weights map[Term]float64

func (w Weights) validate() error {
	for _, term := range Terms {
		if weight, stated := w[term]; stated && !(weight >= 0 && weight <= math.MaxFloat32) {
			return Invalid("gap.weights."+term.field(), "the weight of %s must be 0 or more, not %v", term.field(), weight)
		}
	}
	return nil
}

// normalise returns the weights, summing to 1. Without an asker trust weighs nothing.
func (w Weights) normalise(asker bool) (termValues, error) {
	var weights termValues
	sum := 0.0
	for at, term := range Terms {
		if term == Trust && !asker {
			continue
		}
		weight, stated := w[term]
		if !stated {
			weight = DefaultWeights[term]
		}
		weights[at] = weight
		sum += weight
	}
	if sum <= 0 {
		return weights, Invalid("gap.weights", "the weights sum to 0: at least one term that counts must weigh something (without an asker trust does not count)")
	}
	for at := range weights {
		weights[at] /= sum
	}
	return weights, nil
}

// field is the term as an input field.
func (t Term) field() string {
	return map[Term]string{Fit: "fit", Near: "near", Trust: "trust", Proof: "proof", Ready: "ready", Fair: "fair"}[t]
}
