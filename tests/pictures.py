"""Pictures as people send them, and as somebody sends them who means no good."""

import io
import struct
import zlib
from functools import cache
from typing import Any

from PIL import Image, ImageDraw, PngImagePlugin

from apps.profiles.developing import SIZES
from apps.profiles.models import Member, Picture
from apps.profiles.pictures import folder, new_name

MEGABYTE = 1024 * 1024
SECRET = "owl-lane-77"  # hidden in every place that a picture has for words
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<html><script>alert(1)</script></html>"


def photo(width: int = 1200, height: int = 900) -> Image.Image:
    """Blue above, sand below, and a red sun at the right: one can tell which side is up."""
    image = Image.new("RGB", (width, height), "#4a78b5")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height // 2, width, height), fill="#d8b77a")
    draw.ellipse((width * 0.6, height * 0.1, width * 0.6 + height * 0.3, height * 0.4), fill="#c0281c")
    return image


def saved(image: Image.Image, kind: str, **more: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **more)
    return file.getvalue()


def exif(orientation: int = 1) -> bytes:
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010E] = SECRET  # a description
    tags.get_ifd(0x8825).update({1: "N", 2: (51.0, 27.0, 19.0), 3: "W", 4: (2.0, 35.0, 48.0), 29: SECRET})
    return tags.tobytes()


def xmp() -> bytes:
    return f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf>{SECRET}</rdf></x:xmpmeta>'.encode()


def icc() -> bytes:
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + SECRET.encode()


@cache
def fine() -> dict[str, bytes]:
    """Each is accepted, and nothing that it carries beside its pixels may be left."""
    image, told = photo(), {"exif": exif(), "icc_profile": icc(), "xmp": xmp()}
    text = PngImagePlugin.PngInfo()
    text.add_itxt("Comment", SECRET)
    text.add_text("Author", SECRET, zip=True)
    frames = [photo(300 + number, 300).resize((300, 300)) for number in range(6)]
    return {
        "jpeg": saved(image, "JPEG", comment=SECRET, **told),
        "progressive jpeg": saved(image, "JPEG", progressive=True, **told),
        "jpeg in inks": saved(image.convert("CMYK"), "JPEG", **told),
        "grey jpeg": saved(image.convert("L"), "JPEG", comment=SECRET),
        "jpeg with a page behind it": saved(image, "JPEG", comment=HTML) + HTML + SECRET.encode(),
        "png": saved(image, "PNG", pnginfo=text, exif=exif(), icc_profile=icc()),
        "png one can see through": saved(Image.new("RGBA", (400, 300), (200, 30, 30, 90)), "PNG", pnginfo=text),
        "png of 256 colours": saved(image.convert("P"), "PNG", pnginfo=text, transparency=3),
        "png of 16 bits": saved(Image.new("I;16", (200, 200), 40_000), "PNG", pnginfo=text),
        "webp": saved(image, "WEBP", **told),
        "webp of a few frames": saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], **told),
        "png of a few frames": saved(frames[0], "PNG", save_all=True, append_images=frames[1:], pnginfo=text),
        "gif of a few frames": saved(
            frames[0], "GIF", save_all=True, append_images=frames[1:], comment=SECRET.encode()
        ),
        "gif with a comment of seven megabytes": gif_with_comment(7 * MEGABYTE),
        "a single pixel": saved(Image.new("RGB", (1, 1), "red"), "PNG"),
        "a long strip": saved(Image.new("RGB", (20_000, 3), "red"), "PNG"),
    }


