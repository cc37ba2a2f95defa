"""The commands and lines of Python in docs/ do what the text around them says."""

import os
import re
import subprocess

import numpy as np
import pandas as pd
import pytest

from conftest import PROGRAM, REPOSITORY, environment
from sounds import music, write_wav


@pytest.fixture
def music_folder(tmp_path, song, monkeypatch):
    """A folder with an album of three files, one of which is no music, and song.mp3; it becomes the current one."""
    album = tmp_path / "album"
    album.mkdir()
    (album / "song.wav").write_bytes(song.read_bytes())
    (album / "damaged.wav").write_text("no music")
    write_wav(album / "other.wav", np.vstack([music(2.9), np.zeros((44100 * 4, 2))]))
    (tmp_path / "song.mp3").write_bytes(song.read_bytes())
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "taggram").symlink_to(PROGRAM)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run_blocks(name, folder):
    """Runs the page's blocks of shell and Python in their order; gives the Python's names."""
    names = {}
    env = environment(PATH=f"{folder / 'bin'}:{os.environ['PATH']}")
    blocks = re.findall(
        r"^```(sh|python)\n(.*?)^```$", (REPOSITORY / "docs" / name).read_text(), re.DOTALL | re.MULTILINE
    )
    for language, text in blocks:
        if language == "sh":
            done = subprocess.run(["sh", "-c", text], env=env, stderr=subprocess.PIPE, text=True, check=False)
            assert done.returncode in (0, 1) and all(": It " in s or ": This " in s for s in done.stderr.splitlines())
        else:
            assert len([line for line in text.splitlines() if line and not line.startswith("import")]) <= 2
            exec(compile(text, name, "exec"), names)
    assert {language for language, _ in blocks} == {"sh", "python"}
    return names


def test_python_md(music_folder):
    names = run_blocks("python.md", music_folder)
    songs, top = names["songs"], names["top"]
    assert songs["file"].tolist() == ["album/damaged.wav", "album/other.wav", "album/song.wav"]
    assert songs["error"].notna().tolist() == [True, False, False]
    assert set(top.columns) == {"tag", "score"} and len(top.loc["album/song.wav"]) == 3

    taggram = names["taggram"]
    assert taggram.index.tolist() == [0.0, 2.992] and taggram.shape == (2, 50)
    arrays = np.load("features/other.npz")
    assert np.allclose(taggram, arrays["taggram"], rtol=1e-6) and taggram.columns.tolist() == arrays["tags"].tolist()

    assert len(names["segments"]) == 4 and arrays["silent"].tolist() == [False, True]
    means = names["means"]
    assert means.shape == (2, 50)
    assert np.allclose(means.loc["album/other.wav"], taggram.iloc[0], rtol=1e-6), "its silent half does not count"
    assert isinstance(means, pd.DataFrame)

    assert names["arrays"]["timbral"].shape == (2 * 187, 408)
    assert np.allclose(names["embedding"], names["arrays"]["penultimate"].mean(axis=0))


def test_musicnn_md(music_folder):
    names = run_blocks("musicnn.md", music_folder)
    assert names["taggram"].shape == (2, 50) and names["tags"][:3] == ["guitar", "classical", "slow"]
    assert names["features"]["timbral"].shape == (2 * 187, 408)
    assert names["segments"].shape == (2, 187, 408)
