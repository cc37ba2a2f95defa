"""What the form of the model files costs, against the reference outputs."""

import re

import numpy as np
import pytest

from convert import model_file
from convert.catalogue import MODELS
from reference import cli, goldens, storage
from reference.network import score_segments
from reference.storage import BUDGET, forms


@pytest.mark.parametrize("name", list(MODELS))
def test_files_use_at_most_half_of_the_budget(made, name):
    """Every input's scores and logits, as the stored file answers, against the weights in full."""
    _, stored = model_file.read(made / f"{name}.gguf")
    for source in goldens.INPUTS:
        folder = goldens.DIRECTORY / source.name
        found = score_segments(np.load(folder / "logmel.npy"), stored, goldens.HOP_HALF)
        for kind, allowed in BUDGET.items():
            expected = np.load(folder / name / f"{kind}_hop{goldens.HOP_HALF}.npy")
            assert np.abs(found[kind] - expected).max() < allowed / 2, (source.name, kind)


def test_forms_are_measured_apart_and_together(networks):
    found = {form: network.tensors for form, network in forms(networks["MSD_vgg"])}
    full, pruned = networks["MSD_vgg"].tensors, found["dead filters left out below 0.001"]
    together, plainly = found["both, as shipped"], found["both, but no errors carried"]
    assert len(pruned["conv_2.bias"]) == len(together["conv_2.bias"]) < len(full["conv_2.bias"])
    for kernel, other in ((together, pruned), (together, plainly), (plainly, pruned)):
        assert (kernel["conv_2.kernel"] != other["conv_2.kernel"]).any()
    np.testing.assert_array_equal(together["conv_1.kernel"], pruned["conv_1.kernel"])
    assert (found["both, but int16 in every kernel"]["conv_1.kernel"] != pruned["conv_1.kernel"]).any()


def test_musicnn_has_no_kernel_that_stays_float32(networks):
    assert "both, but int16 in every kernel" not in dict(forms(networks["MSD_musicnn"]))


def test_storage_command_measures_the_goldens_and_music(tmp_path, capsys, monkeypatch):
    """4 s of noise as both."""
    monkeypatch.setattr(goldens, "INPUTS", tuple(source for source in goldens.INPUTS if source.name == "noise"))
    storage.write_goldens_inputs(tmp_path)
    assert cli.main(["storage", "MSD_musicnn", "--music", str(tmp_path), "--hop", "60"]) == 0
    changes = r"  (.+?)  +goldens \(2 segments\) (\S+) / (\S+)  music \(2 segments\) (\S+) / (\S+)  features (\S+)"
    found = {form: list(map(float, numbers)) for form, *numbers in re.findall(changes, capsys.readouterr().out)}
    assert len(found) == len(storage.THRESHOLDS) + 2
    *scores_and_logits, features = found["both, as shipped"]
    for change, kind in zip(scores_and_logits, ("tags", "logits") * 2, strict=True):
        assert 0 < change < BUDGET[kind] / 2
    assert 0 < features < 0.1


def test_run_command_writes_what_a_file_answers(made, tmp_path):
    logmel = goldens.DIRECTORY / "noise" / "logmel.npy"
    assert cli.main(["run", str(made / "MTT_vgg.gguf"), str(logmel), str(tmp_path), "--hop", "92"]) == 0
    tags, expected = (np.load(folder / "tags_hop92.npy") for folder in (tmp_path, logmel.parent / "MTT_vgg"))
    assert np.abs(tags - expected).max() < BUDGET["tags"] / 2
    assert np.load(tmp_path / "segment0" / "pool1.npy").shape == (92, 48, 128)


@pytest.mark.parametrize(("content", "sentence"), [(b"none", "no .npy file"), (None, "its shape is [2, 3]")])
def test_run_command_refuses_what_is_no_log_mel(made, tmp_path, capsys, content, sentence):
    path = tmp_path / "x.npy"
    np.save(path, np.zeros((2, 3))) if content is None else path.write_bytes(content)
    assert cli.main(["run", str(made / "MTT_vgg.gguf"), str(path), str(tmp_path / "out")]) == 1
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_run_command_refuses_an_unknown_model(tmp_path, capsys):
    assert cli.main(["run", "MTT_vg", str(tmp_path / "x.npy"), str(tmp_path)]) == 1
    assert "no model file (.gguf)" in capsys.readouterr().err
