"""A server on the loopback interface that answers each connection with bytes that a test wrote."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import BinaryIO

PATIENCE = 30.0
"""Seconds after which a test that hangs ends; no test waits for them."""


@dataclass(frozen=True)
class Seen:
    """A request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Act = Callable[["Connection"], None]
"""What a server does with one connection."""


class Connection:
    """One connection that a server has accepted."""

    def __init__(self, sock: socket.socket, server: Server) -> None:
        self.sock = sock
        self._file: BinaryIO = sock.makefile("rb")
        self._server = server

    def read(self) -> Seen | None:
        """Read one request whole; None if the client has gone."""
        line = self._file.readline()
        if not line:
            return None
        method, target, _ = line.decode("latin-1").split(" ")
        headers: dict[str, str] = {}
        while (header := self._file.readline().decode("latin-1").strip()) != "":
            name, _, value = header.partition(":")
            headers[name.strip().lower()] = value.strip()
        body = self._file.read(int(headers.get("content-length", "0")))
        seen = Seen(method, target, headers, body)
        self._server.seen.append(seen)
        return seen

    def write(self, content: bytes) -> None:
        self.sock.sendall(content)

    def close(self) -> None:
        self._file.close()
        self.sock.close()


class Server:
    """Accepts connections, and treats each with the next act; the last act is for all that follow."""

    def __init__(self, *acts: Act, tls: ssl.SSLContext | None = None) -> None:
        self.seen: list[Seen] = []
        self.accepted = 0
        self._acts = list(acts)
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(PATIENCE)
        self._thread = threading.Thread(target=self._serve)
        self._over = threading.Event()
        self._open: socket.socket | None = None

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the connection that is open, and the wait for another one.

        A client may keep a connection open for as long as it likes: requests does until the garbage
        collector comes to an error's traceback.
        """
        self._over.set()
        sock = self._open
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            pass
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        self._listener.close()

    def _serve(self) -> None:
        while not self._over.is_set():
            sock, _ = self._listener.accept()
            if self._over.is_set():
                sock.close()
                return
            self.accepted += 1
            # A client that leaves early, or speaks TLS to us, is a part of some scenarios.
            with suppress(OSError, ValueError):
                self._treat(sock)

    def _treat(self, sock: socket.socket) -> None:
        sock.settimeout(PATIENCE)
        if self._tls is not None:
            sock = self._tls.wrap_socket(sock, server_side=True)
        self._open = sock
        connection = Connection(sock, self)
        act = self._acts.pop(0) if len(self._acts) > 1 else self._acts[0]
        try:
            act(connection)
        finally:
            self._open = None
            connection.close()


@contextmanager
def serving(*acts: Act, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server for the time of a with-block."""
    server = Server(*acts, tls=tls)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def answering(content: bytes) -> Act:
    """Read each request of a connection, and answer it with these bytes, until the client goes."""

    def act(connection: Connection) -> None:
        while connection.read() is not None:
            connection.write(content)
            if b"connection: close" in content.lower():
                return

    return act


def http(status: str, body: bytes = b"", **headers: str) -> bytes:
    """An answer with its length; header names are written with underscores."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def unread_close(connection: Connection) -> None:
    """Close before anything is read."""


def read_close(connection: Connection) -> None:
    """Read the request, and close without an answer."""
    connection.read()


def write_close(content: bytes) -> Act:
    """Read the request, write these bytes, whole or not, and close."""

    def act(connection: Connection) -> None:
        connection.read()
        connection.write(content)

    return act


def silent(connection: Connection) -> None:
    """Read the request, and say nothing until the client goes or the test is over."""
    connection.read()
    connection.read()


def refused_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
