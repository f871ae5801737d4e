"""An embedded Prefect server that lives as long as the process that asked for it, and no longer.

Prefect's own ephemeral server is started again by every worker process and outlives a killed parent; this one is
started once, before Prefect is imported, so that both load at the same time, and watches its parent.
"""

import atexit
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from transforms.errors import DatelineError, SettingsError

STARTUP = 120.0
"""Seconds to wait for it at most."""
IDLE_SERVICES = (
    "CANCELLATION_CLEANUP", "CLEANUP_RECONCILER", "FOREMAN", "LATE_RUNS", "PAUSE_EXPIRATIONS", "REPOSSESSOR",
    "SCHEDULER", "TRIGGERS",
)  # fmt: skip
"""Services of Prefect's server that a single run has no use for."""


class ServerEnded(DatelineError):
    """The embedded server ended before the run did. Prefect's threads go on trying to reach it, for as long as the
    process lasts and a minute after."""


class EmbeddedServer:
    """The server's process. Starting it returns at once; `wait` returns when it answers.

    `scheduler`: with the services that schedules need, and the UI; `port`: where it listens, 0 for any that is free.
    Raises SettingsError where the port is taken.
    """

    def __init__(self, *, scheduler: bool = False, port: int = 0) -> None:
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", port))
            except OSError as e:
                raise SettingsError(f"--port {port}: is taken ({e.strerror}); choose another, or 0 for any") from e
            listener.listen(128)
            self.api_url = f"http://127.0.0.1:{listener.getsockname()[1]}/api"
            self.log = Path(os.environ["PREFECT_HOME"]) / "server.log"
            self.log.parent.mkdir(parents=True, exist_ok=True)
            command = [sys.executable, "-m", "flows.server", str(listener.fileno()), str(os.getpid())]
            if scheduler:
                ui = {"PREFECT_UI_API_URL": self.api_url, "PREFECT_UI_STATIC_DIRECTORY": str(self.log.parent / "ui")}
                environment = {**ui, **os.environ}
            else:
                environment = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", **os.environ}
                environment |= {f"PREFECT_SERVER_SERVICES_{name}_ENABLED": "false" for name in IDLE_SERVICES}
            with self.log.open("wb") as log:
                self.process = subprocess.Popen(  # noqa: S603 - our own module
                    command,
                    env=environment,
                    pass_fds=[listener.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,  # Ctrl-C is for us: whoever is stopped still has to tell the server
                )
        atexit.register(self.stop)

    def wait(self) -> None:
        """Return when the server answers. Raises DatelineError where it does not come up."""
        deadline = time.monotonic() + STARTUP
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                with urlopen(f"{self.api_url}/health", timeout=STARTUP):  # noqa: S310 - our own address
                    return
            except (URLError, OSError):
                time.sleep(0.05)
        raise DatelineError(f"Prefect's embedded server did not start{self._last_words()}; {self.log} has its messages")

    @property
    def alive(self) -> bool:
        """Whether the server has not ended: whoever asks one that has for anything waits for ever."""
        return self.process.poll() is None

    def ended(self) -> ServerEnded:
        """What to say of a run whose server has ended."""
        return ServerEnded(
            f"Prefect's embedded server ended before the run{self._last_words()}; run again: what is worked is kept"
        )

    def _last_words(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").split("\n") if self.log.exists() else []
        last = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return f" ({last[:200]})" if last else ""

    def stop(self) -> None:
        """End the server at once: its database survives that, and a gentle end takes seconds."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def exit_with(parent: int) -> None:
    """End this process, at once, when its parent is gone."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def main() -> None:
    """Serve on the listening socket whose descriptor is the first argument, for the process that is the second."""
    exit_with(int(sys.argv[2]))
    import uvicorn  # noqa: PLC0415 - after the watch has begun

    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.SIG_IGN)  # systemd sends it to all at once: who asked for us still has to tell us
    config = uvicorn.Config("prefect.server.api.server:create_app", factory=True, log_level="error", lifespan="on")
    sockets = [socket.socket(fileno=int(sys.argv[1]))]
    # not in this thread, where uvicorn would set handlers of its own
    serving = threading.Thread(target=uvicorn.Server(config).run, args=[sockets])
    serving.start()
    serving.join()


if __name__ == "__main__":
    main()
