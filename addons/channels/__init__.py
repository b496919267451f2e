"""Channels: what stands between a customer's app and Rasa."""
