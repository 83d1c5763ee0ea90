package main

import (
	"fmt"
	"os"
	"runtime"
)

// holding is what the process holds.
type holding struct{ goroutines, descriptors int }

func held() holding {
	runtime.GC() // closes what nobody refers to
	files, _ := os.ReadDir("/proc/self/fd")
	return holding{runtime.NumGoroutine(), len(files)}
}

// slack is what pools may keep more of; a leak shows with every cut.
const slack = 12

func (h holding) grown(later holding) error {
	if later.goroutines > h.goroutines+slack || later.descriptors > h.descriptors+slack {
		return fmt.Errorf("grew from %+v to %+v", h, later)
	}
	return nil
}
