"""Where the Rasa processes keep what they share."""
