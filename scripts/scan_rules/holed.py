"""A page with holes, which the scanner must find behind a cookie, or else it proves nothing. Never part of the app."""

import sys
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, make_server

FORM = '<form method="post" action="/say"><input name="words" value="x"><input type="submit"></form>'
LINKS = '<a href="/away?next=/">away</a> <a href="/read?file=motto.txt">read</a>'


class Quiet(WSGIRequestHandler):
    def log_message(self, *_words: Any) -> None:
        pass


def page(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    if "session=open" not in environ.get("HTTP_COOKIE", ""):
        start("200 OK", [("Content-Type", "text/html")])
        return [b"<p>Nothing to see without a cookie.</p>"]
    asked = parse_qs(environ["QUERY_STRING"])
    if environ["PATH_INFO"] == "/away":
        start("302 Found", [("Location", asked.get("next", ["/"])[0])])
        return [b""]
    said = ""
    if environ["REQUEST_METHOD"] == "POST":
        length = int(environ.get("CONTENT_LENGTH") or 0)
        said = parse_qs(environ["wsgi.input"].read(length).decode()).get("words", [""])[0]
    if environ["PATH_INFO"] == "/read" and "passwd" in asked.get("file", [""])[0]:
        said = "root:x:0:0:root:/root:/bin/bash"  # as if it had read it
    start("200 OK", [("Content-Type", "text/html")])
    return [f"<html><body><p>{said}</p>{FORM}{LINKS}</body></html>".encode()]


if __name__ == "__main__":
    make_server("127.0.0.1", int(sys.argv[1]), page, handler_class=Quiet).serve_forever()
