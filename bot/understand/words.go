package understand

import (
	"strings"
	"unicode/utf8"
)

// has reports whether s contains one of the words.
func has(s string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// is reports whether s is one of the words.
func is(s string, words ...string) bool {
	for _, w := range words {
		if s == w {
			return true
		}
	}
	return false
}

func hasAnyPrefix(s string, words ...string) bool {
	for _, w := range words {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return false
}

func hasAnySuffix(s string, words ...string) bool {
	for _, w := range words {
		if strings.HasSuffix(s, w) {
			return true
		}
	}
	return false
}

// trimPrefixes removes the words from the front as long as one fits.
func trimPrefixes(s string, words ...string) string {
	for again := true; again; {
		again = false
		s = strings.TrimLeft(s, " ,:;。、!")
		for _, w := range words {
			if strings.HasPrefix(s, w) {
				s, again = s[len(w):], true
			}
		}
	}
	return s
}

// tail returns the last n runes of s.
func tail(s string, n int) string {
	i := len(s)
	for ; n > 0 && i > 0; n-- {
		_, k := utf8.DecodeLastRuneInString(s[:i])
		i -= k
	}
	return s[i:]
}

// head returns the first n runes of s.
func head(s string, n int) string {
	i := 0
	for ; n > 0 && i < len(s); n-- {
		_, k := utf8.DecodeRuneInString(s[i:])
		i += k
	}
	return s[:i]
}
