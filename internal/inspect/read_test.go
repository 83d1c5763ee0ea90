package inspect

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRead(t *testing.T) {
	ex := func(n int, words string) Exception { return Exception{Entry: n, Words: words} }
	for _, c := range []struct {
		text string
		want Answer
	}{
		{"都正常", Answer{Fine: true}},
		{"全部正常，没有发现隐患。", Answer{Fine: true}},
		{"", Answer{}},
		{"3 油烟管道有油垢，5 灭火器过期 其余正常", Answer{Exceptions: []Exception{ex(3, "油烟管道有油垢"), ex(5, "灭火器过期")}, Fine: true}},
		{"３油烟管道有油垢、5灭火器过期", Answer{Exceptions: []Exception{ex(3, "油烟管道有油垢"), ex(5, "灭火器过期")}}},
		{"第3项：有油垢；第5项 过期；其他都正常", Answer{Exceptions: []Exception{ex(3, "有油垢"), ex(5, "过期")}, Fine: true}},
		{"3 灭火器少 2 具，很旧", Answer{Exceptions: []Exception{ex(3, "灭火器少 2 具，很旧")}}},
		{"3 灭火器 5 具过期", Answer{Exceptions: []Exception{ex(3, "灭火器 5 具过期")}}},
		{"3、5 不合格", Answer{Exceptions: []Exception{ex(3, "不合格"), ex(5, "不合格")}}},
		{"1-4 正常，6 不正常", Answer{Exceptions: []Exception{ex(6, "不正常")}, Fine: true}},
		{"5", Answer{Exceptions: []Exception{ex(5, "")}}},
		{"5，其余正常", Answer{Exceptions: []Exception{ex(5, "")}, Fine: true}},
		{"3 5 其余正常", Answer{Exceptions: []Exception{ex(3, ""), ex(5, "")}, Fine: true}},
		{"3，都正常", Answer{Exceptions: []Exception{ex(3, "")}, Fine: true}},
		{"1、2 正常，5 坏了", Answer{Exceptions: []Exception{ex(5, "坏了")}, Fine: true}},
		{"都正常，就是门锁坏了", Answer{Loose: []string{"就是门锁坏了"}, Fine: true}},
		{"3号车 刹车灯不亮", Answer{Loose: []string{"3号车 刹车灯不亮"}}},
		{"3 号车 刹车灯不亮", Answer{Loose: []string{"3 号车 刹车灯不亮"}}},
		{"12 灭火器过期", Answer{Loose: []string{"12 灭火器过期"}}},
		{"2 少了3具灭火器", Answer{Exceptions: []Exception{ex(2, "少了3具灭火器")}}},
	} {
		if diff := cmp.Diff(c.want, Read(8, c.text)); diff != "" {
			t.Errorf("%q: %s", c.text, diff)
		}
	}
}

// What was written is read: every exception with its words, none besides.
func TestReadLosesAndInventsNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(20, 16))
	things := []string{"灭火器过期", "有油垢", "少了2具", "门 关不上", "不正常", "漏水，地面滑", "三楼堵了", "坏了3处"}
	seps, marks := []string{"，", "；", "\n", "。"}, []string{" ", "、", "项 ", "：", ". "}
	for range 5000 {
		var said []string
		var want []Exception
		for n := 1; n <= 10; n++ {
			if r.IntN(3) > 0 {
				continue
			}
			thing := things[r.IntN(len(things))]
			said = append(said, fmt.Sprint(n)+marks[r.IntN(len(marks))]+thing)
			want = append(want, Exception{Entry: n, Words: thing})
		}
		rest := r.IntN(2) == 0 || len(want) == 0
		if rest {
			said = append(said, "其余正常")
		}
		text := strings.Join(said, seps[r.IntN(len(seps))])
		if diff := cmp.Diff(Answer{Exceptions: want, Fine: rest}, Read(10, text)); diff != "" {
			t.Fatalf("%q: %s", text, diff)
		}
	}
}

// However pieces are thrown together, each finding is somewhere in the answer and
// each entry's number was written.
func TestReadOfAnythingKeepsEveryWord(t *testing.T) {
	r := rand.New(rand.NewPCG(16, 20))
	found := []string{"灭火器过期", "有油垢", "不正常", "号车", "门关不上"}
	pieces := append([]string{"3", "5", "12", "第2项", "都正常", "其余正常", "，", "、", "；", " ", " ", "。", "具"}, found...)
	for range 20000 {
		var text strings.Builder
		count := map[string]int{}
		for range 1 + r.IntN(9) {
			p := pieces[r.IntN(len(pieces))]
			text.WriteString(p)
			count[p]++
		}
		a := Read(8, text.String())
		all := strings.Join(a.Loose, " ")
		for _, e := range a.Exceptions {
			all += " " + e.Words
			if !strings.Contains(text.String(), fmt.Sprint(e.Entry)) {
				t.Fatalf("%q: entry %d was never said", text.String(), e.Entry)
			}
		}
		for _, f := range found {
			if strings.Count(all, f) < count[f] {
				t.Fatalf("%q: %s is lost: %+v", text.String(), f, a)
			}
		}
	}
}
