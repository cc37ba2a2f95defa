"""The oracle's vgg, layer by layer against loops that follow the definition."""

import numpy as np
import pytest

from convert.vgg import LIBRARY_POOLING, parse_pooling
from reference import vgg

RANDOM = np.random.default_rng(9)
TIME, MEL, CHANNELS, FILTERS = 5, 6, 2, 3


def test_convolution():
    kernel, plane = RANDOM.normal(size=(FILTERS, 3, 3, CHANNELS)), RANDOM.normal(size=(TIME, MEL, CHANNELS))
    tensors = {"c.kernel": kernel, "c.bias": RANDOM.normal(size=FILTERS), "c.norm": RANDOM.normal(size=(2, FILTERS))}
    result = vgg.convolution(plane, tensors, "c")
    assert result.shape == (TIME, MEL, FILTERS)
    for time in range(TIME):
        for mel in range(MEL):
            for channel in range(FILTERS):
                total = tensors["c.bias"][channel]
                for dt in range(3):
                    for df in range(3):
                        t, f = time + dt - 1, mel + df - 1
                        if 0 <= t < TIME and 0 <= f < MEL:
                            total += plane[t, f] @ kernel[channel, dt, df]
                scale, shift = tensors["c.norm"][:, channel]
                assert result[time, mel, channel] == pytest.approx(max(total, 0) * scale + shift)


@pytest.mark.parametrize(("size", "stride"), [((4, 1), (2, 2)), ((1, 4), (1, 4)), ((2, 2), (2, 2)), ((3, 2), (1, 3))])
def test_pooling_takes_only_full_windows(size, stride):
    plane = RANDOM.normal(size=(11, 9, 2))
    result = vgg.max_pool(plane, size, stride)
    for time in range((11 - size[0]) // stride[0] + 1):
        for mel in range((9 - size[1]) // stride[1] + 1):
            t, f = time * stride[0], mel * stride[1]
            window = plane[t : t + size[0], f : f + size[1]]
            np.testing.assert_array_equal(result[time, mel], window.max(axis=(0, 1)))
    assert result.shape == (time + 1, mel + 1, 2)


@pytest.mark.parametrize("folder", ["MTT_vgg", "MSD_vgg", "MSD_vgg_library"])
def test_places_are_those_that_pooling_leaves(networks, folder):
    network = networks[folder]
    features = vgg.forward(np.zeros((187, 96), np.float32), network.tensors, network.pooling)
    assert features["pool5"].shape == (*network.pooling.places(), 128)


def test_features_have_the_librarys_shapes(networks):
    network = networks["MSD_vgg_library"]
    features = vgg.forward(np.zeros((187, 96), np.float32), network.tensors, network.pooling)
    shapes = [features[f"pool{number}"].shape for number in range(1, 6)]
    assert shapes == [(92, 48, 128), (46, 24, 128), (23, 12, 128), (11, 6, 128), (2, 1, 128)]


def test_pooling_in_words_is_read():
    assert parse_pooling("4x1/2x2, 2x2/2x2,2x2/2x2,2x2/2x2,4x4/4x4").sizes == LIBRARY_POOLING.sizes
