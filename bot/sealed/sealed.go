// Package sealed is the frame in which both platforms wrap their callbacks: random
// bytes, a length, the message and its owner, padded to 32 bytes and encrypted with
// AES-256-CBC (WeCom document 90968, DingTalk document "callback-crypto"). Signatures are
// the business of the platforms' packages.
package sealed

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
)

const (
	keyChars   = 43 // length of an encoding key
	padBlock   = 32 // padding goes to 32 bytes, twice the AES block
	randomSize = 16
	headSize   = randomSize + 4 // random bytes and the length field
)

// Flaw is a short stable word for what is wrong with a frame, for logs only: whoever sent
// it must not learn which check it failed.
type Flaw string

// Error implements error.
func (f Flaw) Error() string { return "sealed: " + string(f) }

// The flaws.
const (
	Encoding = Flaw("base64")
	Size     = Flaw("size")
	Padding  = Flaw("padding")
	Short    = Flaw("short")
	Length   = Flaw("length")
	Owner    = Flaw("receiver")
)

// Box seals and opens frames with one key. It is immutable and safe for concurrent use.
type Box struct {
	block  cipher.Block
	iv     []byte
	random io.Reader
}

// New returns a box for the 43 characters of a platform's key. No error text contains
// the key.
func New(encodingKey string) (*Box, error) {
	key, err := decodeKey(encodingKey)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("callback cipher: %w", err)
	}
	return &Box{block: block, iv: key[:aes.BlockSize], random: rand.Reader}, nil
}

// WithRandom returns a copy that takes the sixteen leading bytes of each frame from r. It
// exists for test vectors.
func (b *Box) WithRandom(r io.Reader) *Box {
	dup := *b
	dup.random = r
	return &dup
}

// Signature returns the lower-case hex signature that both platforms put beside a frame:
// SHA-1 over the sorted parts, which are the token, the time, the nonce and the frame.
func Signature(parts ...string) string {
	parts = slices.Sorted(slices.Values(parts))
	sum := sha1.Sum([]byte(strings.Join(parts, "")))
	return hex.EncodeToString(sum[:])
}

// decodeKey turns the 43 characters into the 32-byte key. They hold two bits more than
// the key, and keys in the wild have them set, so the decoder must not be strict about
// trailing bits.
func decodeKey(encodingKey string) ([]byte, error) {
	if len(encodingKey) != keyChars || strings.ContainsAny(encodingKey, "\r\n=") {
		return nil, fmt.Errorf("encoding aes key: want %d characters, have %d", keyChars, len(encodingKey))
	}
	key, err := base64.StdEncoding.DecodeString(encodingKey + "=")
	if err != nil {
		// The decoder's error names an offset only, but the key stays out of it.
		return nil, fmt.Errorf("encoding aes key: not base64")
	}
	return key, nil
}

// Seal encrypts msg for its owner.
func (b *Box) Seal(msg []byte, owner string) (string, error) {
	plain := make([]byte, headSize, headSize+len(msg)+len(owner)+padBlock)
	if _, err := io.ReadFull(b.random, plain[:randomSize]); err != nil {
		return "", fmt.Errorf("random bytes: %w", err)
	}
	binary.BigEndian.PutUint32(plain[randomSize:headSize], uint32(len(msg)))
	plain = append(plain, msg...)
	plain = append(plain, owner...)
	pad := padBlock - len(plain)%padBlock
	plain = append(plain, bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(b.block, b.iv).CryptBlocks(plain, plain)
	return base64.StdEncoding.EncodeToString(plain), nil
}

// Open reverses Seal and returns for which of the owners it was sealed. It runs after the
// signature was found right, and still trusts nothing: padding, length and owner are all
// checked. Every failure is a Flaw.
func (b *Box) Open(encrypted string, owners ...string) (msg []byte, owner string, err error) {
	data, err := base64.StdEncoding.DecodeString(encrypted)
	if err != nil {
		return nil, "", Encoding
	}
	if len(data) == 0 || len(data)%aes.BlockSize != 0 {
		return nil, "", Size
	}
	cipher.NewCBCDecrypter(b.block, b.iv).CryptBlocks(data, data)
	plain, err := unpad(data)
	if err != nil {
		return nil, "", err
	}
	return split(plain, owners)
}

// unpad removes PKCS#7 padding of 1 to 32 bytes, all of which must agree.
func unpad(data []byte) ([]byte, error) {
	n := int(data[len(data)-1])
	if n < 1 || n > padBlock || n > len(data) {
		return nil, Padding
	}
	cut := len(data) - n
	for _, b := range data[cut:] {
		if int(b) != n {
			return nil, Padding
		}
	}
	return data[:cut], nil
}

// split takes the message out of the decrypted frame and checks whose it is.
func split(plain []byte, owners []string) (msg []byte, owner string, err error) {
	if len(plain) < headSize {
		return nil, "", Short
	}
	rest := plain[headSize:]
	// Compared as uint64: a length near 2^32 must not wrap into the buffer.
	length := uint64(binary.BigEndian.Uint32(plain[randomSize:headSize]))
	if length > uint64(len(rest)) {
		return nil, "", Length
	}
	if owner = string(rest[length:]); !slices.Contains(owners, owner) {
		return nil, "", Owner
	}
	return rest[:length], owner, nil
}
