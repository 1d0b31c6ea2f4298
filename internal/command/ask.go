package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/knadh/koanf/v2"
	"github.com/spf13/cobra"

	"valueweb/graph"
)

func (p *Program) ask() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "ask --need COMPETENCY[:LEVEL] --near SITE|CUSTOMER|OPPORTUNITY|LAT,LNG",
		Short: "Ask who can fill a gap near a customer",
		Long: `Ask prints the partners that can fill a gap near a customer, best first, each with its reasons.
It asks the server that has the store open, or opens the store itself.`,
		Example: `  valueweb ask --need video-to-streaming:3 --near theatre-belquorme --asker ombrevane-systems
  valueweb ask --need expressroute-provider --near stuttgart-de --radius 350 --certified
  valueweb ask --need colocation --near 45.74846,4.84671 --as-of 2026-11-22 --json`,
		Args: argsUsage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			k, err := settings(cmd)
			if err != nil {
				return err
			}
			gap, err := gapOf(k)
			if err != nil {
				return err
			}
			c, err := connect(cmd.Context(), k, p.Version)
			if err != nil {
				return err
			}
			err = c.orEmpty(cmd.Context(), p.answer(cmd.Context(), c, gap, k))
			return errors.Join(err, c.close())
		},
	}
	flags := cmd.Flags()
	flags.StringArray("need", nil, "a `competency`, with :LEVEL for a level from 1 to 5 or above (repeatable)")
	flags.String("near", "", "`where`: the id of a site, a customer or an opportunity, or LAT,LNG")
	flags.String("radius", "", "within so many `km`; by default 50, 100, 250, 1000, anywhere, until 3 are found")
	flags.Bool("anywhere", false, "the distance does not count")
	flags.String("asker", "", "the `partner` that asks: trust starts from it")
	flags.String("as-of", "", "the `day` that the answer is about, such as 2026-11-22; by default today")
	flags.Bool("certified", false, "only holdings that a valid certification attests")
	flags.String("min-tier", "", "only partners of this `tier` or above: "+strings.Join(graph.Tiers, ", "))
	flags.StringSlice("kind", nil, "only partners of this `kind`, such as INTEGRATOR (repeatable)")
	flags.Bool("remote", false, "holdings marked remote count from anywhere")
	flags.Int("first", 5, "how many partners to show")
	flags.Bool("json", false, "print the answer as JSON")
	storeFlag(cmd)
	serverFlag(cmd)
	return cmd
}

// gapOf turns flags into the input of the question; the place is resolved later.
func gapOf(k *koanf.Koanf) (map[string]any, error) {
	gap := map[string]any{"certifiedOnly": k.Bool("certified"), "remote": k.Bool("remote"), "anywhere": k.Bool("anywhere")}
	needs, err := needsOf(k.Strings("need"))
	if err != nil {
		return nil, err
	}
	if len(needs) > 0 {
		gap["needs"] = needs
	}
	if k.String("near") == "" {
		return nil, usage("ask needs --near: a site, a customer, an opportunity or LAT,LNG")
	}
	if text := k.String("radius"); text != "" {
		km, err := finite(text)
		if err != nil {
			return nil, usage("--radius %v", err)
		}
		gap["radiusKm"] = km
	}
	if text := k.String("as-of"); text != "" {
		if _, err := graph.ParseDate(text); err != nil {
			return nil, usage("--as-of %v", err)
		}
		gap["asOf"] = text
	}
	if kinds := k.Strings("kind"); len(kinds) > 0 {
		for i, kind := range kinds {
			kinds[i] = strings.ToUpper(kind)
			if !slices.Contains(graph.PartnerKinds, graph.PartnerKind(kinds[i])) {
				return nil, usage("--kind %q: the kinds are %s", kind, strings.Trim(fmt.Sprint(graph.PartnerKinds), "[]"))
			}
		}
		gap["kinds"] = kinds
	}
	if asker := k.String("asker"); asker != "" {
		gap["asker"] = asker
	}
	if tier := k.String("min-tier"); tier != "" {
		gap["minTier"] = strings.ToUpper(tier)
	}
	return gap, nil
}

func needsOf(texts []string) ([]map[string]any, error) {
	var needs []map[string]any
	for _, text := range texts {
		if text == "" {
			return nil, usage("--need names no competency")
		}
		need := map[string]any{"competency": text}
		if at := strings.LastIndexByte(text, ':'); at >= 0 { // an id may hold colons, too
			if level, err := strconv.Atoi(text[at+1:]); err == nil {
				need["competency"], need["minLevel"] = text[:at], level
			}
		}
		needs = append(needs, need)
	}
	return needs, nil
}

// finite reads a number; "NaN" and "Inf" are none.
func finite(text string) (float64, error) {
	x, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, fmt.Errorf("%q is not a number", text)
	}
	return x, nil
}

// isNumber reports whether a text reads as a number, be it NaN or infinite.
func isNumber(text string) bool {
	_, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	return err == nil
}

