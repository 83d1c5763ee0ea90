package org

// Account is a person's identity on a platform.
type Account struct {
	Platform string
	Corp     string
	UserID   string
	PersonID string
}

// BindRequest is a wish to be bound to a person with a post, for the office to
// decide.
type BindRequest struct {
	ID int64
	Account
	State string // open, approved, refused
}

// Group is a chat group that duban writes to or is written to from.
type Group struct {
	ID       string
	Platform string
	ChatID   string
	Webhook  string // the name of a group robot; its key is configured
	Title    string
	UnitID   string // whose scope its digest has; the bureau means everything
	Digest   bool
}
