package config

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"
)

// DefaultFile is read when no other file is named and it exists in the working
// directory.
const DefaultFile = "duban.yaml"

// maxSecretFile bounds what is read from a _FILE variable.
const maxSecretFile = 64 << 10

// Problem is one thing to mend in the configuration.
type Problem struct {
	Key string // the variable, or the place in the YAML file
	Say string // Chinese: what is wrong and what to do
}

// Problems is the error of Load: all that is to be mended, at once.
type Problems []Problem

// Error lists the problems, a line each. It never contains a secret.
func (ps Problems) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "配置有 %d 处要改：", len(ps))
	for _, p := range ps {
		fmt.Fprintf(&b, "\n  %s：%s", p.Key, p.Say)
	}
	return b.String()
}

// Load reads the YAML file at path, lets the environment (as os.Environ gives
// it) win over it, fills in defaults and checks the whole. With an empty path it
// reads DefaultFile if there is one. The error is of type Problems.
func Load(path string, environ []string) (*Config, error) {
	l := loader{k: koanf.New("."), keys: Keys()}
	l.readFile(path)
	l.readEnvironment(environ)
	return l.finish()
}

// finish completes and checks what was gathered.
func (l *loader) finish() (*Config, error) {
	c := l.build()
	c.fillDerived()
	c.Warnings = append(l.warnings, c.warnings()...)
	problems := append(l.problems, c.check()...)
	if len(problems) > 0 {
		return nil, problems
	}
	return c, nil
}

// loader gathers the sources and everything that is wrong with them.
type loader struct {
	k        *koanf.Koanf
	keys     []Key
	problems Problems
	warnings []string
}

func (l *loader) problem(key, format string, args ...any) {
	l.problems = append(l.problems, Problem{Key: key, Say: fmt.Sprintf(format, args...)})
}

// readFile merges the YAML file and refuses keys nobody reads: a misspelt key
// would otherwise be a setting silently ignored.
func (l *loader) readFile(path string) {
	if path == "" {
		if _, err := os.Stat(DefaultFile); err != nil {
			return
		}
		path = DefaultFile
	}
	if err := l.k.Load(file.Provider(path), yaml.Parser()); err != nil {
		l.problem(path, "读不了这个配置文件，请检查文件是否存在、YAML 缩进是否正确（%s）", cause(err))
		return
	}
	for _, name := range l.k.Keys() {
		if !slices.ContainsFunc(l.keys, func(k Key) bool { return k.YAML == name }) && l.k.Get(name) != nil {
			l.problem(path+" "+name, "没有这个配置项，请对照配置说明改正或删去")
		}
	}
}

// cause returns the reason of a file error without repeating lines of the file,
// which may hold secrets.
func cause(err error) string {
	if os.IsNotExist(err) {
		return "文件不存在"
	}
	if os.IsPermission(err) {
		return "没有读取权限"
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	if line := lineNumber(first); line != "" {
		return "第 " + line + " 行附近"
	}
	return "格式有误"
}

// lineNumber finds N in "… line N: …".
func lineNumber(message string) string {
	_, after, ok := strings.Cut(message, "line ")
	if !ok {
		return ""
	}
	digits, _, _ := strings.Cut(after, ":")
	if _, err := strconv.Atoi(digits); err != nil {
		return ""
	}
	return digits
}

// readEnvironment merges the variables of duban. An empty variable counts as
// unset, because compose files pass unset variables on as empty ones.
func (l *loader) readEnvironment(environ []string) {
	values := l.environment(environ)
	provider := env.Provider(".", env.Opt{
		Prefix:      prefix,
		EnvironFunc: func() []string { return values },
		TransformFunc: func(name, value string) (string, any) {
			i := slices.IndexFunc(l.keys, func(k Key) bool { return k.Env == name })
			return l.keys[i].YAML, value
		},
	})
	if err := l.k.Load(provider, nil); err != nil {
		l.problem(prefix+"*", "读不了环境变量（%v）", err)
	}
}

// environment reduces environ to known variables with a value, reading those
// that name a file. DUBAN_TEST_ variables belong to the test suite.
func (l *loader) environment(environ []string) []string {
	given := map[string]string{}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, prefix) && !strings.HasPrefix(name, prefix+"TEST_") {
			given[name] = strings.TrimSpace(value)
		}
	}
	var values []string
	for _, key := range l.keys {
		value, path := given[key.Env], given[key.Env+"_FILE"]
		delete(given, key.Env)
		delete(given, key.Env+"_FILE")
		if value != "" && path != "" {
			l.problem(key.Env, "与 %s_FILE 只能设一个，请去掉其中之一", key.Env)
		} else if path != "" {
			value = l.readValue(key.Env+"_FILE", path)
		}
		if value != "" {
			values = append(values, key.Env+"="+value)
		}
	}
	for name := range given {
		l.warnings = append(l.warnings, "环境变量 "+name+" 不是 duban 的配置项，已忽略，请检查拼写")
	}
	slices.Sort(l.warnings)
	return values
}

// readValue returns the trimmed content of a file named by a _FILE variable.
func (l *loader) readValue(name, path string) string {
	f, err := os.Open(path)
	if err != nil {
		l.problem(name, "读不了文件 %s（%s），请检查路径和权限", path, cause(err))
		return ""
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxSecretFile+1))
	if err != nil || len(content) > maxSecretFile {
		l.problem(name, "文件 %s 读不完整或超过 64 KB，请只放一个值", path)
		return ""
	}
	value := strings.TrimSpace(string(content))
	if value == "" {
		l.problem(name, "文件 %s 是空的，请写入内容", path)
	}
	return value
}

// build puts every value, or else its default, into a new Config.
func (l *loader) build() *Config {
	c := &Config{}
	for _, key := range l.keys {
		if key.applies() {
			if err := key.put(c, key.Default); err != nil {
				l.problem(key.Env, "默认值有误：%v", err)
			}
		}
		value, ok := l.value(key)
		if !ok {
			continue
		}
		if err := key.put(c, value); err != nil {
			l.problem(key.Env, "%v", err)
		}
	}
	return c
}

// value returns the given text of a key. YAML turns some unquoted texts into
// numbers and loses leading zeros; such values are refused except where a
// number or a time is meant.
func (l *loader) value(key Key) (string, bool) {
	switch v := l.k.Get(key.YAML).(type) {
	case nil:
		return "", false
	case string:
		v = strings.TrimSpace(v)
		return v, v != ""
	case int:
		if strings.HasSuffix(key.YAML, "agent_id") {
			return strconv.Itoa(v), true
		}
	case time.Time:
		return v.Format(time.RFC3339), true
	}
	l.problem(key.Env, "配置文件里的 %s 要写成一个带引号的文字", key.YAML)
	return "", false
}

// FromEnviron is Load without any file: the demo must not pick up the settings
// of a real installation that happens to lie in the working directory.
func FromEnviron(environ []string) (*Config, error) {
	l := loader{k: koanf.New("."), keys: Keys()}
	l.readEnvironment(environ)
	return l.finish()
}
