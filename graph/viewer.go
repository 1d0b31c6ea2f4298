package graph

// Role is on whose behalf a viewer asks.
type Role string

// RoleOperator runs the network and reads everything.
const RoleOperator Role = "OPERATOR"

// Viewer is who asks. It travels into every call of a store, which matches only what the viewer may see.
type Viewer struct {
	Role Role
}

// Operator is the viewer that runs the network.
var Operator = Viewer{Role: RoleOperator}

// String names the viewer in the log.
func (v Viewer) String() string { return string(v.Role) }
