"""Leaving out dead filters: nothing changes, at the borders neither."""

from dataclasses import replace

import numpy as np
import pytest

from convert import musicnn, vgg
from convert.prune import left_out, without_dead_filters
from reference.network import forward

ARCHITECTURES = ("musicnn", "vgg")
LAYERS = {"musicnn": musicnn.READ_LOGMEL + musicnn.MID, "vgg": vgg.LAYERS}


def log_mel(frames: int = 187) -> np.ndarray:
    return np.random.default_rng(5).uniform(0, 4, (frames, 96)).astype(np.float32)


def largest_difference(a: dict, b: dict) -> float:
    assert a.keys() == b.keys()
    assert all(a[name].shape == b[name].shape for name in a)
    return max(float(np.abs(a[name] - b[name]).max()) for name in a)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_nothing_changes(random_networks, architecture):
    """Every feature in full width, up to the order of additions in float32."""
    network = random_networks[architecture]
    pruned = without_dead_filters(network)
    assert largest_difference(forward(log_mel(), network), forward(log_mel(), pruned)) < 1e-5


@pytest.mark.parametrize("frames", [1, 2, 5, 400])
def test_nothing_changes_for_any_length(random_networks, frames):
    """In the shortest segments every frame is at a border."""
    network = random_networks["musicnn"]
    pruned = without_dead_filters(network)
    assert largest_difference(forward(log_mel(frames), network), forward(log_mel(frames), pruned)) < 1e-5


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_what_is_left_out_would_be_missed(random_networks, architecture):
    """The constants are no trifle here: without the column that stands for them, everything behind is wrong."""
    pruned = without_dead_filters(random_networks[architecture])
    layer = {"musicnn": "mid_2", "vgg": "conv_3"}[architecture]
    kernel = pruned.tensors[f"{layer}.kernel"].copy()
    kernel[..., -1] = 0
    broken = replace(pruned, tensors=pruned.tensors | {f"{layer}.kernel": kernel})
    assert largest_difference(forward(log_mel(), pruned), forward(log_mel(), broken)) > 0.05


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_border_folded_as_the_middle_would_be_seen(random_networks, architecture):
    """A column of ones that reached into the padding is the same as a larger bias: it differs, at the borders alone."""
    pruned = without_dead_filters(random_networks[architecture])
    layer = {"musicnn": "mid_2", "vgg": "conv_3"}[architecture]
    kernel, bias = pruned.tensors[f"{layer}.kernel"].copy(), pruned.tensors[f"{layer}.bias"]
    bias = bias + kernel[..., -1].reshape(len(kernel), -1).sum(axis=1)
    kernel[..., -1] = 0
    wrong = replace(pruned, tensors=pruned.tensors | {f"{layer}.kernel": kernel, f"{layer}.bias": bias})
    feature = {"musicnn": "cnn2", "vgg": "pool3"}[architecture]
    difference = np.abs(forward(log_mel(), pruned)[feature] - forward(log_mel(), wrong)[feature])
    assert difference.max() > 0.01
    middle = difference[10:-10] if architecture == "musicnn" else difference[5:-5, 4:-4]
    assert middle.max() < 1e-5


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_shapes_are_those_of_the_model_file(random_networks, architecture):
    network = random_networks[architecture]
    pruned = without_dead_filters(network)
    for layer in LAYERS[architecture]:
        live, rest = pruned.tensors[f"{layer}.live"], pruned.tensors[f"{layer}.rest"]
        assert live.dtype == np.int32
        assert live[0] > 0 and (np.diff(live) > 0).all() and live[-1] < network.width(layer) - 1
        assert len(live) + len(rest) == network.width(layer) == pruned.width(layer)
        assert len(pruned.tensors[f"{layer}.kernel"]) == len(live)
        assert pruned.tensors[f"{layer}.norm"].shape == (2, len(live))
    dead, filters = left_out(pruned)
    assert dead == sum(len(pruned.tensors[f"{layer}.rest"]) for layer in LAYERS[architecture])
    assert filters == sum(network.width(layer) for layer in LAYERS[architecture])


def test_columns_read_are_those_kept_and_one(random_networks):
    tensors = without_dead_filters(random_networks["musicnn"]).tensors
    front = sum(len(tensors[f"{layer}.live"]) for layer in musicnn.READ_LOGMEL)
    first, second, third = (set(tensors[f"mid_{number}.live"]) for number in (1, 2, 3))
    assert tensors["mid_1.kernel"].shape[1:] == (7, front + 1)
    assert tensors["mid_2.kernel"].shape[1:] == (7, len(first) + 1)
    assert tensors["mid_3.kernel"].shape[1:] == (7, len(first | second) + 1)
    pooled = 2 * (front + len(first) + len(first | second) + len(first | second | third))
    assert tensors["dense.kernel"].shape[1] == tensors["pool.norm"].shape[1] == pooled


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_network_without_dead_filters_stays_as_it_is(random_networks, architecture):
    network = random_networks[architecture]
    random = np.random.default_rng(3)
    tensors = {
        name: random.normal(size=values.shape).astype(np.float32) if name.endswith(".kernel") else values
        for name, values in network.tensors.items()
    }
    pruned = without_dead_filters(replace(network, tensors=tensors)).tensors
    assert pruned.keys() == tensors.keys()
    for name, values in tensors.items():
        np.testing.assert_array_equal(pruned[name], values, err_msg=name)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_layer_keeps_one_filter(random_networks, architecture):
    network = random_networks[architecture]
    layer = LAYERS[architecture][1]
    dead = {f"{layer}.kernel": np.zeros_like(network.tensors[f"{layer}.kernel"])}
    network = replace(network, tensors=network.tensors | dead)
    pruned = without_dead_filters(network)
    assert len(pruned.tensors[f"{layer}.live"]) == 1
    assert largest_difference(forward(log_mel(), network), forward(log_mel(), pruned)) < 1e-5


def test_a_filter_that_reads_constants_alone_is_kept(random_networks):
    """It is no constant: it sees where the padding begins."""
    network = random_networks["musicnn"]
    kernel = network.tensors["mid_2.kernel"].copy()
    live_before = without_dead_filters(network).tensors["mid_1.live"]
    kernel[5][:, live_before] = 0
    kernel[5][:, 0] = 1
    pruned = without_dead_filters(replace(network, tensors=network.tensors | {"mid_2.kernel": kernel})).tensors
    place = list(pruned["mid_2.live"]).index(5)
    assert (pruned["mid_2.kernel"][place][:, :-1] == 0).all()
    assert np.abs(pruned["mid_2.kernel"][place][:, -1]).max() > 0


def test_the_threshold_is_of_kernel_times_normalisation(random_networks):
    network = random_networks["vgg"]
    kernel, norm = network.tensors["conv_1.kernel"].copy(), network.tensors["conv_1.norm"].copy()
    kernel[3:5] = 0
    kernel[3, 1, 1, 0], norm[0, 3] = 1e-2, -0.9e-2
    kernel[4, 1, 1, 0], norm[0, 4] = 1e-2, -1.1e-2
    changed = replace(network, tensors=network.tensors | {"conv_1.kernel": kernel, "conv_1.norm": norm})
    live = without_dead_filters(changed, 1e-4).tensors["conv_1.live"]
    assert 3 not in live
    assert 4 in live
