package graph

// Competency is a node of the taxonomy, in SKOS terms: broader ones (several allowed) and related ones.
type Competency struct {
	Meta
	Name        string   `cbor:"10,keyasint"`
	Aliases     []string `cbor:"11,keyasint,omitempty"`
	Description string   `cbor:"12,keyasint,omitempty"`
	Broader     []string `cbor:"13,keyasint,omitempty"`
	Related     []string `cbor:"14,keyasint,omitempty"`
}

// Kind returns KindCompetency.
func (*Competency) Kind() Kind { return KindCompetency }

// GID is unique over all kinds.
func (c *Competency) GID() string { return GID(KindCompetency, c.ID) }

// References lists the broader and the related competencies.
func (c *Competency) References() []Reference {
	var refs references
	refs.add("parent_id", KindCompetency, c.Broader...)
	refs.add("related", KindCompetency, c.Related...)
	return refs
}
