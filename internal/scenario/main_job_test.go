package scenario

import "testing"

func TestATeacherFilesAHazardAndAChiefSeesIt(t *testing.T) {
	each(t, setup{}, func(w *world) {
		t := w.t
		t.Log(w.wecom("wenchang-jia", "上报隐患 食堂后厨燃气软管老化", photo(100)))
		w.settle()
		t.Log("\n" + list(w.take()))
		t.Log(w.dingtalk("anquan-guzhang", "未销号的隐患"))
		t.Log(w.dingtalk("anquan-guzhang", "查 1"))
		t.Log(w.dingtalk("anquan-guzhang", "本周到期"))
		t.Log(w.dingtalk("zhicheng-guzhang", "本周到期"))
		t.Log(w.wecom("wenchang-aq", "签收隐患1"))
		w.settle()
		t.Log("\n" + list(w.take()))
		t.Log(w.wecom("wenchang-aq", "我的任务"))
		t.Log(w.wecom("wenchang-xz", "22-14 60%，正在排查"))
		t.Log(w.wecom("wenchang-aq", "查 22-14"))
		t.Log(w.dingtalk("anquan-guzhang", "22-14"))
		w.until("2025-09-11 08:30")
		t.Log("\n" + list(w.take()))
	})
}
