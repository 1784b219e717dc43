"""Planners into object storage: each put whole, at one go, by the worker that made it; `run.json` last."""
