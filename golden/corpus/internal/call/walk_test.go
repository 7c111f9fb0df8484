package call

import (
	"fmt"
	"testing"
)

func TestPagesHaveLinksUntilTheLastOne(t *testing.T) {
	const body = `{"values":[{"next":"x"},{"a":1}],"startAt":5,"maxResults":9,"isLast":true,"hasMore":true,"_links":{"next":"n","self":"s"},"nextPageToken":"t"}`
	first := link(1)
	for number, want := range map[int]string{
		1: fmt.Sprintf(`{"_links":{"next":%q,"self":"s"},"hasMore":true,"isLast":false,"maxResults":1,"nextPageToken":%q,"startAt":0,"values":[{"next":"x","page 1":"x"}]}`, first, first),
		2: `{"_links":{"self":"s"},"hasMore":false,"isLast":true,"maxResults":1,"startAt":1,"values":[{"next":"x","page 2":"x"}]}`,
		3: `{"_links":{"self":"s"},"hasMore":false,"isLast":true,"maxResults":1,"startAt":2,"values":[]}`,
	} {
		if got := page(body, number); got != want+"\n" {
			t.Errorf("page %d: got\n%s, want\n%s", number, got, want)
		}
	}
	if got := page("no JSON", 1); got != "no JSON" {
		t.Errorf("got %q", got)
	}
}
