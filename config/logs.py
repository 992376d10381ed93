"""How a line of the log looks: when (UTC), how grave, from where, what; one line, and no secret in it."""

import logging
import re
import time

# Whoever has one of these addresses may read or do something: what stands after the word is a key.
KEYS_IN_PATHS = re.compile(r"(/(?:m|calendar|join|invited|trusted|export)/)[^/\s\"'<>]{6,}")
KEYS_IN_QUESTIONS = re.compile(r"([?&](?:link|next|code|email)=)[^&\s\"']+")
ADDRESSES = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


class Formatter(logging.Formatter):
    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def formatMessage(self, record: logging.LogRecord) -> str:
        return without_breaks(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))


def without_breaks(line: str) -> str:
    """What somebody sent cannot begin a line of its own, nor hide one."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in line)


def without_secrets(text: str) -> str:
    text = KEYS_IN_PATHS.sub(r"\1…", text)
    return ADDRESSES.sub("…@…", KEYS_IN_QUESTIONS.sub(r"\1…", text))


class Telling(logging.Filter):
    """Of what Django notes of its answers: who was refused, and what broke. That a page is not there tells nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        status = getattr(record, "status_code", 500)
        if status == 403:
            record.exc_info = record.exc_text = None  # it was refused as it should be: no fault to be traced
        return bool(status == 403 or status >= 500)
