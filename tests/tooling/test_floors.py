"""Foreign keys, like imports, go down only; import-linter cannot see a key that is named in a string."""

import tomllib

from django.apps import apps

from scripts.preflight import CHECKOUT


def floors() -> dict[str, int]:
    """App to floor, the lowest being the highest number."""
    contracts = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return {name.strip(" ()"): floor for floor, layer in enumerate(layers) for name in layer.split("|")}


def test_foreign_keys_go_down_only() -> None:
    floor_of = floors()
    ours = [model for model in apps.get_models() if model.__module__.startswith("apps.")]
    assert ours
    upward = [
        f"{model.__name__}.{field.name} points up to {field.related_model._meta.app_label}"
        for model in ours
        for field in model._meta.get_fields()
        if (field.many_to_one or field.one_to_one or field.many_to_many) and field.concrete
        if field.related_model and field.related_model._meta.app_label in floor_of
        if floor_of[field.related_model._meta.app_label] < floor_of[model._meta.app_label]
    ]
    assert upward == []
