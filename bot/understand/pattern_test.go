package understand

import (
	"regexp"
	"testing"
)

// TestAPatternSkipsNothing holds that looking for a needed character first never hides a
// match.
func TestAPatternSkipsNothing(t *testing.T) {
	texts := []string{"", "abc", "隐患56", "第22条", "食堂后厨\n漏水", "x", "12"}
	for _, r := range lessons(t) {
		texts = append(texts, r.text)
	}
	for _, expr := range []string{
		`漏水|开裂`, `的事情|的事|后厨|后勤|漏`, `^(?:上报|报)?隐患`, `(\d{1,2})-(\d{1,2})`, `[一二三四]+条`, `x*`, `(?:食堂)?后厨`, `第?(\d+)条`, `\p{Han}{2}楼`, `[^,。]+前`, `(?i)abc`, `a|`, `$`,
		codeExpr(), `(?:没|未)?(?:完成|办结)`, `\n`, `(?:前|后){2}`, `(?:前|后){0,2}`,
	} {
		p, re := compile(expr), regexp.MustCompile(expr)
		for _, s := range texts {
			if got, want := p.MatchString(s), re.MatchString(s); got != want {
				t.Errorf("%s on %q: %v, want %v", expr, s, got, want)
			}
			if got, want := p.FindString(s), re.FindString(s); got != want {
				t.Errorf("%s on %q finds %q, want %q", expr, s, got, want)
			}
		}
	}
}

// codeExpr is an expression of the program itself.
func codeExpr() string { return codeRe.re.String() }
