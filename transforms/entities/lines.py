"""What is no prose: datelines, credits, tables and headlines in capitals."""

from transforms.entities.context import Context
from transforms.models import Span


def read_dateline(context: Context, spans: list[Span]) -> list[Span]:
    return spans


def read_credits(context: Context, spans: list[Span]) -> list[Span]:
    return spans


def read_tables(context: Context, spans: list[Span]) -> list[Span]:
    return spans


def read_headlines(context: Context, spans: list[Span]) -> list[Span]:
    return spans
