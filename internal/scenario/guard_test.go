package scenario

import (
	"strings"
	"testing"

	"duban/bot"
	"duban/internal/sim/stage"
)

// group is the DingTalk group of the demonstration.
const group = "cid-demo-anquan"

func TestEmergenciesReachPeopleAtAnyHour(t *testing.T) {
	times := map[string]string{"at night": "2025-09-10T23:40:00+08:00", "in the holidays": "2025-10-03T12:00:00+08:00", "at work": start}
	for name, now := range times {
		t.Run(name, func(t *testing.T) {
			each(t, setup{now: now}, func(w *world) {
				w.settle()
				w.take()
				answer := w.wecom("wenchang-jia", "食堂着火了，快来人")
				if !strings.Contains(answer, "119") {
					t.Errorf("the answer does not say what to dial:\n%s", answer)
				}
				w.settle()
				all := w.take()
				for _, who := range []string{"wenchang-xz", "wenchang-aq", "anquan-guzhang", "anquan-zhiban"} {
					if len(to(all, who)) == 0 {
						t.Errorf("%s was not told; told were:\n%s", who, list(all))
					}
				}
				for _, s := range all {
					if s.Road == "group" {
						t.Errorf("an emergency went into a group: %s", s.Text)
					}
				}
			})
		})
	}
}

func TestAnEmergencyInAGroupIsNotEchoed(t *testing.T) {
	each(t, setup{}, func(w *world) {
		answer := w.line("shimatou-aq", stage.Line{Platform: bot.DingTalk, Group: group, Text: "三楼实验室燃气泄漏 学生头晕"})
		if strings.Contains(answer, "实验室") || strings.Contains(answer, "头晕") || !strings.Contains(answer, "119") {
			t.Errorf("said in the group:\n%s", answer)
		}
		w.settle()
		all := w.take()
		if got := to(all, "shimatou-aq"); len(got) != 1 || !strings.Contains(got[0], "119") {
			t.Errorf("the person got %q, want what to do", got)
		}
		if len(to(all, "shimatou-xz")) != 1 {
			t.Errorf("the head was not told once: %s", list(all))
		}
		if len(to(all, group)) != 0 {
			t.Errorf("told in the group: %s", list(all))
		}
	})
}

// secret words must not be found anywhere after a sensitive message.
var secretWords = []string{"王小明", "猥亵", "初二三班", "体育老师"}

const sensitive = "初二三班的王小明说体育老师猥亵他"

func TestSensitiveWordsAreKeptNowhere(t *testing.T) {
	for name, l := range map[string]stage.Line{
		"on WeCom":               {Platform: bot.WeCom, UserID: "wenchang-jia", Text: sensitive},
		"on DingTalk":            {Platform: bot.DingTalk, UserID: "shimatou-aq", Text: sensitive},
		"with a photo":           {Platform: bot.DingTalk, UserID: "shimatou-aq", Text: sensitive, Photos: []stage.Photo{photo(3)}},
		"in a DingTalk group":    {Platform: bot.DingTalk, UserID: "shimatou-aq", Text: sensitive, Group: group},
		"in words no rule names": {Platform: bot.WeCom, UserID: "wenchang-jia", Text: "初二三班王小明讲体育老师总叫他一个人留下来，拉他坐腿上，他现在怕上学"},
		"in quiet hours":         {Platform: bot.WeCom, UserID: "wenchang-jia", Text: "上报隐患 " + sensitive},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, watched(setup{}), func(w *world) {
				answer := w.line("", l)
				w.settle()
				all := w.take()
				private := answer
				if l.Group != "" {
					private = strings.Join(to(all, "shimatou-aq"), "\n")
				}
				for _, want := range []string{"110", "校长", "没有保存"} {
					if !strings.Contains(private, want) {
						t.Errorf("the person is not told about %s:\n%s", want, private)
					}
				}
				w.nowhere(answer + list(all))
				if got := w.query("SELECT COUNT(*) FROM incidents WHERE kind = 'sensitive' AND location = '' AND person_id = ''"); got != "1" {
					t.Errorf("%s incidents kept, want 1 without person and place", got)
				}
				for _, table := range []string{"hazards", "files", "reports"} {
					if got := w.query("SELECT COUNT(*) FROM " + table); got != "0" {
						t.Errorf("%s holds %s rows", table, got)
					}
				}
			})
		})
	}
}

// nowhere looks for the secret words in everything that outlives the message.
func (w *world) nowhere(said string) {
	w.t.Helper()
	for place, text := range w.places(said) {
		for _, word := range secretWords {
			if strings.Contains(text, word) {
				w.t.Errorf("%q is found in the %s", word, place)
			}
		}
	}
}

// watched is a setup whose every place can be looked into.
func watched(o setup) setup {
	o.redis = true
	o.env = append(o.env, "DUBAN_ADMIN_TOKEN="+metricsToken)
	return o
}

