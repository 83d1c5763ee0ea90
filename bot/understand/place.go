package understand

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	placeWord = `教学楼|综合楼|实验楼|办公楼|科技楼|艺术楼|行政楼|宿舍楼|公寓楼|图书楼|楼道|楼梯间|楼梯口|楼梯|楼顶|楼上|楼下|天台|食堂后厨|食堂操作间|食堂仓库|操作间|后厨|厨房|食堂|餐厅|饭堂|宿舍|寝室|睡室|午睡室|图书室|图书馆|阅览室|走廊|过道|走道|连廊|操场|运动场|田径场|足球场|篮球场|球场|塑胶跑道|跑道|看台|主席台|校门口|校门外|校门|后门口|后门|大门口|大门|东门|西门|南门|北门|侧门|厕所门口|厕所|卫生间|洗手间|女厕所?|男厕所?|男寝|女寝|后坡|教室|实验室|药品室|仪器室|化学室|物理室|生物室|微机室|计算机室|电脑室|机房|体育馆|体育室|器材室|风雨操场|礼堂|报告厅|会议室|多功能厅|阶梯教室|舞蹈室|音乐室|美术室|功能室|活动室|办公室|围墙边|围墙|配电房|配电室|配电间|锅炉房|水泵房|车棚|停车场|停车棚|地下室|仓库|库房|储藏室|杂物间|小卖部|小超市|保安室|门卫室|门卫|传达室|值班室|监控室|消防通道|疏散通道|安全通道|安全出口|学前班|阳台|浴室|澡堂|开水房|洗衣房|电梯口|校车|水塘|池塘|鱼塘|水库|水渠|水沟|水池|水井|河边|河段|河堤|江边|湖边|河里|河|塘边|后山|山坡|边坡|屋顶|屋面|校道|路口|公路|马路|巷子|天桥|工地|施工现场|基建工地|医务室|保健室|花坛|花园|绿化带|池子|门厅|大厅|大堂|广场|院子|院墙|学校周边|校园周边|隔壁|化粪池|垃圾站|垃圾房|沙池|滑梯|游乐区|幼儿园|校园`
	// What stands before a place and tells which one.
	placePre = `[老旧新东西南北前后男女大小]边?|[男女]生|初中部|小学部|高中部|幼儿部|中学部|学生|教师|教工|教职工|化学|物理|生物|科学|多媒体|地下|自行车|电动车|[A-Z0-9一二三四五六七八九十]+号楼?|第?[0-9一二三四五六七八九十]+[栋幢]|[初高][一二三]|[0-9一二三四五六七八九十]+年级|[0-9一二三四五六七八九十]+[(]?[0-9一二三四五六七八九十]*[)]?班|[大中小]班|\p{Han}{2,4}那[段边块个]|我们?学校|学校|校园|后面|前面|旁边|对面|门口|外面|附近|[东西南北]边`
	placeNum = `[0-9]{4}(?:教室|宿舍|寝室|房间|室|房)|[0-9一二三四五六七八九十负]+[楼层]|[0-9一二三四五六七八九十]+[栋幢]|[0-9]{3}室?|[A-Z]栋|[一二三四五六七八九十0-9]+年级(?:\(?[0-9一二三四五六七八九十]+\)?班)?|[初高][一二三](?:\(?[0-9一二三四五六七八九十]+\)?班)?|[大中小][一二三0-9]?班`
	// What rooms, yards and waters end with that no list names.
	placeTail = `室|间|厅|馆|房|棚|堤|塘|坪|院|厂|店|桥头|巷子|路口|山坡|码头|大坝|礼堂|连廊|讲台|舞台`
	// Where at a place.
	placePost = `前面|后面|前头|后头|背后|背面|旁边|边上|对面|斜对面|门口|里面|里头|外面|外头|附近|周围|[东西南北左右两外内][侧边面头]|拐角|角落|转角|墙角|角上|入口|出口|顶部|顶上|底下|下面|墙面|尽头|中间|边|口|外`
)

var (
	// A place is found by its core; what stands before and behind is joined to it then,
	// which is much faster than one expression for all.
	placeCore = compile(placeWord + `|` + placeNum + `|` + placeTail + `|学校(?:` + placePost + `)`)
	placeHead = compile(`(?:(?:` + placePre + `)的?)+$`)
	placeRest = compile(`^(?:的?(?:那[段边块片])?(?:` + placeNum + `|` + placeWord + `|` + placePost + `|[东西南北]))+`)
	tailRe    = compile(`^(?:` + placeTail + `)$`)
	wherRe    = compile(`(?:地点|位置|地址|部位|场所)[:是为 ]+([^\n,;。]+)`)
	schoolLn  = compile(`(?:学校|单位|园所|校名)[:是为 ]+([^\n,;。 ]+)`)
	thingish  = compile(`^(?:消防通道|疏散通道|安全通道|安全出口|围墙|屋顶|校车|滑梯|楼梯|跑道|校门|大门|门卫|校园|河|隔壁|幼儿园)$`)
)

// notPlace are words that end like a place.
var notPlace = compile(`^(?:110|119|120|122)$|(?:时|期|晚|夜|早|午|瞬|人|空|民|世|中|之|年|年级|两|区|房|坐)间$|(?:住|买|新|平|楼|危|票|库)房$|(?:法|医|学|大|检察)院$|^(?:工厂|商店|酒店|网店|书店)$`)

// placeLead are the words that a place's name does not begin with.
const placeLead = "在到去进往从把是有被个那这就的了刚我们还和跟与对向里也都给由让叫请一次发现报"

// placeOf finds where something is. Places that are themselves the object
// (a fire lane, a wall) count only if nothing better is named.
func placeOf(s string) string {
	if m := wherRe.FindStringSubmatch(s); m != nil {
		return strings.TrimSpace(m[1])
	}
	second := ""
	for from := 0; from < len(s); {
		start, end := nextPlace(s, from)
		if end == 0 {
			break
		}
		from = end
		switch p := s[start:end]; {
		case p == "" || notPlace.MatchString(p):
		case !thingish.MatchString(p):
			return p
		case second == "":
			second = p
		}
	}
	return second
}

// nextPlace returns the bytes of the first place in s that begins at from or later; end is
// 0 when there is none.
func nextPlace(s string, from int) (start, end int) {
	loc := placeCore.FindStringIndex(s[from:])
	if loc == nil {
		return 0, 0
	}
	start, end = from+loc[0], from+loc[1]
	if threeOfMore(s, start, end) {
		return end, end
	}
	before := s[from:start]
	if tailRe.MatchString(s[start:end]) {
		if before = withoutName(before); before == s[from:start] {
			return end, end // nothing names the room
		}
	}
	before = before[:len(before)-len(placeHead.FindString(tail(before, 12)))]
	start = from + len(before)
	return start, end + len(placeRest.FindString(s[end:]))
}

// threeOfMore reports whether three digits that could be a room are part of a longer
// number, like that of a year.
func threeOfMore(s string, start, end int) bool {
	digit := func(i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }
	return end-start == 3 && digit(start) && (digit(start-1) || digit(end))
}

// withoutName takes the name of a room, up to three characters, off the end of s.
func withoutName(s string) string {
	for range 3 {
		r, n := utf8.DecodeLastRuneInString(s)
		if n == 0 || !unicode.Is(unicode.Han, r) || strings.ContainsRune(placeLead, r) {
			break
		}
		s = s[:len(s)-n]
	}
	return s
}
