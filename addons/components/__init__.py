"""Rasa graph components: tokenizer, extractors, intent classifier and dialogue policy, one a file."""
