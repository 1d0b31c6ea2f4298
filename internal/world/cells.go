package world

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// synthetic is the cell of the column of that name: true, for every node that is made here.
const synthetic = "true"

// day is a date as days since 1970-01-01; 0 is no date.
type day int

func date(year int, month time.Month, d int) day {
	return day(time.Date(year, month, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

func (d day) String() string {
	if d == 0 {
		return ""
	}
	return time.Unix(int64(d)*86400, 0).UTC().Format(time.DateOnly)
}

func (d day) month() time.Month {
	return time.Unix(int64(d)*86400, 0).UTC().Month()
}

// money is an amount in cents of a currency; without a currency it is not stated.
type money struct {
	cents    int64
	currency string
}

func (m money) amount() string {
	if m.currency == "" {
		return ""
	}
	return fmt.Sprintf("%d.%02d", m.cents/100, m.cents%100)
}

// point is a WGS-84 point in 1/100,000 of a degree.
type point struct{ lat, lng int }

func degrees(v int) string {
	sign := ""
	if v < 0 {
		sign, v = "-", -v
	}
	return fmt.Sprintf("%s%d.%05d", sign, v/100000, v%100000)
}

// stated writes a number whose zero value means that nothing is stated.
func stated(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// list is a cell with several values.
func list(values ...string) string {
	return strings.Join(values, ";")
}

// when writes the value if the condition holds, else leaves the cell empty.
func when(condition bool, value string) string {
	if condition {
		return value
	}
	return ""
}

// number is a readable id: ref-0001, with as many digits as the largest needs, and at least four.
func number(prefix string, n, largest int) string {
	return fmt.Sprintf("%s-%0*d", prefix, max(4, len(strconv.Itoa(largest))), n)
}
