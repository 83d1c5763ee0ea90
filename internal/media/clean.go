package media

import (
	"bytes"
	"encoding/binary"
)

// The three formats are cleaned by leaving segments out; the picture itself is
// copied byte for byte.

// cleanJPEG keeps what is needed to show the picture in its colours and the right
// way up: of Exif only the orientation. XMP, IPTC, comments and whatever stands
// behind the end of the picture are left out (ITU-T T.81, annex B).
func cleanJPEG(raw []byte) ([]byte, error) {
	if len(raw) < 4 || raw[0] != 0xFF || raw[1] != 0xD8 {
		return nil, ErrDamaged
	}
	out := bytes.NewBuffer(make([]byte, 0, len(raw)))
	out.Write(raw[:2])
	for i := 2; ; {
		for i < len(raw) && raw[i] == 0xFF && i+1 < len(raw) && raw[i+1] == 0xFF {
			i++ // fill bytes
		}
		if i+4 > len(raw) || raw[i] != 0xFF {
			return nil, ErrDamaged
		}
		marker, size := raw[i+1], int(binary.BigEndian.Uint16(raw[i+2:]))
		end := i + 2 + size
		if size < 2 || end > len(raw) {
			return nil, ErrDamaged
		}
		segment := raw[i:end]
		switch {
		case marker == 0xDA: // start of scan: the rest up to the end of image
			stop := bytes.LastIndex(raw[end:], []byte{0xFF, 0xD9})
			if stop < 0 {
				return nil, ErrDamaged
			}
			return append(out.Bytes(), raw[i:end+stop+2]...), nil
		case marker == 0xE1:
			if o := orientation(segment[4:]); o > 1 {
				out.Write(orientationSegment(o))
			}
		case marker == 0xE0, marker == 0xE2 && bytes.HasPrefix(segment[4:], []byte("ICC_PROFILE")), marker == 0xEE:
			out.Write(segment)
		case marker >= 0xE0 && marker <= 0xEF, marker == 0xFE: // other APPn, comments
		default:
			out.Write(segment)
		}
		i = end
	}
}

// orientation reads tag 0x0112 of the first directory of an Exif block, 0 if it
// is not there.
func orientation(exif []byte) byte {
	tiff, ok := bytes.CutPrefix(exif, []byte("Exif\x00\x00"))
	if !ok || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	start := int64(order.Uint32(tiff[4:]))
	if start+2 > int64(len(tiff)) {
		return 0
	}
	n := int64(order.Uint16(tiff[start:]))
	for k := range n {
		at := start + 2 + 12*k
		if at+12 > int64(len(tiff)) {
			return 0
		}
		if order.Uint16(tiff[at:]) == 0x0112 {
			if v := order.Uint16(tiff[at+8:]); v <= 8 {
				return byte(v)
			}
			return 0
		}
	}
	return 0
}

// orientationSegment is an Exif block with nothing but the orientation.
func orientationSegment(o byte) []byte {
	body := append([]byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08"), 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, o, 0, 0, 0, 0, 0, 0)
	return append([]byte{0xFF, 0xE1, 0, byte(len(body) + 2)}, body...)
}

// cleanPNG leaves out the chunks that hold text, time and Exif, and what stands
// behind the end.
func cleanPNG(raw []byte) ([]byte, error) {
	const signature = 8
	if len(raw) < signature {
		return nil, ErrDamaged
	}
	out := append(make([]byte, 0, len(raw)), raw[:signature]...)
	for i := signature; i+12 <= len(raw); {
		size := int64(binary.BigEndian.Uint32(raw[i:]))
		end := int64(i) + 12 + size
		if end > int64(len(raw)) {
			return nil, ErrDamaged
		}
		switch kind := string(raw[i+4 : i+8]); kind {
		case "eXIf", "tEXt", "zTXt", "iTXt", "tIME":
		case "IEND":
			return append(out, raw[i:end]...), nil
		default:
			out = append(out, raw[i:end]...)
		}
		i = int(end)
	}
	return nil, ErrDamaged
}

// cleanWebP leaves out the EXIF and XMP chunks and says so in the header.
func cleanWebP(raw []byte) ([]byte, error) {
	const header = 12
	if len(raw) < header {
		return nil, ErrDamaged
	}
	out := append(make([]byte, 0, len(raw)), raw[:header]...)
	total := min(int64(len(raw)), 8+int64(binary.LittleEndian.Uint32(raw[4:])))
	for i := int64(header); i+8 <= total; {
		size := int64(binary.LittleEndian.Uint32(raw[i+4:]))
		end := i + 8 + size + size%2
		if end > total {
			return nil, ErrDamaged
		}
		switch kind := string(raw[i : i+4]); kind {
		case "EXIF", "XMP ":
		case "VP8X":
			chunk := bytes.Clone(raw[i:end])
			if len(chunk) > 8 {
				chunk[8] &^= 0x0C // flags of Exif and XMP
			}
			out = append(out, chunk...)
		default:
			out = append(out, raw[i:end]...)
		}
		i = end
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out, nil
}
