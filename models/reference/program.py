"""What Taggram's own program answers, for measurements over more music than numpy is fast enough for."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from convert import model_file
from convert.catalogue import Facts
from convert.network import Network
from reference.audio import AudioError
from reference.logmel import HOP, SAMPLE_RATE

REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAM = REPOSITORY / os.environ.get("TAGGRAM", "build/native/taggram")
FACTS = Facts("measured", "made for a measurement", "none", "none", "a network in memory")


def score_files(songs: Sequence[Path], network: Network, hop: int) -> dict[str, np.ndarray]:
    """ "logits" and "tags", [segments of all files][tags], of a network as it is: nothing is left out or rounded."""
    with TemporaryDirectory() as folder:
        model = Path(folder) / "model.gguf"
        tags = [f"tag {number}" for number in range(network.tag_count)]
        model_file.write(model, FACTS, tags, network, FACTS.description, int16=False)
        songs_answers = [json.loads(line) for line in _run(model, songs, hop).splitlines()]
    return {
        "logits": np.concatenate([answer["features"]["logits"] for answer in songs_answers]),
        "tags": np.concatenate([answer["taggram"] for answer in songs_answers]),
    }


def _run(model: Path, songs: Sequence[Path], hop: int) -> str:
    options = ["--model", model, "--hop", str(hop * HOP / SAMPLE_RATE), "--format", "ndjson", "--features", "logits"]
    try:
        outcome = subprocess.run([PROGRAM, *options, "--", *songs], capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise AudioError(f"{PROGRAM} is not there: run build-scripts/build first.") from error
    if outcome.returncode != 0:
        raise AudioError(outcome.stderr.strip())
    return outcome.stdout
