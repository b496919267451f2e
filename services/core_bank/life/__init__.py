"""Bills and the agreements by which they are debited."""
