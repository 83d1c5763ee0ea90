package dingtalk

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode"
)

// object is a JSON object read field by field. DingTalk sends numbers as
// strings and objects as strings of JSON in places, so no field is trusted to
// have a type: what cannot be read counts as missing.
type object map[string]json.RawMessage

// parseObject reads an object, or a string that holds one. Anything else is nil.
func parseObject(raw []byte) object {
	var o object
	if json.Unmarshal(unquote(raw), &o) != nil {
		return nil
	}
	return o
}

// unquote returns the content of a JSON string, or raw itself.
func unquote(raw []byte) []byte {
	var s string
	if raw = bytes.TrimSpace(raw); len(raw) > 0 && raw[0] == '"' && json.Unmarshal(raw, &s) == nil {
		return []byte(s)
	}
	return raw
}

// text returns a string, number or truth value as text.
func (o object) text(key string) string {
	raw := bytes.TrimSpace(o[key])
	if len(raw) == 0 || raw[0] == '{' || raw[0] == '[' || string(raw) == "null" {
		return ""
	}
	return clean(string(unquote(raw)))
}

// id returns a trimmed identifier.
func (o object) id(key string) string { return strings.TrimSpace(o.text(key)) }

// number returns an integer written as number or as text, else 0.
func (o object) number(key string) int64 {
	s := o.id(key)
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil && f > -1e15 && f < 1e15 {
		return int64(f)
	}
	return 0
}

// flag reads true, "true", 1 and "1" as true.
func (o object) flag(key string) bool {
	s := strings.ToLower(o.id(key))
	return s == "true" || s == "1"
}

// child returns a nested object; nil, which is safe to read, if there is none.
func (o object) child(key string) object { return parseObject(o[key]) }

// list returns the objects of a nested list; other elements are left out.
func (o object) list(key string) []object {
	var raws []json.RawMessage
	if json.Unmarshal(unquote(o[key]), &raws) != nil {
		return nil
	}
	var items []object
	for _, raw := range raws {
		if item := parseObject(raw); item != nil {
			items = append(items, item)
		}
	}
	return items
}

// names returns the elements of a list of texts.
func (o object) names(key string) []string {
	var raws []json.RawMessage
	if json.Unmarshal(unquote(o[key]), &raws) != nil {
		return nil
	}
	names := make([]string, 0, len(raws))
	for _, raw := range raws {
		names = append(names, string(unquote(raw)))
	}
	return names
}

// lists returns an object of lists of texts.
func (o object) lists(key string) map[string][]string {
	var inner object
	if json.Unmarshal(unquote(o[key]), &inner) != nil {
		return nil
	}
	out := make(map[string][]string, len(inner))
	for name := range inner {
		out[name] = inner.names(name)
	}
	return out
}

// clean makes text valid UTF-8 with \n line breaks and without other control
// characters, which neither databases nor chat clients like.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}
