//go:build race

package understand

const racing = true
