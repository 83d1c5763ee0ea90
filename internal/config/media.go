package config

import "strconv"

// Media says where photos and other received files live, and in which size.
type Media struct {
	Dir     string
	MaxSide int // points on the longer side of a stored picture
}

func mediaKeys() []Key {
	return []Key{
		{YAML: "media.dir", Default: "<data.dir>/media", put: text(func(c *Config) *string { return &c.Media.Dir }),
			Help: "收到的照片和附件的文件夹；多个节点必须共用", HelpEN: "Folder of received photos and files; nodes must share it"},
		{YAML: "media.max_side", Default: "2560", put: putMaxSide,
			Help: "照片保存时长边最多多少像素，640 到 8000；更大的缩小后保存", HelpEN: "Longer side of a stored picture in points, 640 to 8000"},
	}
}

// putMaxSide keeps the size within what makes sense: smaller ones show no crack in a
// wall, larger ones fill the disk.
func putMaxSide(c *Config, v string) error {
	n, err := strconv.Atoi(v)
	if err != nil || n < 640 || n > 8000 {
		return say("应是 640 到 8000 的整数")
	}
	c.Media.MaxSide = n
	return nil
}
