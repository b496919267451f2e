"""Sandbox core bank: an HTTP API over a double-entry ledger (contract: openapi.yml)."""
