package graph

import (
	"fmt"
	"io"
	"strconv"
	"time"
)

// Date is a calendar day without a zone; the zero Date is "not stated". Days from 1970-01-01 on count from
// one, those before from minus one downwards. Dates are ordered by <; DaysSince counts the days between.
type Date int32

// epochOffset keeps 1970-01-01 apart from the zero value, which means "not stated".
const epochOffset = 1

const secondsPerDay = 24 * 60 * 60

// NewDate returns the date of a year, month and day; days beyond a month's end run into the next month.
func NewDate(year int, month time.Month, day int) Date {
	return DateOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// DateOf returns the UTC day of an instant, which is never the zero Date.
func DateOf(t time.Time) Date {
	seconds := t.Unix()
	days := seconds / secondsPerDay
	if seconds%secondsPerDay < 0 {
		days--
	}
	d := Date(days)
	if d >= 0 {
		d += epochOffset
	}
	return d
}

// ParseDate reads an ISO 8601 calendar date (2026-11-22). A day that does not exist is an error.
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, fmt.Errorf("%q is not a date: write year-month-day, such as 2026-11-22, and a day that exists", text)
	}
	return DateOf(t), nil
}

// IsZero reports whether the date is not stated.
func (d Date) IsZero() bool { return d == 0 }

// Time returns midnight UTC of the date.
func (d Date) Time() time.Time {
	return time.Unix(int64(d.days())*secondsPerDay, 0).UTC()
}

// days is the number of days since 1970-01-01.
func (d Date) days() int32 {
	if d > 0 {
		return int32(d) - epochOffset
	}
	return int32(d)
}

// DaysSince returns the number of days from other to d.
func (d Date) DaysSince(other Date) int { return int(d.days() - other.days()) }

// AddDays returns the date n days later.
func (d Date) AddDays(n int) Date { return DateOf(d.Time().AddDate(0, 0, n)) }

// AddMonths returns the date n calendar months later; where that month has no such day, its last one
// (31 March minus one month is the last day of February).
func (d Date) AddMonths(n int) Date {
	t := d.Time()
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return DateOf(first.AddDate(0, 0, min(t.Day(), last)-1))
}

// String returns the ISO 8601 form, or the empty string for a date that is not stated.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.Time().Format(time.DateOnly)
}

// MarshalGQL writes the date as a JSON string, null where it is not stated.
func (d Date) MarshalGQL(w io.Writer) {
	if d.IsZero() {
		io.WriteString(w, "null")
		return
	}
	io.WriteString(w, strconv.Quote(d.String()))
}

// UnmarshalGQL reads a date from a GraphQL value.
func (d *Date) UnmarshalGQL(v any) error {
	text, ok := v.(string)
	if !ok {
		return Invalid("", "a date is a string such as \"2026-11-22\"")
	}
	parsed, err := ParseDate(text)
	if err != nil {
		return Invalid("", "%v", err)
	}
	*d = parsed
	return nil
}

// within reports whether d lies in a period whose ends count and may be open.
func (d Date) within(from, to Date) bool {
	return (from.IsZero() || from <= d) && (to.IsZero() || d <= to)
}
