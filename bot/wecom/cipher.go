package wecom

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
)

const (
	keyChars   = 43 // length of an EncodingAESKey
	padBlock   = 32 // padding goes to 32 bytes, twice the AES block
	randomSize = 16
	headSize   = randomSize + 4 // random bytes and the length field
)

// decodeKey turns an EncodingAESKey into the 32-byte key. The 43 characters hold
// two bits more than the key, and keys in the wild have them set, so the decoder
// must not be strict about trailing bits.
func decodeKey(encodingAESKey string) ([]byte, error) {
	if len(encodingAESKey) != keyChars || strings.ContainsAny(encodingAESKey, "\r\n=") {
		return nil, fmt.Errorf("encoding aes key: want %d characters, have %d", keyChars, len(encodingAESKey))
	}
	key, err := base64.StdEncoding.DecodeString(encodingAESKey + "=")
	if err != nil {
		// The decoder's error names an offset only, but the key stays out of it.
		return nil, fmt.Errorf("encoding aes key: not base64")
	}
	return key, nil
}

// seal encrypts msg for receiveID: random ‖ length ‖ msg ‖ receiveid, padded to
// 32 bytes, AES-256-CBC with the first half of the key as IV (document 90968).
func seal(block cipher.Block, iv []byte, random io.Reader, msg []byte, receiveID string) (string, error) {
	plain := make([]byte, headSize, headSize+len(msg)+len(receiveID)+padBlock)
	if _, err := io.ReadFull(random, plain[:randomSize]); err != nil {
		return "", fmt.Errorf("random bytes: %w", err)
	}
	binary.BigEndian.PutUint32(plain[randomSize:headSize], uint32(len(msg)))
	plain = append(plain, msg...)
	plain = append(plain, receiveID...)
	pad := padBlock - len(plain)%padBlock
	plain = append(plain, bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(plain, plain)
	return base64.StdEncoding.EncodeToString(plain), nil
}

// open reverses seal. It runs after the signature was found right, and still
// trusts nothing: padding, length and receiver are all checked.
func open(block cipher.Block, iv []byte, encrypted, receiveID string) ([]byte, error) {
	data, err := base64.StdEncoding.DecodeString(encrypted)
	if err != nil {
		return nil, reject("base64")
	}
	if len(data) == 0 || len(data)%aes.BlockSize != 0 {
		return nil, reject("size")
	}
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(data, data)
	plain, err := unpad(data)
	if err != nil {
		return nil, err
	}
	return splitPlain(plain, receiveID)
}

// unpad removes PKCS#7 padding of 1 to 32 bytes, all of which must agree.
func unpad(data []byte) ([]byte, error) {
	n := int(data[len(data)-1])
	if n < 1 || n > padBlock || n > len(data) {
		return nil, reject("padding")
	}
	cut := len(data) - n
	for _, b := range data[cut:] {
		if int(b) != n {
			return nil, reject("padding")
		}
	}
	return data[:cut], nil
}

// splitPlain takes the message out of the decrypted frame and checks for whom it is.
func splitPlain(plain []byte, receiveID string) ([]byte, error) {
	if len(plain) < headSize {
		return nil, reject("short")
	}
	rest := plain[headSize:]
	// Compared as uint64: a length near 2^32 must not wrap into the buffer.
	length := uint64(binary.BigEndian.Uint32(plain[randomSize:headSize]))
	if length > uint64(len(rest)) {
		return nil, reject("length")
	}
	if string(rest[length:]) != receiveID {
		return nil, reject("receiver")
	}
	return rest[:length], nil
}
