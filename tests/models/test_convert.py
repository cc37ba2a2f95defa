"""The converter: variables -> model files, the same bytes every time."""

import re
import zlib

import gguf
import numpy as np
import pytest

from convert import cli, model_file, musicnn, vgg, wheel
from convert.catalogue import DATASETS, MODELS, named_tags
from convert.cli import DEFAULT_CACHE, MODELS_DIRECTORY
from convert.network import ModelError
from convert.prune import left_out, without_dead_filters
from convert.quantise import dequantise, is_rounded, quantise, rounded, smooth_axis

NAMES = tuple(MODELS)
LARGEST = 32766  # steps of an int16 weight


def facts(path) -> dict:
    return {name: field.contents() for name, field in gguf.GGUFReader(path).fields.items()}


@pytest.mark.parametrize("name", NAMES)
def test_gives_the_committed_bytes_again(made, name):
    assert (made / f"{name}.gguf").read_bytes() == (MODELS_DIRECTORY / f"{name}.gguf").read_bytes()


def test_makes_the_four_and_they_are_small(made):
    sizes = {path.stem: path.stat().st_size for path in made.iterdir()}
    assert sizes.keys() == MODELS.keys()
    assert sum(sizes.values()) < 2_500_000


@pytest.mark.parametrize("name", NAMES)
def test_file_holds_what_it_should(made, networks, name):
    """The published network without its dead filters and with rounded kernels, and nothing else."""
    tags, stored = model_file.read(made / f"{name}.gguf")
    expected = rounded(without_dead_filters(networks[name]))
    assert tags == named_tags(MODELS[name].dataset, DEFAULT_CACHE)
    assert stored.pooling == expected.pooling
    assert list(stored.tensors) == list(expected.tensors)
    for tensor, values in expected.tensors.items():
        np.testing.assert_array_equal(stored.tensors[tensor], values, err_msg=tensor)


@pytest.mark.parametrize("name", ["MSD_musicnn", "MSD_vgg"])
def test_float32_with_dead_filters_is_exact(tmp_path, networks, name):
    assert cli.main([name, "--float32", "--keep-dead", "--output", str(tmp_path)]) == 0
    _, stored = model_file.read(tmp_path / f"{name}.gguf")
    assert stored.tensors.keys() == networks[name].tensors.keys()
    for tensor, values in networks[name].tensors.items():
        np.testing.assert_array_equal(stored.tensors[tensor], values, err_msg=tensor)


@pytest.mark.parametrize("name", ["MTT_musicnn", "MTT_vgg"])
def test_int16_keeps_each_sum_along_the_smooth_axis_within_half_a_step(networks, name):
    """A weight alone, where there is no such axis."""
    network = networks[name]
    for tensor, values in rounded(network).tensors.items():
        exact = network.tensors[tensor].astype(np.float64)
        axis = smooth_axis(tensor) if is_rounded(tensor) else None
        error = values - exact if axis is None else np.cumsum(values - exact, axis)
        largest = np.abs(exact).reshape(len(exact), -1).max(axis=1)
        # Half a step of the largest, and float32's own rounding of each product.
        step = (0.5 / LARGEST + 2**-23 * (1 if axis is None else exact.shape[axis])) if is_rounded(tensor) else 0
        assert (np.abs(error).reshape(len(exact), -1).max(axis=1) <= largest * step).all(), tensor


def test_only_the_first_kernel_of_the_vgg_is_exact(made):
    for name, exact in (("MTT_musicnn", set()), ("MTT_vgg", {f"{layer}.kernel" for layer in vgg.READ_LOGMEL})):
        types = {tensor.name: tensor.tensor_type.name for tensor in gguf.GGUFReader(made / f"{name}.gguf").tensors}
        kernels = {tensor: types[tensor] for tensor in types if tensor.endswith(".kernel")}
        assert kernels == {tensor: "F32" if tensor in exact else "I16" for tensor in kernels}


# ---- What files say ----


@pytest.mark.parametrize("name", NAMES)
def test_file_states_what_it_is(made, networks, name):
    stated = facts(made / f"{name}.gguf")
    assert stated["general.architecture"] == name.split("_")[1]
    assert stated["general.name"] == name
    assert stated["general.license"] == "ISC"
    assert wheel.MUSICNN.sha256 in stated["tagger.origin"]
    assert stated["tagger.segment_frames"] == 187
    assert stated["logmel.precision"] == "float16"
    dead, filters = left_out(without_dead_filters(networks[name]))
    assert f"{dead} of {filters} filters are left out" in stated["tagger.storage"]
    assert "below 0.001" in stated["tagger.storage"]


def test_file_states_its_sizes(made):
    stated = facts(made / "MSD_musicnn.gguf")
    sizes = {name: stated[f"musicnn.{name}"] for name in ("timbral_filters", "temporal_filters", "mid_filters")}
    assert sizes == {"timbral_filters": 204, "temporal_filters": 51, "mid_filters": 64}
    assert stated["musicnn.dense_units"] == 200


def test_file_states_its_pooling(made, tmp_path):
    trained = facts(made / "MSD_vgg.gguf")
    assert trained["vgg.pooling"] == "training"
    assert trained["vgg.pool_size"] == trained["vgg.pool_stride"] == [4, 1, 1, 4, 2, 2, 2, 2, 4, 4]
    assert cli.main(["MSD_vgg", "--pooling", "library", "--output", str(tmp_path)]) == 0
    library = facts(tmp_path / "MSD_vgg.gguf")
    assert (library["vgg.pooling"], library["vgg.filters"]) == ("library", 128)
    assert library["vgg.pool_size"] == [4, 1, 2, 2, 2, 2, 2, 2, 4, 4]
    assert library["vgg.pool_stride"] == [2, 2, 2, 2, 2, 2, 2, 2, 4, 4]


