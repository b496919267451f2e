"""Branches, ATMs and appointments."""
