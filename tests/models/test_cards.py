"""The cards of the released models tell what is left of each layer, as the files have it."""

import json
from pathlib import Path

import pytest

from convert.model_file import read_parts

ROOT = Path(__file__).resolve().parents[2]
LABELS = {
    "timbral_38": "7 x 38",
    "timbral_67": "7 x 67",
    "temporal_128": "128 x 1",
    "temporal_64": "64 x 1",
    "temporal_32": "32 x 1",
}


def _filters(tensors, layer):
    kernel = len(tensors[f"{layer}.kernel"])
    return kernel, kernel + len(tensors.get(f"{layer}.rest", ()))


def _arithmetic(model):
    stages = json.loads((ROOT / "docs/bench.json").read_text())["stages"]
    (found,) = (stage["arithmetic"] for stage in stages if stage["model"] == model)
    return [sum(found[form].values()) / 1e6 for form in ("pruned", "full")]


def left(model):
    """The card's line."""
    tensors = read_parts(ROOT / f"models/{model}.gguf")[1]
    layers = [name.removesuffix(".kernel") for name in tensors if name.endswith(".kernel")]
    counts = [
        "{}: {} of {}".format(LABELS.get(layer, layer), *_filters(tensors, layer))
        for layer in layers
        if layer not in ("dense", "output")
    ]
    return "| Filters left | {}; {:.0f} of {:.0f} million multiply-adds a segment |".format(
        ", ".join(counts), *_arithmetic(model)
    )


@pytest.mark.parametrize("model", ["MTT_musicnn", "MSD_musicnn", "MTT_vgg", "MSD_vgg"])
def test_cards_tell_what_is_left(model):
    assert left(model) in (ROOT / f"models/{model}.md").read_text().splitlines()
