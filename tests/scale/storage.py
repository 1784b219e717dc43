"""Object storage on this computer: moto's server, and before it a proxy that can fail as networks and storages do."""

from __future__ import annotations

import logging
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from xlsales.files import objects

PLANNERS = ("T1 North.xlsx", "T2 South.xlsx", "T3 West.xlsx")
_BODY = b"<?xml version='1.0'?><Error><Code>%b</Code><Message>Somebody pulled a plug</Message></Error>"
_CODES = {403: b"AccessDenied", 500: b"InternalError", 503: b"SlowDown"}


@dataclass
class Fault:
    """What happens to the next requests of a kind: a status; `reset`; or `lost`, where only the answer is missing."""

    kind: int | str
    times: int
    method: str = "PUT"
    name: str = ""  # a part of the object's name


@dataclass
class Storage:
    """The storage as a test sees it."""

    port: int
    behind: int
    faults: list[Fault] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)
    lock: Any = field(default_factory=threading.Lock)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def fault_for(self, method: str, path: str) -> int | str | None:
        with self.lock:
            self.requests.append((method, path))
            for fault in self.faults:
                if fault.times and fault.method == method and fault.name in path:
                    fault.times -= 1
                    return fault.kind
        return None

    def puts(self, name: str) -> int:
        return sum(method == "PUT" and name in path for method, path in self.requests)


@dataclass
class Bucket:
    """A bucket of a test's own."""

    name: str
    storage: Storage

    @property
    def out(self) -> Path:
        """A folder in it, as the command line has it."""
        return Path(f"s3://{self.name}/plans")

    def contents(self, prefix: str = "plans/") -> dict[str, bytes]:
        client = objects._client()
        found = client.list_objects_v2(Bucket=self.name, Prefix=prefix).get("Contents", ())
        return {
            one["Key"][len(prefix) :]: client.get_object(Bucket=self.name, Key=one["Key"])["Body"].read()
            for one in found
        }

    def put(self, name: str, content: bytes) -> None:
        """Put something as a person does."""
        objects._client().put_object(Bucket=self.name, Key=f"plans/{name}", Body=content)


class _Proxy(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # an answer in two pieces else waits 40 ms for a word of who reads it
    storage: Storage

    def _passed_on(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if self.headers.get("Expect"):
            self.send_response_only(100)
            self.end_headers()
        body = self.rfile.read(length)
        kind = self.storage.fault_for(self.command, self.path)
        if kind == "reset":
            self._reset()
            return
        if isinstance(kind, int):
            self._answer(kind, {}, _BODY % _CODES[kind])
            return
        behind = HTTPConnection("127.0.0.1", self.storage.behind, timeout=600)
        headers = {name: value for name, value in self.headers.items() if name != "Expect"}
        behind.request(self.command, self.path, body, headers)
        told = behind.getresponse()
        content = told.read()
        behind.close()
        if kind == "lost":
            self._reset()
            return
        self._answer(told.status, dict(told.getheaders()), content)

    def _answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response_only(status)
        left_out = ("transfer-encoding", "connection", "content-length")
        for name, value in headers.items():
            if name.lower() not in left_out:
                self.send_header(name, value)
        length = headers.get("Content-Length", str(len(content))) if self.command == "HEAD" else str(len(content))
        self.send_header("Content-Length", length)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def handle(self) -> None:
        with suppress(OSError, ValueError):
            super().handle()

    def finish(self) -> None:
        with suppress(OSError, ValueError):
            super().finish()

    do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = _passed_on  # noqa: N815 - the names that http.server calls

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


@contextmanager
def storage() -> Iterator[Storage]:
    from moto.server import ThreadedMotoServer
    from werkzeug.serving import WSGIRequestHandler

    logging.getLogger("werkzeug").setLevel(logging.ERROR)

    WSGIRequestHandler.disable_nagle_algorithm = True
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _host, behind = server.get_host_and_port()
    handler: Any = type("Handler", (_Proxy,), {})
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.storage = made = Storage(proxy.server_port, behind)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    try:
        yield made
    finally:
        proxy.shutdown()
        proxy.server_close()
        server.stop()
