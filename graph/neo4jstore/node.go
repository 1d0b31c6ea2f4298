package neo4jstore

import (
	"fmt"
	"math"
	"strings"

	"valueweb/graph"
)

// shape turns nodes of a kind into what the database keeps, and back. The parts of a kind stand in a file
// of its own.
type shape struct {
	read  func(r row, meta graph.Meta) graph.Node
	write func(node graph.Node, p properties, l links)
}

// shapes are the shapes of all kinds.
var shapes = map[graph.Kind]shape{
	graph.KindRegion:          shapeOf(readRegion, writeRegion),
	graph.KindCompetency:      shapeOf(readCompetency, writeCompetency),
	graph.KindPartner:         shapeOf(readPartner, writePartner),
	graph.KindOffice:          shapeOf(readOffice, writeOffice),
	graph.KindCustomer:        shapeOf(readCustomer, writeCustomer),
	graph.KindSite:            shapeOf(readSite, writeSite),
	graph.KindContact:         shapeOf(readContact, writeContact),
	graph.KindHolding:         shapeOf(readHolding, writeHolding),
	graph.KindCertification:   shapeOf(readCertification, writeCertification),
	graph.KindCustomerPartner: shapeOf(readCustomerPartner, writeCustomerPartner),
	graph.KindSolution:        shapeOf(readSolution, writeSolution),
	graph.KindPartnership:     shapeOf(readPartnership, writePartnership),
	graph.KindOpportunity:     shapeOf(readOpportunity, writeOpportunity),
	graph.KindInvitation:      shapeOf(readInvitation, writeInvitation),
	graph.KindReferral:        shapeOf(readReferral, writeReferral),
	graph.KindWall:            shapeOf(readWall, writeWall),
	graph.KindAPIKey:          shapeOf(readAPIKey, writeAPIKey),
}

func shapeOf[T graph.Node](read func(row, graph.Meta) T, write func(T, properties, links)) shape {
	return shape{
		read:  func(r row, meta graph.Meta) graph.Node { return read(r, meta) },
		write: func(node graph.Node, p properties, l links) { write(node.(T), p, l) },
	}
}

// decode makes a node of what its projection returned; nil of nothing.
func decode(kind graph.Kind, value any) graph.Node {
	fields, ok := value.(map[string]any)
	if !ok {
		return nil
	}
	r := row(fields)
	r.linked(kind)
	meta := graph.Meta{
		ID: r.text("id"), Version: r.integer("version"), CreatedAt: r.instant("createdAt"), UpdatedAt: r.instant("updatedAt"),
		RetiredOn: r.date("retiredOn"), Synthetic: r.truth("synthetic"),
	}
	systems := texts[string](r, "externalSystems")
	for i, id := range texts[string](r, "externalIds") {
		if i < len(systems) {
			meta.ExternalIDs = append(meta.ExternalIDs, graph.ExternalID{System: systems[i], ID: id})
		}
	}
	return shapes[kind].read(r, meta)
}

// encode is a node as a row of a statement that writes.
func encode(node graph.Node) map[string]any {
	header := node.Header()
	p, l := properties{
		"id": header.ID, "version": header.Version, "createdAt": header.CreatedAt, "updatedAt": header.UpdatedAt,
	}, links{}
	p.truth("synthetic", header.Synthetic)
	p.date("retiredOn", header.RetiredOn)
	if len(header.ExternalIDs) > 0 {
		var systems, ids []string
		for _, external := range header.ExternalIDs {
			systems, ids = append(systems, external.System), append(ids, external.ID)
		}
		p["externalSystems"], p["externalIds"] = systems, ids
	}
	if key := sortable(header.ID); key != header.ID {
		p["byId"] = key
	}
	shapes[node.Kind()].write(node, p, l)
	for _, key := range orderKeys[node.Kind()] {
		p[key.property] = key.of(node)
	}
	if searched[node.Kind()] {
		p.searched(textsOf(node))
	}
	return map[string]any{"id": header.ID, "properties": map[string]any(p), "links": map[string]any(l)}
}