@pytest.mark.parametrize("name", NAMES)
def test_published_scores_are_those_of_the_wheel(wheel_path, made, name):
    result = wheel.read_member(wheel_path, f"musicnn/{name}/experiment.result").decode()
    roc, pr = (100 * float(number) for number in re.findall(r"AUC: (0\.\d+)", result))
    assert f"ROC-AUC {roc:.2f}, PR-AUC {pr:.2f}" in facts(made / f"{name}.gguf")["tagger.published_scores"]


@pytest.mark.parametrize("name", NAMES)
def test_file_carries_its_checksum(made, name):
    file = (made / f"{name}.gguf").read_bytes()
    field = gguf.GGUFReader(made / f"{name}.gguf").fields["tagger.crc32"]
    value = field.offset + sum(part.nbytes for part in field.parts[: field.data[0]])
    assert zlib.crc32(file[:value] + bytes(4) + file[value + 4 :]) == field.contents()


# ---- What stands beside them ----


def test_licence_notice_is_the_wheels(wheel_path):
    notice = wheel.read_member(wheel_path, "musicnn-0.1.0.dist-info/LICENSE.md")
    assert (MODELS_DIRECTORY / "LICENSE.musicnn").read_bytes() == notice


@pytest.mark.parametrize("name", NAMES)
def test_card_says_what_the_file_says(made, name):
    card = (MODELS_DIRECTORY / f"{name}.md").read_text()
    stated = facts(made / f"{name}.gguf")
    assert ", ".join(stated["tagger.tags"]) in card
    assert stated["tagger.published_scores"].split(" on ")[0] in card
    assert f"{(made / f'{name}.gguf').stat().st_size:,} bytes" in card
    assert re.search(r"\d+ of \d+ filters are left out", stated["tagger.storage"])[0] in card
    assert wheel.MUSICNN.sha256 in card


# ---- Details ----


def test_batch_normalisation_is_folded_exactly(variables):
    parts = [
        variables[f"batch_normalization_10/{part}"] for part in ("gamma", "beta", "moving_mean", "moving_variance")
    ]
    gamma, beta, mean, variance = (part.astype(np.float64) for part in parts)
    scale, shift = musicnn.network(variables).tensors["dense.norm"].astype(np.float64)
    x = np.linspace(-3, 3, 200)
    expected = gamma * (x - mean) / np.sqrt(variance + 0.001) + beta
    np.testing.assert_allclose(x * scale + shift, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda v: v.pop("conv2d_7/bias"), "no variable conv2d_7/bias"),
        (lambda v: v.update({"conv2d_6/bias": np.zeros(100, np.float32)}), r"conv2d_6/bias is float32 \[100\]"),
        (lambda v: v.update({"dense/bias": np.zeros(200)}), "is float64"),
        (lambda v: v.update({"dense/bias": np.full(200, np.nan, np.float32)}), "NaN or infinite"),
    ],
)
def test_refuses_variables_of_another_model(variables, change, sentence):
    changed = dict(variables)
    change(changed)
    with pytest.raises(ModelError, match=sentence):
        musicnn.network(changed)


def test_named_lists_have_fifty_tags():
    assert [len(set(named_tags(dataset, DEFAULT_CACHE))) for dataset in DATASETS.values()] == [50, 50]


def test_command_says_what_is_wrong(tmp_path, capsys):
    (tmp_path / wheel.MUSICNN.file_name).write_bytes(b"something else")
    output = tmp_path / "model.gguf"
    assert cli.main(["MTT_musicnn", "--cache", str(tmp_path), "--output", str(output)]) == 1
    assert "is not the published musicnn 0.1.0" in capsys.readouterr().err
    assert not output.exists()


def test_reader_refuses_what_is_no_model_file(tmp_path):
    (tmp_path / "x.gguf").write_bytes(b"GGUF but no more")
    with pytest.raises(ModelError, match="no model file"):
        model_file.read(tmp_path / "x.gguf")


def test_quantise_stores_a_dead_filter_as_zeros():
    kernel = np.array([[1.0, -0.5], [0.0, 0.0], [1e-36, -1e-40]], np.float32)
    integers, scale = quantise(kernel)
    np.testing.assert_array_equal(integers[0], [LARGEST, -LARGEST // 2])
    np.testing.assert_array_equal(integers[1:], 0)
    np.testing.assert_array_equal(scale[1:], 1)
    assert dequantise(integers, scale).shape == kernel.shape


def test_quantise_carries_errors_along_an_axis():
    """0.4 of a step is lost wherever it stands, unless what came before adds to it."""
    kernel = np.float32([[[LARGEST, 0.4, 0.4, 0.4, 0.4], [0.4, 0, 0, 0, 0]]])
    plain, scale = quantise(kernel)
    np.testing.assert_array_equal(plain, [[[LARGEST, 0, 0, 0, 0], [0, 0, 0, 0, 0]]])
    np.testing.assert_array_equal(scale, 1)
    np.testing.assert_array_equal(quantise(kernel, 2)[0], [[[LARGEST, 0, 1, 0, 1], [0, 0, 0, 0, 0]]])


def test_a_carried_error_stays_within_int16():
    """Half a step is carried to a weight that is as large as any."""
    kernel = np.float32([[0.5, LARGEST], [-0.5, -LARGEST]])
    assert np.abs(dequantise(*quantise(kernel, 1)) - kernel).max() <= 1
