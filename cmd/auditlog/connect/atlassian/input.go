// Package atlassian registers the input atlassian_audit, which reads the audit log of a Confluence
// or Jira site. Import it into a build of Benthos or Redpanda Connect for its side effect.
//
// It uses the generated clients alone: FollowAuditRecords delivers batches, and the checkpoint of a
// batch goes into a cache of the engine once the batch was acknowledged.
package atlassian

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/redpanda-data/benthos/v4/public/service"

	"github.com/seed-1954497d/auditgen/generated/rest"
)

func init() {
	service.MustRegisterBatchInput("atlassian_audit", spec(), func(conf *service.ParsedConfig, res *service.Resources) (service.BatchInput, error) {
		in, err := newInput(conf, res)
		if err != nil {
			return nil, err
		}
		return service.AutoRetryNacksBatched(in), nil
	})
}

const description = `
A message is one record: its content is the exact JSON value that the site sent, without blanks between its parts. The oldest record comes first.

The checkpoint of a batch is saved in a cache after the output has acknowledged the batch. A batch that is refused is delivered again, and later ones wait. So every record is delivered at least once, across restarts and kills. A record is delivered again only if the process ended between the acknowledgement and the save, or before the acknowledgement. An output that replaces what has the same id has each record once.

One batch of at most a page is under way at a time. So a batching policy in the output that counts messages also needs a period, or it waits for messages that come after its acknowledgement.

The cache must keep its values across restarts and must not expire them. An input saves under two keys, CACHE_KEY_0 and CACHE_KEY_1, in turns.

Records can become visible late. Each time, the log is read again as far back as overlap says, and what was delivered already is dropped.

A message has this metadata:

- product and site are the fields of the configuration.
- time is the time of the record in UTC, such as 2026-11-21T03:15:00.123Z. It is absent if the record has none.
- id is that of Jira. Confluence has none: there the id follows from the content, as in the envelope of auditlog.
`

func spec() *service.ConfigSpec {
	const duration = `root = if !this.re_match("^([0-9.]+(h|m|s|ms))+$") { ["write a duration, such as 90s or 1m"] }`
	return service.NewConfigSpec().
		Beta().
		Categories("Services").
		Summary("Reads the audit log of a Confluence or Jira site, and goes on where it stopped.").
		Description(description).
		Fields(
			service.NewStringEnumField("product", "confluence", "jira").
				Description("The product whose log is read."),
			service.NewStringField("site").
				Description("The address of the site: https://NAME.atlassian.net for an email address and an API token without scopes, https://api.atlassian.com/ex/PRODUCT/CLOUDID for API tokens with scopes and for OAuth 2.0.").
				Example("https://NAME.atlassian.net").
				LintRule(`root = if !this.re_match("^https?://") { ["the site must start with https://"] }`),
			service.NewStringField("email").
				Description("The email address that belongs to an API token. Leave it out if the token is an OAuth 2.0 access token or another bearer token.").
				Default("").
				Example("${ATLASSIAN_EMAIL}"),
			service.NewStringField("token").
				Description("The API token or bearer token.").
				Secret().
				Example("${ATLASSIAN_TOKEN}"),
			service.NewStringField("cache").
				Description("The cache resource that keeps the checkpoint."),
			service.NewStringField("cache_key").
				Description("What the keys of the checkpoint begin with. Every input needs keys of its own. By default they are made of product and site.").
				Default("").
				Advanced(),
			service.NewStringField("start").
				Description("Where to begin if the cache has no checkpoint: a date, a time with its zone, or how long before now. By default it is now.").
				Default("").
				Examples("2026-11-21", "2026-11-21T03:15:00Z", "720h").
				LintRule(`root = if !this.re_match("^([0-9]{4}-[0-9]{2}-[0-9]{2}(T.+)?|([0-9.]+(h|m|s|ms))+)?$") { ["write a date, a time with its zone or a duration, such as 2026-11-21, 2026-11-21T03:15:00Z or 720h"] }`),
			service.NewDurationField("interval").
				Description("How long to wait when nothing new is there, and before the next try when the site refuses.").
				Default("1m").
				LintRule(duration),
			service.NewDurationField("lag").
				Description("How far behind the clock of the site records are read.").
				Default("10s").
				Advanced().
				LintRule(duration),
			service.NewDurationField("overlap").
				Description("How late a record may become visible. A checkpoint takes about 23 bytes for each record within this time.").
				Default("10m").
				Advanced().
				LintRule(duration),
		).
		Example("Both logs into files", "Writes the logs of a site into a file for each product. Set ATLASSIAN_EMAIL and ATLASSIAN_TOKEN in the environment.", `
input:
  broker:
    inputs:
      - atlassian_audit:
          product: confluence
          site: https://NAME.atlassian.net
          email: "${ATLASSIAN_EMAIL}"
          token: "${ATLASSIAN_TOKEN}"
          cache: checkpoints
          start: 720h
      - atlassian_audit:
          product: jira
          site: https://NAME.atlassian.net
          email: "${ATLASSIAN_EMAIL}"
          token: "${ATLASSIAN_TOKEN}"
          cache: checkpoints
          start: 720h

output:
  file:
    path: ${! @product }.ndjson
    codec: lines

cache_resources:
  - label: checkpoints
    file:
      directory: ./checkpoints
`)
}

