package neo4jserver

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// settings are those of neo4j.conf that every engine shares, by name, with those of the options on top.
func settings(options Options) map[string]string {
	settings := map[string]string{
		"server.http.enabled":             "false",
		"server.bolt.advertised_address":  fmt.Sprintf("127.0.0.1:%d", options.Port), // what neo4j:// is routed to
		"server.memory.heap.initial_size": options.Heap,
		"server.memory.heap.max_size":     options.Heap,
		"server.memory.pagecache.size":    options.PageCache,
		"dbms.usage_report.enabled":       "false",
		"db.logs.query.enabled":           "OFF",
		// Else the transaction logs of a benchmark grow to gigabytes.
		"db.tx_log.rotation.retention_policy": "keep_none",
		// Else a stop takes 7 to 12 s.
		"internal.server.bolt.connection_shutdown_wait_time":  "1s",
		"internal.server.bolt.thread_pool_shutdown_wait_time": "1s",
	}
	for _, line := range options.Settings {
		key, value, _ := strings.Cut(line, "=")
		settings[strings.TrimSpace(key)] = strings.TrimSpace(value)
	}
	return settings
}

// conf is the text of neo4j.conf. A name stands in it once: Neo4j refuses one that comes twice.
func conf(settings map[string]string) string {
	var text strings.Builder
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		fmt.Fprintf(&text, "%s=%s\n", key, settings[key])
	}
	return text.String()
}
