"""A network as the steps that a general runtime would take, in no runtime's own form: onnx_form.py and tfjs_form.py
write it in theirs.

A value is [time][mel][channels]; kernels are output channel first. Layers are in the order of the published graphs:
convolution, bias, ReLU, batch normalisation, maximum. Normalisations that a dense layer follows are folded into it, as
converters do; the others come before a border of zeros or after a ReLU, and stay.
"""

from dataclasses import dataclass, field

import numpy as np

from convert import musicnn, vgg
from convert.network import BANDS, SEGMENT_FRAMES, Network, Tensors
from convert.prune import Columns
from reference import paper
from reference.logmel import HOP

INPUT, OUTPUT = "segment", "scores"

Pads = tuple[tuple[int, int], tuple[int, int]]  # before and after, of time and of mel


@dataclass(frozen=True)
class Step:
    """One operation. What `settings` and `tensors` hold is told by the method of Graph that makes it."""

    op: str
    inputs: tuple[str, ...]
    output: str
    settings: dict[str, list] = field(default_factory=dict)
    tensors: Tensors = field(default_factory=dict)


class Graph:
    """Steps in order of computation. Each method adds one and returns the name of its value."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def convolve(self, value: str, kernel: np.ndarray, bias: np.ndarray, pads: Pads, stride: int = 1) -> str:
        """kernel [out][time][mel][in], moved by `stride` in mel; a ReLU follows."""
        settings = {"pads": [list(pad) for pad in pads], "stride": [1, stride]}
        return self._add("convolve", (value,), settings, {"kernel": kernel, "bias": bias})

    def normalise(self, value: str, norm: np.ndarray) -> str:
        """norm [2][channels]: scale and shift."""
        return self._add("normalise", (value,), {}, {"scale": norm[0], "shift": norm[1]})

    def pool(self, value: str, size: tuple[int, int], stride: tuple[int, int]) -> str:
        """The maximum of each window (time, mel) that lies wholly inside."""
        return self._add("pool", (value,), {"size": list(size), "stride": list(stride)})

    def reduce(self, value: str, op: str, axis: str) -> str:
        """ "max" or "mean" over "time" or "mel", which is then 1 long."""
        return self._add(op, (value,), {"axis": axis})

    def turn(self, value: str) -> str:
        """Time becomes mel, mel time."""
        return self._add("turn", (value,))

    def concatenate(self, *values: str) -> str:
        """Side by side, along the channels."""
        return self._add("concatenate", values)

    def constant(self, values: np.ndarray, time: int, mel: int) -> str:
        """values [channels], the same at every place."""
        return self._add("constant", (), {}, {"values": np.broadcast_to(values, (time, mel, len(values)))})

    def pick(self, value: str, channels: np.ndarray) -> str:
        """Channels by number, in that order."""
        return self._add("pick", (value,), {"channels": channels.tolist()})

    def sum(self, first: str, second: str) -> str:
        return self._add("sum", (first, second))

    def dense(self, value: str, kernel: np.ndarray, bias: np.ndarray, activation: str) -> str:
        """kernel [out][places][channels] over the whole value; then "relu" or "sigmoid"."""
        return self._add("dense", (value,), {"activation": activation}, {"kernel": kernel, "bias": bias})

    def _add(
        self, op: str, inputs: tuple[str, ...], settings: dict | None = None, tensors: Tensors | None = None
    ) -> str:
        output = f"{op}_{len(self.steps)}"
        arrays = {name: np.ascontiguousarray(array, np.float32) for name, array in (tensors or {}).items()}
        self.steps.append(Step(op, inputs, output, settings or {}, arrays))
        return output


def input_of(network: Network) -> tuple[int, int]:
    """Time and mel of a segment, as the network hears it."""
    return (1, SEGMENT_FRAMES * HOP) if network.architecture == "waveform" else (SEGMENT_FRAMES, BANDS)


def graph_of(network: Network) -> Graph:
    """Steps of a network in full or without its dead filters, for one segment."""
    if network.architecture == vgg.NAME:
        return _vgg(network, *input_of(network))
    if network.architecture == musicnn.NAME:
        return _musicnn(network.tensors, SEGMENT_FRAMES)
    return _paper(network)


def _answers(tensors: Tensors, layer: str) -> Columns:
    """Which of a layer's filters are there, and what the others answer."""
    if f"{layer}.live" not in tensors:
        width = len(tensors[f"{layer}.bias"])
        return Columns(np.ones(width, bool), np.zeros(width))
    live, rest = tensors[f"{layer}.live"], tensors[f"{layer}.rest"]
    kept = np.zeros(len(live) + len(rest), bool)
    kept[live] = True
    constant = np.zeros(len(kept))
    constant[~kept] = rest
    return Columns(kept, constant)


