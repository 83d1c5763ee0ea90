package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

const demoRuns = 5

// demo measures how long the demonstration takes until its page can be opened,
// and the memory it then has.
func demo(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "duban-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "duban")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w: %s", err, out)
	}
	var took []time.Duration
	var memory []string
	for range demoRuns {
		t, m, err := once(ctx, program)
		if err != nil {
			return err
		}
		took, memory = append(took, t), append(memory, m)
	}
	slices.Sort(took)
	slices.Sort(memory)
	fmt.Printf("demo: ready after %s to %s, median %s; memory up to %s\n", took[0].Round(time.Millisecond),
		took[demoRuns-1].Round(time.Millisecond), took[demoRuns/2].Round(time.Millisecond), memory[demoRuns-1])
	return nil
}

func once(ctx context.Context, program string) (time.Duration, string, error) {
	cmd := exec.CommandContext(ctx, program, "demo", "--no-open", "--addr", "127.0.0.1:0")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, "", err
	}
	started := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, "", err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() && !strings.Contains(lines.Text(), "http://") {
		continue
	}
	took := time.Since(started)
	memory := resident(cmd.Process.Pid)
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return 0, "", err
	}
	return took, memory, cmd.Wait()
}

// resident reads what the system says of a process's memory.
func resident(pid int) string {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return "not told by this system"
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			return strings.TrimSpace(rest)
		}
	}
	return "not told by this system"
}
