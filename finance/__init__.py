"""Arithmetic of a Chinese retail bank. Standard library only, no state, no I/O.

Money is integer 分 (a foreign currency's smallest unit), a rate a Decimal fraction (0.0145 = 1.45 % a year), rounding
half up. Bad input is refused with a ValueError that names it. What is shown to a customer is an estimate: the core
bank decides.

deposits       demand, time and notice deposits, early withdrawal
loans          等额本息, 等额本金, prepayment
instalments    credit card instalments and their annual rate
credit_card    due dates, minimum payment, interest, late fee
fx             conversion at the board's prices
wealth         expected range, redemption, subscription

Shared: interest (months, days and interest on them), rounding, checks (what is refused).
"""
