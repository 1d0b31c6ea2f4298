package world

// spec says how large and how skewed a world is. Counts of rows are exact; shares are in percent.
type spec struct {
	partners, offices, customers, partnerships, walls, solutions, referrals, opportunities int

	// How many partners have no office, are not discoverable, or are not ACTIVE, beside the cast.
	officeless, hidden, pending, suspended, left int
	// siteless is how many customers have no site; freeSites are places that anyone may name, in the largest cities.
	siteless, freeSites int
	// numbered: ids are short and made of numbers, p-00001, instead of names.
	numbered bool

	// Exponents of the power laws: referrals over the standing of partners that receive and that send them, offices over hubs,
	// holdings over the market.
	standingSkew, sendingSkew, hubSkew, marketSkew float64

	// places are where organisations stand. hubs lists by continent those with most offices, the largest first; hubShare of all
	// offices are in one of them. Partner i is of continent i modulo their number, and so is customer i.
	places   []place
	hubs     [][]int
	hubShare int
	// market lists the competencies that partners hold, the most common first.
	market   []string
	taxonomy []competency
	trades   []trade
	// fewest and most bound the holdings of a partner; 0: few, and more the more offices it has.
	fewest, most int

	// circle is how many partners, alike in trade and place, refer mostly among themselves; circleShare of their
	// referrals stay within it. campaigns are the bursts in which much of the referring happens.
	circle, circleShare, campaigns int
	// acquaintances is to how many partners one refers, 0: to anyone; abroad of those beyond the circle are on any continent.
	acquaintances, abroad int
	// load multiplies what partners carry at once; busiest is what the one of highest standing carries beyond others.
	load, busiest int
	// season is how much of what would happen in a month does; none: all of it.
	season []int
	// chains are the lengths of chains of referrals, each as often as it is listed.
	chains []int
	// from and until bound the history: nothing happens after until, though things may be dated to end later. Newcomers joined
	// in the first days of it, as many as arrivals; the oldest closed opportunity was posted lookback days before its end.
	from, until        day
	arrivals, lookback int
	// longest is the most days between the sending of a referral and its end.
	longest int
	// closed is how many opportunities are LAUNCHED or LOST; valid is for how many days after the end a certificate runs at most.
	closed, valid int
	// certified is how many holdings have a certificate, customerContacts how many customers a contact. servicesMost is how many
	// partners serve a customer at most.
	certified, customerContacts, servicesMost int

	cast cast
}

// cast is what a spec fixes by hand: organisations with the first numbers, and facts about them that no seed changes.
type cast struct {
	partners      []partner
	customers     []customer
	partnerships  []partnership
	walls         []wall
	referrals     []referral
	opportunities []opportunity
}
