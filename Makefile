# What there is to do in this repository. Go and make are all it takes.

STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
FUZZTIME   ?= 15s

.PHONY: help generate test race vet fmt-check tidy-check lint check bench fuzz golden

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

generate: ## write generated/ from the embedded documents
	go run ./cmd/auditgen generate

test: ## run all tests
	go test ./...

race: ## run all tests with the race detector
	go test -race ./...

vet: ## run go vet
	go vet ./...

fmt-check: ## fail if gofmt would change a file
	@files=$$(gofmt -l .) && if [ -n "$$files" ]; then echo "gofmt would change:"; echo "$$files"; exit 1; fi

tidy-check: ## fail if go mod tidy would change go.mod or go.sum
	go mod tidy -diff

lint: ## run staticcheck
	go run $(STATICCHECK) ./...

check: fmt-check vet lint tidy-check ## everything but the tests; generated/ must be as generate leaves it
	go run ./cmd/auditgen generate --check

bench: ## run all benchmarks
	go test -run '^$$' -bench . -benchmem ./...

fuzz: ## run every fuzz test for FUZZTIME
	@set -e; for package in $$(go list ./...); do \
		for name in $$(go test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
			echo "$$package $$name"; \
			go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) $$package; \
		done; \
	done

golden: ## record what the golden tests compare with; look at the difference before you commit it
	go test $$(grep -rl --include='*_test.go' 'flag.Bool("update"' . | xargs -n 1 dirname | sort -u) -update
