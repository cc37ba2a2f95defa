"""Features by name, as NumPy's npz and npy and in JSON: shapes, numbers, and what is refused."""

import io
import os
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import pytest

from conftest import GOLDENS, MODELS, PROGRAM, environment, refused, run
from sounds import music, write_wav

MUSICNN = ("timbral", "temporal", "cnn1", "cnn2", "cnn3", "max_pool", "mean_pool", "penultimate")
VGG = ("pool1", "pool2", "pool3", "pool4", "pool5")
MUSICNN_SHAPES = {  # of one segment of 187 frames
    "timbral": (187, 408), "temporal": (187, 153), "cnn1": (187, 64), "cnn2": (187, 64), "cnn3": (187, 64),
    "max_pool": (753,), "mean_pool": (753,), "penultimate": (200,),
}  # fmt: skip
SHAPES_OF = {
    "MSD_musicnn": MUSICNN_SHAPES,
    "MTT_musicnn": MUSICNN_SHAPES,
    "MSD_vgg": dict(zip(VGG, [(46, 96, 128), (46, 24, 128), (23, 12, 128), (11, 6, 128), (2, 128)], strict=True)),
    "MTT_vgg": dict(zip(VGG, [(92, 48, 128), (46, 24, 128), (23, 12, 128), (11, 6, 128), (2, 128)], strict=True)),
}
FACTS = {"taggram", "tags", "start", "silent", "hop", "length", "file", "model", "version"}
TOLERANCE = 5e-3  # of a feature's largest value: kernels rounded to 16 bits, a log-mel a step of float16 off


def names(model):
    return VGG if model.endswith("vgg") else MUSICNN


def of_segments(arrays, name):
    """The library joins the segments' frames; here are the segments again."""
    segments, values = len(arrays["start"]), arrays[name]
    frames = len(values) // segments
    return values.reshape(segments, frames, *values.shape[1:]) if frames > 1 else values


def npz(*arguments):
    """The arrays of the one song named, from standard output."""
    return dict(np.load(io.BytesIO(binary("--format", "npz", *arguments))))


def npy(*arguments):
    return np.load(io.BytesIO(binary("--format", "npy", *arguments)))


def binary(*arguments):
    outcome = run(*arguments)
    assert (outcome.status, outcome.err) == (0, "")
    return outcome.data


# ---- NPZ ----


def test_npz_holds_the_taggram_and_what_it_is_of(song, tags_of):
    arrays, result = npz("--hop", "1", song), tags_of("--hop", "1", song)
    assert arrays.keys() == FACTS
    assert arrays["taggram"].dtype == np.float32
    assert np.allclose(arrays["taggram"], result["taggram"], rtol=1e-6)
    assert arrays["tags"].tolist() == result["tags"]
    assert arrays["start"].tolist() == [segment["start"] for segment in result["segments"]]
    assert arrays["silent"].dtype == bool and not arrays["silent"].any()
    for name in ("file", "model", "version", "hop", "length"):
        assert arrays[name].shape == () and arrays[name].item() == result[name]


@pytest.mark.parametrize("model", MODELS)
def test_npz_has_the_librarys_features_and_shapes(example, model):
    arrays = npz("--model", model, "--features", ",".join(names(model)), example)
    assert arrays.keys() == FACTS | set(names(model))
    for name in names(model):
        first, *others = SHAPES_OF[model][name]
        expected = (10 * first, *others) if others else (10, first)
        assert arrays[name].shape == expected and arrays[name].dtype == np.float32


@pytest.mark.parametrize("model", MODELS)
def test_features_are_the_goldens(example, model):
    arrays = npz("--model", model, "--features", "all", example)
    folder = GOLDENS / "example" / model / "segment0"
    for name in names(model):
        values = of_segments(arrays, name)[0]
        if name == "pool1":
            golden, values = np.load(folder / "pool1_every8.npy"), values[::8]
        else:
            golden = np.load(folder / f"{name}.npy").reshape(values.shape)
        largest = np.abs(values - golden).max() / np.abs(golden).max()
        print(f"{model} {name}: largest difference {largest:.1e} of {TOLERANCE:.0e} of the largest value")
        assert largest < TOLERANCE


def test_all_features_belong_to_their_segments(example):
    """The scores follow from the logits of the same row, pooled features from those before them."""
    arrays = npz("--features", "all", "--hop", "1.5", example)
    assert arrays.keys() == FACTS | {"logmel", "logits"} | set(MUSICNN)
    assert np.allclose(1 / (1 + np.exp(-arrays["logits"])), arrays["taggram"], atol=1e-6)
    everything = np.concatenate([of_segments(arrays, name) for name in MUSICNN[:5]], axis=2)
    assert np.allclose(everything.max(axis=1), arrays["max_pool"], atol=1e-4)
    assert np.allclose(everything.mean(axis=1), arrays["mean_pool"], atol=1e-4)
    golden = np.load(GOLDENS / "example" / "logmel.npy")
    for start, frames in zip(arrays["start"], of_segments(arrays, "logmel"), strict=True):
        first = round(start / 0.016)
        assert np.abs(frames - golden[first : first + 187]).max() < 1e-3


def test_features_of_longer_segments(song):
    arrays = npz("--length", "5", "--features", "timbral,max_pool", song)
    assert arrays["timbral"].shape == (312, 408) and arrays["max_pool"].shape == (1, 753)


