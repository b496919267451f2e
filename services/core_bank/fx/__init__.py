"""Foreign exchange: the board of prices."""
