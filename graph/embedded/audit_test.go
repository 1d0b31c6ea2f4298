package embedded

import (
	"testing"
	"time"

	"valueweb/graph"
)

func TestNotesSurviveTheEndOfTheProcess(t *testing.T) {
	dir := t.TempDir()
	day := graph.DateOf(time.Now())
	access := graph.CustomerAccess{Day: day, Viewer: "ANALYST", Customer: "city", First: day.Time(), Last: day.Time(), Reads: 1}
	for reads := 1; reads <= 2; reads++ {
		store := opened(t, dir)
		if err := store.Note(t.Context(), graph.Notes{Accesses: []graph.CustomerAccess{access}, Uses: map[string]time.Time{"key": day.Time()}}); err != nil {
			t.Fatal(err)
		}
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
		again := opened(t, dir)
		page, err := again.Accesses(t.Context(), graph.Operator, graph.AccessQuery{First: 9})
		if err != nil || len(page.Accesses) != 1 || page.Accesses[0].Reads != reads || !page.Accesses[0].First.Equal(day.Time()) {
			t.Errorf("after a restart there are %+v %v", page, err)
		}
		uses, err := again.LastUses(t.Context(), graph.Operator, []string{"key"})
		if err != nil || !uses["key"].Equal(day.Time()) {
			t.Errorf("after a restart the key was used at %v %v", uses, err)
		}
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAStoreThatIsClosedTakesNoNotes(t *testing.T) {
	store := opened(t, t.TempDir())
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	err := store.Note(t.Context(), graph.Notes{Uses: map[string]time.Time{"key": time.Now()}})
	if e, ok := graph.AsError(err); !ok || e.Code != graph.CodeUnavailable {
		t.Errorf("the error is %v", err)
	}
}
