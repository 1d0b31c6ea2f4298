package graph

import (
	"slices"
	"strings"
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

// Roles lists the roles.
var Roles = []Role{RoleOperator, RolePartner, RoleCustomer, RoleAnalyst}

// OfOrganisation reports whether who has the role asks for an organisation.
func (r Role) OfOrganisation() bool { return r == RolePartner || r == RoleCustomer }

// Viewer is who asks. It travels into every call of a store, which matches only what the viewer may see.
type Viewer struct {
	Role         Role
	Organisation string // the id of the partner or customer that it asks for; empty for other roles
	Subject      string // the person or program, as the issuer of its token names it; empty: not told
}

// Operator is the viewer that runs the network.
var Operator = Viewer{Role: RoleOperator}

// Validate reports why there is no such viewer: a role that is none, or one that lacks its organisation, or has
// one.
func (v Viewer) Validate() error {
	switch {
	case !slices.Contains(Roles, v.Role):
		return Invalid("role", "%q is no role", v.Role)
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

// String names the viewer in the log: OPERATOR, PARTNER:acme, with the subject behind it if it is known.
func (v Viewer) String() string {
	text := string(v.Role)
	if v.Organisation != "" {
		text += ":" + v.Organisation
	}
	if v.Subject != "" {
		text += " " + v.Subject
	}
	return text
}

// Is reports whether the viewer asks for a partner.
func (v Viewer) Is(partner string) bool { return v.Role == RolePartner && v.Organisation == partner }

// Confined reports whether there is anything that the viewer may not see.
func (v Viewer) Confined() bool { return v.Role != RoleOperator }
