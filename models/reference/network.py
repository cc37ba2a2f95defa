"""A tagger of any architecture: segments of a log-mel -> features, logits and tag scores."""

import numpy as np

from convert import vgg as vgg_family
from convert.network import SEGMENT_FRAMES, Network
from reference import musicnn, paper, vgg
from reference.logmel import FFT_SIZE, HOP, SAMPLE_RATE


def forward(logmel: np.ndarray, network: Network) -> dict[str, np.ndarray]:
    """One segment, log-mel [frames][96] -> features by name, "logits" and "tags", each [1][tags].

    Of the waveform model, samples [256 frames].
    """
    if network.architecture == vgg_family.NAME:
        outputs = vgg.forward(logmel, network.tensors, network.pooling)
    elif network.architecture in paper.FRONT_ENDS:
        outputs = paper.forward(logmel, network)
    else:
        outputs = musicnn.forward(logmel, network.tensors)
    return outputs | {"tags": sigmoid(outputs["logits"])}


def sigmoid(logits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-logits))


def frames_of_hop(seconds: float) -> int:
    """The musicnn library's rule for what it calls an overlap."""
    return int((SAMPLE_RATE * seconds - FFT_SIZE // 2) // HOP)


def frames_of_length(seconds: float) -> int:
    """The musicnn library's rule for the length of a segment."""
    return frames_of_hop(seconds) + 1


def segment_starts(frames: int, hop: int, length: int = SEGMENT_FRAMES) -> range:
    """First frames of the segments that the audio fills."""
    return range(0, frames - length + 1, hop)


def score_segments(
    logmel: np.ndarray, network: Network, hop: int, length: int = SEGMENT_FRAMES
) -> dict[str, np.ndarray]:
    """ "logits" and "tags", [segments][tags], of segments of `length` frames, one every `hop` frames."""
    outputs = [forward(logmel[start : start + length], network) for start in segment_starts(len(logmel), hop, length)]
    return {name: np.vstack([output[name] for output in outputs]) for name in ("logits", "tags")}
