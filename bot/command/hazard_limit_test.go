package command

import "testing"

func TestFixDays(t *testing.T) {
	for words, want := range map[string]int{
		"隐患1 定为一般，7天内整改": 7, "定为一般 3个工作日": 3, "定为一般，15个工作日内": 15, "定为重大，二十天内整改": 20, "定为一般，七天内": 7, "十五日以内": 15,
		"三十天内": 30, "两天内": 2, "二十五个工作日": 25, "0天内": 0,
		"定为一般": 0, "定为一般，9月15日前整改": 0, "隐患7 定为一般": 0, "定为重大，30天": 0, "一二三天内": 0,
	} {
		if got := fixDays(words); got != want {
			t.Errorf("%q: %d, want %d", words, got, want)
		}
	}
}
