package understand

import (
	"strings"
	"unicode/utf8"
)

// section is one of the bureau's sections with the names people use for it.
// loose names are everyday words too and count only where a party is expected.
type section struct {
	name  string
	names []string
	loose []string
}

// sections are the usual ones; a View with units is asked first.
var sections = []section{
	{"基础教育股", []string{"基础教育股", "基教股", "基教科", "普教股", "基础股"}, []string{"基教"}},
	{"计财股", []string{"计财股", "计划财务股", "财务股", "计财科", "计财"}, []string{"财务"}},
	{"后勤服务中心", []string{"后勤服务中心", "后勤中心", "后勤股", "后勤办"}, []string{"后勤"}},
	{"安全法规股", []string{"安全法规股", "安全股", "安全科", "安法股", "法规股", "安全办"}, []string{"安全口"}},
	{"党建办", []string{"党建办", "党建股", "党办"}, []string{"党建"}},
	{"人事教师股", []string{"人事教师股", "人事股", "教师股", "人教股", "人事科", "师资股"}, []string{"人事"}},
	{"职成民办股", []string{"职成民办股", "职成股", "民办股", "职教股", "职成"}, []string{"职教"}},
	{"区教育发展中心", []string{"区教育发展中心", "教育发展中心", "发展中心", "教发中心", "教研室"}, []string{"教研"}},
	{"纪检室", []string{"纪检室", "纪检组", "纪检监察室"}, []string{"纪检"}},
	{"教育督导室", []string{"教育督导室", "督导室", "督导股", "督导办"}, []string{"督导"}},
	{"教育技术中心", []string{"教育技术中心", "技术中心", "电教馆", "电教站", "电教中心", "教技中心"}, []string{"电教", "信息中心"}},
	{"学生资助中心", []string{"学生资助中心", "资助中心", "资助办", "资助股"}, []string{"资助"}},
	{"办公室", []string{"局办公室", "局办", "综合办"}, []string{"办公室"}},
	{"体卫艺股", []string{"体卫艺股", "体卫股", "体艺股", "体卫艺科", "体卫艺"}, []string{"体卫"}},
}

// sectionIn finds a section named in s and where; loose allows everyday words.
func sectionIn(r *Roster, s string, loose bool) (name string, start, end int) {
	if name, start, end = r.sections.find(s, loose); name != "" {
		return name, start, end
	}
	return r.sections.hear(s, r.sounds, 3)
}

var (
	schoolRe = compile(`[\p{Han}]{1,10}?(?:第?\d{1,2})?(?:中心小学|小学|中学|幼儿园|中心校|中心学校|职校|职中|职业学校|中专|学校|中心园)|第?[一二三四五六七八九十]{1,3}(?:中学|中|小|幼)(?:$|[^午旬间心国华等部年型学队组班])`)
	// A school's name does not contain these; what stands before belongs to the
	// sentence.
	notInName = "的了在是把由请让给催问和与及从对查报交去为被跟找叫喊我你他她们这那有各全本下属该某说看导出绑定位换到刚"
)

// schoolIn finds a school's name and where it stands. A school that nobody told us of is
// known by the form of its name.
func schoolIn(r *Roster, s string) (name string, start, end int) {
	if name, start, end = r.schools.find(s, false); name != "" {
		return name, start, end
	}
	if name, start, end = r.schools.hear(s, r.sounds, 3); name != "" {
		return name, start, end
	}
	for _, loc := range schoolRe.FindAllStringIndex(s, 4) {
		from, to := loc[0], loc[1]
		if r, n := utf8.DecodeLastRuneInString(s[from:to]); !strings.ContainsRune("学园校中专小幼", r) {
			to -= n
		}
		word := s[from:to]
		if i := strings.LastIndexAny(word, notInName); i >= 0 {
			_, n := utf8.DecodeRuneInString(word[i:])
			word = word[i+n:]
		}
		if strings.HasSuffix(s[:to-len(word)], "高级") || properSchool(word) {
			return inHan(word), to - len(word), to
		}
	}
	return "", 0, 0
}

var inName = compile(`第(\d)`)

// inHan writes the number in a name as names have it.
func inHan(s string) string {
	g := inName.FindStringSubmatchIndex(s)
	if g == nil {
		return s
	}
	n := num(s[g[2]:g[3]])
	return s[:g[2]] + string([]rune("零一二三四五六七八九")[n]) + s[g[3]:]
}

