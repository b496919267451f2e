"""Drafts: every operation that needs a one-time code. One file a kind; KINDS is the registration.

A new kind: write a class with the attributes and methods of `base.DraftKind` in a file here and add it below. Request
and response schemas, routes, codes, idempotency, audit and the state machine then serve it as they are.
"""

from services.core_bank.drafts.base import DraftKind
from services.core_bank.drafts.transfer import Transfer
from services.core_bank.drafts.unfreeze_card import UnfreezeCard

_ALL: tuple[DraftKind, ...] = (Transfer(), UnfreezeCard())

KINDS: dict[str, DraftKind] = {kind.name: kind for kind in _ALL}