// input delivers a log batch by batch. One batch is under way at a time; the next page is fetched
// meanwhile.
type input struct {
	log      *auditLog
	place    *place
	start    string
	interval time.Duration
	options  []rest.FollowOption
	logger   *service.Logger

	from    *rest.Checkpoint // of the last batch that was acknowledged; nil until it is known
	batches chan *batch
	ended   chan struct{} // closed when nothing more comes until the next Connect
	cancel  context.CancelFunc
}

func newInput(conf *service.ParsedConfig, res *service.Resources) (*input, error) {
	texts := map[string]string{}
	for _, name := range []string{"product", "site", "email", "token", "cache", "cache_key", "start"} {
		text, err := conf.FieldString(name)
		if err != nil {
			return nil, err
		}
		texts[name] = text
	}
	spans := map[string]time.Duration{}
	for _, name := range []string{"interval", "lag", "overlap"} {
		span, err := conf.FieldDuration(name)
		if err != nil {
			return nil, err
		}
		if span < 0 {
			return nil, fmt.Errorf("%s: %s is negative", name, span)
		}
		spans[name] = span
	}
	if !res.HasCache(texts["cache"]) {
		return nil, fmt.Errorf("cache: there is no cache resource %q: add one with this label to cache_resources", texts["cache"])
	}
	if _, err := startTime(texts["start"], time.Now()); err != nil {
		return nil, err
	}
	in := &input{
		start: texts["start"], interval: spans["interval"], logger: res.Logger(),
		options: []rest.FollowOption{rest.FollowInterval(spans["interval"]), rest.FollowLag(spans["lag"]), rest.FollowOverlap(spans["overlap"])},
		place: &place{resources: res, cache: texts["cache"], key: texts["cache_key"], product: texts["product"],
			site: strings.TrimRight(texts["site"], "/")},
	}
	if in.place.key == "" {
		in.place.key = defaultKey(in.place.product, in.place.site)
	}
	var err error
	in.log, err = open(in.place.product, in.place.site, credentials(texts["email"], texts["token"]), rest.WithUserAgent("auditlog-connect"), rest.WithHook(in.report))
	if err != nil {
		return nil, fmt.Errorf("site or token: %s", forUsers(err))
	}
	return in, nil
}

// defaultKey returns a key that no other log has, of characters that every cache takes.
func defaultKey(product, site string) string {
	_, address, _ := strings.Cut(site, "://")
	return "atlassian_audit_" + product + "_" + strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return '_'
	}, address)
}

