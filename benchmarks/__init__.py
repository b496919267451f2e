"""Measurements; results/<commit>.json keeps what `make bench` found."""
