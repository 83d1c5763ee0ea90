package store

// repeatRow says that an item was wanted although it repeats another one.
type repeatRow struct {
	ItemID    int64 `gorm:"primaryKey;autoIncrement:false"`
	RepeatsID int64
	DecidedBy string
	DecidedAt int64
}

func (repeatRow) TableName() string { return "repeats" }
