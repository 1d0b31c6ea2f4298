package graph

import "testing"

func date(t *testing.T, text string) Date {
	t.Helper()
	d, err := ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDatesReadBackAsTheyWereWritten(t *testing.T) {
	previous := Date(-1 << 31)
	for _, text := range []string{"0001-01-01", "1899-12-31", "1969-12-30", "1969-12-31", "1970-01-01", "1970-01-02", "2024-02-29", "9999-12-31"} {
		d := date(t, text)
		if d.String() != text || d.IsZero() || d <= previous {
			t.Errorf("%s reads back as %s (%d after %d)", text, d, d, previous)
		}
		previous = d
	}
}

func TestADateThatDoesNotExistIsRefused(t *testing.T) {
	for _, text := range []string{"", "2026-02-29", "2026-13-01", "22.11.2026", "2026-11-22T00:00:00Z", "2026-1-2", "10000-01-01"} {
		if d, err := ParseDate(text); err == nil {
			t.Errorf("%q was read as %s", text, d)
		}
	}
}

func TestMonthsAreCalendarMonths(t *testing.T) {
	for _, c := range []struct {
		from   string
		months int
		want   string
	}{
		{"2026-03-31", -1, "2026-02-28"}, {"2024-03-31", -1, "2024-02-29"}, {"2026-11-22", -36, "2023-11-22"},
		{"2024-02-29", -12, "2023-02-28"}, {"2024-02-29", -36, "2021-02-28"}, {"2026-01-31", 1, "2026-02-28"},
	} {
		if got := date(t, c.from).AddMonths(c.months).String(); got != c.want {
			t.Errorf("%s and %d months are %s, want %s", c.from, c.months, got, c.want)
		}
	}
}

func TestDaysAreCountedAcrossTheEpoch(t *testing.T) {
	a, b := date(t, "1969-12-25"), date(t, "1970-01-05")
	if b.DaysSince(a) != 11 || a.AddDays(11) != b || b.AddDays(-11) != a {
		t.Errorf("from %s to %s there are %d days", a, b, b.DaysSince(a))
	}
}
