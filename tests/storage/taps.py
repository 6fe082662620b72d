"""A way to a server that lets so many bytes through and no more, and kills who sends them."""

from __future__ import annotations

import os
import signal
import socket
import threading
from contextlib import suppress

PATIENCE = 60.0


class Tap:
    """Forwards connections, until so many bytes have gone to the server: then the sender dies.

    Args:
        address: of the server: ``http://host:port``.
        lets: bytes that go to the server; None for all.

    Attributes:
        sent: bytes that went there.
    """

    def __init__(self, address: str, lets: int | None = None) -> None:
        host, _, port = address.rpartition("/")[2].partition(":")
        self._server = (host, int(port))
        self._lets = lets
        self._lock = threading.Lock()
        self._victim: int | None = None
        self._is_known = threading.Event()
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.sent = 0

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def tell(self, victim: int) -> None:
        """Say which process is to die."""
        self._victim = victim
        self._is_known.set()

    def __enter__(self) -> Tap:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._server)
                self._sockets += [client, server]
                threading.Thread(target=self._to_server, args=(client, server), daemon=True).start()
                threading.Thread(target=self._back, args=(server, client), daemon=True).start()

    def _to_server(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while content := client.recv(2**16):
                with self._lock:
                    left = len(content) if self._lets is None else self._lets - self.sent
                    server.sendall(content[:left])
                    self.sent += len(content[:left])
                    is_over = self.sent == self._lets
                if is_over:
                    self._kill()
                    return
            server.shutdown(socket.SHUT_WR)

    def _back(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while content := server.recv(2**16):
                client.sendall(content)

    def _kill(self) -> None:
        if self._is_known.wait(PATIENCE) and self._victim is not None:
            with suppress(ProcessLookupError):
                os.kill(self._victim, signal.SIGKILL)