def test_a_feature_named_twice_is_there_once(song):
    data = binary("--format", "npz", "--features", "cnn1,cnn1", song)
    assert sorted(zipfile.ZipFile(io.BytesIO(data)).namelist()) == sorted(f"{name}.npy" for name in FACTS | {"cnn1"})


def test_all_adds_those_that_were_not_named(song, tags_of):
    names = list(tags_of("--features", "all", song)["features"])
    assert list(tags_of("--features", "cnn2,all,timbral", song)["features"]) == ["cnn2"] + [
        name for name in names if name != "cnn2"
    ]


def test_silence_is_marked(tmp_path):
    samples = music(5.984)
    samples[: round(3.1 * 44100)] = 0
    arrays = npz(write_wav(tmp_path / "half.wav", samples))
    assert arrays["silent"].tolist() == [True, False]


def test_npz_is_the_same_every_time(song, tmp_path):
    """No time of day, no leftovers in it."""
    for name in ("a.npz", "b.npz"):
        assert run("--format", "npz", "--features", "all", "-o", tmp_path / name, song).status == 0
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_npz_is_a_sound_archive(song, tmp_path):
    path = tmp_path / "song.npz"
    assert run("--format", "npz", "--features", "timbral", "-o", path, song).status == 0
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert {item.compress_type for item in archive.infolist()} == {zipfile.ZIP_STORED}


def test_an_archive_that_fails_midway_does_not_look_whole(song):
    """While it waits for its reader, the rows that it reads back are taken away."""
    command = [PROGRAM, "--format", "npz", "--features", "timbral", song]
    env = environment(ASAN_OPTIONS="exitcode=99:detect_leaks=0")  # libarchive keeps some of what it gives up
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env) as program:
        data = program.stdout.read(1)
        (rows,) = [file for file in Path(f"/proc/{program.pid}/fd").iterdir() if "taggram." in os.readlink(file)]
        os.truncate(rows, 0)
        data += program.stdout.read()
        assert b"temporary file cannot be read" in program.stderr.read()
    assert program.returncode == 1
    assert data.startswith(b"PK") and not zipfile.is_zipfile(io.BytesIO(data))


def test_odd_names_are_kept_in_npz(tmp_path, song):
    for name, expected in {b"caf\xe9.wav": "caf\ufffd.wav", "Größe 音楽 🎵.wav".encode(): "Größe 音楽 🎵.wav"}.items():
        (tmp_path / name.decode(errors="surrogateescape")).write_bytes(song.read_bytes())
        outcome = run("--format", "npz", "-o", tmp_path / "x.npz", name, cwd=tmp_path)
        assert outcome.status == 0 and np.load(tmp_path / "x.npz")["file"].item() == expected


# ---- NPY and JSON ----


def test_npy_is_the_taggram_or_the_one_feature(song):
    arrays = npz("--features", "cnn2", song)
    assert (npy(song) == arrays["taggram"]).all()
    assert (npy("--features", "cnn2", song) == arrays["cnn2"]).all()


def test_npy_can_be_mapped_into_memory(song, tmp_path):
    """Its values begin at a multiple of 64 bytes, as NumPy's own do."""
    path = tmp_path / "song.npy"
    assert run("--format", "npy", "-o", path, song).status == 0
    mapped = np.load(path, mmap_mode="r")
    assert mapped.offset % 64 == 0 and (mapped == npy(song)).all()


@pytest.mark.parametrize(
    ("model", "features"), [("MTT_musicnn", "penultimate,cnn3"), ("MTT_vgg", "pool4,pool5,logits")]
)
def test_json_has_the_same_numbers(song, tags_of, model, features):
    arrays = npz("--model", model, "--features", features, song)
    result = tags_of("--model", model, "--features", features, song)
    assert ",".join(result["features"]) == features
    for name, values in result["features"].items():
        assert (np.array(values, np.float32).reshape(arrays[name].shape) == arrays[name]).all()
    line = run("--format", "ndjson", "--model", model, "--features", features, song)
    assert len(line.out.splitlines()) == 1 and line.json() == result


# ---- What is refused ----


@pytest.mark.parametrize(
    "name", ["pool1", "timbrel", "", "Timbral", "cnn1,", ",cnn1", "cnn1,,cnn2", "all,cnn9", "alle", " cnn1"]
)
def test_a_name_that_the_model_lacks_is_refused(song, name):
    refused(run("--format", "npz", "--features", name, song), "--features", "MTT_musicnn", *MUSICNN, "all")


def test_the_refusal_lists_the_models_own_names(song):
    refused(run("--model", "MSD_vgg", "--format", "npz", "--features", "timbral", song), "MSD_vgg", "'timbral'", *VGG)


@pytest.mark.parametrize("name", ["text", "csv", "jams", "labels"])
def test_a_format_without_room_for_features_is_refused(song, name):
    refused(run("--format", name, "--features", "cnn1", song), "--format", name, "npz")


def test_npy_of_two_features_is_refused(song):
    refused(run("--format", "npy", "--features", "cnn1,cnn2", song), "one array", "npz")


def test_no_room_for_temporary_files(song, tmp_path):
    """Limited to 64 KiB a file, the features don't fit."""
    command = 'ulimit -f 128; exec "$0" --format npz --features timbral -o "$2" "$1"'
    outcome = run("-c", command, PROGRAM, song, tmp_path / "x.npz", program="/bin/sh")
    assert outcome.status == 1 and "TMPDIR" in outcome.err
    assert list(tmp_path.iterdir()) == []
