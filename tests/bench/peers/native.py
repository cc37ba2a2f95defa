"""onnxruntime on one thread, asked by lines of JSON: python -m peers.native

{"graph": PATH, "input": PATH, "shape": [time, mel]} answers {"scores": [[a score a tag] a segment]}; with
"least": SECONDS it scores segments for at least so long, and answers {"segments", "cpu", "wall"}, in seconds. The input
holds whole segments of that shape, float32.
"""

import json
import sys
import time
from functools import cache
from itertools import cycle

import numpy as np
import onnxruntime

from peers.graph import INPUT


@cache
def session(path: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


@cache
def segments_of(path: str, time: int, mel: int) -> np.ndarray:
    return np.fromfile(path, np.float32).reshape(-1, 1, 1, time, mel)


def answer(request: dict) -> dict:
    run, segments = session(request["graph"]).run, segments_of(request["input"], *request["shape"])
    if "least" not in request:
        return {"scores": [run(None, {INPUT: segment})[0][0].tolist() for segment in segments]}
    wall, cpu, count = time.perf_counter(), time.process_time(), 0
    for segment in cycle(segments):
        if time.process_time() - cpu >= request["least"]:
            break
        run(None, {INPUT: segment})
        count += 1
    return {"segments": count, "cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}


def main() -> None:
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
