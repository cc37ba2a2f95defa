"""The converter: variables -> model file, the same bytes every time."""

import zlib

import gguf
import numpy as np
import pytest

from convert import cli, musicnn, wheel
from convert.catalogue import MODELS
from convert.model_file import read_tensors
from convert.quantise import LARGEST, dequantise, quantise
from reference import goldens


def convert(path, *options) -> bytes:
    assert cli.main(["MTT_musicnn", "--output", str(path), *options]) == 0
    return path.read_bytes()


def test_gives_the_committed_bytes_again(tmp_path):
    assert convert(tmp_path / "again.gguf") == goldens.MODEL_FILE.read_bytes()


def test_file_holds_the_published_weights(tensors):
    stored = read_tensors(goldens.MODEL_FILE)
    assert stored.keys() == tensors.keys()
    for name, values in tensors.items():
        np.testing.assert_array_equal(stored[name], values, err_msg=name)


def test_int16_keeps_each_weight_within_half_a_step(tmp_path, tensors):
    assert len(convert(tmp_path / "model.gguf", "--int16")) < 0.51 * goldens.MODEL_FILE.stat().st_size
    stored = read_tensors(tmp_path / "model.gguf")
    assert stored.keys() == tensors.keys()
    for name, values in tensors.items():
        error = np.abs(stored[name].astype(np.float64) - values).reshape(len(values), -1).max(axis=1)
        largest = np.abs(values).reshape(len(values), -1).max(axis=1)
        # Half a step of 1 / 32767, and float32's own rounding of the product.
        allowed = largest * (0.5 / LARGEST + 2**-23) if name.endswith(".kernel") else 0 * largest
        assert (error <= allowed).all(), name


def test_file_states_what_it_is():
    fields = gguf.GGUFReader(goldens.MODEL_FILE).fields
    facts = {name: field.contents() for name, field in fields.items()}
    assert facts["general.architecture"] == "musicnn"
    assert facts["general.license"] == "ISC"
    assert wheel.MUSICNN.sha256 in facts["tagger.origin"]
    assert (len(facts["tagger.tags"]), facts["tagger.tags"][9]) == (50, "piano")
    assert facts["logmel.precision"] == "float16"


def test_file_carries_its_checksum():
    file = goldens.MODEL_FILE.read_bytes()
    field = gguf.GGUFReader(goldens.MODEL_FILE).fields["tagger.crc32"]
    value = field.offset + sum(part.nbytes for part in field.parts[: field.data[0]])
    assert zlib.crc32(file[:value] + bytes(4) + file[value + 4 :]) == field.contents()


def test_licence_notice_is_the_wheels(wheel_path):
    notice = wheel.read_member(wheel_path, "musicnn-0.1.0.dist-info/LICENSE.md")
    assert (cli.MODELS_DIRECTORY / "LICENSE.musicnn").read_bytes() == notice


def test_card_names_every_tag():
    tags, _ = cli.load(MODELS["MTT_musicnn"], cli.DEFAULT_CACHE)
    assert ", ".join(tags) in (cli.MODELS_DIRECTORY / "MTT_musicnn.md").read_text()


def test_batch_normalisation_is_folded_exactly(variables):
    parts = [
        variables[f"batch_normalization_10/{part}"] for part in ("gamma", "beta", "moving_mean", "moving_variance")
    ]
    gamma, beta, mean, variance = (part.astype(np.float64) for part in parts)
    scale, shift = musicnn.tensors(variables)["dense.norm"].astype(np.float64)
    x = np.linspace(-3, 3, 200)
    expected = gamma * (x - mean) / np.sqrt(variance + 0.001) + beta
    np.testing.assert_allclose(x * scale + shift, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda v: v.pop("conv2d_7/bias"), "no variable conv2d_7/bias"),
        (lambda v: v.update({"dense/bias": np.zeros(100, np.float32)}), r"dense/bias is float32 \[100\]"),
        (lambda v: v.update({"dense/bias": np.zeros(200)}), "is float64"),
        (lambda v: v.update({"dense/bias": np.full(200, np.nan, np.float32)}), "NaN or infinite"),
    ],
)
def test_refuses_variables_of_another_model(variables, change, sentence):
    changed = dict(variables)
    change(changed)
    with pytest.raises(musicnn.ModelError, match=sentence):
        musicnn.tensors(changed)


def test_command_says_what_is_wrong(tmp_path, capsys):
    (tmp_path / wheel.MUSICNN.file_name).write_bytes(b"something else")
    output = tmp_path / "model.gguf"
    assert cli.main(["MTT_musicnn", "--cache", str(tmp_path), "--output", str(output)]) == 1
    assert "is not the published musicnn 0.1.0" in capsys.readouterr().err
    assert not output.exists()


def test_quantise_stores_a_dead_filter_as_zeros():
    kernel = np.array([[1.0, -0.5], [0.0, 0.0], [1e-36, -1e-40]], np.float32)
    integers, scale = quantise(kernel)
    np.testing.assert_array_equal(integers[0], [LARGEST, -16384])
    np.testing.assert_array_equal(integers[1:], 0)
    np.testing.assert_array_equal(scale[1:], 1)
    assert dequantise(integers, scale).shape == kernel.shape
