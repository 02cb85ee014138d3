"""A server that accepts every connection and never says a word."""

from __future__ import annotations

import contextlib
import random
import socket
import threading
from collections.abc import Iterator


@contextlib.contextmanager
def mute_server() -> Iterator[int]:
    """Yield the port of one on 127.0.0.1."""
    held = []
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    held.append(listener.accept()[0])

        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
    for connection in held:
        connection.close()


_PORTS = range(10_000, 20_000)
"""Below those that a system gives to callers: between the look and the use nobody else gets one of these by chance."""
_LOTS = random.SystemRandom()


def free_port() -> int:
    """Return a port that nobody listens on."""
    while True:
        port = _LOTS.choice(_PORTS)
        with socket.socket() as free, contextlib.suppress(OSError):
            free.bind(("127.0.0.1", port))
            return port
