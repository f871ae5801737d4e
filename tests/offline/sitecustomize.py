"""With this folder on PYTHONPATH each Python process, a server or a worker too, is refused all but its machine, and
writes to the file that `REACHED` names what it reached for."""

import os
import socket
import sys
from pathlib import Path
from typing import Any

LOOPBACK = {"localhost", "127.0.0.1", "::1", "", None}


def refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        _, address = arguments
        host = address[0] if isinstance(address, tuple) else None
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if host not in LOOPBACK and host != socket.gethostname():
        with Path(os.environ["REACHED"]).open("a", encoding="utf-8") as reached:
            reached.write(f"{event} {host} by {' '.join(sys.argv)}\n")
        raise OSError(101, "no network in this test")


sys.addaudithook(refuse)
