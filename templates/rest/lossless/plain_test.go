package lossless

import "testing"

// Every byte ends a plain run exactly if the table says so, at every place of a run, whatever
// follows it.
func TestPlainRunsEndAtTheFirstByteThatIsNotPlain(t *testing.T) {
	for c := range 256 {
		for at := range 20 {
			for _, behind := range []string{"", "a", "\x00\"\\\xff\x80 !#[]\x1f\x7f"} {
				s := "abcdefgh !#[]~\x7f0123456789"[:at] + string([]byte{byte(c)}) + behind
				want := 0
				for want < len(s) && plainByte[s[want]] {
					want++
				}
				if got := plainLen(s); got != want {
					t.Fatalf("plainLen(%q) = %d, want %d", s, got, want)
				}
			}
		}
	}
}