func TestAPrivateTalkIsOfferedAndArranged(t *testing.T) {
	each(t, watched(setup{now: "2025-09-10T22:10:00+08:00"}), func(w *world) {
		w.settle()
		w.take()
		w.wecom("wenchang-jia", sensitive)
		w.settle()
		w.expect() // nobody else learns of it
		answer := w.wecom("wenchang-jia", "请联系我")
		if !strings.Contains(answer, "私下联系您") {
			t.Errorf("answer:\n%s", answer)
		}
		w.settle()
		all := w.take()
		if len(all) != 1 || !strings.Contains(all[0].Text, "文昌中学教师甲") || all[0].Road != "push" {
			t.Errorf("told: %s", list(all))
		}
		w.nowhere(answer + list(all))
	})
}

func TestGroupsSeeNoDetails(t *testing.T) {
	each(t, setup{}, func(w *world) {
		w.same("in the group", w.line("shimatou-aq", stage.Line{Platform: bot.DingTalk, Group: group, Text: "我的任务"}), "已私聊回复您。")
		w.settle()
		all := w.take()
		if got := to(all, "shimatou-aq"); len(got) != 1 || !strings.Contains(got[0], "22-14") {
			t.Errorf("told: %s", list(all))
		}
		if answer := w.dingtalk("shimatou-aq", "1 60%"); !strings.HasPrefix(answer, "已记下：") {
			t.Errorf("the numbers of a list asked for in the group are lost in private: %q", answer)
		}
		w.same("chatter", w.line("shimatou-aq", stage.Line{Platform: bot.DingTalk, Group: group, Text: "今天食堂的包子不错"}), "")
	})
}

// TestPhotosAroundASensitiveMessageAreNotKept holds for WeCom, where a photo is a
// message of its own: neither the one sent before the words nor the one after.
func TestPhotosAroundASensitiveMessageAreNotKept(t *testing.T) {
	for name, fetched := range map[string]bool{"fetched already": true, "not fetched yet": false} {
		t.Run(name, func(t *testing.T) {
			each(t, setup{}, func(w *world) {
				l := stage.Line{Platform: bot.WeCom, UserID: "wenchang-jia", Photos: []stage.Photo{photo(7)}}
				w.photoOnly(l)
				if fetched {
					w.settle()
					if n := w.blobs(); n != 2 { // the photo and its thumbnail
						t.Fatalf("%d files on disk before: this proves nothing", n)
					}
				}
				w.wecom("wenchang-jia", sensitive)
				if answer := w.photoOnly(l); !strings.Contains(answer, "照片我没有保存") {
					t.Errorf("the photo afterwards is answered %q", answer)
				}
				w.settle()
				w.take()
				if rows, files := w.query("SELECT COUNT(*) FROM files"), w.blobs(); rows != "0" || files != 0 {
					t.Errorf("%s rows and %d files are kept", rows, files)
				}
			})
		})
	}
}

// The same after words in a group: photos that follow, in private or in the group, are
// not kept either.
func TestPhotosAfterASensitiveMessageInAGroup(t *testing.T) {
	each(t, setup{}, func(w *world) {
		w.line("shimatou-aq", stage.Line{Platform: bot.DingTalk, Group: group, Text: sensitive})
		w.settle()
		w.take()
		w.line("shimatou-aq", stage.Line{Platform: bot.DingTalk, Group: group, Photos: []stage.Photo{photo(7)}})
		if answer := w.line("shimatou-aq", stage.Line{Platform: bot.DingTalk, Photos: []stage.Photo{photo(8)}}); !strings.Contains(answer, "照片我没有保存") {
			t.Errorf("the photo in private is answered %q", answer)
		}
		w.settle()
		w.take()
		if rows, files := w.query("SELECT COUNT(*) FROM files"), w.blobs(); rows != "0" || files != 0 {
			t.Errorf("%s rows and %d files are kept", rows, files)
		}
	})
}

// Where the officer cannot be reached, the next one is asked. The office, which sees no
// sensitive matter, learns only whose account is missing.
func TestAPrivateTalkPassesToTheNextOfficer(t *testing.T) {
	each(t, watched(setup{}), func(w *world) {
		w.settle()
		w.take()
		_, err := w.db().ExecContext(w.ctx, "DELETE FROM accounts WHERE person_id = 'anquan-guzhang'")
		w.ok(err)
		w.wecom("wenchang-jia", sensitive)
		if answer := w.wecom("wenchang-jia", "请联系我"); !strings.Contains(answer, "私下联系您") {
			t.Fatal(answer)
		}
		w.settle()
		all := w.take()
		for _, s := range all {
			named := strings.Contains(s.Text, "文昌中学")
			if officer := s.To == "anquan-zhiban" || s.To == "ju-fuju-anquan"; named != officer {
				t.Errorf("%s is told: %s", s.To, s.Text)
			}
		}
		if len(to(all, "anquan-zhiban"))+len(to(all, "ju-fuju-anquan")) == 0 || len(to(all, "ban-ducha")) != 1 {
			t.Errorf("told: %s", list(all))
		}
		w.nowhere(list(all))
	})
}
