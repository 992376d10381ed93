"""Lies in the path of the scanner's Python: it reaches this machine and nobody else, and each try is written down."""

import os
import sys
from typing import Any

HERE = {"localhost", "127.0.0.1", "::1", "", None}


def keep_here(event: str, words: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(words[1], tuple):
        host = words[1][0]
    elif event == "socket.getaddrinfo":
        host = words[0]
    else:
        return
    if (host.decode() if isinstance(host, bytes) else host) not in HERE:
        with open(os.environ["TRIED"], "a") as file:
            file.write(f"{host}\n")
        raise OSError(f"{host} is not here")


if "TRIED" in os.environ:
    sys.addaudithook(keep_here)
