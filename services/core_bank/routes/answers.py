"""The answer of an idempotent operation: the stored text goes out as it is, first time and every time."""

from fastapi import Response

from services.core_bank.idempotency import Answer


def stored_answer(answer: Answer) -> Response:
    return Response(answer.body, answer.status, media_type="application/json")
