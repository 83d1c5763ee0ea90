package command

import "testing"

func TestReadNotice(t *testing.T) {
	for text, want := range map[string]int{
		"通知书 YH0056": 56, "通知书YH-2025-0056": 56, "整改通知书 隐患56": 56, "给隐患56出整改通知书": 56, "隐患56号的整改通知书": 56, "给yh56开一份整改通知书。": 56,
		"请给 YH-2025-0056 出具隐患整改通知书": 56, "出通知书 56": 56, "打印整改通知书 YH0056": 56, "整改通知书": 0, "出一份整改通知书": 0, "帮我给56号隐患出通知书": 56,
	} {
		seq, ok := readNotice(text)
		if !ok || seq != want {
			t.Errorf("%q: %d %v, want %d", text, seq, ok, want)
		}
	}
	for _, text := range []string{"录取通知书发了没", "22-3 通知书已发给家长", "通知书收到了", "隐患56 已按通知书整改", "停电通知书 食堂", "通知 隐患56"} {
		if seq, ok := readNotice(text); ok {
			t.Errorf("%q is taken for the notice of %d", text, seq)
		}
	}
}
