package atlassian

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/redpanda-data/benthos/v4/public/service"

	"github.com/seed-1954497d/auditgen/generated/rest"
)

// place is where a cache of the engine keeps a checkpoint. Not every cache replaces a value in one
// step: a kill while the file cache writes leaves a torn value. So saves alternate between two
// keys, and the one before the last is always whole.
type place struct {
	resources     *service.Resources
	cache, key    string
	product, site string

	saves uint64 // how often the checkpoint was saved, in all runs
}

// saved is what a key has.
type saved struct {
	Version    int             `json:"version"`
	Product    string          `json:"product"`
	Site       string          `json:"site"`
	Saves      uint64          `json:"saves"`
	Checkpoint rest.Checkpoint `json:"checkpoint"`
}

// savedVersion is that of the JSON above. A higher one is refused.
const savedVersion = 1

func (p *place) keyOf(saves uint64) string { return fmt.Sprintf("%s_%d", p.key, saves%2) }

// load returns the checkpoint that was saved last, nil if there is none. A damaged one is an error
// unless the other key has one.
func (p *place) load(ctx context.Context) (*rest.Checkpoint, error) {
	var last *saved
	var damaged error
	found := 0
	for _, key := range []string{p.keyOf(0), p.keyOf(1)} {
		text, err := p.get(ctx, key)
		if errors.Is(err, service.ErrKeyNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("cache %s: the checkpoint cannot be read: %w", p.cache, err)
		}
		found++
		one, err := p.parse(text)
		switch {
		case errors.Is(err, errForeign):
			return nil, fmt.Errorf("cache %s, key %s: %w", p.cache, key, err)
		case err != nil && key == p.keyOf(1) && found == 1:
			p.warn("the first checkpoint is torn: nothing was delivered before")
			return nil, nil
		case err != nil:
			damaged = fmt.Errorf("cache %s, key %s: the checkpoint is damaged (%w): restore it, or delete %s and %s to begin at start again",
				p.cache, key, err, p.keyOf(0), p.keyOf(1))
		case last == nil || one.Saves > last.Saves:
			last = one
		}
	}
	if last == nil {
		return nil, damaged
	}
	if damaged != nil {
		p.warn("a checkpoint is torn: going on from the one before")
	}
	p.saves = last.Saves
	return &last.Checkpoint, nil
}

func (p *place) warn(text string) {
	p.resources.Logger().Warnf("cache %s: %s", p.cache, text)
}

// begin saves where a first run begins, under both keys, before anything is delivered. So a torn
// value under the first one and none under the other is that of a run that delivered nothing.
func (p *place) begin(ctx context.Context, checkpoint rest.Checkpoint) error {
	p.saves = 0
	if err := p.save(ctx, checkpoint); err != nil {
		return err
	}
	return p.save(ctx, checkpoint)
}

// errForeign is a checkpoint that is whole and not for this input.
var errForeign = errors.New("choose another cache_key")

func (p *place) parse(text []byte) (*saved, error) {
	var s saved
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, err
	}
	switch {
	case s.Version != savedVersion:
		return nil, fmt.Errorf("the checkpoint has version %d, and this program reads version %d: %w", s.Version, savedVersion, errForeign)
	case s.Product != p.product || s.Site != p.site:
		return nil, fmt.Errorf("the checkpoint is that of %s at %s: %w", s.Product, s.Site, errForeign)
	}
	return &s, nil
}

func (p *place) get(ctx context.Context, key string) (text []byte, err error) {
	if accessed := p.resources.AccessCache(ctx, p.cache, func(c service.Cache) { text, err = c.Get(ctx, key) }); accessed != nil {
		return nil, accessed
	}
	return text, err
}

// save saves a checkpoint. After an error, the one before is still there.
func (p *place) save(ctx context.Context, checkpoint rest.Checkpoint) error {
	text, err := json.Marshal(saved{savedVersion, p.product, p.site, p.saves + 1, checkpoint})
	if err != nil {
		return err
	}
	if accessed := p.resources.AccessCache(ctx, p.cache, func(c service.Cache) { err = c.Set(ctx, p.keyOf(p.saves+1), text, nil) }); accessed != nil {
		err = accessed
	}
	if err != nil {
		return fmt.Errorf("cache %s: the checkpoint cannot be saved: %w", p.cache, err)
	}
	p.saves++
	return nil
}