// properSchool refuses the general words 学校, 中小学, 上学校.
func properSchool(word string) bool {
	stem := word
	for _, suffix := range []string{"中心小学", "中心学校", "中心校", "小学", "中学", "幼儿园", "职业学校", "职校", "职中", "中专", "学校", "中心园", "中", "小", "幼"} {
		if strings.HasSuffix(word, suffix) {
			stem = strings.TrimSuffix(word, suffix)
			break
		}
	}
	return stem != "" && !is(stem, "中", "小", "乡镇", "村", "民办", "公办", "高", "初", "大", "所", "区直", "中小", "个", "哪个", "附近", "到")
}

const surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温易文"

var (
	personRe = compile(`([` + surnames + `])(局长?|校长|主任|股长|书记|老师|科长|园长|主席)|([` + surnames + `]\p{Han}{1,2}?)(?:$|[^\p{Han}]|代|替|先|负责|牵头|办|处理|去|来|他|她|的|一下|吧|顶|接|跟|了|那|把|直到|到|和|配合|审|签|帮|校长|主任|老师|股长|局长|园长|同志|来|做|管|尽快|抓紧|赶紧|快)`)
)

// personIn finds a person's name; only for the words after a verb that wants a
// party.
func personIn(r *Roster, s string) (name string, start, end int) {
	if name, start, end = r.people.find(s, false); name != "" {
		return name, start, end
	}
	if name, start, end = r.people.hear(s, r.sounds, 2); name != "" {
		return name, start, end
	}
	for from := 0; from < len(s); {
		loc := personRe.FindStringSubmatchIndex(s[from:])
		if loc == nil {
			break
		}
		start, end := from+loc[6], from+loc[7]
		if loc[2] >= 0 {
			start, end = from+loc[0], from+loc[1]
		}
		if !noName.MatchString(s[start:end]) && !hasAnySuffix(s[:start], "本", "这", "下", "上", "每") {
			return s[start:end], start, end
		}
		_, n := utf8.DecodeRuneInString(s[start:]) // the name may begin with the next character
		from = start + n
	}
	if loc := givenRe.FindStringSubmatchIndex(s); loc != nil && !noName.MatchString(s[loc[2]:loc[3]]) {
		return s[loc[2]:loc[3]], loc[2], loc[3]
	}
	return "", 0, 0
}

// noName are words that begin like a surname.
var noName = compile(`^(?:周[一二三四五六日末天]|黄(?:单|灯|牌|色)|高(?:度|三|二|一|中|压|危|年|级|个|处|空|温)|方(?:案|面|便)|安(?:全|排)|金(?:额|星)|万(?:一|元)|常|马(?:上|路)|石(?:头|子)|江(?:边|里)|白(?:天|板|菜)|汤|何(?:时|解)|任(?:务|何|课)|于(?:是|此)|余(?:下)?|向(?:您|你|局)|孔|温|文(?:件|档)|易|严(?:重|格)|许(?:可|多)|程(?:度|序)|叶|田|夏|段|龙头|水|项)`)

// givenRe is a name right behind a verb that wants one.
var givenRe = compile(`(?:给|让|由|请|找|托|委托|催|提醒|交给|转给|派给)([` + surnames + `]\p{Han}{2})(?:发|写|下|把|那|代|来|去|负责|管|做|报|交|[^\p{Han}])`)

// partyIn finds who is named in s: a school, a section, or a person by name or post; the
// earliest wins, and a post before the unit it begins with.
func partyIn(r *Roster, s string) (p Party, start, end int) {
	best := len(s) + 1
	if n, i, j := sectionIn(r, s, true); n != "" && i < best {
		p, best, end = Party{Dept: n}, i, j
	}
	if n, i, j := schoolIn(r, s); n != "" && i < best {
		p, best, end = Party{School: n}, i, j
	} else if n, i, j := r.schools.find(s, true); n != "" && i < best {
		p, best, end = Party{School: n}, i, j
	}
	if n, i, j := personIn(r, s); n != "" && (i < best || i == best && j > end) && utf8.RuneCountInString(n) > 1 {
		p, best, end = Party{Person: n}, i, j
	}
	return p, best, end
}
