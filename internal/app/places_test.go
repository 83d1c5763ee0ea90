package app

import (
	"archive/zip"
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"duban/internal/config"
	"duban/internal/errs"
)

func TestPlacesFromAList(t *testing.T) {
	ctx := t.Context()
	cfg, err := config.FromEnviron([]string{"DUBAN_DATABASE_DSN=sqlite:" + filepath.Join(t.TempDir(), "duban.db"), "DUBAN_SERVER_PUBLIC_URL=https://duban.example.edu.cn"})
	if err == nil {
		_, err = Migrate(ctx, cfg)
	}
	if err == nil {
		_, err = Seed(ctx, cfg, SeedFiles{Demo: true})
	}
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	say := func(line string) { said = append(said, line) }
	last := func() string { return said[len(said)-1] }
	run := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	err = AddPlaces(ctx, cfg, "单位,地点\n文昌中学,实验楼二楼走廊\n没有的学校,门口\n文昌中学,"+strings.Repeat("长", 41)+"\n只有一样", say)
	if got := errs.Say(err); got != "一个也没有生成，请改正后再运行：\n第 5 行要写成“单位,地点”\n第 3 行：没有“没有的学校”这个单位\n第 4 行：请写地点名称，最多 40 字，例如“生成二维码 实验楼二楼走廊”。" {
		t.Errorf("%s", got)
	}
	run("list none", ListPlaces(ctx, cfg, "", say))
	if !strings.HasPrefix(last(), "没有地点。") {
		t.Errorf("%v", said)
	}
	run("add", AddPlaces(ctx, cfg, "单位,地点\n文昌中学,实验楼二楼走廊\n文昌中学,实验楼二楼走廊\n石码头小学,校门口", say))
	if last() != "新生成 2 个，重新启用 0 个，原来就有 1 个。用 duban places sheets 打印。" {
		t.Errorf("%s", last())
	}
	said = nil
	run("list", ListPlaces(ctx, cfg, "文昌中学", say))
	if len(said) != 1 || said[0] != "W5P5\t文昌中学\t实验楼二楼走廊" {
		t.Errorf("%q", said)
	}
	if err := ListPlaces(ctx, cfg, "没有的学校", say); !errs.Is(err, errs.NotFound) {
		t.Errorf("%v", err)
	}
	doc, n, err := PlaceSheets(ctx, cfg, "")
	run("sheets", err)
	z, err := zip.NewReader(bytes.NewReader(doc), int64(len(doc)))
	run("open", err)
	codes := 0
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, ".png") {
			codes++
		}
	}
	if n != 2 || codes != 2 {
		t.Errorf("%d places, %d codes", n, codes)
	}
	if _, _, err := PlaceSheets(ctx, cfg, "新渡中学"); err == nil {
		t.Error("a sheet of nothing")
	}
}
