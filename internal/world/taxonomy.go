package world

// competency is a row of the taxonomy; invented ones are synthetic, the others stand in data/real/competencies.csv.
type competency struct {
	id, name             string
	broader, related     []string
	aliases, description string
	invented             bool
}

// demoTaxonomy holds the part of the real taxonomy that fictional partners use, with all that is broader, and ordinary
// competencies beside it. None of the invented ones is narrower than a real one, so that no answer about real
// organisations changes. Competencies that only a real programme can award are left out.
var demoTaxonomy = []competency{
	{id: "connectivity", name: "Connectivity to a public cloud"},
	{id: "colocation", name: "Colocation"},
	{id: "integration", name: "System integration"},
	{id: "managed-services", name: "Managed services"},
	{id: "azure-networking-msp", name: "Managed Azure networking", broader: []string{"managed-services"}},
	{id: "cloud-network-transformation", name: "Cloud network transformation services", broader: []string{"azure-networking-msp"}},
	{id: "managed-security", name: "Managed security", broader: []string{"azure-networking-msp"}},
	{id: "cloud-native", name: "Cloud native"},
	{id: "kubernetes", name: "Kubernetes", broader: []string{"cloud-native"}},
	{id: "kubernetes-services", name: "Kubernetes services", broader: []string{"kubernetes"}},
	{id: "kubernetes-consulting", name: "Kubernetes consulting and support", broader: []string{"kubernetes-services"}},
	{id: "kubernetes-training", name: "Kubernetes and cloud native training", broader: []string{"kubernetes-services"}},
	{id: "kubernetes-platform", name: "Kubernetes platform", broader: []string{"kubernetes"}},

	invent("video", "Video", "All work on moving pictures"),
	invent("video-conversion", "Video conversion", "From one format, standard or medium to another", "video"),
	invent("video-streaming", "Video streaming", "Delivering video over a network while it is watched", "video"),
	invent("video-to-streaming", "Video to streaming", "Turning recorded video into streams", "video-conversion", "video-streaming").
		alias("video→streaming"),
	invent("video-to-adaptive-streaming", "Video to adaptive streaming", "Streams in several rates, chosen while playing", "video-to-streaming"),
	invent("live-streaming", "Live streaming", "Streaming an event while it happens", "video-streaming").
		relate("content-delivery"),
	invent("film-digitisation", "Film digitisation", "Scanning of film and tape", "video-conversion").alias("film scanning"),
	invent("subtitling", "Subtitling and captions", "Text for what is said", "video"),
	invent("hosting", "Hosting", "Running what belongs to others"),
	invent("web-hosting", "Web hosting", "Sites and shops", "hosting"),
	invent("media-hosting", "Media hosting", "Storage and delivery of pictures, sound and video", "hosting").relate("video-streaming"),
	invent("content-delivery", "Content delivery", "Caches close to those who watch", "media-hosting"),
	invent("managed-databases", "Managed databases", "Operation, backup and tuning", "hosting").relate("data"),
	invent("payments", "Payments", "Taking money on behalf of others"),
	invent("card-payments", "Card payments", "Payment by card, in a shop or on a line", "payments").alias("cards"),
	invent("card-terminals", "Card terminals", "Readers, their installation and repair", "card-payments"),
	invent("recurring-payments", "Recurring payments", "Subscriptions and direct debit", "payments").relate("order-management"),
	invent("commerce", "Commerce", "Selling on line"),
	invent("online-shops", "Online shops", "Design and running of shops", "commerce").relate("card-payments", "web-hosting"),
	invent("order-management", "Order management", "From basket to delivery note", "commerce"),
	invent("data", "Data", "What is known, in order"),
	invent("data-migration", "Data migration", "From an old system into a new one", "data"),
	invent("data-analytics", "Data analytics", "Figures and forecasts", "data"),
	invent("sensor-data", "Sensor data", "Collected where it arises", "data-analytics").relate("connectivity"),
}

func invent(id, name, description string, broader ...string) competency {
	return competency{id: id, name: name, description: description, broader: broader, invented: true}
}

func (c competency) relate(others ...string) competency {
	c.related = others
	return c
}

func (c competency) alias(other string) competency {
	c.aliases = other
	return c
}

func (w *world) competencyRows(yield func([]string) bool) {
	for _, c := range w.taxonomy {
		row := []string{c.id, c.name, list(c.broader...), list(c.related...), c.aliases, c.description, when(c.invented, synthetic)}
		if !yield(row) {
			return
		}
	}
}

// competency finds a row of the taxonomy, which must have it.
func (w *world) competency(id string) competency {
	return w.taxonomy[w.competencies[id]]
}

// root is the broadest competency above one, along the first of its broader ones.
func (w *world) root(id string) string {
	return w.roots[w.competencies[id]]
}

// findRoots needs a taxonomy that lists the broader ones first.
func (w *world) findRoots() {
	for _, c := range w.taxonomy {
		root := c.id
		if len(c.broader) > 0 {
			root = w.root(c.broader[0])
		}
		w.roots = append(w.roots, root)
	}
}
