package stream

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"valueweb/graph"
)

func TestTypesAreNamedOneByOneOrByKind(t *testing.T) {
	if names, err := namesOf(nil); names != nil || err != nil {
		t.Errorf("without types %v, %v are wanted", names, err)
	}
	names, err := namesOf([]string{"wall.*", "opportunity.posted", "wall.created", "opportunity.posted"})
	if got := slices.Sorted(maps.Keys(names)); err != nil || !slices.Equal(got, []string{"opportunity.posted", "wall.created", "wall.retired", "wall.updated"}) {
		t.Errorf("%v, %v", got, err)
	}
	for wanted, allowed := range map[string]string{
		"wall.burnt": "wall.created", "wall": "wall.created", "wall.": "wall.created", "*": "wall.*", ".*": "wall.*", "nothing.*": "opportunity.*", "": "import.*", "heartbeat": "wall.*", "Wall.*": "wall.*",
	} {
		_, err := namesOf([]string{"wall.created", wanted})
		if failure, ok := graph.AsError(err); !ok || failure.Code != graph.CodeValidation || failure.Field != "types.1" || !slices.Contains(failure.Allowed, allowed) {
			t.Errorf("%q: %v", wanted, err)
		}
	}
}

func TestEveryTypeOfEventHasAnAudienceAndAKindThatClientsCanName(t *testing.T) {
	seen := map[string]bool{}
	for _, eventType := range graph.EventTypes {
		if seen[eventType.Name] || !strings.Contains(eventType.Name, ".") || eventType.Audience() == "" || eventType.Subject != "" && !slices.Contains(graph.Kinds, eventType.Subject) {
			t.Errorf("the type %+v", eventType)
		}
		seen[eventType.Name] = true
		if _, err := namesOf([]string{kindOf(eventType.Name) + ".*"}); err != nil {
			t.Errorf("%s: %v", eventType.Name, err)
		}
	}
}
