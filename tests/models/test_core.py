"""The C core against the oracle on random networks: widths, poolings and lengths that no published model has, with dead
filters of large constants, which the published ones don't have."""

import numpy as np
import pytest

import core
from convert import model_file, musicnn
from convert.catalogue import Facts
from convert.network import BANDS, Network, Pooling
from convert.prune import without_dead_filters
from convert.quantise import rounded
from reference.random_weights import musicnn_variables

FACTS = Facts("random", "made for a test", "none", "none", "random numbers")
FRAMES = (1, 2, 3, 4, 5, 6, 7, 9, 13, 31, 64, 129, 187, 190)
DEAD_SHARES = (0, 0.3, 0.7, 0.999)


def layer(random, name, shape, dead_share=0.0, has_norm=True):
    """A layer with some filters of nothing, and normalisations that rise or fall."""
    kernel = random.normal(0, 1 / np.sqrt(np.prod(shape[1:])), shape)
    kernel[random.random(shape[0]) < dead_share] = 0
    scale = random.uniform(0.5, 1, shape[0]) * random.choice([-1, 1], shape[0])
    tensors = {
        f"{name}.kernel": kernel,
        f"{name}.bias": random.normal(0.3, 0.3, shape[0]),
        f"{name}.norm": np.stack([scale, random.normal(0, 0.3, shape[0])]),
    }
    return {part: np.float32(values) for part, values in tensors.items() if has_norm or not part.endswith("norm")}


def random_musicnn(random):
    timbral, temporal, mid, dense, tags = (int(random.integers(1, 14)) for _ in range(5))
    dead = float(random.choice(DEAD_SHARES))
    front = 2 * timbral + 3 * temporal
    pooled = 2 * (front + 3 * mid)
    tensors = {"input.norm": np.float32([0.5, -0.7])}
    for height in (38, 67):
        tensors |= layer(random, f"timbral_{height}", (timbral, 7, height), dead)
    for taps in (128, 64, 32):
        tensors |= layer(random, f"temporal_{taps}", (temporal, taps), dead)
    for number, width in ((1, front), (2, mid), (3, mid)):
        tensors |= layer(random, f"mid_{number}", (mid, 7, width), dead)
    tensors["pool.norm"] = np.float32([random.uniform(0.5, 1, pooled), random.normal(0, 0.3, pooled)])
    tensors |= layer(random, "dense", (dense, pooled)) | layer(random, "output", (tags, dense), has_norm=False)
    return Network("musicnn", tensors), tags


def random_pooling(random, frames):
    """Five poolings that leave something, and how many frames and bands that is."""
    while True:
        left, sizes, strides = [frames, BANDS], [], []
        while len(sizes) < 5 and min(left) > 0:
            size = [int(random.integers(1, min(length, 4) + 1)) for length in left]
            stride = [int(random.integers(1, min(length, 4) + 1)) for length in left]
            left = [(length - s) // step + 1 for length, s, step in zip(left, size, stride, strict=True)]
            sizes.append(tuple(size))
            strides.append(tuple(stride))
        if len(sizes) == 5 and min(left) > 0:
            return Pooling("stated", tuple(sizes), tuple(strides)), left


def random_vgg(random, frames):
    width, tags, dead = int(random.integers(1, 20)), int(random.integers(1, 9)), float(random.choice(DEAD_SHARES))
    pooling, (time, bands) = random_pooling(random, frames)
    tensors = {"input.norm": np.float32([0.5, -0.7])}
    for number in range(1, 6):
        tensors |= layer(random, f"conv_{number}", (width, 3, 3, 1 if number == 1 else width), dead)
    tensors |= layer(random, "output", (tags, time * bands, width), has_norm=False)
    return Network("vgg", tensors, pooling), tags


def check_random(folder, random, network, tags, frames, int16=False):
    model = folder / "random.gguf"
    names = [f"tag {number}" for number in range(tags)]
    model_file.write(model, FACTS, names, without_dead_filters(network), "for a test", int16)
    logmel = np.float32(random.uniform(0, 4, (frames, BANDS)))
    stored = rounded(without_dead_filters(network)) if int16 else network
    core.check(model, stored, logmel, frames, plain=random.random() < 0.2)


@pytest.mark.parametrize("seed", range(28))
def test_random_musicnn(tmp_path, seed):
    random = np.random.default_rng(seed)
    network, tags = random_musicnn(random)
    check_random(tmp_path, random, network, tags, FRAMES[seed % len(FRAMES)])


@pytest.mark.parametrize("seed", range(40))
def test_random_vgg(tmp_path, monkeypatch, seed):
    random = np.random.default_rng(seed)
    frames = int(random.integers(1, 60))
    monkeypatch.setattr(model_file, "SEGMENT_FRAMES", frames)  # it has one length
    network, tags = random_vgg(random, frames)
    check_random(tmp_path, random, network, tags, frames)


def test_int16_kernels_of_every_layer(tmp_path):
    random = np.random.default_rng(4)
    network, tags = random_musicnn(random)
    check_random(tmp_path, random, network, tags, 187, int16=True)


def test_musicnn_big(tmp_path):
    network = musicnn.network(musicnn_variables(1, musicnn.Size(512, 500)))
    check_random(tmp_path, np.random.default_rng(0), network, 50, 187)
