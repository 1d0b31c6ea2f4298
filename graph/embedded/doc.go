// Package embedded is the store that runs inside the process: the default for one machine.
//
// The whole graph stands in memory as an immutable [state] behind one atomic pointer. A reader takes the
// pointer and never locks. The one writer forks the state (copy-on-write trees), applies a change,
// commits it with its events to a bbolt file, synced, and only then publishes the new state: what a
// reader sees is durable, and a process killed at any moment reopens whole. At the start the state is
// read back from the file.
//
// What a transaction puts stands among the nodes of its fork at once. The indexes follow: when they are
// read, in the background while a large transaction goes on, and at the latest while the file is written
// ([backlog]). Under a parent an index keeps the nodes alone, in chunks ordered by id ([groups]).
package embedded
