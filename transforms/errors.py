"""What can go wrong with an input. Transforms raise; only flows decide to reject, retry or stop."""

from enum import StrEnum


class DatelineError(Exception):
    """The base of all errors that Dateline raises on purpose.

    Its message is one line that says what, where and what to do.
    """


class SettingsError(DatelineError):
    """The settings or the command line ask for something impossible."""


class WarehouseError(DatelineError):
    """The warehouse cannot be read or written as asked."""


class RejectCode(StrEnum):
    """Why an input was not taken. The code is for filtering; the detail beside it is for reading."""

    UNREADABLE = "unreadable"
    """The file could not be opened or read."""
    OUTSIDE = "outside_raw"
    """A link that leads out of RAW."""
    VANISHED = "vanished"
    """The file was there when RAW was listed and gone when it was read."""
    UNKNOWN_FORMAT = "unknown_format"
    """Neither `.txt` nor `.jsonl`, plain or with `.gz` or `.zst`."""
    CORRUPT = "corrupt_archive"
    """A `.gz` or `.zst` that ends early or does not decompress."""
    TOO_LARGE = "too_large"
    """More megabytes than `max_document_mb` once decompressed."""
    UNDECODABLE = "undecodable"
    """Bytes that are no text in any encoding tried."""
    NOT_TEXT = "not_text"
    """Bytes that decode, but to control characters."""
    EMPTY = "empty"
    """No text but white space."""
    BAD_JSON = "bad_json"
    """A line of a `.jsonl` that is no JSON object."""
    NO_TEXT_FIELD = "no_text_field"
    """A record without a text, or whose text is no string."""
    BAD_FIELD = "bad_field"
    """A record whose field has a value that it cannot have."""
    DUPLICATE_ID = "duplicate_id"
    """A second record with an id already met in the same file."""
    STAGE_FAILED = "stage_failed"
    """A stage raised on this document: a bug of ours."""
    WORKER_KILLED = "worker_killed"
    """The document killed a worker process twice."""


class Rejected(DatelineError):
    """An input that cannot become a document."""

    def __init__(self, code: RejectCode, detail: str, stage: str = "ingest") -> None:
        super().__init__(f"{stage}: {code}: {detail}")
        self.code = code
        self.detail = detail
        self.stage = stage

    def __reduce__(self) -> tuple[type["Rejected"], tuple[RejectCode, str, str]]:
        return Rejected, (self.code, self.detail, self.stage)