// placeOf finds out what --near names.
func placeOf(ctx context.Context, c *client, near string) (map[string]any, error) {
	if lat, lng, isPoint := strings.Cut(near, ","); isPoint && isNumber(lat) && isNumber(lng) {
		y, errLat := finite(lat)
		x, errLng := finite(lng)
		if err := errors.Join(errLat, errLng); err != nil {
			return nil, usage("--near %q: write LAT,LNG in decimal degrees, such as 45.75,4.85", near)
		}
		return map[string]any{"point": map[string]any{"lat": y, "lng": x}}, nil
	}
	var found map[string]*struct{ ID string }
	err := c.query(ctx, `query($id: ID!) { site(id: $id) { id } customer(id: $id) { id } opportunity(id: $id) { id } }`, map[string]any{"id": near}, &found)
	if err != nil {
		return nil, err
	}
	for _, kind := range []string{"site", "customer", "opportunity"} {
		if found[kind] != nil {
			return map[string]any{kind: near}, nil
		}
	}
	return nil, unknownPlace(ctx, c, near)
}

// unknownPlace says which sites and customers are nearest to a name that is none.
func unknownPlace(ctx context.Context, c *client, near string) error {
	var known []string
	for _, kind := range []string{"site", "customer"} {
		var ignored any
		err := c.query(ctx, `query($gap: GapInput!) { whoCanFill(gap: $gap) { totalCount } }`,
			map[string]any{"gap": map[string]any{"needs": []any{map[string]any{"competency": "-"}}, "place": map[string]any{kind: near}}}, &ignored)
		var refused *responseError
		if errors.As(err, &refused) {
			known = append(known, refused.Extensions.Allowed...)
		}
	}
	message := fmt.Sprintf("--near %q is no site, customer or opportunity (nor a point, which is LAT,LNG)", near)
	if len(known) > 0 {
		message += "; the nearest known: " + strings.Join(known, ", ")
	}
	return errors.New(message)
}

// gapAnswer is what ask prints.
type gapAnswer struct {
	WhoCanFill struct {
		TotalCount int
		RingKm     *float64
		AsOf       string
		LeftOut    map[string]int
		Loosen     []struct {
			Filter, To string
			WouldFind  int
		}
		Nodes []candidate
	}
}

type candidate struct {
	Rank    int
	Score   float64
	Km      *float64
	Partner struct{ ID, Name string }
	Office  *struct{ ID, Name, City string }
	Contact *struct{ Name, Email string }
	Terms   []struct {
		Term                string
		Value, Contribution float64
		Because             string
	}
	Caveats []struct{ Code, Text string }
}

const gapQuestion = `query Ask($gap: GapInput!, $first: Int!) {
  whoCanFill(gap: $gap, first: $first) {
    totalCount ringKm asOf
    leftOut { kind tier status level certification capacity noOffice radius declined }
    loosen { filter to wouldFind }
    nodes {
      rank score km
      partner { id name } office { id name city } contact { name email }
      terms { term value weight contribution because evidence { name value gid } }
      matches { need { id } holding { id level competency { id } } exact certification { id } office { id } km }
      trustPath { strength partners { id } ties { strength referrals lastActivity partnership { id } } }
      caveats { code text }
    }
  }
}`

// answer asks the question and prints what comes back.
func (p *Program) answer(ctx context.Context, c *client, gap map[string]any, k *koanf.Koanf) error {
	place, err := placeOf(ctx, c, k.String("near"))
	if err != nil {
		return err
	}
	gap["place"] = place
	if gap["needs"] == nil && place["opportunity"] == nil {
		return usage("ask needs --need: a competency (an opportunity supplies its own)")
	}
	var raw json.RawMessage
	if err := c.query(ctx, gapQuestion, map[string]any{"gap": gap, "first": k.Int("first")}, &raw); err != nil {
		return wrongUse(err)
	}
	if k.Bool("json") {
		_, err := fmt.Fprintln(p.Stdout, string(raw))
		return err
	}
	var answer gapAnswer
	if err := json.Unmarshal(raw, &answer); err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	return printAnswer(p.Stdout, &answer)
}

// wrongUse gives a refused question the exit code of wrong use, and calls its inputs by their flags.
func wrongUse(err error) error {
	var refused *responseError
	if !errors.As(err, &refused) || refused.Extensions.Code != graph.CodeValidation {
		return err
	}
	text := refused.Message
	if len(refused.Extensions.Allowed) > 0 {
		text += "; allowed: " + strings.Join(refused.Extensions.Allowed, ", ")
	}
	return usage("%s: %s", flagOf(refused.Extensions.Field), text)
}

// flagOf is the flag that an input of the question comes from.
func flagOf(field string) string {
	for input, flag := range map[string]string{
		"gap.needs": "--need", "gap.place": "--near", "gap.radiusKm": "--radius", "gap.asker": "--asker", "gap.asOf": "--as-of",
		"gap.minTier": "--min-tier", "gap.kinds": "--kind", "first": "--first",
	} {
		if strings.HasPrefix(field, input) {
			return flag
		}
	}
	return field
}
