package media

// Unchanged reports whether photos show the same before something was mended and
// afterwards: the same photo, or nearly the same, was sent for both.
func Unchanged(files []File) bool {
	for _, after := range files {
		if after.Stage != After {
			continue
		}
		for _, before := range files {
			if before.Stage == Before && Near(after.Hash, before.Hash) {
				return true
			}
		}
	}
	return false
}

// Alike reports whether any picture of one is nearly the same as one of another.
func Alike(hashes, others []uint64) bool {
	for _, a := range hashes {
		for _, b := range others {
			if Near(a, b) {
				return true
			}
		}
	}
	return false
}
