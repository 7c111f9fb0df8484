package credentials

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestABearerTokenIsReadAgainAndTheLastOneIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		text, failure, reads := "first", error(nil), 0
		source := &tokens{last: "first", at: time.Now(), read: func() (string, error) { reads++; return text, failure }}
		says := func(want string, wantReads int) {
			t.Helper()
			got, err := source.Token()
			if err != nil || got != want || reads != wantReads {
				t.Errorf("got %q after %d reads, %v; want %q after %d", got, reads, err, want, wantReads)
			}
		}
		text = "second"
		says("first", 0)
		time.Sleep(fresh)
		says("second", 1)
		says("second", 1)
		failure = errors.New("the vault is closed")
		time.Sleep(fresh)
		says("second", 2)
		says("second", 2)
	})
}

func TestOnlyATextWithAnAddressIsAnEmailAndAToken(t *testing.T) {
	for text, want := range map[string]string{
		"me@example.com:abc":     Basic,
		"me@example.com:abc:d=":  Basic,
		"eyJhbGciOi.J9.abc":      Bearer,
		"ATATT3xFfGF0abc=1A2B3C": Bearer,
		"abc:def":                Bearer,
	} {
		got, err := found(func() (string, error) { return text, nil })
		if err != nil || got.Kind != want {
			t.Errorf("%s: %v, %v, want %s", text, got, err, want)
		}
	}
}
