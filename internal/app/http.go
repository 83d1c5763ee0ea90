package app

import "net/http"

func (a *App) newServer(o Options) (*http.Server, error) { return &http.Server{}, nil }
