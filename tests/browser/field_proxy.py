"""A bad line: a proxy on the loopback address that goes dead in mid-send until it is mended."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class BadLine:
    """Forwards to *port*; once armed, it is dead from the *after*-th byte on."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.after: int | None = None
        self.dead = False
        self.open: set[socket.socket] = set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.own_port: int = self.listener.getsockname()[1]
        self.threads = [threading.Thread(target=self._accept, daemon=True)]
        self.threads[0].start()

    def arm(self, after: int) -> None:
        """Break the line when so many more bytes went up."""
        self.after = after

    def mend(self) -> None:
        """Forward again."""
        self.dead = False

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                if self.dead:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self.port))
                self.open |= {near, far}
                for one, other, up in ((near, far, True), (far, near, False)):
                    pump = threading.Thread(target=self._pump, args=(one, other, up), daemon=True)
                    pump.start()
                    self.threads.append(pump)

    def _pump(self, one: socket.socket, other: socket.socket, up: bool) -> None:
        with suppress(OSError):
            while data := one.recv(16 * 1024):
                if up and self.after is not None:
                    self.after -= len(data)
                    if self.after < 0:
                        self.after = None
                        other.sendall(data[: len(data) // 2])
                        self.dead = True  # and so is every other connection
                        self._break()
                        break
                other.sendall(data)
        with suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)
        self.open.discard(one)
        one.close()  # the other one is closed by the thread that reads it

    def _break(self) -> None:
        for each in tuple(self.open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@contextmanager
def bad_line(port: int) -> Iterator[BadLine]:
    """A bad line to *port* for the length of a block."""
    line = BadLine(port)
    try:
        yield line
    finally:
        line.listener.shutdown(socket.SHUT_RDWR)
        line.listener.close()
        for thread in line.threads:
            thread.join(5)
