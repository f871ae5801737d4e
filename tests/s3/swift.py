"""A real S3 server for tests: OpenStack Swift with its s3api, on this machine, with nothing kept.

`make test-s3` installs it (Swift in `.venv-s3`, memcached and liberasurecode of Debian) and runs the tests;
`python -m tests.s3.swift` starts one by hand and prints how to reach it.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

BIN = Path(__file__).parents[2] / ".venv-s3" / "bin"
KEY, SECRET = "test:tester", "testing"
STARTUP = 60.0
"""Seconds to wait for it at most."""
CONF = {
    "swift.conf": "[swift-hash]\nswift_hash_path_suffix = dateline\nswift_hash_path_prefix = dateline\n",
    "proxy": """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {proxy}
swift_dir = {home}
user = {user}
workers = 0
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck cache listing_formats s3api tempauth bulk slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:healthcheck]
use = egg:swift#healthcheck
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:{memcached}
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
""",
    "storage": """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
swift_dir = {home}
devices = {home}/devices
mount_check = false
user = {user}
workers = 0
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
""",
}


def installed() -> bool:
    """Whether `make test-s3` was run here."""
    return (BIN / "swift-proxy-server").exists() and shutil.which("memcached") is not None


@contextlib.contextmanager
def server() -> Iterator[dict[str, str]]:
    """Start the server; gives the environment in which `s3://` means it. Everything is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="swift-") as folder, contextlib.ExitStack() as stack:
        home = Path(folder)
        (home / "devices" / "d1").mkdir(parents=True)
        kinds = ("account", "container", "object")
        ports = dict(zip((*kinds, "proxy", "memcached"), _free_ports(5), strict=True))
        environment = {**os.environ, "SWIFT_DIR": folder, "PYTHONWARNINGS": "ignore"}
        told = {"home": folder, "user": os.environ.get("USER") or "root"}
        (home / "swift.conf").write_text(CONF["swift.conf"])
        (home / "proxy.conf").write_text(CONF["proxy"].format(**told, **ports))
        for kind in kinds:
            (home / f"{kind}.conf").write_text(CONF["storage"].format(kind=kind, port=ports[kind], **told))
            _ring(home, kind, ports[kind], environment)
        memcached = ["memcached", "-l", "127.0.0.1", "-p", str(ports["memcached"]), "-u", told["user"]]
        commands = [memcached] + [
            [str(BIN / f"swift-{kind}-server"), str(home / f"{kind}.conf")] for kind in (*kinds, "proxy")
        ]
        log = stack.enter_context((home / "log").open("wb"))
        for command in commands:
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=folder)
            stack.callback(process.wait)
            stack.callback(process.kill)
        try:
            _wait(ports["proxy"])
        except TimeoutError as e:
            raise TimeoutError(f"{e}: {(home / 'log').read_text(errors='replace')[-2000:]}") from None
        yield {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{ports['proxy']}",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
        }


def _ring(home: Path, kind: str, port: int, environment: dict[str, str]) -> None:
    builder = str(home / f"{kind}.builder")
    for words in (["create", "4", "1", "0"], ["add", f"r1z1-127.0.0.1:{port}/d1", "1"], ["rebalance"]):
        subprocess.run([str(BIN / "swift-ring-builder"), builder, *words], env=environment, check=True, stdout=-3)


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for free in sockets:
            free.bind(("127.0.0.1", 0))
        return [free.getsockname()[1] for free in sockets]


def _wait(port: int) -> None:
    deadline = time.monotonic() + STARTUP
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(b"GET /healthcheck HTTP/1.0\r\n\r\n")
                if b" 200 " in connection.recv(100):
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise TimeoutError("Swift did not answer")


if __name__ == "__main__":
    with server() as reach:
        print(*(f"export {name}={value}" for name, value in reach.items()), sep="\n", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            time.sleep(10**6)
