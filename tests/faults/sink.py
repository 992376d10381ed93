"""A mail server that keeps a line for every mail it takes, and can be as unkind as real ones.

    python -m tests.faults.sink --port 2525 --file taken

What is wrong with an address stands in it: `robin+hang@example.org` hangs the first time it is written to and is well
from then on; +gone is refused for good. It knows no Django and does little else, so that it takes some thousand mails
a second.
"""

import argparse
import asyncio
import base64
import json
import os
import re
import socket
import struct
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path

from scripts.postgres import free_port
from scripts.preflight import CHECKOUT
from scripts.processes import die_with_parent, end

PASSING = ("421", "450", "hang", "reset", "late-reset")  # what goes wrong once
RESET_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: close with an RST
MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Taken:
    """A mail that the server took into its keeping."""

    to: str
    message_id: str
    at: float


def trouble_of(address: str) -> str:
    """ "hang" of robin+hang@example.org."""
    return address.partition("@")[0].partition("+")[2]


@dataclass(frozen=True)
class Manner:
    """How it treats everybody."""

    password: str = "secret"
    refuses_sender: bool = False
    slow: float = 0.0  # seconds to think about each reader and about each mail
    stuck_at: str = ""  # "reader" or "mail": what it never answers ...
    stuck_after: int = 0  # ... once it has taken so many mails


class Server:
    def __init__(self, file: Path, manner: Manner) -> None:
        self.file = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.manner = manner
        self.taken = 0
        self.seen: Counter[str] = Counter()

    def keep(self, to: str, content: bytes) -> None:
        """Written before the client hears of it, as by a server that keeps its word."""
        found = MESSAGE_ID.search(content.partition(b"\r\n\r\n")[0])
        line = {"to": to, "message_id": found[1].decode() if found else "", "at": time.time()}
        os.write(self.file, json.dumps(line).encode() + b"\n")
        self.taken += 1

    def trouble(self, to: str) -> str:
        """What goes wrong with this address now."""
        trouble = trouble_of(to)
        self.seen[to] += 1
        return trouble if trouble == "gone" or (trouble in PASSING and self.seen[to] == 1) else ""

    def is_stuck(self, at: str) -> bool:
        return self.manner.stuck_at == at and self.taken >= self.manner.stuck_after


class Session(asyncio.Protocol):
    """One client's connection."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.buffer = bytearray()
        self.is_in_data = False
        self.to = self.trouble = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.say("220 sink")

    def say(self, line: str) -> None:
        self.transport.write(line.encode() + b"\r\n")

    def say_yes(self, to: str, line: str) -> None:
        """To a "reader" or a "mail", after some thought."""
        if self.server.is_stuck(to):
            return
        if slow := self.server.manner.slow:
            asyncio.get_running_loop().call_later(slow, self.say, line)
        else:
            self.say(line)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while True:
            ending = b"\r\n.\r\n" if self.is_in_data else b"\r\n"
            taken, found, rest = self.buffer.partition(ending)
            if not found:
                return
            self.buffer = rest
            if self.is_in_data:
                self.content(bytes(taken))
            else:
                self.command(bytes(taken).decode(errors="replace"))

    def command(self, line: str) -> None:
        verb = line[:4].upper()
        if verb == "EHLO":
            self.say("250-sink\r\n250-AUTH PLAIN\r\n250 8BITMIME")
        elif verb == "AUTH":
            self.authenticate(line)
        elif verb == "MAIL" and self.server.manner.refuses_sender:
            self.say("553 5.7.1 Sender address rejected: not owned by user")
        elif verb == "RCPT":
            self.recipient(line[line.index("<") + 1 : line.index(">")])
        elif verb == "DATA":
            self.is_in_data = True
            self.say("354 go on")
        elif verb == "QUIT":
            self.say("221 bye")
            self.transport.close()
        else:
            self.say("250 ok")

    def authenticate(self, line: str) -> None:
        password = base64.b64decode(line.split()[-1]).split(b"\0")[-1].decode()
        self.say("235 welcome" if password == self.server.manner.password else "535 5.7.8 wrong password")

    def recipient(self, to: str) -> None:
        self.to, self.trouble = to, self.server.trouble(to)
        if self.trouble == "gone":
            self.say("550 5.1.1 no such person here")
        elif self.trouble == "450":
            self.say("450 4.2.0 come back later")
        elif self.trouble == "421":
            self.say("421 too busy")
            self.transport.close()
        elif self.trouble == "reset":
            self.reset()
        elif self.trouble != "hang":
            self.say_yes("reader", "250 ok")

    def content(self, content: bytes) -> None:
        self.is_in_data = False
        self.server.keep(self.to, content)
        if self.trouble == "late-reset":
            self.reset()
        else:
            self.say_yes("mail", "250 taken")

    def reset(self) -> None:
        line: socket.socket = self.transport.get_extra_info("socket")
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_ONCE)
        self.transport.abort()


class Sink:
    """A sink in a process of its own, from the outside: its address, and what it has taken."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.file = folder / "taken"
        self.file.touch()

    @property
    def url(self) -> str:
        return f"smtp://chair:secret@127.0.0.1:{self.port}"

    @contextmanager
    def running(self, *options: str) -> Iterator[None]:
        """As it should be, or with options, of which each is a `Manner`."""
        command = [sys.executable, "-m", "tests.faults.sink", "--port", str(self.port), "--file", str(self.file)]
        server = subprocess.Popen([*command, *options], cwd=CHECKOUT, preexec_fn=die_with_parent())
        try:
            self.wait(server)
            yield
        finally:
            end(server)

    def wait(self, server: subprocess.Popen[bytes]) -> None:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                assert server.poll() is None, "the sink did not start"
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("the sink does not answer")

    def empty(self) -> None:
        os.truncate(self.file, 0)

    def count(self) -> int:
        return self.file.read_bytes().count(b"\n")

    def taken(self) -> list[Taken]:
        return [Taken(**json.loads(line)) for line in self.file.read_text().splitlines()]


async def serve(port: int, server: Server) -> None:
    listening = await asyncio.get_running_loop().create_server(lambda: Session(server), "127.0.0.1", port)
    await listening.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description="Take mail, and write down what was taken.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--file", type=Path, required=True)
    for option in fields(Manner):
        parser.add_argument(f"--{option.name.replace('_', '-')}", type=type(option.default), default=option.default)
    chosen = vars(parser.parse_args())
    port, file = chosen.pop("port"), chosen.pop("file")
    asyncio.run(serve(port, Server(file, Manner(**chosen))))


if __name__ == "__main__":
    main()
