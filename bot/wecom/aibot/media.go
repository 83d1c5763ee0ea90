package aibot

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"errors"
	"io"
	"net/url"
	"strings"

	"duban/bot"
	"duban/bot/download"
	"duban/internal/errs"
)

// refPrefix marks the files of a smart bot among those of the platform.
const refPrefix = "aibot:"

// reference names a file by its address, which lives five minutes, and its key. Both are
// credentials: the reference is stored until the file was fetched, and never logged.
func reference(address, key string) string { return refPrefix + key + ":" + address }

// IsReference reports whether an attachment is a smart bot's.
func IsReference(ref string) bool { return strings.HasPrefix(ref, refPrefix) }

// Files fetches what people send to the bot. Every file is encrypted: with its own key if
// the message named one, else with the callback's (documents 100719, 101463).
type Files struct {
	get *download.Getter
	key string
}

// storage is where the platform keeps files, as far as is known; configuration can name
// others.
var storage = []string{".myqcloud.com", ".qq.com", ".qpic.cn"}

// NewFiles returns the fetcher of a bot.
func NewFiles(cfg Config) *Files {
	hosts := cfg.Hosts
	if len(hosts) == 0 {
		hosts = storage
	}
	base, err := url.Parse(cfg.apiBase())
	return &Files{get: download.New(hosts, err == nil && download.IsLoopback(base.Hostname())), key: cfg.AESKey}
}

// Fetch implements bot.Fetcher for references of this package. The file is read and
// decrypted in memory, at most download.Max bytes of it.
func (f *Files) Fetch(ctx context.Context, a bot.Attachment) (io.ReadCloser, error) {
	key, address, ok := strings.Cut(strings.TrimPrefix(a.Ref, refPrefix), ":")
	if !ok || !IsReference(a.Ref) {
		return nil, &bot.SendError{Class: bot.Permanent, Reason: "media_gone", Err: errors.New("smart bot: attachment without an address")}
	}
	body, err := f.get.Open(ctx, address)
	if err != nil {
		return nil, errs.At("smart bot file", err)
	}
	defer func() { _ = body.Close() }()
	raw, err := io.ReadAll(body)
	if err != nil {
		return nil, errs.At("smart bot file", broken(err))
	}
	if key == "" {
		key = f.key
	}
	plain, err := decrypt(key, raw)
	if err != nil {
		return nil, errs.At("smart bot file", &bot.SendError{Class: bot.Permanent, Reason: "undecipherable", Err: err})
	}
	return io.NopCloser(bytes.NewReader(plain)), nil
}

// broken keeps a classified failure, and makes of others one that may pass.
func broken(err error) error {
	var e *bot.SendError
	if errors.As(err, &e) {
		return err
	}
	return &bot.SendError{Class: bot.Temporary, Reason: "unreachable", Err: err}
}

// decrypt undoes AES-256-CBC with the first half of the key as IV and a padding of 1 to 32
// bytes. It works in raw's own memory.
func decrypt(key string, raw []byte) ([]byte, error) {
	secret, err := base64.StdEncoding.DecodeString(strings.TrimRight(key, "=") + "=")
	if err != nil || len(secret) != 32 {
		return nil, errors.New("key is not 32 bytes of base64")
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, errors.New("key is not usable")
	}
	if len(raw) == 0 || len(raw)%aes.BlockSize != 0 {
		return nil, errors.New("file is not a whole number of blocks")
	}
	cipher.NewCBCDecrypter(block, secret[:aes.BlockSize]).CryptBlocks(raw, raw)
	n := int(raw[len(raw)-1])
	if n < 1 || n > 32 || n > len(raw) {
		return nil, errors.New("file is padded wrongly")
	}
	for _, b := range raw[len(raw)-n:] {
		if int(b) != n {
			return nil, errors.New("file is padded wrongly")
		}
	}
	return raw[:len(raw)-n], nil
}
