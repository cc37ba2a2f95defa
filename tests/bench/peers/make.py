"""Makes the graphs of the peers: python -m peers.make FOLDER MODEL...

Each model comes as it was published (full) and without its dead filters, from our own model file (pruned), as ONNX and
for TensorFlow.js; the paper's own two models, of which nothing is pruned, in the first form alone.
FOLDER/arithmetic.json tells the multiply-accumulates of each.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from convert import model_file
from convert.catalogue import MODELS, load
from convert.cli import DEFAULT_CACHE, MODELS_DIRECTORY
from convert.network import BANDS, SEGMENT_FRAMES, Network
from peers import tfjs_form
from peers.arithmetic import multiply_accumulates
from peers.graph import graph_of, input_of
from peers.onnx_form import onnx_model

# Weights below this change no score. The peers would compute with denormal numbers, which takes onnxruntime-web 1.6
# times as long for MSD_vgg.
NOTHING = 1e-20


def main(folder: Path, names: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    arithmetic = {}
    for name in names:
        forms = _forms(name)
        for form, network in forms.items():
            _write(folder / f"{name}-{form}", _without_denormals(network))
        counts = {form: multiply_accumulates(n, SEGMENT_FRAMES, BANDS) for form, n in forms.items()}
        arithmetic[name] = {"pruned": counts["full"]} | counts
    (folder / "arithmetic.json").write_text(json.dumps(arithmetic))


def _forms(name: str) -> dict[str, Network]:
    stored = model_file.read(MODELS_DIRECTORY / f"{name}.gguf")[1]
    if name not in MODELS:  # the paper's own two models: all of them is in the file
        return {"full": stored}
    return {"full": load(MODELS[name], DEFAULT_CACHE)[1], "pruned": stored}


def _write(path: Path, network: Network) -> None:
    graph = graph_of(network)
    model = onnx_model(graph, *input_of(network), network.tag_count)
    path.with_suffix(".onnx").write_bytes(model.SerializeToString())
    tfjs_form.write(graph, path.with_suffix(".json"), path.with_suffix(".bin"))


def _without_denormals(network: Network) -> Network:
    return replace(
        network,
        tensors={
            name: np.where(np.abs(tensor) < NOTHING, 0, tensor).astype(tensor.dtype)
            for name, tensor in network.tensors.items()
        },
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
