"""Care: tickets of every kind, from a swallowed card to a complaint."""