def _with_ones(graph: Graph, value: str, columns: Columns, time: int, mel: int) -> str:
    """What the next layer reads: one column of ones stands for all filters that were left out."""
    if columns.kept.all():
        return value
    return graph.concatenate(value, graph.constant(np.ones(1), time, mel))


# ---- vgg ----


def _vgg(network: Network, frames: int, bands: int) -> Graph:
    graph, tensors = Graph(), network.tensors
    value = graph.normalise(INPUT, tensors["input.norm"][:, None])
    time, mel, columns = frames, bands, Columns(np.array([True]), np.zeros(1))
    for layer, size, stride in zip(vgg.LAYERS, network.pooling.sizes, network.pooling.strides, strict=True):
        read = _with_ones(graph, value, columns, time, mel)
        value = graph.convolve(read, tensors[f"{layer}.kernel"], tensors[f"{layer}.bias"], ((1, 1), (1, 1)))
        value = graph.pool(graph.normalise(value, tensors[f"{layer}.norm"]), size, stride)
        time, mel = ((n - k) // s + 1 for n, k, s in zip((time, mel), size, stride, strict=True))
        columns = _answers(tensors, layer)
    graph.dense(value, tensors["output.kernel"], tensors["output.bias"], "sigmoid")
    return graph


# ---- musicnn ----


def _musicnn(tensors: Tensors, frames: int) -> Graph:
    graph = Graph()
    logmel = graph.normalise(INPUT, tensors["input.norm"][:, None])
    front_end = graph.concatenate(
        *(
            _front_layer(graph, logmel, tensors, layer, tensors[f"{layer}.kernel"][..., None])
            for layer in musicnn.TIMBRAL
        ),
        *(
            _front_layer(graph, logmel, tensors, layer, tensors[f"{layer}.kernel"][..., None, None])
            for layer in musicnn.TEMPORAL
        ),
    )
    columns = Columns.side_by_side([_answers(tensors, layer) for layer in musicnn.READ_LOGMEL])
    stages, value = [front_end], front_end
    for layer in musicnn.MID:
        read = _with_ones(graph, value, columns, frames, 1)
        answers = _mid_layer(graph, read, tensors, layer)
        own = _answers(tensors, layer)
        if layer != musicnn.MID[0]:
            both = columns + own
            answers = graph.sum(*(_widen(graph, v, c, both, frames) for v, c in ((answers, own), (value, columns))))
            own = both
        value, columns = answers, own
        stages.append(value)
    everything = graph.concatenate(*stages)
    pooled = graph.concatenate(*(graph.reduce(everything, op, "time") for op in ("max", "mean")))
    # The kernel's columns are max0, mean0, max1, mean1, ...; the value's are all maxima, then all means.
    kernel, bias = _folded(tensors["pool.norm"], tensors["dense.kernel"], tensors["dense.bias"])
    _classify(graph, pooled, np.concatenate([kernel[:, 0::2], kernel[:, 1::2]], axis=1), bias, tensors)
    return graph


def _front_layer(graph: Graph, logmel: str, tensors: Tensors, layer: str, kernel: np.ndarray) -> str:
    """The best place along frequency; kernel [filters][time][mel][1]."""
    answers = graph.convolve(logmel, kernel, tensors[f"{layer}.bias"], (_border(kernel.shape[1]), (0, 0)))
    return graph.reduce(graph.normalise(answers, tensors[f"{layer}.norm"]), "max", "mel")


def _mid_layer(graph: Graph, value: str, tensors: Tensors, layer: str) -> str:
    kernel = tensors[f"{layer}.kernel"][:, :, None]
    answers = graph.convolve(value, kernel, tensors[f"{layer}.bias"], (_border(kernel.shape[1]), (0, 0)))
    return graph.normalise(answers, tensors[f"{layer}.norm"])


def _border(duration: int) -> tuple[int, int]:
    """Zero frames so that a filter of this duration gives one answer a frame; an even one looks further ahead."""
    before = (duration - 1) // 2
    return before, duration - 1 - before


def _widen(graph: Graph, value: str, columns: Columns, wanted: Columns, frames: int) -> str:
    """A value of some columns as one of more: the others are constants."""
    missing = wanted.kept & ~columns.kept
    if not missing.any():
        return value
    joined = graph.concatenate(value, graph.constant(columns.constant[missing], frames, 1))
    order = np.concatenate([np.flatnonzero(columns.kept), np.flatnonzero(missing)])
    return graph.pick(joined, np.argsort(order))


def _classify(graph: Graph, pooled: str, kernel: np.ndarray, bias: np.ndarray, tensors: Tensors) -> None:
    units = graph.dense(pooled, kernel[:, None], bias, "relu")
    kernel, bias = _folded(tensors["dense.norm"], tensors["output.kernel"], tensors["output.bias"])
    graph.dense(units, kernel[:, None], bias, "sigmoid")


def _folded(norm: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A dense layer that normalises what it reads."""
    scale, shift = norm.astype(np.float64)
    return kernel * scale, bias + kernel.astype(np.float64) @ shift


# ---- The paper's own two models ----
#
# Behind the timbral filters there is time alone. It is laid along the second axis, where onnxruntime-web takes two
# thirds of the time.


def _paper(network: Network) -> Graph:
    graph, tensors = Graph(), network.tensors
    features = (_waveform if network.architecture == "waveform" else _spectrogram)(graph, tensors)
    value = _along_time(graph, features, tensors, "back_1", same=False)
    value = graph.sum(_along_time(graph, value, tensors, "back_2"), value)
    value = graph.pool(value, (1, 2), (1, 2))
    value = graph.sum(_along_time(graph, value, tensors, "back_3"), value)
    pooled = graph.concatenate(*(graph.reduce(value, op, "mel") for op in ("max", "mean")))
    _classify(graph, pooled, tensors["dense.kernel"], tensors["dense.bias"], tensors)
    return graph


def _waveform(graph: Graph, tensors: Tensors) -> str:
    kernel = tensors["conv_0.kernel"][:, None, :, None]
    value = graph.convolve(INPUT, kernel, tensors["conv_0.bias"], ((0, 0), (0, 0)), stride=3)
    value = graph.normalise(value, tensors["conv_0.norm"])
    for layer in paper.WAVEFORM:
        value = graph.pool(_along_time(graph, value, tensors, layer, same=False), (1, 3), (1, 3))
    return value


def _spectrogram(graph: Graph, tensors: Tensors) -> str:
    logmel = graph.normalise(INPUT, tensors["input.norm"][:, None])
    timbral = [
        _front_layer(graph, logmel, tensors, layer, tensors[f"{layer}.kernel"][..., None]) for layer in paper.TIMBRAL
    ]
    energy = graph.turn(graph.reduce(logmel, "mean", "mel"))
    temporal = [
        _along_time(graph, energy, {**tensors, f"{layer}.kernel": tensors[f"{layer}.kernel"][..., None]}, layer)
        for layer in paper.TEMPORAL
    ]
    return graph.concatenate(graph.turn(graph.concatenate(*timbral)), *temporal)


def _along_time(graph: Graph, value: str, tensors: Tensors, layer: str, same: bool = True) -> str:
    """kernel [filters][time][in]"""
    kernel = tensors[f"{layer}.kernel"][:, None]
    border = _border(kernel.shape[2]) if same else (0, 0)
    answers = graph.convolve(value, kernel, tensors[f"{layer}.bias"], ((0, 0), border))
    return graph.normalise(answers, tensors[f"{layer}.norm"])
