package understand

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// maxRunes caps the text that is matched. What people type to a robot is short;
// a longer text is a forwarded document, recognised by its beginning.
const maxRunes = 1200

var (
	robotMention = compile(`@[^\s@]*(?:督办|助手|机器人|小督|[Bb][Oo][Tt])[^\s@]*[\s\x{2005}]*`)
	otherMention = compile(`@[\p{Han}A-Za-z][^\s@]*`)
)

// clean returns the text as its author meant it to be read: valid UTF-8, the
// robot's own mention removed, trimmed and capped.
func clean(s string) string {
	if len(s) > maxRunes*8 {
		s = s[:maxRunes*8]
	}
	s = strings.ToValidUTF8(s, "")
	if strings.Contains(s, "@") {
		s = robotMention.ReplaceAllString(s, "")
	}
	s = strings.TrimSpace(s)
	if utf8.RuneCountInString(s) > maxRunes {
		s = string([]rune(s)[:maxRunes])
	}
	return s
}

// normalize returns the form of a cleaned text that rules match: half-width,
// simplified, dashes and blanks unified, misspelt terms repaired and Chinese
// numerals before a unit written in digits. Letters are upper case.
func (p *Parser) normalize(s string) string {
	s = fold(s)
	s = joinSpaced(s)
	s = p.homophones.repair(s)
	s = mandarin.Replace(s)
	s = spokenCode(s)
	return digits(s)
}

// fold maps characters one by one.
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	blank := false
	for _, r := range s {
		r = foldRune(r)
		if r == ' ' {
			blank = b.Len() > 0
			continue
		}
		if r < 0 {
			continue
		}
		if blank && r != '\n' {
			b.WriteByte(' ')
		}
		blank = false
		b.WriteRune(r)
	}
	return b.String()
}

// foldRune returns the plain form of r, -1 for what carries no meaning.
func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		switch {
		case r == '\n':
			return r
		case r <= ' ':
			return ' '
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		}
		return r
	}
	switch r {
	case '—', '–', '－', '―', '‐', '−':
		return '-'
	case '～', '〜':
		return '~'
	case '“', '”', '「', '」', '『', '』', '"', '\uFEFF', '\u200B', '\u200D':
		return -1
	}
	if s, ok := simplified[r]; ok {
		return s
	}
	if unicode.IsSpace(r) {
		return ' '
	}
	if k := width.LookupRune(r); k.Kind() == width.EastAsianFullwidth {
		return foldRune(k.Narrow())
	}
	return r
}

// joinSpaced undoes a letter-spaced text: three or more single characters in a
// row become one word.
func joinSpaced(s string) string {
	if strings.Count(s, " ") < 2 {
		return s
	}
	words := strings.Split(s, " ")
	var out []string
	for i := 0; i < len(words); {
		j := i
		for j < len(words) && isOneHan(words[j]) {
			j++
		}
		if j-i >= 3 {
			out = append(out, strings.Join(words[i:j], ""))
			i = j
			continue
		}
		out = append(out, words[i])
		i++
	}
	return strings.Join(out, " ")
}

func isOneHan(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	return n == len(s) && unicode.Is(unicode.Han, r)
}

// mandarin writes the words of the region's dialect, as voice input and quick fingers
// leave them, in the common way.
var mandarin = strings.NewReplacer("冇得", "没有", "冇", "没", "哒", "了", "一哈", "一下", "么子", "什么", "何解", "怎么", "晓得", "知道", "廿", "二十", "卅", "三十", "细伢子", "小孩", "伢子", "孩子",
	"搞么", "做什么", "莫再", "别再", "莫要", "不要", "还冒", "还没", "蛮", "很", "咯", "了", "嘞", "了", "噻", "吧")

var spokenRe = compile(`(^|[^\d\p{Han}]|编号|任务|汇报|报告|报|查|看|第)([` + hanDigits + `]{1,3}|\d{1,2})\s*(杠|之|-)\s*([` + hanDigits + `]{1,3}|\d{1,2})`)

// spokenCode writes an item's code as it is printed: 十七杠四, 16之1, 22- 9.
func spokenCode(s string) string {
	locs := spokenRe.FindAllStringSubmatchIndex(s, 4)
	for i := len(locs) - 1; i >= 0; i-- {
		g := groups(s, locs[i])
		a, b := smallNumber(g[2]), smallNumber(g[4])
		if a < 1 || a > 99 || b < 1 || b > 99 {
			continue
		}
		s = s[:locs[i][4]] + strconv.Itoa(a) + "-" + strconv.Itoa(b) + s[locs[i][9]:]
	}
	return s
}