// separator joins the parts of a key. No id and no folded text holds it.
const separator = "\x00"

// orderKey is a property by which a kind is listed: what it is ordered by, then the id.
type orderKey struct {
	field    graph.OrderField
	property string
	of       func(graph.Node) string
	// key is the place of a row in the list, from what the property holds.
	key func(text string) graph.Key
}

// searched are the kinds in whose texts a filter looks.
var searched = map[graph.Kind]bool{
	graph.KindPartner: true, graph.KindOffice: true, graph.KindCompetency: true, graph.KindCustomer: true, graph.KindSite: true,
}

// textsOf joins the texts of a node in which a filter looks, folded.
func textsOf(node graph.Node) string {
	var all []string
	for _, text := range graph.Searchable(node) {
		all = append(all, graph.Fold(text))
	}
	return strings.Join(all, separator)
}

// maxIndexed is the number of bytes of the longest text that an index of texts takes, and a little less.
const maxIndexed = 32_000

// searched puts in the texts in which a filter looks. What an index does not take is looked through, node by
// node: there are few such nodes, and an index finds them.
func (p properties) searched(texts string) {
	if len(texts) <= maxIndexed {
		p["texts"] = texts
		return
	}
	p["longTexts"], p["wordy"] = texts, true
}

// orderKeys are the keys of each kind; every kind is listed by id, which is a key as it is.
var orderKeys = map[graph.Kind][]orderKey{
	graph.KindRegion:      {byName},
	graph.KindCompetency:  {byName},
	graph.KindPartner:     {byName, byTier, byJoined},
	graph.KindOffice:      {byName},
	graph.KindCustomer:    {byName},
	graph.KindSite:        {byName},
	graph.KindSolution:    {byName},
	graph.KindOpportunity: {byPosted},
	graph.KindReferral:    {bySent},
}

var (
	byID = orderKey{
		field: graph.OrderByID, property: "id",
		of:  func(n graph.Node) string { return sortable(n.Header().ID) },
		key: func(text string) graph.Key { return graph.Key{ID: unsortable(text)} },
	}
	byName = orderKey{
		field: graph.OrderByName, property: "byName",
		of: func(n graph.Node) string { return sortable(graph.NameKey(graph.Title(n)) + separator + n.Header().ID) },
		key: func(text string) graph.Key {
			name, id, _ := strings.Cut(unsortable(text), separator)
			return graph.Key{Text: name, ID: id}
		},
	}
	byTier   = numbered(graph.OrderByTier, "byTier", func(n graph.Node) int { return graph.TierRank(n.(*graph.Partner).Tier) })
	byJoined = numbered(graph.OrderByJoined, "byJoinedOn", func(n graph.Node) int { return int(n.(*graph.Partner).JoinedOn) })
	byPosted = numbered(graph.OrderByPosted, "byPostedOn", func(n graph.Node) int { return int(n.(*graph.Opportunity).PostedOn) })
	bySent   = numbered(graph.OrderBySent, "bySentOn", func(n graph.Node) int { return int(n.(*graph.Referral).SentOn) })
)

// numbered is an order by a whole number of 32 bits, written so that texts are in the order of numbers.
func numbered(field graph.OrderField, property string, of func(graph.Node) int) orderKey {
	return orderKey{
		field: field, property: property,
		of: func(n graph.Node) string { return numberKey(of(n), n.Header().ID) },
		key: func(text string) graph.Key {
			var number int64
			digits, id, _ := strings.Cut(unsortable(text), separator)
			fmt.Sscanf(digits, "%d", &number)
			return graph.Key{Number: float64(number + math.MinInt32), ID: id}
		},
	}
}

func numberKey(number int, id string) string {
	return fmt.Sprintf("%010d", int64(number)-math.MinInt32) + separator + sortable(id)
}

// text is a place in a list as the property of the order holds it.
func (k orderKey) text(place graph.Key) string {
	switch k.field {
	case graph.OrderByID:
		return sortable(place.ID)
	case graph.OrderByName:
		return sortable(place.Text + separator + place.ID)
	}
	return numberKey(int(place.Number), place.ID)
}
