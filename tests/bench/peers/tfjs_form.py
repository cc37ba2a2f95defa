"""A graph for TensorFlow.js: steps as JSON, tensors one after the other as float32. page/tensorflow.ts computes it."""

import json
from pathlib import Path

import numpy as np

from peers.graph import Graph, Step


def write(graph: Graph, steps_path: Path, tensors_path: Path) -> None:
    written: list[np.ndarray] = []
    steps = [_described(step, written) for step in graph.steps]
    steps_path.write_text(json.dumps(steps))
    tensors_path.write_bytes(b"".join(array.tobytes() for array in written))


def _described(step: Step, written: list[np.ndarray]) -> dict:
    tensors = {}
    for name, array in step.tensors.items():
        # TensorFlow's kernels are output channel last.
        placed = np.moveaxis(array, 0, -1) if name == "kernel" else array
        tensors[name] = {"shape": placed.shape, "at": sum(before.size for before in written)}
        written.append(np.ascontiguousarray(placed))
    return {"op": step.op, "inputs": step.inputs, "output": step.output, **step.settings, "tensors": tensors}
