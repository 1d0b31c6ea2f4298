package embedded

import (
	"time"

	"valueweb/graph"
)

// referrals decodes referrals: of a large network nearly all records are such, and a start waits for them.
// It reads what encode writes for them many times faster than by reflection, and lets them share the texts
// that nodes loaded before them have: a million referrals name the same ten thousand partners. What it does
// not expect it leaves to the general decoder.
type referrals struct {
	known map[string]string // ids that the records may share
	stamp string            // the last time stamp read, and what it means: an import writes many of one instant
	at    time.Time
	money string // the last currency
}

// node decodes a node of any kind.
func (d *referrals) node(kind graph.Kind, record []byte) (graph.Node, error) {
	if kind == graph.KindReferral && intact(record) {
		if r := new(graph.Referral); d.decode(record[4:], r) {
			return r, nil
		}
	}
	node := graph.NewNode(kind)
	return node, decode(record, node)
}

// decode fills in a referral. It reports false, and leaves the referral half filled, where the general
// decoder must be asked.
func (d *referrals) decode(body []byte, r *graph.Referral) bool {
	c := cursor{rest: body}
	for fields := c.open(mapHead); fields > 0 && !c.failed; fields-- {
		switch c.number() {
		case 1:
			r.ID = string(c.text())
		case 2:
			r.Version = c.number()
		case 3:
			r.CreatedAt = d.time(&c)
		case 4:
			r.UpdatedAt = d.time(&c)
		case 5:
			r.RetiredOn = graph.Date(c.number())
		case 6:
			r.Synthetic = c.truth()
		case 10:
			r.From = d.id(&c)
		case 11:
			r.To = d.id(&c)
		case 12:
			r.Customer = d.id(&c)
		case 13:
			r.Competency = d.id(&c)
		case 14:
			r.State = stateOf(c.text())
		case 15:
			r.Value = d.value(&c)
		case 16:
			r.SentOn = graph.Date(c.number())
		case 17:
			r.AnsweredOn = graph.Date(c.number())
		case 18:
			r.ClosedOn = graph.Date(c.number())
		case 19:
			r.Parent = string(c.text())
		default:
			return false
		}
	}
	return !c.failed && len(c.rest) == 0
}

func (d *referrals) id(c *cursor) string {
	text := c.text()
	if shared, ok := d.known[string(text)]; ok {
		return shared
	}
	return string(text)
}

func (d *referrals) time(c *cursor) time.Time {
	text := c.text()
	if string(text) != d.stamp {
		at, err := time.Parse(time.RFC3339Nano, string(text))
		if err != nil {
			c.failed = true
			return time.Time{}
		}
		d.stamp, d.at = string(text), at
	}
	return d.at
}

func (d *referrals) value(c *cursor) *graph.Money {
	m := new(graph.Money)
	for fields := c.open(mapHead); fields > 0 && !c.failed; fields-- {
		switch c.number() {
		case 1:
			m.Amount = string(c.text())
		case 2:
			if text := c.text(); string(text) != d.money {
				d.money = string(text)
			}
			m.Currency = d.money
		default:
			c.failed = true
		}
	}
	return m
}

func stateOf(text []byte) graph.ReferralState {
	for _, known := range graph.ReferralStates {
		if string(text) == string(known) {
			return known
		}
	}
	return graph.ReferralState(text)
}

// cursor reads CBOR (RFC 8949) of definite lengths. Once it has met something else it has failed.
type cursor struct {
	rest   []byte
	failed bool
}

// The heads of data items: the kind in the upper three bits, a number or its size in the lower five.
const (
	positiveHead, negativeHead = 0, 1
	textHead, mapHead          = 3, 5
	falseItem, trueItem        = 0xf4, 0xf5
)

func (c *cursor) head() (kind byte, n uint64) {
	if len(c.rest) == 0 {
		c.failed = true
		return 0, 0
	}
	first := c.rest[0]
	c.rest = c.rest[1:]
	size := 0
	switch n = uint64(first & 0x1f); {
	case n < 24:
		return first >> 5, n
	case n < 28:
		size = 1 << (n - 24)
	default:
		c.failed = true
		return 0, 0
	}
	if len(c.rest) < size {
		c.failed = true
		return 0, 0
	}
	n = 0
	for _, b := range c.rest[:size] {
		n = n<<8 | uint64(b)
	}
	c.rest = c.rest[size:]
	return first >> 5, n
}

// open reads the head of a map and returns the number of its entries.
func (c *cursor) open(wanted byte) int {
	kind, n := c.head()
	if kind != wanted || n > uint64(len(c.rest)) {
		c.failed = true
		return 0
	}
	return int(n)
}

// number reads a whole number of up to 31 bits.
func (c *cursor) number() int {
	kind, n := c.head()
	if kind > negativeHead || n > 1<<31-1 {
		c.failed = true
		return 0
	}
	if kind == negativeHead {
		return -1 - int(n)
	}
	return int(n)
}

func (c *cursor) text() []byte {
	kind, n := c.head()
	if kind != textHead || n > uint64(len(c.rest)) {
		c.failed = true
		return nil
	}
	text := c.rest[:n]
	c.rest = c.rest[n:]
	return text
}

func (c *cursor) truth() bool {
	if len(c.rest) == 0 || c.rest[0] != falseItem && c.rest[0] != trueItem {
		c.failed = true
		return false
	}
	truth := c.rest[0] == trueItem
	c.rest = c.rest[1:]
	return truth
}
