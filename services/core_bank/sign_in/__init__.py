"""The sandbox bank's sign-in page. It hands the channel a signed, one-time ticket, never a session or a password."""
