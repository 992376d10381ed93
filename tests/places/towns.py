"""Some forty real towns in the form of the shipped file: every test that needs a gazetteer loads these."""

from io import StringIO
from pathlib import Path

from django.core.management import call_command

FILE = Path(__file__).parent / "towns.csv"

BRISTOL, LONDON, YORK, MUNICH = 2654675, 2643743, 2633352, 2867714
NEWPORT_IN_WALES, NEWPORT_ON_WIGHT, NEWPORT_IN_ESSEX = 2641598, 2641599, 2641597


def load_towns(**options: object) -> str:
    """What the command says."""
    said = StringIO()
    call_command("load_towns", **{"file": FILE, "stdout": said} | options)
    return said.getvalue()
