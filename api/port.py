"""Whether the port that is asked for can be served on, told in a sentence before anything starts."""

from __future__ import annotations

import errno
import os
import socket

from api.explain import ApiError


def refuse_taken_port(port: int, *, host: str = "127.0.0.1") -> None:
    """Refuse a port that another program serves on, or that this user may not use.

    Parameters
    ----------
    port
    host

    Raises
    ------
    ApiError
        ``port-taken``, ``port-forbidden``, ``address-elsewhere``.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
        if os.name == "posix":  # a port that was just left is free; on Windows the option would share one in use
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise ApiError(1, "port-taken", port=port, other=port + 1 if port < 65535 else port - 1) from None
            if error.errno in (errno.EACCES, errno.EPERM):
                raise ApiError(1, "port-forbidden", port=port) from None
            if error.errno == errno.EADDRNOTAVAIL:
                raise ApiError(1, "address-elsewhere", host=host) from None
            raise
