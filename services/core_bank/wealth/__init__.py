"""Wealth products and funds: what is offered, who it suits, holdings."""
