package store

// spotRow is one hazard drawn for a spot check (回头看).
type spotRow struct {
	HazardID     int64  `gorm:"primaryKey;autoIncrement:false"`
	Month        string `gorm:"primaryKey"`
	UnitID       string
	SelfReviewed bool
	DrawnAt      int64
	Result       string
	CheckedAt    int64
	CheckedBy    string
	Note         string
}

func (spotRow) TableName() string { return "spot_checks" }