@cache
def bad() -> dict[str, tuple[bytes, str]]:
    """Each with a part of the sentence that says what is wrong with it."""
    image = photo()
    jpeg, png, webp = saved(image, "JPEG", exif=exif()), saved(image, "PNG"), saved(image, "WEBP")
    gif = saved(image.convert("P"), "GIF")
    unknown, broken, pixels, frames = "not a picture that we can read", "cut off or damaged", "million pixels", "moves"
    return {
        "png of 50,000 x 50,000": (png_of(50_000, 50_000), pixels),
        "jpeg of 50,000 x 50,000": (jpeg_of(50_000, 50_000), pixels),
        "gif of 50,000 x 50,000": (b"GIF89a" + struct.pack("<HH", 50_000, 50_000) + gif[10:], pixels),
        "webp of 16,000 x 16,000": (webp_of(16_000, 16_000), pixels),
        "png of one row too many": (png_of(5_000, 5_001), pixels),
        "png of two billion pixels each way": (png_of(2**31 - 1, 2**31 - 1), pixels),
        "gif of 10,000 frames": (gif_of(10_000), frames),
        "gif of 400,000 frames": (gif_of(400_000), frames),
        "gif of endless blocks": (gif_of(1, b"\x01\x00" * 4_000_000), frames),
        "png of 10,000 frames": (png_of(10, 10, chunk(b"acTL", struct.pack(">II", 10_000, 0))), frames),
        "webp of 10,000 frames": (webp_of_frames(10_000), frames),
        "svg dressed as png": (SVG, unknown),
        "svg behind the first bytes of a png": (png[:8] + SVG, unknown),
        "html dressed as jpeg": (HTML, unknown),
        "html with a jpeg in it": (HTML + jpeg, unknown),
        "a megabyte of words": (b"x" * MEGABYTE, unknown),
        "a megabyte of nothing": (bytes(MEGABYTE), unknown),
        "tiff": (saved(image, "TIFF"), unknown),
        "bmp": (saved(image.resize((99, 99)), "BMP"), unknown),
        "ico": (saved(image.resize((64, 64)), "ICO"), unknown),
        "eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", unknown),
        "pdf": (b"%PDF-1.7\n" + bytes(1000), unknown),
        "jpeg cut in half": (jpeg[: len(jpeg) // 2], broken),
        "jpeg without its last bytes": (jpeg[:-2], broken),
        "jpeg of its first bytes": (jpeg[:12], broken),
        "png cut in half": (png[: len(png) // 2], broken),
        "png without its last bytes": (png[:-13], broken),
        "webp cut in half": (webp[: len(webp) // 2], broken),
        "gif cut in half": (gif[: len(gif) // 2], broken),
        "png whose words unpack to a gigabyte": (png_of(10, 10, packed_words(b"zTXt", 1024)), broken),
        "png whose words in another script do": (png_of(10, 10, packed_words(b"iTXt", 1024)), broken),
        "png whose colour profile does": (png_of(10, 10, packed_words(b"iCCP", 1024)), broken),
        "png of a thousand packed words": (png_of(10, 10, packed_words(b"zTXt", 1) * 1000), broken),
        "png of 600,000 tiny chunks": (png_of(10, 10, chunk(b"teXt", b"") * 600_000), broken),
        "jpeg of two million tiny comments": (jpeg[:2] + b"\xff\xfe\x00\x02" * 2_000_000 + jpeg[2:], broken),
        "jpeg that begins with eight megabytes of filling": (jpeg[:2] + b"\xff" * 8_000_000 + jpeg[2:], broken),
    }  # fmt: skip


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(width: int, height: int, before: bytes = b"", rows: bytes = b"") -> bytes:
    """A few bytes that say they are so large: there is one row, and it is blank."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    rows = rows or zlib.compress(bytes(1 + 3 * min(width, 60_000)))
    return b"\x89PNG\r\n\x1a\n" + head + before + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def packed_words(kind: bytes, megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    packed = (
        b"".join(packer.compress(bytes(MEGABYTE)) for _ in range(megabytes)) + packer.compress(b"x") + packer.flush()
    )
    head = {b"zTXt": b"Comment\0\0", b"iTXt": b"Comment\0\x01\0\0\0", b"iCCP": b"p\0\0"}[kind]
    return chunk(kind, head + packed)


def jpeg_of(width: int, height: int) -> bytes:
    jpeg = saved(Image.new("RGB", (16, 16)), "JPEG")
    at = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:at] + struct.pack(">HH", height, width) + jpeg[at + 4 :]


def gif_of(frames: int, blocks: bytes = b"\x02D\x01\x00") -> bytes:
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02" + blocks
    return b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff" + frame * frames + b"\x3b"


def gif_with_comment(size: int) -> bytes:
    gif = gif_of(1)
    return gif[:19] + b"\x21\xfe" + (b"\xff" + b"x" * 255) * (size // 256) + b"\x00" + gif[19:]


def riff(chunks: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WEBP" + chunks


def webp_chunk(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def webp_head(width: int, height: int, flags: int) -> bytes:
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return webp_chunk(b"VP8X", bytes([flags, 0, 0, 0]) + size)


def webp_of(width: int, height: int) -> bytes:
    """One small frame in a canvas that says it is so large."""
    return riff(webp_head(width, height, 0x02) + webp_chunk(b"ANIM", bytes(6)) + webp_frame())


def webp_of_frames(frames: int) -> bytes:
    return riff(webp_head(2, 2, 0x02) + webp_chunk(b"ANIM", bytes(6)) + webp_frame() * frames)


def webp_frame() -> bytes:
    """Of two by two pixels, for the tenth of a second."""
    still = saved(Image.new("RGB", (2, 2)), "WEBP", lossless=True)[12:]
    where = bytes(6) + (1).to_bytes(3, "little") * 2 + (100).to_bytes(3, "little") + b"\0"
    return webp_chunk(b"ANMF", where + still)


@cache
def small() -> bytes:
    return saved(Image.new("RGB", (8, 8), "green"), "WEBP")


def give_picture(member: Member) -> Picture:
    """One that has been made already."""
    name = new_name()
    folder().mkdir(exist_ok=True)
    for size in SIZES:
        (folder() / f"{name}-{size}.webp").write_bytes(small())
    return Picture.objects.create(member=member, key=name)
