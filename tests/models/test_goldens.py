"""The reference outputs: the oracle still agrees with every one, and a difference would be seen."""

from dataclasses import replace

import numpy as np
import pytest

from reference import audio, cli, goldens, paper_goldens, synthetic

MSD_VGGS = ("MSD_vgg", "MSD_vgg_library")


def failures(differences) -> list[str]:
    found = list(differences)
    assert found
    return [f"{d.path}: {d.largest:.1e} of {d.allowed:.1e}" for d in found if not d.agrees]


@pytest.fixture(scope="module")
def differences(networks):
    """Every comparison with the folder, by input."""
    found = {source.name: list(goldens.check_input(source, networks)) for source in goldens.INPUTS}
    return found | {"resample": list(goldens.check_resample()), "paper": list(paper_goldens.check())}


@pytest.mark.parametrize("name", [source.name for source in goldens.INPUTS] + ["resample", "paper"])
def test_oracle_agrees(name, differences):
    assert failures(differences[name]) == []


def test_every_golden_is_checked(differences):
    """No file in the folder that nothing looks at, and none missing."""
    checked = {difference.path for found in differences.values() for difference in found}
    present = {str(path.relative_to(goldens.DIRECTORY)) for path in goldens.DIRECTORY.rglob("*.npy")}
    assert present == checked | {"example/pcm.npy"}


@pytest.mark.parametrize("folder", [subject.folder for subject in goldens.SUBJECTS])
def test_a_changed_weight_is_seen(networks, folder):
    network = networks[folder]
    bias = network.tensors["output.bias"] + np.float32(1e-3)
    changed = replace(network, tensors=network.tensors | {"output.bias": bias})
    silence = goldens.INPUTS[0]
    assert failures(goldens.check_input(silence, {folder: changed}))


def test_the_two_poolings_of_msd_vgg_differ():
    """By how much the card says."""
    scores = [np.load(goldens.DIRECTORY / "example" / folder / "tags_hop92.npy") for folder in MSD_VGGS]
    assert 0.1 < np.abs(scores[0] - scores[1]).max() < 0.5


def test_a_changed_shape_is_seen():
    difference = goldens.compare("x/logmel.npy", np.zeros((2, 3)), np.zeros((3, 2)))
    assert not difference.agrees


def test_signals_are_those_of_the_formulas():
    assert goldens.signal_checksums() == (goldens.DIRECTORY / "signals.sha256").read_text()
    np.testing.assert_array_equal(synthetic.noise(4), [7748, 12100, -16245, -9671])


def test_example_is_the_clip_of_the_page():
    stored = goldens.pcm("example").astype(int)
    decoded = audio.as_int16(audio.read_mono_16k(goldens.EXAMPLE_CLIP)).astype(int)
    assert decoded.shape == stored.shape
    assert np.abs(decoded - stored).max() <= 1  # decoders differ in the last bit


def test_examples_of_the_page_are_small_and_licensed():
    clips = sorted(goldens.EXAMPLES.glob("*.mp3"))
    assert goldens.EXAMPLE_CLIP in clips
    licences = (goldens.EXAMPLES / "LICENSE.txt").read_text().splitlines()
    for clip in clips:
        assert clip.stat().st_size < 500_000, clip.name
        assert any(line.startswith(clip.name) for line in licences), clip.name


def test_goldens_stay_small():
    assert sum(path.stat().st_size for path in goldens.DIRECTORY.rglob("*") if path.is_file()) < 7_000_000


def test_goldens_can_be_made_again(tmp_path, networks):
    """From what the original library made, the writer gives what is committed."""
    source = goldens.INPUTS[0]
    published = tmp_path / source.name / "logmel.npy"
    published.parent.mkdir()
    published.write_bytes((goldens.DIRECTORY / source.name / "logmel.npy").read_bytes())
    goldens.write_input(source, networks, tmp_path)
    for path in (tmp_path / source.name).rglob("logits*.npy"):
        committed = np.load(goldens.DIRECTORY / path.relative_to(tmp_path))
        np.testing.assert_allclose(np.load(path), committed, rtol=0, atol=5e-5)


def test_import_brings_in_the_original_outputs(tmp_path):
    for name in synthetic.SIGNALS:
        tags = np.full((1, 50), 0.25, np.float32)
        made = {f"tags_{subject.published}": tags for subject in goldens.SUBJECTS}
        np.savez(tmp_path / f"golden_{name}.npz", logmel=np.ones((251, 96), np.float32), **made)
    goldens.import_published(tmp_path, tmp_path / "out")
    assert np.load(tmp_path / "out/noise/logmel.npy").shape == (251, 96)
    for subject in goldens.SUBJECTS:
        assert np.load(tmp_path / f"out/noise/{subject.folder}/tags_hop92.npy")[0, 7] == 0.25


def test_tag_command_names_what_it_hears(capsys):
    assert cli.main(["tag", "--top", "3", str(goldens.EXAMPLE_CLIP)]) == 0
    assert "classical" in capsys.readouterr().out


def test_tag_command_runs_a_model_file(made, capsys):
    clip = str(goldens.EXAMPLE_CLIP)
    assert cli.main(["tag", "--model", str(made / "MSD_musicnn.gguf"), clip]) == 0
    from_file = capsys.readouterr().out
    assert cli.main(["tag", "--model", "MSD_musicnn", clip]) == 0
    assert from_file == capsys.readouterr().out
    assert "instrumental" in from_file


def test_tag_command_refuses_what_is_no_audio(tmp_path, capsys):
    (tmp_path / "notes.mp3").write_text("not music")
    assert cli.main(["tag", str(tmp_path / "notes.mp3")]) == 1
    assert "notes.mp3" in capsys.readouterr().err
