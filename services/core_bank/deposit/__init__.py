"""Deposits with a term: rates, opening, withdrawing."""
