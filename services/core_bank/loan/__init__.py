"""Loans: what is offered, applications, the schedule, prepayment, help when payments cannot be made."""
