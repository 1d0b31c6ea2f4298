package naive

import "time"

// inForce says whether asOf lies between two dates, both inclusive, "" = open.
func inForce(from, to, asOf string) bool {
	return (from == "" || from <= asOf) && (to == "" || to >= asOf)
}

// isDate says whether a text is a calendar date.
func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// daysBetween is the whole days from one date to a later one.
func daysBetween(from, to string) float64 {
	a, _ := time.Parse(time.DateOnly, from)
	b, _ := time.Parse(time.DateOnly, to)
	return b.Sub(a).Hours() / 24
}

// DayAfter is the day so many days after another; before it where they are fewer than none.
func DayAfter(date string, days int) string { return addDays(date, days) }

// addDays moves a date by days.
func addDays(date string, days int) string {
	t, _ := time.Parse(time.DateOnly, date)
	return t.AddDate(0, 0, days).Format(time.DateOnly)
}

// monthsBefore moves a date back by calendar months; a day that the month
// lacks becomes its last (31 March − 1 month = the last of February).
func monthsBefore(date string, months int) string {
	t, _ := time.Parse(time.DateOnly, date)
	first := time.Date(t.Year(), t.Month()-time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1).Format(time.DateOnly)
}
