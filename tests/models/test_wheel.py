"""The published wheel: known by its SHA-256, read without running it."""

import zipfile

import pytest

from convert import wheel


def test_refuses_a_damaged_wheel(wheel_path, tmp_path):
    damaged = bytearray(wheel_path.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    copy = tmp_path / wheel.MUSICNN.file_name
    copy.write_bytes(damaged)
    with pytest.raises(wheel.WheelError, match=r"is not the published musicnn 0\.1\.0.*Delete it"):
        wheel.fetch(wheel.MUSICNN, tmp_path)


def test_says_so_when_it_cannot_be_downloaded(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(wheel.WheelError, match=r"could not be downloaded.*by hand"):
        wheel.fetch(wheel.MUSICNN, tmp_path)


def test_reads_the_tag_names(wheel_path):
    tags = wheel.read_list(wheel_path, "musicnn/configuration.py", "MTT_LABELS")
    assert (len(tags), tags[0], tags[-1]) == (50, "guitar", "choral")


def test_refuses_a_list_that_is_not_there(wheel_path):
    with pytest.raises(wheel.WheelError, match="assigns no list of strings to NO_LABELS"):
        wheel.read_list(wheel_path, "musicnn/configuration.py", "NO_LABELS")
    with pytest.raises(wheel.WheelError, match="assigns no list of strings to SR"):
        wheel.read_list(wheel_path, "musicnn/configuration.py", "SR")


def test_never_runs_what_it_reads(tmp_path):
    path = tmp_path / "hostile.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("names.py", f"open({str(tmp_path / 'ran')!r}, 'w')\nNAMES = ['a', 'b']\n")
    assert wheel.read_list(path, "names.py", "NAMES") == ["a", "b"]
    assert not (tmp_path / "ran").exists()


def test_refuses_a_file_that_is_not_in_it(wheel_path):
    with pytest.raises(wheel.WheelError, match="no readable musicnn/none"):
        wheel.read_member(wheel_path, "musicnn/none")
