"""Where the scores of a model lie: beside it, a file for each set of music."""

import json
from pathlib import Path


def path_of(model: Path, name: str) -> Path:
    """Of the scores on a set; it is written last."""
    return model.with_name(f"{model.stem}.{name}.json")


def read(model: Path, name: str) -> dict | None:
    """None before the model was evaluated on the set."""
    path = path_of(model, name)
    return json.loads(path.read_text()) if path.exists() else None
