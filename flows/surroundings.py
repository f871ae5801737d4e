"""Errors of libraries that are no bug: something outside is not as a run needs it."""

NO_SERVER = "Prefect's server does not answer ({e}); start it, or unset PREFECT_API_URL"
NO_KEY = "the object store wants to know who asks ({e}); set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
OUTSIDE = (
    ("RuntimeError", "Failed to reach API", NO_SERVER),
    ("ConnectError", "", NO_SERVER),
    ("NoCredentialsError", "", NO_KEY),
)
"""The name of an error's class, so that no library is imported for it; what it says; what is wrong and what to do."""


def outside(e: Exception) -> str | None:
    """What is wrong outside and what to do, in one line; None where the error is of another kind."""
    told = " ".join(str(e).split())
    for kind, says, remedy in OUTSIDE:
        if type(e).__name__ == kind and says in told:
            return remedy.format(e=told)
    return None
