"""How pictures are looked at and made anew: in a process of their own, with bounds, and no secrets of ours in reach."""

import logging
import subprocess
import sys
from pathlib import Path

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 25_000_000
MOST_FRAMES = 500
SIZES = (96, 240, 640)  # pixels, of each side
LOOKING = ("320", "0.5")  # megabytes that may be asked for, and seconds of work
MAKING = ("448", "20")
PATIENCE = {"look": 10, "develop": 60}  # seconds, on a machine that is busy with other things
DARKROOM = Path(__file__).with_name("darkroom.py")
logger = logging.getLogger(__name__)


def look(file: Path) -> str:
    """A word for what the file is: "fine", or what is wrong with it."""
    return in_the_darkroom("look", *LOOKING, str(file))


def make_anew(file: Path, stem: Path) -> bool:
    """The picture in our sizes, as files that begin with `stem`."""
    return in_the_darkroom("develop", *MAKING, str(file), str(stem), *map(str, SIZES)) == "fine"


def in_the_darkroom(act: str, megabytes: str, seconds: str, file: str, *more: str) -> str:
    program = [sys.executable, "-I", str(DARKROOM)]
    what = [act, megabytes, seconds, file, str(MOST_PIXELS), str(MOST_FRAMES), *more]
    try:
        done = subprocess.run([*program, *what], env={}, capture_output=True, timeout=PATIENCE[act], check=False)
    except subprocess.TimeoutExpired:
        return "broken"
    if done.returncode:
        logger.info("The darkroom ended with %s.", done.returncode)
    return done.stdout.decode().strip() if not done.returncode else "broken"
