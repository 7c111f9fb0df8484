package source

import "strings"

// Nearest returns the known word that a misspelt one most likely means, or "" if none is near. At
// most a third of the letters differ; two swapped letters count once. The beginning of a word
// matches too.
func Nearest(word string, known []string) string {
	best, limit := "", max(len(word)/3, 1)+1
	if len(word) > maxNear {
		return ""
	}
	for _, candidate := range known {
		if strings.EqualFold(word, candidate) {
			return candidate
		}
		if len(candidate) >= len(word)+limit {
			continue
		}
		if d := distance(strings.ToLower(word), strings.ToLower(candidate)); d < limit {
			best, limit = candidate, d
		}
	}
	if best == "" && len(word) > 2 {
		for _, candidate := range known {
			if strings.HasPrefix(candidate, strings.ToLower(word)) {
				return candidate
			}
		}
	}
	return best
}

// maxNear bounds the length of words: comparing takes time in proportion to the product of their
// lengths.
const maxNear = 256

// distance is the number of bytes to insert, remove, replace or swap with a neighbour to turn a
// into b.
func distance(a, b string) int {
	var before []int
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			differ := 1
			if a[i-1] == b[j-1] {
				differ = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+differ)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
