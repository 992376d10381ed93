"""Is the web process of this container alive? For its health check: exit code 0 or 1.

It asks under the community's own name, since the app answers to no other.
"""

import os
import sys
import urllib.request
from urllib.parse import urlsplit


def main() -> None:
    name = urlsplit(os.environ.get("BASE_URL", "")).hostname or "localhost"
    port = os.environ.get("PORT", "8000")
    question = urllib.request.Request(f"http://127.0.0.1:{port}/livez", headers={"Host": name})
    try:
        with urllib.request.urlopen(question, timeout=4):
            pass
    except OSError as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main()
