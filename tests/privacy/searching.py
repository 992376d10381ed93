"""Where a word still stands: every table, every file, the cache and the broker."""

import base64
import binascii
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.storage import default_storage
from redis import Redis

from tests.odd import all_rows

PACKED = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")


def places_of(words: dict[str, str], var: Path, valkey: Redis | None = None) -> dict[str, set[str]]:
    """For each word by its name, the places that have it."""
    found: dict[str, set[str]] = {}
    for place, content in everything(var, valkey):
        for name, word in words.items():
            if word.lower() in content.lower():
                found.setdefault(name, set()).add(place)
    return found


def everything(var: Path, valkey: Redis | None) -> Iterator[tuple[str, str]]:
    for table, rows in all_rows().items():
        yield table, json.dumps(rows, default=str, ensure_ascii=False)
    for session in Session.objects.all():
        yield "inside a session", json.dumps(session.get_decoded())
    for file in var.rglob("*"):
        if file.is_file():
            yield "a file", content_of(file)
    folders, files = default_storage.listdir("")
    yield "media", " ".join([*folders, *files, *(default_storage.open(name).read().decode("latin1") for name in files)])
    if valkey:
        yield from in_valkey(valkey)
    else:
        yield "the cache", repr(getattr(cache, "_cache", {}))


def content_of(file: Path) -> str:
    if file.suffix == ".zip":
        archive = ZipFile(file)
        return " ".join([file.name, *(archive.read(name).decode(errors="replace") for name in archive.namelist())])
    return f"{file.name} {file.read_bytes().decode('latin1')}"


def in_valkey(valkey: Redis) -> Iterator[tuple[str, str]]:
    """Cache and broker alike; what a message carries is packed, some of it twice."""
    for key in valkey.scan_iter():
        read: dict[bytes, Any] = {
            b"string": valkey.get,
            b"list": lambda name: valkey.lrange(name, 0, -1),
            b"set": valkey.smembers,
            b"hash": valkey.hgetall,
            b"zset": lambda name: valkey.zrange(name, 0, -1),
        }
        raw = f"{key!r} {read[valkey.type(key)](key)!r}"  # type: ignore[index]  # not async
        yield "Valkey", " ".join([raw, *unpacked(raw)])


def unpacked(text: str) -> Iterator[str]:
    for found in PACKED.findall(text):
        try:
            inner = base64.b64decode(found, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
        yield inner
        yield from unpacked(inner)
