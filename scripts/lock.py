"""`make lock`: turn requirements/*.in into locks with hashes, for every system and Python from 3.11 on.

No lock names the host it came from: whoever installs has their own.
"""

import subprocess
import sys

from scripts.preflight import CHECKOUT

OPTIONS = (
    "--universal --python-version 3.11 --generate-hashes --upgrade --quiet "
    "--no-emit-index-url --no-emit-find-links --no-header --no-annotate"
).split()


def main() -> None:
    for name in ("base", "dev", "scan"):  # dev is held to what base chose
        files = [f"{name}.in", "--output-file", f"{name}.txt"]
        command = [sys.executable, "-m", "uv", "pip", "compile", *OPTIONS, *files]
        if subprocess.run(command, cwd=CHECKOUT / "requirements", check=False).returncode != 0:
            sys.exit(f"{name}.txt could not be made; the reason is above.")
        print(f"requirements/{name}.txt is up to date.")


if __name__ == "__main__":
    main()
