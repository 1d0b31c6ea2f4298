# Everything that is done with this repository is a target here; `make` alone lists them.
SHELL       := /bin/bash -o pipefail
VERSION     ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo development)
BINARY      := bin/valueweb
STORE       ?=
LISTEN      ?= 127.0.0.1:8080
NEO4J       ?=
WHOLE       ?= # not empty: everything is tested, side by side
# What takes longest, what stands at a Neo4j, goes before, and what nothing waits for last.
AFTER       := $(if $(WHOLE),nice -n 10)
BEHIND      := $(if $(WHOLE),nice -n 15)
# Then, too, what checks reads what was compiled for the tests, under the race detector.
GUARD       := $(if $(WHOLE),-race)
GO          ?= go
# What stands at a Neo4j takes turns at one: most of what it waits for is that a statement is planned when it is first
# met, ever faster the longer the server runs, and what one package had planned serves the next. The tests of BOTH run on
# every store, as the scenarios do: at the Neo4j on that alone, and elsewhere, side by side, on the embedded one.
ONLY_NEO4J  := ./graph/neo4jstore ./internal/command/...
BOTH        := ./graph/stream/... ./graph/network/... ./resolvers/... ./graph/sheet/... ./internal/transport/...
# Nothing in these runs side by side, and the race detector would take minutes to find that.
ONE_THREAD  := ./internal/world/...
# make lint vets, and nothing debugs what is linked here.
TEST        := $(GO) test -vet=off -ldflags=-w
SCENARIOS   := $(TEST) -count=1 -timeout 15m ./scenarios/...
# So do the two halves of the scenarios; those that take away a Neo4j of their own are elsewhere. What fits neither
# pattern runs in both.
ON_NEO4J    := -run "/^neo4j$$" -skip "^Test(AServer|ADemo|Readers|Only|TheLawFinds|ServersOn)"
ELSEWHERE   := -skip "/^neo4j$$"
LIBRARIES   := ./graph/... ./resolvers/... ./internal/...
PACKAGES    := $(LIBRARIES) ./examples/... ./docs/...

.DEFAULT_GOAL := help

.PHONY: help
help: ## Print this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z0-9-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: build ## Build, load the real demo data into an empty store, serve the API and its page
	$(BINARY) serve --demo --listen $(LISTEN) $(if $(STORE),--store $(STORE))

.PHONY: build
build: ## Build the program to bin/valueweb
	$(GO) build -trimpath -ldflags "-X main.version=$(VERSION)" -o $(BINARY) .

# Two cores compile and test for a quarter of an hour: memory is worth less to them than the time of collecting garbage.
test check: export GOGC := 300

.PHONY: test
test: ## Run everything: generated code, style, all tests under the race detector, the scenarios
	@# Side by side: what stands at a Neo4j waits for one thread that plans a statement most of its time.
	@$(MAKE) --no-print-directory -j4 WHOLE=1 stores race lint generated

# What several would compile at the same time, each for itself, is compiled once before.
stores: neo4j-ready $(if $(WHOLE),ready)
race: neo4j-ready $(if $(WHOLE),guarded)
lint: $(if $(WHOLE),guarded)
generated: $(if $(WHOLE),plain)

.PHONY: ready
ready: launcher
	$(GO) build -race ./graph/...

.PHONY: guarded
guarded: ready
	$(GO) build -race $(LIBRARIES)

.PHONY: plain
plain: guarded
	$(AFTER) $(GO) build $(LIBRARIES)

.PHONY: check
check: generated lint ## Run the fast half: generated code, style, unit and suite tests, without Neo4j
	$(TEST) -short $$($(GO) list $(PACKAGES) | grep -v /neo4j)

.PHONY: race
race:
	VALUEWEB_TEST_STORE=embedded $(AFTER) $(TEST) -race $$($(GO) list $(PACKAGES) | grep -vxF "$$($(GO) list $(ONLY_NEO4J) $(ONE_THREAD))")
	$(AFTER) $(TEST) $(ONE_THREAD)
	$(AFTER) $(SCENARIOS) $(ELSEWHERE)

