"""Credit cards: bills, repayment, limits, instalments, points, applications, and what else is asked of them."""

import services.core_bank.drafts  # noqa: F401  (it registers the orders of this package: whoever comes first loads both)
