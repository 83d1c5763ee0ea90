package understand

import "testing"

// TestEmergencies holds what must never be missed and what must not raise an
// alarm every day. A false alarm costs one reply, a miss may cost a life; so the
// list of misses is the longer one.
func TestEmergencies(t *testing.T) {
	p := parser()
	for _, text := range []string{
		"着火了", "食堂起火了！", "宿舍楼冒浓烟，快来人", "三楼实验室煤气泄漏", "闻到好大的煤气味，学生头晕", "有学生掉水里了", "两个学生溺水",
		"校门口撞车了，学生受伤", "校车翻了", "十几个学生吃完午饭上吐下泻", "食堂吃坏了肚子，好多人呕吐", "有人拿刀冲进学校了", "外面有人持刀伤人",
		"学生在楼顶要跳楼", "有个女生割腕了", "打起来了，见血了", "有学生晕倒了没有呼吸", "救命", "查22-3 顺便说一下食堂着火了", "上报隐患 锅炉房爆炸了",
		"快打119", "煤气罐炸了", "教室屋顶塌了压着人",
	} {
		if got, _ := understood(t, p, text); got != string(Emergency) {
			t.Errorf("%q is taken for %s", text, got)
		}
	}
	for _, text := range []string{
		"下周开展消防演练", "22-14 防溺水宣传已完成", "灭火器过期了", "火灾应急预案修订好了", "查一下防溺水", "燃气软管老化", "食品安全检查完成80%",
		"我的任务", "本周到期", "开展了一次交通安全教育", "防暴演练照片", "9月做了两次地震逃生演练",
	} {
		if got, _ := understood(t, p, text); got == string(Emergency) {
			t.Errorf("%q raises an alarm", text)
		}
	}
}

// TestSensitiveMatters holds what must be kept nowhere.
func TestSensitiveMatters(t *testing.T) {
	p := parser()
	for _, text := range []string{
		"有老师猥亵女生", "五年级的小红说继父摸她", "学生被性侵了", "王小明天天被同学欺负，身上有伤", "班上有个孩子长期被家暴", "有人在偷拍女厕所",
		"李老师体罚学生，把孩子打伤了", "上报隐患 初一有个学生一直被几个人霸凌", "一个学生说她不想活了", "学生手上都是自残的伤口",
	} {
		got, _ := understood(t, p, text)
		if got != string(Sensitive) && got != string(Emergency) {
			t.Errorf("%q is taken for %s", text, got)
		}
	}
	for _, text := range []string{"22-9 防欺凌主题班会已开展", "学生欺凌防治方案已上报", "查一下预防性侵教育那项", "心理健康课开齐了", "帮助"} {
		if got, _ := understood(t, p, text); got == string(Sensitive) {
			t.Errorf("%q is kept from the records", text)
		}
	}
}
