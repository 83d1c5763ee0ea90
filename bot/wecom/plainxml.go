package wecom

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

const maxDepth = 16

var errNotPlain = errors.New("xml: directives, deep nesting or several roots are not accepted")

// unmarshalPlain is xml.Unmarshal for documents from outside: one root, no
// DOCTYPE, no entities beyond the five of XML, bounded nesting.
func unmarshalPlain(data []byte, into any) error {
	if err := checkPlain(data); err != nil {
		return err
	}
	return xml.Unmarshal(data, into)
}

// checkPlain reads the whole document once, because Unmarshal stops after the
// root and would not see what follows.
func checkPlain(data []byte) error {
	dec := xml.NewDecoder(bytes.NewReader(data))
	depth, roots := 0, 0
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			if roots != 1 {
				return errNotPlain
			}
			return nil
		}
		if err != nil {
			return err
		}
		switch tok.(type) {
		case xml.Directive:
			return errNotPlain
		case xml.StartElement:
			if depth == 0 {
				roots++
			}
			depth++
			if depth > maxDepth || roots > 1 {
				return errNotPlain
			}
		case xml.EndElement:
			depth--
		}
	}
}

// legible makes text valid UTF-8 without the control characters that XML and
// JSON refuse. Unicode line separators become line breaks.
func legible(text string) string {
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r', r == '\u2028', r == '\u2029':
			return '\n'
		case r < ' ' && r != '\n' && r != '\t', r >= 0x7f && r < 0xa0, r == 0xfffe, r == 0xffff:
			return -1
		}
		return r
	}, text)
}

// cdata wraps text so that no content can end the section early.
func cdata(text string) string {
	return "<![CDATA[" + strings.ReplaceAll(text, "]]>", "]]]]><![CDATA[>") + "]]>"
}
