"""`rasa train --finetune` hands a component new examples alone; ours train from all of them in seconds."""

from rasa.engine.graph import ExecutionContext
from rasa.shared.exceptions import RasaException


class FinetuningUnsupported(RasaException):
    """Trained again from new examples alone, the component would forget the old ones."""


def refuse_finetuning(context: ExecutionContext, component: str) -> None:
    """Raises FinetuningUnsupported under `rasa train --finetune`."""
    if context.is_finetuning:
        raise FinetuningUnsupported(f"{component} trains in seconds: run `rasa train` without --finetune.")