// report logs requests that are tried again. The client has removed credentials from its errors.
func (in *input) report(_ context.Context, a rest.Attempt) {
	if a.Wait > 0 {
		in.logger.Warnf("%s: trying again in %s", a.Err, a.Wait.Round(100*time.Millisecond))
	}
}

// Connect asks the site for a record, so that wrong credentials are a failure of the connection,
// and begins to follow the log at the checkpoint.
func (in *input) Connect(ctx context.Context) error {
	if err := in.locate(ctx); err != nil {
		return service.NewErrBackOff(err, in.interval)
	}
	ctx, in.cancel = context.WithCancel(context.Background())
	in.batches, in.ended = make(chan *batch), make(chan struct{})
	go in.run(ctx)
	return nil
}

// locate finds out where to begin. A first run saves that at once: killed before its first batch,
// it must not begin later the next time.
func (in *input) locate(ctx context.Context) (err error) {
	if in.from == nil {
		if in.from, err = in.place.load(ctx); err != nil {
			return err
		}
	}
	now, err := in.log.now(ctx)
	if err != nil || in.from != nil {
		return err
	}
	at, err := startTime(in.start, now)
	if err != nil {
		return err
	}
	first := rest.StartAt(at)
	if err := in.place.begin(ctx, first); err != nil {
		return err
	}
	in.from = &first
	return nil
}

// run follows the log until the context ends or the site refuses. It hands out a batch when the one
// before was acknowledged.
func (in *input) run(ctx context.Context) {
	defer close(in.ended)
	acked := make(chan struct{})
	close(acked)
	for b, err := range in.log.follow(ctx, *in.from, in.options) {
		select {
		case <-acked:
		case <-ctx.Done():
			return
		}
		if err != nil {
			if ctx.Err() == nil {
				in.logger.Errorf("%s", err)
			}
			return
		}
		if len(b.records) == 0 {
			if err := in.moveTo(ctx, b); err != nil && ctx.Err() == nil {
				in.logger.Errorf("%s", err)
			}
			continue
		}
		acked = b.acked
		select {
		case in.batches <- b:
		case <-ctx.Done():
			return
		}
	}
}

// moveTo saves the checkpoint of a batch that was acknowledged or has nothing to acknowledge. If
// that fails, the log goes on: the next batch saves a later checkpoint.
func (in *input) moveTo(ctx context.Context, b *batch) error {
	in.from = &b.checkpoint
	return in.place.save(ctx, b.checkpoint)
}

// ReadBatch returns the next batch. Its acknowledgement comes without an error:
// AutoRetryNacksBatched delivers again what was refused.
func (in *input) ReadBatch(ctx context.Context) (service.MessageBatch, service.AckFunc, error) {
	select {
	case b := <-in.batches:
		ack := func(ctx context.Context, _ error) error {
			defer close(b.acked)
			return in.moveTo(ctx, b)
		}
		return in.messages(b), ack, nil
	case <-in.ended:
		return nil, nil, service.ErrNotConnected
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
}

// messages makes a message of each record.
func (in *input) messages(b *batch) service.MessageBatch {
	var messages service.MessageBatch
	for _, r := range b.records {
		var content bytes.Buffer
		_ = json.Compact(&content, r.raw) // the client has parsed it
		m := service.NewMessage(content.Bytes())
		m.MetaSetMut("product", in.place.product)
		m.MetaSetMut("site", in.place.site)
		m.MetaSetMut("id", r.id)
		if !r.time.IsZero() {
			m.MetaSetMut("time", r.time.UTC().Format("2006-01-02T15:04:05.000Z"))
		}
		messages = append(messages, m)
	}
	return messages
}

// Close ends the connection.
func (in *input) Close(ctx context.Context) error {
	if in.cancel == nil {
		return nil
	}
	in.cancel()
	select {
	case <-in.ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
