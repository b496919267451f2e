"""Accounts beyond their balances: documents, money that is held, spending, explanations."""
