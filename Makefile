# What there is to do in this repository. Go and make are all it takes.

STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK = golang.org/x/vuln/cmd/govulncheck@v1.9.0
PRISM       = @stoplight/prism-cli@5.14.2
SWAGGER     = swagger-client@3.39.0
GO127       = go1.27.3
FUZZTIME   ?= 15s
RECORDS    ?= 1000000
LOADTIME   ?= 10m
# Flags of golden/benchgenerate, as in make bench-generate BENCH="-rounds 3 -sizes 100,1000".
BENCH      ?=
# Flags of golden/corpus.
CORPUS     ?=
# Flags of the tests of cmd/auditlog/connect, as in make connect CONNECTFLAGS=-long.
CONNECTFLAGS ?=
# Whole documents of Atlassian are not part of the repository; where there are some they lie beside it.
DOCUMENTS   = $(wildcard ../shared/specs)
# A module of its own, as a team that uses auditgen has it.
CONSUMER    = golden/downstream/consumer
# Another one, because of its dependencies. Its go.work has both modules.
CONNECT     = cmd/auditlog/connect
# A module of its own, because nothing else depends on OpenTelemetry.
TRACING     = docs/examples/otel
# The server of the runner has pages of one shape. golden/paging_shapes has a server for each shape.
DIR        ?= $(filter-out golden/paging_shapes,$(wildcard golden/*)) spec $(DOCUMENTS)
# Tools that are no Go modules lie outside of the repository.
TOOLS      ?= $(if $(TMPDIR),$(TMPDIR),/tmp)/auditgen-tools
# Tests are neither vetted, which make check does, nor linked with tables for debuggers. With an empty
# cache that saves a fifth of the processor time. Tests that build programs build them the same way.
quick       = GOFLAGS="$$(go env GOFLAGS) -vet=off -ldflags=-w"
# Generated packages have examples and no tests. golden/examples builds all of these into one program
# and runs it, so they are not linked one by one. Without the flags of make browser and make contract,
# all tests of these two packages are skipped.
packages    = $$(go list ./... | grep -vE '/want$$|/generated/|/golden/(browser|contract)$$')
install     = { apt-get install -y --no-install-recommends $(1) || { apt-get update && apt-get install -y --no-install-recommends $(1); }; }

.PHONY: browser-tools connect connect-tools contract-tools curl-tools help generate test long race vet vulnerabilities fmt-check tidy-check lint check bench bench-browser bench-generate bench-micro bench-peers bench-walk browser contract corpus fuzz fuzz-json golden load

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

generate: ## write generated/ from the embedded documents, and what the consumer in golden/downstream has
	go run ./cmd/auditgen generate
	cd $(CONSUMER) && go mod tidy && go generate

test: ## run all tests but those of make long
	$(quick) go test $(packages)

long: ## run the tests that take minutes
	$(quick) go test -count 1 -timeout 30m -run 'OutOfItsPlace|InLinearTime|EndsSoon|GrowNoFaster|Comparing|Consumer|Jira' ./generator ./generator/emit ./golden/downstream -long
	$(quick) go test -count 1 -timeout 30m -run KilledAnywhere ./cmd/auditlog ./cmd/auditgen -long

race: ## run tests with the race detector: of the packages that start goroutines, without long ones that have one
	$(quick) go test -race -short ./cmd/... ./mock ./templates/... ./generator/diff ./generator/emit ./golden/bench ./golden/embedded ./golden/faults
	$(quick) go test -race -short -run 'Golden|Deterministic' ./generator

vet: ## run go vet
	go vet ./...

fmt-check: ## fail if gofmt would change a file
	@files=$$(gofmt -l .) && if [ -n "$$files" ]; then echo "gofmt would change:"; echo "$$files"; exit 1; fi

tidy-check: ## fail if go mod tidy would change a go.mod or go.sum
	go mod tidy -diff
	cd $(CONSUMER) && go mod tidy -diff
	cd $(TRACING) && go mod tidy -diff

lint: ## run staticcheck
	go run $(STATICCHECK) ./...
	cd $(CONSUMER) && go run $(STATICCHECK) ./...

check: fmt-check vet lint tidy-check ## everything but the tests; generated/ must be as generate leaves it
	go run ./cmd/auditgen generate --check

bench: bench-micro bench-walk bench-peers bench-generate bench-browser ## run all benchmarks

bench-browser: ## measure a large report in a real browser; make browser installs one
	go test -run '^$$' -bench . -benchtime 5x ./golden/browser -browser

bench-generate: ## measure whole runs beside other generators, and how they grow with the document; fetches modules
	go run ./golden/benchgenerate $(BENCH) $(wildcard $(addsuffix /*.json,$(DOCUMENTS)))
	go test -run '^$$' -bench Growth -benchtime 3x ./generator

bench-micro: ## run the benchmarks of single functions and a short walk
	go test -run '^$$' -bench . -benchmem ./...

bench-walk: ## walk through RECORDS records served by a local server: records a second, live heap
	go test -run '^$$' -bench Walk -benchtime 1x -timeout 30m ./golden/bench -records $(RECORDS)

bench-peers: ## generate the clients of other generators in a temporary folder and compare ours with them; fetches modules
	go test -count 1 -run '^TestPeers$$' -v -timeout 30m ./golden/bench -peers

browser: browser-tools ## look at the report in a real browser; installs Chromium where apt-get can
	go test -count 1 ./golden/browser -browser

browser-tools:
	@command -v chromedriver >/dev/null || $(call install,chromium chromium-driver fonts-dejavu-core)

curl-tools:
	@command -v curl >/dev/null || $(call install,curl)

# auditgen has no published version yet, so go.mod is tidied in a copy that takes it from here.
connect: connect-tools ## build auditlog-connect and run pipelines from the mock to files; fetches modules
	@mkdir -p $(TOOLS)
	cd $(CONNECT) && cp go.mod $(TOOLS)/connect.mod && cp go.sum $(TOOLS)/connect.sum
	cd $(CONNECT) && go mod edit -replace=github.com/seed-1954497d/auditgen=$(CURDIR) $(TOOLS)/connect.mod
	cd $(CONNECT) && GOWORK=off go mod tidy -diff -modfile=$(TOOLS)/connect.mod
	cd $(CONNECT) && go vet ./... && go build -o $(TOOLS)/auditlog-connect .
	cd $(CONNECT) && $(quick) go test -count 1 . -program $(TOOLS)/auditlog-connect $(CONNECTFLAGS)

connect-tools:
	@cd $(CONNECT) && go list -deps -test ./... >/dev/null

contract: contract-tools ## have Prism and kin-openapi judge the mock and the generated clients, and compare these with swagger-client; installs the npm packages, and npm where apt-get can
	go test -count 1 ./golden/contract -prism $(TOOLS)/node_modules/.bin/prism

contract-tools:
	@command -v npm >/dev/null || $(call install,npm)
	@test -x $(TOOLS)/node_modules/.bin/prism -a -d $(TOOLS)/node_modules/swagger-client || npm install --silent --no-audit --no-fund --ignore-scripts --prefix $(TOOLS) $(PRISM) $(SWAGGER)

load: ## have clients walk through the logs of the mock for LOADTIME, and print how much memory it takes
	go test -count 1 -run '^TestUnderLoadMemoryStaysFlat$$' -v -timeout 0 ./mock -load $(LOADTIME)

vulnerabilities: ## ask the database of Go vulnerabilities about what is called here; needs the network
	go run $(GOVULNCHECK) ./...

corpus: ## generate, build and vet a client of every document below the folders DIR, and call each operation once
	go run ./golden/corpus $(CORPUS) $(DIR)

fuzz: ## run every fuzz test for FUZZTIME
	@set -e; for package in $$(go list ./...); do \
		for name in $$(go test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
			echo "$$package $$name"; \
			go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) $$package; \
		done; \
	done

fuzz-json: ## compare the decoder with encoding/json and jsontext, which Go 1.27 brings, for FUZZTIME
	GOTOOLCHAIN=$(GO127) go test -run '^$$' -fuzz '^FuzzDecodeAgainstJSONText$$' -fuzztime $(FUZZTIME) ./templates/rest/lossless
	GOTOOLCHAIN=$(GO127) go test -run '^$$' -fuzz '^FuzzDecode$$' -fuzztime $(FUZZTIME) ./templates/rest/lossless

golden: ## record what the golden tests compare with; look at the difference before you commit it
	go test $$(grep -rl --include='*_test.go' --exclude-dir=connect 'flag.Bool("update"' . | xargs -n 1 dirname | sort -u) -update
