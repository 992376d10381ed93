import pytest

from tests.places.towns import load_towns


@pytest.fixture
def gazetteer(db: None) -> None:
    load_towns()
