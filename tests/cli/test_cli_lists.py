"""Models of the paper's own kind: two lists of tags from one pass, samples or log-mel, segments from some length on."""

import numpy as np
import pytest

from conftest import refused, run
from reference.random_paper import random_network, tag_names, write


@pytest.fixture(scope="module", params=["waveform", "spectrogram"])
def model(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("paper") / f"{request.param}.gguf"
    write(path, random_network(request.param, 1), np.int16)
    return path


def test_both_lists(model, song, tags_of):
    result = tags_of("--model", model, song)
    assert result["lists"] == [{"name": "MTT", "tags": 50}, {"name": "MSD", "tags": 50}]
    names = tag_names()
    assert (
        result["tags"]
        == [f"{n} (MTT)" for n in names[:3]] + names[3:50] + [f"{n} (MSD)" for n in names[50:53]] + names[53:]
    )
    assert len(result["segments"]) == 2 and np.shape(result["taggram"]) == (2, 100)


def test_one_list(model, song, tags_of):
    both = np.array(tags_of("--model", model, song)["taggram"])
    for number, name in enumerate(("MTT", "MSD")):
        result = tags_of("--model", model, "--list", name, "--top", 5, song)
        columns = slice(50 * number, 50 * number + 50)
        assert result["lists"] == [{"name": name, "tags": 50}]
        assert result["tags"] == tag_names()[columns]
        assert np.array_equal(result["taggram"], both[:, columns])
        assert len(result["top"]) == 5


def test_unknown_list(model, song):
    refused(run("--model", model, "--list", "mtt", song), "no list of tags named 'mtt'", "it has MTT, MSD")
    refused(run("--list", "MTT", song), "MTT_musicnn has one list of tags only")


def test_lists_are_told_with_the_models(model):
    outcome = run("models", env={"TAGGRAM_MODELS": str(model.parent)})
    assert (
        f"{model.stem}\n  {model.stem}, 100 tags in lists MTT, MSD, segments of 2.992 s or any other length"
        in outcome.out
    )


def test_any_length_from_the_fewest_frames(model, song, tags_of):
    fewest = {"waveform": 1.232, "spectrogram": 0.128}[model.stem]
    result = tags_of("--model", model, "--length", fewest, song)
    assert (result["length"], result["hop"]) == (fewest, fewest)
    refused(run("--model", model, "--length", fewest - 0.016, song), f"--length must be from {fewest} to 600 s")


def test_audio_shorter_than_a_segment_is_repeated(model, song, tags_of):
    result = tags_of("--model", model, "--length", 15, song)
    assert [segment["padded"] for segment in result["segments"]] == [True]


def test_hop_and_threads_change_no_score(model, example, tags_of):
    """Segments share nothing: those that begin together are the same."""
    apart = tags_of("--model", model, "--jobs", 1, example)
    near = tags_of("--model", model, "--jobs", 4, "--hop", 1.496, example)
    starts = [segment["start"] for segment in near["segments"]]
    for segment, scores in zip(apart["segments"], apart["taggram"], strict=True):
        if segment["start"] in starts:
            assert np.abs(np.subtract(near["taggram"][starts.index(segment["start"])], scores)).max() <= 1e-5
    assert 0.0 in starts


def test_features(model, song, tags_of):
    result = tags_of("--model", model, "--features", "all", song)
    shapes = {name: np.shape(values)[1:] for name, values in result["features"].items()}
    frames = {"waveform": 20, "spectrogram": 187}[model.stem]
    front_end = {
        "waveform": {"samples": (187, 256), "front_end": (20, 256)},
        "spectrogram": {"logmel": (187, 96), "timbral": (187, 224), "temporal": (187, 240)},
    }[model.stem]
    assert shapes == front_end | {
        "cnn1": (frames - 6, 512),
        "cnn2": (frames - 6, 512),
        "cnn3": ((frames - 6) // 2, 512),
        "mean_pool": (512,),
        "max_pool": (512,),
        "penultimate": (500,),
        "logits": (100,),
    }
