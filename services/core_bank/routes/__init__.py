"""HTTP routes: they parse, call one function of the bank, and answer."""
