package transport

import (
	"os"
	"testing"

	"valueweb/internal/neo4jserver"
)

func TestMain(m *testing.M) { os.Exit(neo4jserver.Main(m)) }
