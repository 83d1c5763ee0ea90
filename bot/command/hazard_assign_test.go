package command

import "testing"

func TestReadAssign(t *testing.T) {
	for text, want := range map[string]hazardSaid{
		"登记隐患56":           {Command: hazardRegister, Hazard: 56},
		"请登记 YH-2025-0056": {Command: hazardRegister, Hazard: 56},
		"YH0056 登记":        {Command: hazardRegister, Hazard: 56},
		"56号隐患登记一下":        {Command: hazardRegister, Hazard: 56},
		"隐患56 交办给 向阳小学总务处，7天内整改":        {Command: hazardAssign, Hazard: 56, To: "向阳小学总务处", Words: "7天内整改"},
		"把隐患56转给张三":                     {Command: hazardAssign, Hazard: 56, To: "张三"},
		"隐患56交给王强整改":                    {Command: hazardAssign, Hazard: 56, To: "王强"},
		"隐患56交办给石码头小学15个工作日内整改":         {Command: hazardAssign, Hazard: 56, To: "石码头小学", Words: "15个工作日内整改"},
		"隐患56 指派 文昌中学 王强，尽快":            {Command: hazardAssign, Hazard: 56, To: "文昌中学王强", Words: "尽快"},
		"隐患56 由总务主任负责整改，三天内":            {Command: hazardAssign, Hazard: 56, To: "总务主任", Words: "三天内"},
		"隐患56 交办":                       {Command: hazardAssign, Hazard: 56},
		"YH-2025-0056 交办给安全专干，9月20日前整改": {Command: hazardAssign, Hazard: 56, To: "安全专干", Words: "9月20日前整改"},
	} {
		if got, ok := readHazard(text); !ok || got != want {
			t.Errorf("%q: %v %+v, want %+v", text, ok, got, want)
		}
	}
	for _, text := range []string{"隐患56 已交办", "上报隐患 门卫登记本没写", "22-3 转给计财股", "隐患56 登记本补好了", "这个转给张三", "隐患37改派给后勤服务中心"} {
		if got, ok := readHazard(text); ok {
			t.Errorf("%q is taken for %+v", text, got)
		}
	}
}
