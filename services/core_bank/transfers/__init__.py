"""Transfers beyond the one at once: between own accounts, scheduled, taken back, recalled; and their limit."""
