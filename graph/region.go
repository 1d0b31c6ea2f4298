package graph

// Region is a named set of countries, nested: "West", "DACH".
type Region struct {
	Meta
	Name      string   `cbor:"10,keyasint"`
	Countries []string `cbor:"11,keyasint,omitempty"` // ISO 3166-1 alpha-2
	Parent    string   `cbor:"12,keyasint,omitempty"`
}

// Kind returns KindRegion.
func (*Region) Kind() Kind { return KindRegion }

// GID is unique over all kinds.
func (r *Region) GID() string { return GID(KindRegion, r.ID) }

// References lists the parent.
func (r *Region) References() []Reference {
	var refs references
	refs.add("parent_id", KindRegion, r.Parent)
	return refs
}
