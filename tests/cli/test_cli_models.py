"""How a model is found, and what is said of one that can't be used."""

import shutil

import gguf
import numpy as np
import pytest

from conftest import MODEL_FILE, run
from conftest import refused as names_refused
from convert.model_file import with_checksum


def copy(folder, name):
    folder.mkdir(exist_ok=True)
    return shutil.copy(MODEL_FILE, folder / f"{name}.gguf")


def refused(path, song, *words):
    outcome = run("--model", path, song)
    assert outcome.status == 1 and outcome.out == ""
    assert len(outcome.complaints()) == 1 and str(path) in outcome.err
    for word in words:
        assert word in outcome.err


# ---- Finding ----


def test_name_in_the_folder_of_the_environment(song, tmp_path):
    copy(tmp_path / "mine", "Mine")
    assert run("--model", "Mine", song, env={"TAGGRAM_MODELS": str(tmp_path / "mine")}).status == 0
    assert run("--model", "Mine", song).status == 2


def test_name_beside_the_program(song, installed):
    assert run("--model", "Elsewhere", song, program=installed).status == 0


def test_name_in_the_source_tree(song, installed):
    assert run("--model", "MTT_musicnn", song, program=installed).status == 0


def test_folder_of_the_environment_comes_first(song, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "MTT_musicnn.gguf").write_text("not a model")
    outcome = run(song, env={"TAGGRAM_MODELS": str(folder)})
    assert outcome.status == 1 and str(folder) in outcome.err


def test_path_without_slash_is_known_by_its_ending(song, tmp_path):
    copy(tmp_path, "here")
    assert run("--model", "here.gguf", song, cwd=tmp_path).status == 0
    assert run("--model", "./here.gguf", song, cwd=tmp_path).status == 0


def test_path_is_not_searched_for(song, tmp_path):
    outcome = run("--model", "MTT_musicnn.gguf", song, cwd=tmp_path)
    assert outcome.status == 1 and "No such file" in outcome.err


def test_unknown_name_lists_those_that_there_are(song, installed):
    outcome = run("--model", "qqqqqqqqqqqq", song, program=installed)
    assert outcome.status == 2 and len(outcome.complaints()) == 2
    assert "'qqqqqqqqqqqq'" in outcome.err and "Elsewhere, MSD_musicnn, MSD_vgg, MTT_musicnn, MTT_vgg" in outcome.err
    assert "did you mean" not in outcome.err


@pytest.mark.parametrize("wrong", ["mtt_musicnn", "MTT_MUSICNN", "MTT_musicn", "MT_musicnn", "MTT-musicnn"])
def test_unknown_name_gets_the_nearest(song, wrong):
    outcome = run("--model", wrong, song)
    assert outcome.status == 2 and "did you mean MTT_musicnn?" in outcome.err


@pytest.mark.parametrize(
    ("part", "whole"), [("musicnn", "MSD_musicnn"), ("VGG", "MSD_vgg"), ("MTT", "MTT_musicnn"), ("tt_v", "MTT_vgg")]
)
def test_a_part_of_a_name_gets_the_first_that_has_it(song, part, whole):
    names_refused(run("--model", part, song), f"'{part}' (did you mean {whole}?); there are MSD_musicnn, ")


def test_a_list_of_names_that_is_too_long_shows_that_it_is_cut(song, tmp_path):
    for i in range(100):
        (tmp_path / f"model-é{i}.gguf").touch()
    outcome = run("--model", "é" * 100, song, env={"TAGGRAM_MODELS": str(tmp_path)})
    names_refused(outcome, f"'{'é' * 40}'")
    assert outcome.complaints()[0].endswith("...") and "\ufffd" not in outcome.err


@pytest.mark.parametrize("name", ["", "n" * 5000, "two\nlines", "caf\udce9"])
def test_odd_names_are_refused(song, name):
    names_refused(run("--model", name, song), "--model")


# ---- Loading ----


def test_missing_model(song, tmp_path):
    refused(tmp_path / "missing.gguf", song, "No such file")


def test_directory_as_model(song, tmp_path):
    refused(tmp_path, song, "directory")
    refused(f"{tmp_path}/", song, "directory")


def test_device_as_model(song):
    refused("/dev/zero", song, "device")


def test_empty_model(song, tmp_path):
    path = tmp_path / "empty.gguf"
    path.touch()
    refused(path, song, "empty")


def test_song_as_model(song):
    refused(song, song, "model")


@pytest.mark.parametrize("part", [0.00001, 0.001, 0.01, 0.1, 0.5, 0.99, 0.999999])
def test_truncated_model(song, tmp_path, part):
    data = MODEL_FILE.read_bytes()
    path = tmp_path / "cut.gguf"
    path.write_bytes(data[: max(1, int(len(data) * part))])
    refused(path, song)


@pytest.mark.parametrize("seed", range(12))
def test_bit_flipped_model(song, tmp_path, seed):
    data = bytearray(MODEL_FILE.read_bytes())
    chance = np.random.default_rng(seed)
    place = chance.integers(0, 4000 if seed % 2 else len(data))  # the header, or anywhere
    data[place] ^= 1 << chance.integers(0, 8)
    path = tmp_path / "flipped.gguf"
    path.write_bytes(data)
    refused(path, song)


def test_foreign_model(song, tmp_path):
    """A sound GGUF file of another architecture."""
    key = b"general.architecture"
    data = MODEL_FILE.read_bytes()
    value = data.index(key) + len(key) + 4 + 8
    assert data[value : value + 7] == b"musicnn"
    path = tmp_path / "foreign.gguf"
    path.write_bytes(with_checksum(data[:value] + b"llama00" + data[value + 7 :]))
    refused(path, song, "llama00")


def test_equal_scores_stay_in_the_models_order(song, tmp_path):
    """A model whose last layer is 0 gives every tag one half."""
    data = bytearray(MODEL_FILE.read_bytes())
    for tensor in gguf.GGUFReader(MODEL_FILE).tensors:
        if tensor.name.startswith("output."):
            data[tensor.data_offset : tensor.data_offset + tensor.n_bytes] = bytes(tensor.n_bytes)
    path = tmp_path / "even.gguf"
    path.write_bytes(with_checksum(bytes(data)))
    result = run("--format", "json", "--top", 50, "--model", path, song).json()
    assert result["top"] == [{"tag": tag, "score": 0.5} for tag in result["tags"]]


def test_tag_that_is_not_utf8_leaves_json_valid(song, tmp_path):
    data = MODEL_FILE.read_bytes()
    assert data.count(b"guitar") == 1
    path = tmp_path / "odd.gguf"
    path.write_bytes(with_checksum(data.replace(b"guitar", b"gu\xfftar")))
    outcome = run("--format", "json", "--top", 50, "--model", path, song)
    assert outcome.status == 0
    assert outcome.json()["tags"][0] == "gu\ufffdtar"
    assert "gu\ufffdtar" in [entry["tag"] for entry in outcome.json()["top"]]
