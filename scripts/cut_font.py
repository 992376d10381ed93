"""Cut the one heading font from Fraunces: a single static instance, Latin-1 and punctuation, as woff2.

Run when Fraunces is renewed, in a folder of its own:

    npm pack @fontsource-variable/fraunces && tar xzf fontsource-variable-fraunces-*.tgz
    .venv/bin/python scripts/cut_font.py package static/fonts
"""

import argparse
import shutil
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

AXES = {"wght": 560, "SOFT": 100, "WONK": 0, "opsz": 72}
LATIN_1 = [*range(0x20, 0x7F), *range(0xA0, 0x100)]
PUNCTUATION = [ord(character) for character in "–—‘’‚“”„†•…‹›€−✓ŒœŠšŽžŸ\u2009\u202f"]
MOST_BYTES = 25_000


def cut(source: Path, target: Path) -> int:
    """Write the subset of `source` to `target`; return its size in bytes."""
    font = instancer.instantiateVariableFont(TTFont(source), AXES)
    options = Options()
    options.layout_features = ["kern", "liga", "mark", "mkmk", "locl", "ccmp", "lnum"]
    options.hinting = False
    options.flavor = "woff2"
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=LATIN_1 + PUNCTUATION)
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(target)
    return target.stat().st_size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path, help="the unpacked npm package")
    parser.add_argument("fonts", type=Path, help="the folder to write to")
    arguments = parser.parse_args()
    target = arguments.fonts / "fraunces.woff2"
    size = cut(arguments.package / "files" / "fraunces-latin-full-normal.woff2", target)
    shutil.copy(arguments.package / "LICENSE", arguments.fonts / "fraunces-OFL.txt")
    print(f"{target}: {size} bytes")
    if size > MOST_BYTES:
        raise SystemExit(f"That is more than the {MOST_BYTES} bytes a first visit can spare.")


if __name__ == "__main__":
    main()
