"""A program of its own, in which pictures that people sent are looked at and made anew; nothing else opens them.

    darkroom.py look <megabytes> <seconds> <file> <most pixels> <most frames>
    darkroom.py develop <megabytes> <seconds> <file> <most pixels> <most frames> <stem> <size> ...

It knows nothing of the app and gets none of its secrets. Whatever a file was made to do to those who read it, it does
to this process: that has so much memory and so much time, and is then ended by the system. What it finds it says as one
word; where it says none, the file was more than it could bear.
"""

import os
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ["JPEG", "PNG", "WEBP", "GIF"]  # by what is in the file, whatever its name says
FINE, UNKNOWN, BROKEN, TOO_MANY_PIXELS, TOO_MANY_FRAMES = "fine", "unknown", "broken", "pixels", "frames"
ORIENTATION = 0x0112  # in EXIF: which side is up
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
PAPER = "#fffdf9"  # behind whatever is see-through
GIF_IMAGE, GIF_MORE, GIF_END = 0x2C, 0x21, 0x3B
MOST_BLOCKS = 200_000  # in a GIF; one of 8 MB has 33,000, unless it was made to be read slowly


class Refused(Exception):
    """With the word for it."""


def bound(megabytes: int, seconds: float) -> None:
    """From here on the system ends whatever takes more."""
    if sys.platform == "linux":  # elsewhere it cannot be set
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.setitimer(signal.ITIMER_PROF, seconds)  # of work, however busy the machine is
    os.umask(0o077)


def opened(file: Path, most_pixels: int) -> Image.Image:
    """Only its head is read."""
    Image.MAX_IMAGE_PIXELS = most_pixels
    try:
        image = Image.open(file, formats=FORMATS)
    except UnidentifiedImageError:
        raise Refused(UNKNOWN) from None
    except Image.DecompressionBombError:
        raise Refused(TOO_MANY_PIXELS) from None
    if image.width * image.height > most_pixels:
        raise Refused(TOO_MANY_PIXELS)
    return image


def look(file: Path, most_pixels: int, most_frames: int) -> None:
    """Without decoding a pixel. Raises Refused, or whatever a reader stumbles over."""
    data = file.read_bytes()
    is_gif = data.startswith((b"GIF87a", b"GIF89a"))
    frames = gif_frames(data, most_frames) if is_gif else 1  # asking the library would read them all
    image = opened(file, most_pixels)
    if max(frames, 0 if is_gif else getattr(image, "n_frames", 1)) > most_frames:
        raise Refused(TOO_MANY_FRAMES)
    if image.format == "PNG":
        image.verify()
    elif data.startswith(b"\xff\xd8") and data.rfind(b"\xff\xd9") < data.rfind(b"\xff\xda"):
        raise Refused(BROKEN)  # it begins and does not end
    elif image.format == "WEBP" and int.from_bytes(data[4:8], "little") > len(data) - 8:
        raise Refused(BROKEN)


def gif_frames(data: bytes, most: int) -> int:
    """How many, counted no further than one too many."""
    frames = 0
    for kind in gif_blocks(data):
        frames += kind == GIF_IMAGE
        if frames > most:
            break
    return frames


def gif_blocks(data: bytes) -> Iterator[int]:
    """The kind of each block. Raises Refused, or IndexError where the file ends too early."""
    at, left = 13 + palette(data[10]), MOST_BLOCKS
    while (kind := data[at]) != GIF_END:
        yield kind
        if kind == GIF_IMAGE:
            at += 11 + palette(data[at + 9])
        elif kind == GIF_MORE:
            at += 2
        else:
            raise Refused(BROKEN)
        while size := data[at]:
            at, left = at + 1 + size, left - 1
            if not left:
                raise Refused(TOO_MANY_FRAMES)
        at += 1


def palette(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def develop(file: Path, most_pixels: int, stem: Path, sizes: list[int]) -> None:
    """As squares, upright, of the first frame; pixels are all that is left of it."""
    image = opened(file, most_pixels)
    turn = UPRIGHT.get(image.getexif().get(ORIENTATION, 1))
    image.draft("RGB", (2 * max(sizes), 2 * max(sizes)))  # a JPEG can be read smaller than it is
    side = min(max(sizes), *image.size)
    square = on_paper(ImageOps.fit(ready_to_shrink(image), (side, side), Image.Resampling.LANCZOS))
    for size in sizes:
        small = min(size, side)
        print_of = Image.new("RGB", (small, small))
        print_of.paste(square.resize((small, small), Image.Resampling.LANCZOS))
        (print_of if turn is None else print_of.transpose(turn)).save(f"{stem}-{size}.webp", "WEBP", quality=82)


def ready_to_shrink(image: Image.Image) -> Image.Image:
    """In a form of which neighbouring pixels can be mixed."""
    if image.mode in ("RGB", "RGBA"):
        return image
    is_see_through = "transparency" in image.info or image.mode in ("LA", "La", "PA", "RGBa")
    return image.convert("RGBA" if is_see_through else "RGB")


def on_paper(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    paper = Image.new("RGBA", image.size, PAPER)
    paper.alpha_composite(image)
    return paper.convert("RGB")


def main(act: str, megabytes: str, seconds: str, file: str, pixels: str, frames: str, *more: str) -> str:
    bound(int(megabytes), float(seconds))
    try:
        if act == "look":
            look(Path(file), int(pixels), int(frames))
        else:
            develop(Path(file), int(pixels), Path(more[0]), [int(size) for size in more[1:]])
    except Refused as refused:
        return str(refused)
    except Exception:  # whatever a reader stumbles over that was made to be stumbled over
        return BROKEN
    return FINE


if __name__ == "__main__":
    print(main(*sys.argv[1:]))