.PHONY: stores
stores:
	VALUEWEB_TEST_STORE=neo4j bin/neo4j -- $(SHELL) -c '$(TEST) -race -p 1 -timeout 25m $(ONLY_NEO4J) $(BOTH) && $(SCENARIOS) $(ON_NEO4J)'

.PHONY: scenarios
scenarios: neo4j-ready
	bin/neo4j -- $(SCENARIOS)

.PHONY: fuzz
fuzz: ## Feed the parsers of sheets, cursors and messages with what nobody wrote, 30 s each; make test feeds them the examples
	$(GO) test -run '^$$' -fuzz '^FuzzSheet$$' -fuzztime 30s -fuzzminimizetime 10x ./graph/sheet
	$(GO) test -run '^$$' -fuzz '^FuzzCursor$$' -fuzztime 30s -fuzzminimizetime 10x ./graph
	$(GO) test -run '^$$' -fuzz '^FuzzMessage$$' -fuzztime 30s -fuzzminimizetime 10x ./internal/transport
	$(GO) test -run '^$$' -fuzz '^FuzzCursor$$' -fuzztime 30s -fuzzminimizetime 10x ./graph/stream

.PHONY: torture
torture: neo4j-ready ## Run the long forms: 10,000 random worlds and viewers, hundreds of them on Neo4j too, 200 kills
	VALUEWEB_TORTURE=1 $(GO) test -count=1 -timeout 60m -run 'AnsweredAlike|NaiveReader' ./resolvers ./graph/stream
	VALUEWEB_TORTURE=1 bin/neo4j -- $(GO) test -count=1 -timeout 6h -run 'Random|Kill|AViewer|WhoChanges' ./scenarios/...
	VALUEWEB_TORTURE=1 bin/neo4j -- $(GO) test -count=1 -timeout 48h -run 'BothStores|CutOff|OfOneMoment|ComesOver|NoStatement' ./graph/neo4jstore

.PHONY: generate
generate: ## Regenerate the GraphQL code in internal/gql
	$(GO) tool gqlgen generate

.PHONY: generated
generated: # in a copy of what it reads, so that nothing else is disturbed
	@copy=$$(mktemp -d) && trap 'rm -rf "$$copy"' EXIT \
	&& tar -cf - go.mod go.sum gqlgen.yml schema.graphqls resolvers/scalar graph/*.go | tar -xf - -C "$$copy" \
	&& mkdir -p "$$copy/internal/gql" && (cd "$$copy" && $(BEHIND) $(GO) tool gqlgen generate) \
	&& diff -rq "$$copy/internal/gql" internal/gql || { echo "internal/gql is not what the schema generates: run 'make generate'"; exit 1; }

.PHONY: lint
lint: ## Check format, vet and staticcheck
	@unformatted=$$(gofmt -l $$(git ls-files '*.go' | grep -v '^internal/gql/')); if [ -n "$$unformatted" ]; then echo "gofmt these: $$unformatted"; exit 1; fi
	$(BEHIND) $(GO) vet $(GUARD) ./...
	tool=$$($(BEHIND) $(GO) tool -n staticcheck) && GOFLAGS="$$GOFLAGS $(GUARD)" $(BEHIND) $$tool $$($(GO) list ./... | grep -v /internal/gql)

.PHONY: neo4j
neo4j: neo4j-ready ## Run a real Neo4j for development until Ctrl-C (NEO4J="--ephemeral --port 0", --help for more)
	@exec bin/neo4j $(NEO4J)

.PHONY: neo4j-ready
neo4j-ready: launcher ## Get what running Neo4j needs: an image, or Java, Maven and its artifacts
	@bin/neo4j --prepare

.PHONY: launcher
launcher:
	@$(GO) build $(GUARD) -o bin/neo4j ./internal/neo4jserver/cmd/neo4j

.PHONY: bench
bench: ## Measure on both stores, beside PostgreSQL and the bare Neo4j driver, and print the tables of docs/performance.md
	$(GO) test -run '^$$' -bench . -benchmem -benchtime 2s ./bench
	VALUEWEB_BENCH=1 $(GO) test -count=1 ./bench/postgres
	$(GO) run ./bench/whocanfill
	$(GO) run ./bench/imports
	$(GO) run ./bench/writes
	$(GO) run ./bench/streams

.PHONY: clean
clean: ## Remove what was built
	rm -rf bin