// simplified maps the traditional characters that people type, those of school matters
// and the common ones of everyday writing.
var simplified = pairs("學学校校幾几務务條条報报隱隐進进時时間间題题門门衛卫樓楼電电車车燈灯園园會会長长體体" +
	"導导書书師师開开關关單单號号後后東东縣县鄉乡鎮镇區区個个這这為为與与應应該该還还從从來来對对發发" +
	"現现見见說说話话請请問问讓让給给處处災灾險险總总結结經经過过達达運运動动場场實实驗验藥药廳厅廚厨" +
	"衝冲擊击傷伤嚴严種种類类數数據据點点無无聽听讀读寫写計计劃划財财務务資资級级線线組组網网絡络術术" +
	"備备復复審审銷销擬拟辦办權权變变質质護护欄栏雙双產产業业億亿萬万鬧闹噴喷煙烟滅灭壞坏舊旧傾倾貼贴" +
	"週周禮礼黃黄項项詢询併并鎖锁換换裝装開开啟启測测評评選选課课試试補补遞递繳缴誰谁嗎吗麼么們们" +
	"沒没氣气溫温熱热濕湿漲涨濱滨塊块牆墙樹树葉叶圍围廁厕頂顶層层樑梁階阶頭头邊边裡里裏里遠远近近" +
	"鐵铁鋼钢鏽锈釘钉針针銀银錢钱鐘钟錯错鍋锅飯饭飲饮餐餐館馆鷄鸡魚鱼貓猫馬马鳥鸟蟲虫龍龙蜂蜂" +
	"病病癥症療疗醫医護护搶抢救救殺杀毆殴亂乱離离難难雜杂霧雾靈灵靜静響响預预領领頻频願愿顯显風风飛飞" +
	"養养驗验騎骑駕驾騙骗驚惊體体髒脏鬆松鬥斗麗丽齊齐齡龄龜龟認认訊讯記记訓训設设許许論论證证識识譯译" +
	"議议負负責责貨货費费贊赞趕赶跡迹輕轻轉转輛辆輪轮輸输農农遲迟遺遗適适選选還还邏逻郵邮鄰邻釋释" +
	"陽阳陰阴隊队隨随雖虽雲云需需靠靠額额顧顾顏颜飾饰驅驱鮮鲜黨党優优傳传債债價价儀仪億亿兩两冊册" +
	"決决況况淨净準准涼凉減减劇剧劑剂勁劲勝胜勞劳勢势匯汇協协卻却厭厌參参員员唸念單单嘗尝嚇吓圖图團团" +
	"聖圣塗涂墊垫壓压壯壮夠够夢梦奪夺奮奋婦妇媽妈孫孙寧宁寶宝將将專专尋寻屆届屬属歲岁島岛帥帅幣币幫帮" +
	"幹干廠厂廢废廣广張张強强彈弹徑径徹彻恆恒惡恶惱恼愛爱態态慣惯慶庆憂忧懷怀懸悬戰战戲戏戶户拋抛挾挟" +
	"捨舍掃扫掛挂採采揀拣揚扬損损搖摇撐撑擁拥擇择擔担據据擠挤擴扩擺摆擾扰攔拦攝摄敗败敵敌斷断晝昼暫暂" +
	"曬晒曉晓曠旷棄弃棟栋楊杨標标樣样機机檔档檢检櫃柜欠欠歡欢歷历歸归毀毁決决淺浅淚泪渾浑湧涌潔洁澆浇" +
	"濃浓濟济灑洒灘滩灣湾為为烏乌煉炼爐炉爛烂爭争爺爷狀状獎奖獨独獲获環环瑣琐甕瓮畫画異异當当瘋疯癢痒" +
	"盜盗盡尽監监盤盘眾众睏困瞭了礦矿碼码確确禍祸稱称穩稳窩窝竊窃競竞筆笔節节範范築筑簡简簽签糧粮糾纠" +
	"紀纪約约紅红純纯紙纸紛纷終终絕绝統统絲丝維维綜综綠绿緊紧緒绪編编緣缘縫缝縮缩織织繞绕繼继續续罰罚" +
	"罵骂羅罗習习聯联職职聲声聰聪腦脑腫肿膽胆臉脸臨临舉举艙舱艱艰芻刍莊庄華华著着蓋盖薦荐藝艺蘇苏虛虚" +
	"虧亏蝕蚀蠟蜡術术裂裂褲裤襪袜覺觉觀观觸触訂订訪访診诊詞词詢询詳详誤误誘诱語语誠诚課课調调談谈諮咨" +
	"謝谢講讲謊谎譜谱警警讚赞豐丰貝贝販贩貪贪貫贯貴贵買买貸贷賀贺賓宾賞赏賠赔賣卖賬账賽赛趙赵跌跌踐践" +
	"蹤踪軌轨軍军軟软較较載载輔辅輩辈轎轿迴回邁迈遊游鄭郑醬酱釣钓鈴铃鉤钩鋪铺錄录鍵键鎮镇鏈链鏡镜閃闪" +
	"閉闭閒闲閱阅闆板闖闯陣阵陳陈隔隔隻只雞鸡霉霉靚靓頓顿顆颗飽饱餓饿駐驻騷骚鬱郁鹽盐麥麦點点齒齿")

func pairs(s string) map[rune]rune {
	rs := []rune(s)
	m := make(map[rune]rune, len(rs)/2)
	for i := 0; i+1 < len(rs); i += 2 {
		if rs[i] != rs[i+1] {
			m[rs[i]] = rs[i+1]
		}
	}
	return m
}

// present turns a piece of normalized text back into ordinary Chinese writing.
func present(s string) string {
	s = strings.Trim(s, " \n,.;:。、-~!")
	return strings.NewReplacer(",", "，", ";", "；", "?", "？", "!", "！", "\n", " ").Replace(s)
}
