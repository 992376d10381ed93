"""Files that are sent to us: taken by views that say so, from members, up to a size; from nobody else, anywhere."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import HttpResponseBase

from apps.profiles.developing import MOST_BYTES
from apps.profiles.door import is_member

View = Callable[..., HttpResponseBase]
PATIENTLY = 4 * MOST_BYTES  # up to here what is too large is read to its end, so that the page can say so


def takes_file(view: View) -> View:
    """A view with a form that takes one file."""
    view.takes_file = True  # type: ignore[attr-defined]
    return view


class OnlyWhereAsked(TemporaryFileUploadHandler):
    """Into the system's folder for what is temporary, and gone with the request. All else is not read any further."""

    is_taken = False

    def handle_raw_input(
        self, input_data: Any, META: dict[str, Any], content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        match = self.request.resolver_match if self.request else None
        is_asked_for = match is not None and getattr(match.func, "takes_file", False)
        self.is_taken = bool(is_asked_for and content_length <= PATIENTLY and is_member(self.request.user))  # type: ignore[union-attr]

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if not self.is_taken:
            raise StopUpload(connection_reset=True)
        self.is_taken = False  # one, and no other
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) <= MOST_BYTES:  # the rest is counted, and not kept
            self.file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        self.file.seek(0)
        self.file.size = file_size
        return self.file
