"""The address book: account numbers that customers type, payees added and removed."""
