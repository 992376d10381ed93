"""Everything that is one member's, as a ZIP of JSON: a file for each kind of thing, as the inventory says."""

import json
import os
import secrets
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from apps.privacy.inventory import files_of
from apps.privacy.leaving import each
from apps.privacy.models import A_DAY, Export
from apps.profiles.developing import SIZES
from apps.profiles.models import Member, Picture


def sweep_exports(now: datetime) -> None:
    each(Export.objects.over(now), Export.forget)
    each(Export.objects.to_make().values_list("pk", flat=True), make)
    forget_strays(now)


def forget_strays(now: datetime) -> None:
    """Files without a row, of a process that was stopped in between."""
    known = {export.file for export in Export.objects.all()}
    for file in Path(settings.EXPORTS_ROOT).glob("*.zip*"):
        if file not in known and file.stat().st_mtime <= (now - A_DAY).timestamp():
            file.unlink(missing_ok=True)


def make(pk: int) -> None:
    """Twice at once makes the same file twice, and tells the member once."""
    export = Export.objects.to_make().select_related("member").filter(pk=pk).first()
    if export is None:
        return
    write(export.member, export.file)
    export.say_ready()


def write(member: Member, file: Path) -> None:
    """A file that can be read by nobody else on this machine, and is whole from the moment it is there."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as opened, ZipFile(opened, "w", ZIP_DEFLATED) as archive:
        archive.writestr("read-me.txt", read_me())
        for name, rows in contents(member).items():
            archive.writestr(f"{name}.json", as_json(rows))
        for picture in Picture.objects.of(member).shown():
            put(archive, picture.file(max(SIZES)))
    unfinished.replace(file)


def put(archive: ZipFile, picture: Path) -> None:
    with suppress(FileNotFoundError):  # taken away a moment ago
        archive.write(picture, "your-picture.webp")


def contents(member: Member) -> dict[str, list[dict[str, Any]]]:
    """One query for each file."""
    return {
        file.name: [
            {path.replace("__", "_"): value for path, value in row.items()}
            for row in file.rows_of(member).values(*file.paths)
        ]
        for file in files_of()
    }


def as_json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)


def read_me() -> str:
    return _(
        "Everything that %(community)s knows of you, a file for each kind of thing. They are JSON, which any text "
        "editor shows and other programs can read; a picture of yours lies beside them. Times are in UTC unless a time "
        "zone stands beside them. What others wrote or are is theirs, and is not in here.\n"
    ) % {"community": settings.COMMUNITY_NAME}
