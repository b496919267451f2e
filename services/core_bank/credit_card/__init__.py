"""Credit cards: repayment and what else is asked of them."""
