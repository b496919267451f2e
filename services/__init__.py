"""Our own processes, one folder each. They share nothing but `chinese`."""
