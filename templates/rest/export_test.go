package rest

import (
	"context"
	"net/http"
	"time"
)

// What tests from outside look at or replace.

const (
	MaxErrorBody = maxErrorBody
	MaxEmpty     = maxEmpty
)

var Sleep = sleep

// WithClock replaces what retrying needs of the world.
func WithClock(now func() time.Time, sleep func(context.Context, time.Duration) error, random func() float64) Option {
	return func(c *Client) error {
		c.now, c.sleep, c.random = now, sleep, random
		return nil
	}
}

// WithSelf stores the Client that a generated one hides.
func WithSelf(into **Client) Option {
	return func(c *Client) error {
		*into = c
		return nil
	}
}

// HTTP returns the client that sends the requests.
func (c *Client) HTTP() *http.Client { return c.http }

// SetNow replaces the clock that tells where an open end is fixed.
func (p *Pager[T]) SetNow(now func() time.Time) { p.now = now }
