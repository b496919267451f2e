"""Transfers beyond the one to a payee at once: between own accounts, scheduled, taken back, recalled; and their limit."""
