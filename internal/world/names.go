package world

import "strings"

// Organisation names are invented words: an opening, a link and a closing, and an ordinary last word. The sequences go
// through all combinations in strides that have no divisor in common with their number: no name comes twice among
// partners, or among customers, and those that begin alike end differently.
var (
	openings = strings.Fields("Ombr Quill Fenolm Tarv Zolm Wexan Briv Skelm Halk Pelc Morv Jostr Ulv Cindr Narl Ystr Evarn Drosk Glaub Hespr " +
		"Ilvar Jorv Krest Lozh Myrr Nolv Orzh Prax Rusk Sylg Thrand Umbr Velk Wrostl Xanth Yorv Zephr Aldr Bosk Corv")
	links    = strings.Fields("e a o i ar en or el un is")
	closings = strings.Fields("vane lune quist mond drel thorn bray mere gard wick stad zane fell dorn lisk march nault perth quay rond " +
		"selle tane voss wold xand brook cray dale ferne gault hame jarn kest loom moor nesse")

	partnerWords = strings.Fields("Systems Works Partners Group Services Networks House Collective Associates Bureau Company Consult " +
		"Solutions Technics Alliance Digital")
)

// partnerName is the n-th name of a partner.
func partnerName(n int) string {
	m := 8899 * n
	return invented(m) + " " + partnerWords[(m+m/words)%len(partnerWords)]
}

// customerName is the n-th name of a customer, and its trade. Once all names are taken, they begin again with a last word.
func (w *world) customerName(n int) (string, trade) {
	m := 5501*n + 7003
	t := w.trades[(m+m/words)%len(w.trades)]
	return invented(m) + " " + t.word + houses[n/(words*len(w.trades))], t
}

var houses = []string{"", " North", " South", " East", " West", " Overseas"}

// townName is the n-th name of a city.
func townName(n int) string {
	o, l := len(openings), len(links)
	m := 1709 * n
	return openings[m%o] + links[m/o%l] + townEndings[m/o/l%len(townEndings)]
}

var townEndings = strings.Fields("burg haven ford minster stad mouth holm bridge thorpe field port wald bury kirk dorf ness")

// words is how many invented words there are.
var words = len(openings) * len(links) * len(closings)

func invented(n int) string {
	o, l := len(openings), len(links)
	return openings[n%o] + links[n/o%l] + closings[n/o/l%len(closings)]
}

// trade is what a customer does: the last word of its name, its industry, and the competencies that it asks for.
type trade struct {
	word, industry string
	wants          []string
}

var demoTrades = []trade{
	{"Broadcasting", "media", []string{"video", "hosting"}},
	{"Foods", "consumer goods", []string{"commerce", "payments", "data"}},
	{"Pharma", "life sciences", []string{"data", "managed-services", "cloud-native"}},
	{"Insurance", "insurance", []string{"data", "managed-services", "payments"}},
	{"Museum", "culture", []string{"video", "commerce"}},
	{"Tramways", "transport", []string{"payments", "connectivity", "data"}},
	{"Outfitters", "retail", []string{"commerce", "payments", "hosting"}},
	{"Shipyards", "manufacturing", []string{"connectivity", "integration", "managed-services"}},
	{"Savings Bank", "banking", []string{"payments", "managed-services", "cloud-native"}},
	{"Waterworks", "utilities", []string{"connectivity", "data", "integration"}},
	{"Publishing", "media", []string{"video", "commerce", "hosting"}},
	{"Academy", "education", []string{"video", "cloud-native", "hosting"}},
	{"Instruments", "manufacturing", []string{"integration", "data", "cloud-native"}},
	{"Clinics", "health", []string{"managed-services", "video", "data"}},
	{"Hotels", "hospitality", []string{"payments", "hosting", "commerce"}},
	{"Freight", "logistics", []string{"integration", "connectivity", "data"}},
}

// slug turns a name into an id: ASCII lower case, words joined by hyphens.
func slug(name string) string {
	return strings.ReplaceAll(unaccented.Replace(strings.ToLower(name)), " ", "-")
}

// unaccented knows the accented letters that occur in the names of this package.
var unaccented = strings.NewReplacer("é", "e", "â", "a", "ö", "o")

var (
	firstNames = strings.Fields("Maren Tobias Élise Jonas Ingrid Paolo Sanne Louis Mira Anton Clara Hugo Nadia Oskar Lena Marc Yara Felix Ines " +
		"Ruben Sofia Emil Carla Nils Aline Bruno Greta Pavel Dora Viktor")
	lastNames = strings.Fields("Okvistel Branvelle Quendrow Ostrovane Tilmarch Velzandt Rommeaux Skarvelin Dorvenne Halmquay Fenterloo Zurbane " +
		"Morlitz-Vane Pelvoyne Arquist Jandrell Wolmarin Estervaux Krondale Lysmore Umbrecque Graventhal Noviere-Lunt")
)

// personName is the n-th name of a person; neighbours differ.
func personName(n int) string {
	return firstNames[n%len(firstNames)] + " " + lastNames[(n+n/len(firstNames))%len(lastNames)]
}
