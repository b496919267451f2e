"""What the bank keeps about a customer beside accounts, and what the customer may change of it."""
