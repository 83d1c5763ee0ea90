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
