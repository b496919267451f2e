"""The core bank as our own code sees it: one port, two adapters (HTTP and in memory). No Rasa, no SQL."""
