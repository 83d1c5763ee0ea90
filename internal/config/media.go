package config

import "strconv"

// Media says where photos and other received files live, and in which size.
type Media struct {
	Store   string // MediaFolder or MediaS3
	Dir     string
	MaxSide int // points on the longer side of a stored picture
	Keep    int // days that files are kept after what they belong to has ended
	S3      S3
}

// The places where files can live.
const (
	MediaFolder = "folder"
	MediaS3     = "s3"
)

// S3 is a bucket in a store that speaks S3.
type S3 struct {
	Endpoint  string // with http:// or https://, without a slash at the end
	Bucket    string
	Region    string
	AccessKey Secret
	Secret    Secret
	Style     string // auto, path or host: where the bucket's name stands
}

func mediaKeys() []Key {
	return append([]Key{
		{YAML: "media.store", Default: MediaFolder, put: choice(func(c *Config) *string { return &c.Media.Store }, MediaFolder, MediaS3),
			Help: "照片和附件存在哪里：folder（文件夹）或 s3（对象存储）", HelpEN: "Where photos and files live: folder or s3"},
		{YAML: "media.dir", Default: "<data.dir>/media", put: text(func(c *Config) *string { return &c.Media.Dir }),
			Help: "folder 方式的文件夹；多个节点必须共用", HelpEN: "Folder of received photos and files; nodes must share it"},
		{YAML: "media.max_side", Default: "2560", put: putMaxSide,
			Help: "照片保存时长边最多多少像素，640 到 8000；更大的缩小后保存", HelpEN: "Longer side of a stored picture in points, 640 to 8000"},
		{YAML: "media.keep_days", Default: "1095", put: putKeep,
			Help: "隐患销号（事项办结）多少天后删除照片和附件，180 到 36500；默认三年是推定的，请按本局档案规定改", HelpEN: "Days that files are kept after a hazard is closed, 180 to 36500"},
	}, s3Keys()...)
}

func s3Keys() []Key {
	return []Key{
		{YAML: "media.s3_endpoint", put: httpURL(func(c *Config) *string { return &c.Media.S3.Endpoint }),
			Help: "s3 方式：对象存储的地址，如 https://oss-cn-hangzhou.aliyuncs.com 或 http://10.0.0.8:9000", HelpEN: "Address of the object store"},
		{YAML: "media.s3_bucket", put: text(func(c *Config) *string { return &c.Media.S3.Bucket }),
			Help: "s3 方式：桶的名称，要先建好，不要设成公开", HelpEN: "Name of the bucket, which must exist and not be public"},
		{YAML: "media.s3_region", Default: "us-east-1", put: text(func(c *Config) *string { return &c.Media.S3.Region }),
			Help: "s3 方式：地域，MinIO 用默认的；云上照控制台写，如 cn-hangzhou", HelpEN: "Region of the bucket"},
		{YAML: "media.s3_access_key", Secret: true, put: secret(func(c *Config) *Secret { return &c.Media.S3.AccessKey }),
			Help: "s3 方式：访问密钥的 ID（AccessKey ID）；只需要读、写、删这一个桶的权限", HelpEN: "Access key id; needs to read, write and delete in this bucket only"},
		{YAML: "media.s3_secret", Secret: true, put: secret(func(c *Config) *Secret { return &c.Media.S3.Secret }),
			Help: "s3 方式：访问密钥（AccessKey Secret）", HelpEN: "Secret access key"},
		{YAML: "media.s3_style", Default: "auto", put: choice(func(c *Config) *string { return &c.Media.S3.Style }, "auto", "path", "host"),
			Help: "s3 方式：桶名在地址里的位置，path（在路径里，MinIO、Ceph）、host（在域名前，多数云）或 auto（按地址判断）", HelpEN: "Where the bucket stands in addresses: path, host or auto"},
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

// putKeep refuses what would delete evidence while it is still asked for.
func putKeep(c *Config, v string) error {
	n, err := strconv.Atoi(v)
	if err != nil || n < 180 || n > 36500 {
		return say("应是 180 到 36500 的整数（天）")
	}
	c.Media.Keep = n
	return nil
}

// checkMedia looks for what an object store needs.
func (c *Config) checkMedia() Problems {
	if c.Media.Store != MediaS3 {
		return nil
	}
	s := c.Media.S3
	var ps Problems
	for _, n := range []requirement{{"DUBAN_MEDIA_S3_ENDPOINT", s.Endpoint != ""}, {"DUBAN_MEDIA_S3_BUCKET", s.Bucket != ""},
		{"DUBAN_MEDIA_S3_ACCESS_KEY", s.AccessKey.IsSet()}, {"DUBAN_MEDIA_S3_SECRET", s.Secret.IsSet()}} {
		if !n.set {
			ps = append(ps, Problem{n.env, "照片存对象存储（DUBAN_MEDIA_STORE=s3）还缺这一项；不用就改回 folder"})
		}
	}
	return ps
}

// mediaWarnings names settings of an object store that is not used.
func (c *Config) mediaWarnings() []string {
	s := c.Media.S3
	if c.Media.Store == MediaFolder && (s.Endpoint != "" || s.Bucket != "" || s.AccessKey.IsSet() || s.Secret.IsSet()) {
		return []string{"设了 DUBAN_MEDIA_S3_…，但 DUBAN_MEDIA_STORE 不是 s3：照片仍存在文件夹里"}
	}
	return nil
}
