package command

import (
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"
)

// printAnswer writes an answer as people read it: a heading, then every partner with its reasons.
func printAnswer(w io.Writer, answer *gapAnswer) error {
	a := &answer.WhoCanFill
	var out strings.Builder
	within := "anywhere"
	if a.RingKm != nil {
		within = "within " + strconv.FormatFloat(*a.RingKm, 'f', -1, 64) + " km"
	}
	fmt.Fprintf(&out, "%s %s on %s\n", partners(a.TotalCount), within, a.AsOf)
	for i := range a.Nodes {
		printCandidate(&out, &a.Nodes[i])
	}
	if more := a.TotalCount - len(a.Nodes); more > 0 && len(a.Nodes) > 0 {
		fmt.Fprintf(&out, "\n… and %d more (--first %d shows all)\n", more, a.TotalCount)
	}
	for _, l := range a.Loosen {
		to := l.To
		if l.Filter == "RADIUS" && to != "anywhere" {
			to += " km"
		}
		fmt.Fprintf(&out, "  loosen %s to %s: %s\n", strings.ToLower(l.Filter), to, partners(l.WouldFind))
	}
	if a.TotalCount == 0 && len(a.Loosen) == 0 {
		out.WriteString("  no single filter would find anybody if it were loosened\n")
	}
	if text := leftOutText(a.LeftOut); text != "" {
		fmt.Fprintf(&out, "\nLeft out though they hold what is needed: %s\n", text)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func partners(n int) string {
	switch n {
	case 0:
		return "Nobody qualifies"
	case 1:
		return "1 partner qualifies"
	}
	return fmt.Sprintf("%d partners qualify", n)
}

// printCandidate writes a partner: its place and score (× 100), then a line a term.
func printCandidate(out *strings.Builder, c *candidate) {
	fmt.Fprintf(out, "\n%2d. %s (%s)   score %.1f", c.Rank, c.Partner.Name, c.Partner.ID, c.Score*100)
	if c.Km != nil && c.Office != nil {
		fmt.Fprintf(out, "   %.1f km", *c.Km)
	}
	out.WriteByte('\n')
	for _, t := range c.Terms {
		fmt.Fprintf(out, "    %5.1f  %-5s  %s\n", t.Contribution*100, strings.ToLower(t.Term), t.Because)
	}
	if c.Contact != nil {
		fmt.Fprintf(out, "           contact  %s", c.Contact.Name)
		if c.Contact.Email != "" {
			fmt.Fprintf(out, " <%s>", c.Contact.Email)
		}
		out.WriteByte('\n')
	}
	for _, caveat := range c.Caveats {
		fmt.Fprintf(out, "        !  %s\n", caveat.Text)
	}
}

// leftOutText lists what kept partners out, the most frequent first.
func leftOutText(counts map[string]int) string {
	var names []string
	for name, n := range counts {
		if n > 0 {
			names = append(names, name)
		}
	}
	sort.Slice(names, func(i, j int) bool {
		a, b := names[i], names[j]
		return counts[a] > counts[b] || counts[a] == counts[b] && a < b
	})
	for i, name := range names {
		names[i] = fmt.Sprintf("%d by %s", counts[name], map[string]string{"noOffice": "having no office"}[name])
		if name != "noOffice" {
			names[i] = fmt.Sprintf("%d by %s", counts[name], name)
		}
	}
	return strings.Join(names, ", ")
}

// printProblems writes a line a problem, and how many more there were, of what.
func printProblems[P any](w io.Writer, problems []P, line func(P) string, count int, of string) {
	for _, problem := range problems {
		fmt.Fprintln(w, line(problem))
	}
	if more := count - len(problems); more > 0 {
		fmt.Fprintf(w, "… and %d more%s\n", more, of)
	}
}

// atColumn is a place in a sheet with the column and the value there, as far as they are known.
func atColumn(where, column, value string) string {
	if column != "" {
		where += ", " + column
	}
	if value != "" {
		where += fmt.Sprintf(" %q", value)
	}
	return where
}
