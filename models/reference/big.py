"""A musicnn big with random weights, as a model file with goldens: its published weights are no part of the wheel."""

from pathlib import Path

import numpy as np

from convert import musicnn
from convert.catalogue import Facts
from convert.model_file import write_stored
from reference import goldens
from reference.goldens import save
from reference.network import score_segments
from reference.random_weights import musicnn_variables

SIZE = musicnn.Size(mid_filters=512, dense_units=500)
SEED = 1
TAGS = 50
SEGMENTS = 3

FACTS = Facts(
    name="random_musicnn_big",
    description="Random weights in the shapes of musicnn big, for tests: its scores mean nothing.",
    dataset="none",
    published_scores="none",
    origin=f"Random numbers of seed {SEED}.",
)


def write_big(folder: Path) -> None:
    """big.gguf, in the form that is shipped, and what the weights in full answer: logmel, tags and logits."""
    network = musicnn.network(musicnn_variables(SEED, SIZE, TAGS))
    logmel = np.load(goldens.DIRECTORY / "example" / "logmel.npy")[: SEGMENTS * goldens.HOP_PUBLISHED]
    folder.mkdir(parents=True, exist_ok=True)
    write_stored(folder / "big.gguf", FACTS, [f"tag {number}" for number in range(1, TAGS + 1)], network)
    save(folder / "logmel.npy", logmel)
    for kind, scores in score_segments(logmel, network, goldens.HOP_PUBLISHED).items():
        save(folder / f"{kind}_hop{goldens.HOP_PUBLISHED}.npy", scores)
