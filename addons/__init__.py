"""Our extensions of the Rasa server: channels, NLU components, policies."""
