package config

import (
	"strings"
	"testing"
)

func TestMediaSettings(t *testing.T) {
	all := map[string]string{"DUBAN_MEDIA_STORE": "s3", "DUBAN_MEDIA_S3_ENDPOINT": "http://10.0.0.8:9000/", "DUBAN_MEDIA_S3_BUCKET": "duban",
		"DUBAN_MEDIA_S3_ACCESS_KEY": "AKIDEXAMPLE", "DUBAN_MEDIA_S3_SECRET": "secret-key", "DUBAN_MEDIA_S3_STYLE": "path", "DUBAN_MEDIA_MAX_SIDE": "4000"}
	with := func(name, value string) map[string]string {
		out := map[string]string{}
		for k, v := range all {
			out[k] = v
		}
		if out[name] = value; value == "" {
			delete(out, name)
		}
		return out
	}
	for name, c := range map[string]struct {
		env  map[string]string
		want string // part of the problem or the warning
	}{
		"complete":         {all, ""},
		"default":          {nil, ""},
		"no endpoint":      {with("DUBAN_MEDIA_S3_ENDPOINT", ""), "DUBAN_MEDIA_S3_ENDPOINT"},
		"no bucket":        {with("DUBAN_MEDIA_S3_BUCKET", ""), "DUBAN_MEDIA_S3_BUCKET"},
		"no key":           {with("DUBAN_MEDIA_S3_ACCESS_KEY", ""), "DUBAN_MEDIA_S3_ACCESS_KEY"},
		"no secret":        {with("DUBAN_MEDIA_S3_SECRET", ""), "DUBAN_MEDIA_S3_SECRET"},
		"a host alone":     {with("DUBAN_MEDIA_S3_ENDPOINT", "10.0.0.8:9000"), "开头的完整地址"},
		"an unknown store": {with("DUBAN_MEDIA_STORE", "ftp"), "只能是 folder、s3"},
		"not used":         {with("DUBAN_MEDIA_STORE", "folder"), "照片仍存在文件夹里"},
		"too small":        {with("DUBAN_MEDIA_MAX_SIDE", "100"), "640 到 8000"},
		"too large":        {with("DUBAN_MEDIA_MAX_SIDE", "90000"), "640 到 8000"},
		"a month":          {with("DUBAN_MEDIA_KEEP_DAYS", "30"), "180 到 36500"},
		"no number":        {with("DUBAN_MEDIA_MAX_SIDE", "wide"), "640 到 8000"},
	} {
		var environ []string
		for k, v := range c.env {
			environ = append(environ, k+"="+v)
		}
		got, err := Load("", environ)
		said := ""
		if err != nil {
			said = err.Error()
		} else {
			said = strings.Join(got.Warnings, "\n")
		}
		if c.want == "" && said != "" || !strings.Contains(said, c.want) {
			t.Errorf("%s: %q", name, said)
		}
		if strings.Contains(said, "AKIDEXAMPLE") || strings.Contains(said, "secret-key") {
			t.Errorf("%s tells a secret: %s", name, said)
		}
	}
}
