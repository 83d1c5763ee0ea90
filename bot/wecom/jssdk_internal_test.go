package wecom

import "testing"

// The platform's own sample (document 96909).
func TestPageSignatureSample(t *testing.T) {
	const ticket = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
	for _, address := range []string{"http://mp.weixin.qq.com?params=value", "http://mp.weixin.qq.com?params=value#top"} {
		if got := pageSignature(ticket, "Wm3WZYTPz0wzccnW", 1414587457, address); got != "0f9de62fce790f9a083d5c99e95740ceb90c27ed" {
			t.Errorf("%s: %s", address, got)
		}
	}
}
