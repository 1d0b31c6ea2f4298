package graph

import (
	"slices"
	"strings"
	"time"
)

// Role is what a viewer is to the network.
type Role string

// The roles.
const (
	RoleOperator Role = "OPERATOR" // runs the network and reads everything
	RolePartner  Role = "PARTNER"  // asks for one partner
	RoleCustomer Role = "CUSTOMER" // asks for one customer
	RoleAnalyst  Role = "ANALYST"  // studies the structure of the network
)

// RoleService is how a program is called that asks by an API key. To the rules of access it is the partner of the
// key: see [Viewer.Called].
const RoleService Role = "SERVICE"

// Roles lists the roles of the rules of access.
var Roles = []Role{RoleOperator, RolePartner, RoleCustomer, RoleAnalyst}

// OfOrganisation reports whether who has the role asks for an organisation.
func (r Role) OfOrganisation() bool { return r == RolePartner || r == RoleCustomer }

// Viewer is who asks. It travels into every call of a store, which matches only what the viewer may see.
type Viewer struct {
	Role         Role
	Organisation string // the id of the partner or customer that it asks for; empty for other roles
	Subject      string // the person or program, as the issuer of its token names it; empty: not told
	// Key is the id of the API key by which a program asks for a partner, and Scopes what the key lets it do. They
	// take away from what the partner may, and never add to it. No key: no scopes bind the viewer.
	Key    string
	Scopes ScopeSet
	// Expires is when what the viewer has shown of itself counts no more: a stream ends then. Zero: never.
	Expires time.Time `json:"-" cbor:"Expires,omitempty"` // it takes no part in what binds a cursor to its viewer
}

// Operator is the viewer that runs the network.
var Operator = Viewer{Role: RoleOperator}

// Validate reports why there is no such viewer: a role that is none, or one that lacks its organisation, or has
// one.
func (v Viewer) Validate() error {
	switch {
	case !slices.Contains(Roles, v.Role):
		return Invalid("role", "%q is no role", v.Role)
	case v.Key != "" && v.Role != RolePartner:
		return Invalid("role", "a key asks for a partner, not as %s", v.Role)
	case v.Role.OfOrganisation():
		return CheckID(v.Organisation)
	case v.Organisation != "":
		return Invalid("org", "the role %s asks for no organisation, and %q is named", v.Role, v.Organisation)
	}
	return nil
}

// ParseViewer reads a viewer as it is chosen: OPERATOR, ANALYST, PARTNER:acme or CUSTOMER:bank.
func ParseViewer(text string) (v Viewer, ok bool) {
	role, organisation, named := strings.Cut(text, ":")
	v = Viewer{Role: Role(role), Organisation: organisation}
	return v, named == v.Role.OfOrganisation() && v.Validate() == nil
}

// Called is the role by which a viewer is called: SERVICE where it asks by a key.
func (v Viewer) Called() Role {
	if v.Key != "" {
		return RoleService
	}
	return v.Role
}

// String names the viewer in the log: OPERATOR, PARTNER:acme, with the subject behind it if it is known, or
// SERVICE:acme with the id of its key.
func (v Viewer) String() string {
	text := string(v.Called())
	if v.Organisation != "" {
		text += ":" + v.Organisation
	}
	if behind := v.Subject + v.Key; behind != "" {
		text += " " + behind
	}
	return text
}

// Granted is what the key of the viewer lets it do; nil where it asks by none.
func (v Viewer) Granted() []Scope { return v.Scopes.List() }

// Within refuses what the key of a viewer has no scope for; whoever asks without a key is bound by none.
func (v Viewer) Within(scope Scope) error {
	if v.Key == "" || v.Scopes.Has(scope) {
		return nil
	}
	return &Error{Code: CodeForbidden, Message: "this API key has not the scope " + string(scope) + ", which this needs", Allowed: namesOf(v.Granted())}
}

// OnlyOperators refuses whoever does not run the network.
func (v Viewer) OnlyOperators(what string) error {
	if v.Validate() == nil && !v.Confined() {
		return nil
	}
	return &Error{Code: CodeForbidden, Message: "only operators " + what}
}

// Is reports whether the viewer asks for a partner.
func (v Viewer) Is(partner string) bool { return v.Role == RolePartner && v.Organisation == partner }

// Confined reports whether there is anything that the viewer may not see.
func (v Viewer) Confined() bool { return v.Role != RoleOperator }
