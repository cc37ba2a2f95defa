"""taggram models and taggram inspect."""

import re
import shutil

import pytest

from conftest import MODEL_FILE, MODELS, REPOSITORY, refused, run
from convert import model_file
from convert.model_file import with_checksum

# ---- models ----


def test_models_lists_what_is_installed():
    outcome = run("models")
    assert (outcome.status, outcome.err) == (0, "")
    names = [line.split()[0] for line in outcome.out.splitlines() if not line.startswith(" ")]
    assert names == [*MODELS, "spectrogram", "waveform"]
    assert "MTT_musicnn (default)" in outcome.out and outcome.out.count("default") == 1


@pytest.mark.parametrize("name", MODELS)
def test_models_tells_the_facts_of_each(name):
    block = re.split(r"\n(?=\S)", run("models").out)[MODELS.index(name)]
    path = REPOSITORY / "models" / f"{name}.gguf"
    architecture, dataset = name.split("_")[1], {"MTT": "MagnaTagATune", "MSD": "Million Song"}[name[:3]]
    size = f"{path.stat().st_size / 1000:.0f} KB"
    for word in (architecture, "50 tags", "2.992 s", size, "licence ISC", dataset, "ROC-AUC", "PR-AUC"):
        assert word in block
    assert ("any other length" in block) == (architecture == "musicnn")


def test_models_of_the_environment_and_of_the_installation_are_listed(installed, tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    shutil.copy(MODEL_FILE, mine / "Mine.gguf")
    outcome = run("models", program=installed, env={"TAGGRAM_MODELS": str(mine)})
    assert outcome.status == 0
    assert [line for line in outcome.out.splitlines() if line in ("Mine", "Elsewhere")] == ["Elsewhere", "Mine"]


def test_a_broken_model_does_not_hide_the_others(tmp_path):
    (tmp_path / "Broken.gguf").write_text("no model")
    outcome = run("models", env={"TAGGRAM_MODELS": str(tmp_path)})
    assert outcome.status == 1 and len(outcome.complaints()) == 1 and "Broken.gguf" in outcome.err
    assert "MTT_musicnn" in outcome.out


def test_models_takes_no_arguments():
    refused(run("models", "MTT_musicnn"), "models", "MTT_musicnn")


# ---- inspect ----


@pytest.mark.parametrize("name", MODELS)
def test_inspect_tells_everything(name):
    outcome = run("inspect", name)
    assert (outcome.status, outcome.err) == (0, "")
    tags, _ = model_file.read(REPOSITORY / "models" / f"{name}.gguf")
    assert ", ".join(tags) in outcome.out and "Tags (50)" in outcome.out
    facts = dict(re.findall(r"^  ([a-z_]+\.[a-z_0-9.]+) +(.+)$", outcome.out, re.MULTILINE))
    assert facts["general.name"] == name and facts["general.license"] == "ISC"
    assert facts["tagger.segment_frames"] == "187" and "ROC-AUC" in facts["tagger.published_scores"]


def test_inspect_tells_the_shapes_of_features():
    features = dict(re.findall(r"^  (\w+) +((?:\[\d+\])+)$", run("inspect", "MTT_musicnn").out, re.MULTILINE))
    assert features["timbral"] == "[187][408]" and features["penultimate"] == "[200]" and features["logits"] == "[50]"
    features = dict(re.findall(r"^  (\w+) +((?:\[\d+\])+)$", run("inspect", "MTT_vgg").out, re.MULTILINE))
    assert features["pool1"] == "[92][48][128]" and features["pool5"] == "[2][1][128]"


def test_inspect_reads_files_and_goes_on_after_one_that_fails(tmp_path):
    (tmp_path / "broken.gguf").write_text("no model")
    outcome = run("inspect", tmp_path / "broken.gguf", MODEL_FILE, tmp_path / "missing.gguf")
    assert outcome.status == 1 and len(outcome.complaints()) == 2
    assert outcome.out.startswith(f"MTT_musicnn ({MODEL_FILE})\n")


def test_inspect_tells_of_a_failure_before_a_success(tmp_path):
    assert run("inspect", tmp_path / "missing.gguf", "MTT_vgg").status == 1
    assert run("inspect", "nothing", "MTT_vgg").status == 2


def test_inspect_suggests_the_nearest_name():
    refused(run("inspect", "MTT_vg"), "did you mean MTT_vgg?")


def test_inspect_needs_a_model():
    refused(run("inspect"), "inspect", "taggram models")


def test_control_characters_of_a_model_do_not_reach_the_terminal(tmp_path):
    data = MODEL_FILE.read_bytes()
    path = tmp_path / "odd.gguf"
    path.write_bytes(with_checksum(data.replace(b"Universitat", b"\x1b[31m\x07\nred!")))
    outcome = run("inspect", path)
    assert outcome.status == 0 and "\\x1b[31m\\x07\\nred!" in outcome.out
    assert "\x1b" not in outcome.out


# ---- Both ----


@pytest.mark.parametrize("arguments", [["models"], ["inspect", *MODELS]])
def test_full_disk_is_told(arguments):
    with open("/dev/full", "wb") as full:
        outcome = run(*arguments, stdout=full)
    assert outcome.status == 1 and "standard output" in outcome.err and "No space" in outcome.err


def test_files_may_have_a_commands_name(song, tmp_path):
    shutil.copy(song, tmp_path / "models")
    assert run("./models", cwd=tmp_path).status == 0
    assert run("--top", 1, "models", cwd=tmp_path).status == 0
