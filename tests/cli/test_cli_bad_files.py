"""Files that can't be tagged, or not as a whole: one clear sentence each, and the other files are tagged."""

import os
import shutil
import socket
import struct
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pytest

from conftest import MODEL_FILE, PROGRAM, run
from sounds import cut, encode, music, write_float_wav, write_wav


def refused(path, *words, song):
    """Alone: status 1, nothing on standard output, one line that names the file. In a list: the others are tagged,
    and its line holds the sentence."""
    alone = run(path)
    assert alone.status == 1 and alone.out == ""
    assert len(alone.complaints()) == 1
    assert alone.err.startswith(f"taggram: {os.fsdecode(path)}: ")
    assert "warning" not in alone.err and alone.err.endswith(".\n")
    for word in words:
        assert word in alone.err
    listed = run("--format", "json", song, path, song)
    assert listed.status == 1 and listed.err == alone.err
    before, failed, after = listed.lines()
    assert before["file"] == after["file"] == str(song)
    assert failed == {"file": os.fsdecode(path), "error": alone.err.rstrip("\n").split(": ", 2)[2]}


def tagged_with_warning(path, *words):
    """Status 0, the same sentence on standard error and in JSON. Gives the JSON."""
    outcome = run("--format", "json", path)
    assert outcome.status == 0
    result = outcome.json()
    assert len(result["warnings"]) == 1, result["warnings"]
    assert outcome.err == f"taggram: {path}: warning: {result['warnings'][0]}\n"
    for word in words:
        assert word in result["warnings"][0]
    return result


# ---- Not audio ----


def test_empty_file(tmp_path, song):
    path = tmp_path / "empty.mp3"
    path.touch()
    refused(path, "empty", song=song)


def test_empty_standard_input():
    outcome = run("-", input=b"")
    assert outcome.status == 1 and "standard input" in outcome.err and "empty" in outcome.err


@pytest.mark.parametrize("lines", [1, 200, 20000])
@pytest.mark.parametrize("ending", ["mp3", "wav", "flac", "ogg", "m4a", "txt"])
def test_text_renamed(tmp_path, song, ending, lines):
    path = tmp_path / f"text.{ending}"
    path.write_text("".join(f"Line {i}: the quick brown fox jumps over the lazy dog.\n" for i in range(lines)))
    refused(path, song=song)


@pytest.mark.parametrize("ending", ["mp3", "wav", "flac", "ogg", "m4a", "aac", "bin"])
def test_random_bytes_renamed(tmp_path, song, ending):
    path = tmp_path / f"random.{ending}"
    path.write_bytes(np.random.default_rng(2).bytes(300000))
    refused(path, song=song)


def test_zeros_renamed(tmp_path, song):
    path = tmp_path / "zeros.mp3"
    path.write_bytes(bytes(300000))
    refused(path, song=song)


def test_program_renamed(tmp_path, song):
    path = tmp_path / "program.mp3"
    shutil.copy(shutil.which("ffmpeg"), path)
    refused(path, song=song)


@pytest.mark.parametrize("ending", ["png", "jpg", "gif", "mp3"])
def test_picture(tmp_path, song, ending):
    picture = tmp_path / f"picture.{'png' if ending == 'mp3' else ending}"
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=64x64", "-frames:v", "1", str(picture)]
    subprocess.run(command, check=True)
    refused(picture.rename(tmp_path / f"renamed.{ending}"), "no audio", song=song)


def test_silent_film(tmp_path, song):
    film = tmp_path / "film.mp4"
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=64x64:duration=1", str(film)]
    subprocess.run(command, check=True)
    refused(film, "no audio", song=song)


PLAYLISTS = {
    "list.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:6.5,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n",
    "local.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:6.5,\npart.mp3\n#EXT-X-ENDLIST\n",
    "list.ffconcat": "ffconcat version 1.0\nfile part.mp3\n",
}


@pytest.mark.parametrize("name", PLAYLISTS)
def test_playlist_opens_nothing_else(tmp_path, song, name):
    """Neither files beside it nor addresses: a list of parts is not music."""
    encode(song, tmp_path / "part.mp3")
    (tmp_path / name).write_text(PLAYLISTS[name])
    refused(tmp_path / name, song=song)


# ---- Not a file ----


def test_directory(tmp_path, song):
    refused(tmp_path, "directory", song=song)


def test_missing_file(tmp_path, song):
    refused(tmp_path / "missing.mp3", "No such file", song=song)


def test_name_too_long(tmp_path, song):
    refused(tmp_path / ("n" * 300), "too long", song=song)


def test_dangling_link(tmp_path, song):
    link = tmp_path / "link.mp3"
    link.symlink_to(tmp_path / "gone.mp3")
    refused(link, "No such file", song=song)


@pytest.mark.parametrize("device", ["/dev/null", "/dev/zero", "/dev/urandom"])
def test_device(song, device):
    refused(device, "device", song=song)


def test_standard_input_that_is_a_device():
    outcome = run("-")  # /dev/null
    assert outcome.status == 1 and "device" in outcome.err


def test_socket(tmp_path, song):
    path = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        refused(path, "cannot be opened", song=song)


def test_unreadable_file(song):
    """Root reads everything, so that root's tests run the program as nobody, from a folder that nobody can enter."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o755)
        copies = {"taggram": PROGRAM, "secret.wav": song, "good.wav": song, MODEL_FILE.name: MODEL_FILE}
        program, path, good, model = (shutil.copy(source, place / name) for name, source in copies.items())
        for readable in (good, model):
            readable.chmod(0o644)
        path.chmod(0)
        user = {"user": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        outcome = run(path, good, "--format", "json", program=program, env={"TAGGRAM_MODELS": folder}, **user)
    assert outcome.status == 1
    assert outcome.err == f"taggram: {path}: It cannot be opened: Permission denied.\n"
    failed, tagged = outcome.lines()
    assert failed == {"file": str(path), "error": "It cannot be opened: Permission denied."}
    assert tagged["file"] == str(good)


# ---- Too little ----


def wav_header(frames, channels=1, rate=44100, stated=None):
    data = bytes(2 * channels * frames)
    stated = len(data) if stated is None else stated
    facts = struct.pack("<HHIIHH", 1, channels, rate, rate * channels * 2, channels * 2, 16)
    body = b"WAVEfmt " + struct.pack("<I", len(facts)) + facts + b"data" + struct.pack("<I", stated) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize("stated", [0, 1000000])
def test_wav_header_without_samples(tmp_path, song, stated):
    path = tmp_path / "header.wav"
    path.write_bytes(wav_header(0, stated=stated))
    refused(path, "not one sample", song=song)


@pytest.mark.parametrize("length", [4, 12, 20, 36, 40])
def test_part_of_a_wav_header(tmp_path, song, length):
    path = tmp_path / "header.wav"
    path.write_bytes(wav_header(100)[:length])
    refused(path, song=song)


@pytest.mark.parametrize("frames", [1, 2, 1000, 4409])
def test_too_short(tmp_path, song, frames):
    path = tmp_path / "short.wav"
    path.write_bytes(wav_header(frames))
    refused(path, "0.1 s", song=song)


def test_a_tenth_of_a_second_is_enough(tmp_path, tags_of):
    assert tags_of(write_wav(tmp_path / "short.wav", music(0.1)))["segments"][0]["padded"]


def test_one_sample_as_flac(tmp_path, song):
    refused(encode(write_wav(tmp_path / "one.wav", np.ones(1)), tmp_path / "one.flac"), "0.1 s", song=song)


# ---- Too much ----


def test_more_channels_than_can_be_mixed(tmp_path, song):
    path = tmp_path / "many.wav"
    path.write_bytes(wav_header(4000, channels=65, rate=8000))
    refused(path, "65 channels", "64", song=song)


@pytest.mark.parametrize("rate", [3999, 800000])
def test_rates_out_of_range(tmp_path, song, rate):
    path = tmp_path / "odd.wav"
    path.write_bytes(wav_header(rate, rate=rate))
    refused(path, f"{rate} Hz", "4000", "768000", song=song)


# ---- Cut short or damaged: tagged as far as they go ----


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("song.mp3", []),
        ("song.flac", []),
        ("song.wav", []),
        ("song.wav", ["-c:a", "pcm_f32le"]),
        ("song.wv", []),
        ("song.mka", ["-c:a", "flac"]),
        ("song.m4a", ["-movflags", "+faststart"]),
    ],
    ids=lambda value: "".join(value),
)
def test_cut_short(tmp_path, song, tags_of, name, options):
    whole = encode(song, tmp_path / name, *options)
    result = tagged_with_warning(cut(whole, tmp_path / f"cut.{name}", 0.7), "cut short", "6.5 s")
    assert 4 < result["duration"] < 5.5
    first, expected = np.array(result["taggram"][0]), np.array(tags_of(whole)["taggram"][0])
    assert np.abs(first - expected).max() < 1e-6, "what is there is tagged as in the whole file"


def test_mp3_of_constant_rate_cut_short(tmp_path, song):
    """Without a header of its own nothing says how long it was: tagged as far as it goes."""
    whole = encode(song, tmp_path / "song.mp3", "-write_xing", "0")
    outcome = run("--format", "json", cut(whole, tmp_path / "cut.mp3", 0.7))
    assert outcome.status == 0 and 4 < outcome.json()["duration"] < 5


def test_flac_without_its_last_bytes(tmp_path, song):
    whole = encode(song, tmp_path / "song.flac")
    path = tmp_path / "cut.flac"
    path.write_bytes(whole.read_bytes()[:-20])
    assert 6 < tagged_with_warning(path)["duration"] < 6.5


def test_wav_cut_inside_a_sample(tmp_path, song):
    path = tmp_path / "cut.wav"
    path.write_bytes(song.read_bytes()[: 44 + 4 * 44100 * 4 + 3])
    assert tagged_with_warning(path, "cut short")["duration"] == pytest.approx(4, abs=1e-3)


def test_m4a_without_its_index(tmp_path, song):
    refused(cut(encode(song, tmp_path / "song.m4a"), tmp_path / "cut.m4a", 0.7), song=song)


ENDINGS = ["mp3", "flac", "ogg", "opus", "m4a", "wav", "aac", "wma", "wv", "mka", "ac3", "aiff"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_flipped_bits_never_crash_it(tmp_path, song, ending):
    whole = encode(song, tmp_path / f"song.{ending}").read_bytes()
    path = tmp_path / f"flipped.{ending}"
    for seed in range(8):
        chance = np.random.default_rng(seed)
        data = np.frombuffer(whole, np.uint8).copy()
        first = 0 if seed % 2 else len(data) // 10  # with and without a damaged header
        places = chance.integers(first, len(data), 4 ** (seed // 2 + 1))
        data[places] ^= (1 << chance.integers(0, 8, len(places))).astype(np.uint8)
        path.write_bytes(data.tobytes())
        outcome = run("--format", "json", path)
        assert outcome.status == 1 or np.isfinite(outcome.json()["taggram"]).all(), f"seed {seed}"


def test_wav_with_an_odd_chunk_cut_short(tmp_path, song):
    """A chunk of 5 bytes is followed by a sixth that its size does not count."""
    data = song.read_bytes()
    path = tmp_path / "cut.wav"
    path.write_bytes(data[:36] + b"note" + struct.pack("<I", 5) + b"hello\0" + data[36 : 36 + 4 * 44100 * 4])
    assert tagged_with_warning(path, "cut short", "6.5 s")["duration"] == pytest.approx(4, abs=1e-2)


@pytest.mark.parametrize("ending", ["ogg", "opus"])
def test_ogg_cut_short(tmp_path, song, ending):
    """It does not say how long it was, and so it may have no warning."""
    outcome = run("--format", "json", cut(encode(song, tmp_path / f"song.{ending}"), tmp_path / "cut", 0.7))
    assert outcome.status == 0 and 3 < outcome.json()["duration"] < 6


def test_every_warning_is_told(tmp_path):
    samples = music(4).astype(np.float32)
    samples[100, 0] = np.nan
    path = cut(write_float_wav(tmp_path / "song.wav", samples), tmp_path / "cut.wav", 0.9)
    outcome = run("--format", "json", path)
    assert outcome.status == 0
    cut_short, not_finite = outcome.json()["warnings"]
    assert "cut short" in cut_short and "not finite" in not_finite
    assert outcome.complaints() == [f"taggram: {path}: warning: {text}" for text in (cut_short, not_finite)]


def test_damage_inside_is_told(tmp_path, song):
    data = bytearray(encode(song, tmp_path / "song.flac").read_bytes())
    middle = len(data) // 2
    data[middle : middle + 20000] = bytes(20000)
    path = tmp_path / "damaged.flac"
    path.write_bytes(data)
    tagged_with_warning(path, "damaged")


def test_rubbish_before_an_mp3_is_passed_over(tmp_path, song):
    path = tmp_path / "song.mp3"
    whole = encode(song, path).read_bytes()
    path.write_bytes(bytes(5000) + whole)
    assert run("--format", "json", path).json()["duration"] == pytest.approx(6.5, abs=0.1)


# ---- Samples that are no numbers ----


ONE, THREE = {100: np.nan}, {100: np.nan, 9000: np.inf, 9001: -np.inf}


@pytest.mark.parametrize(("places", "said"), [(ONE, "1 sample was"), (THREE, "3 samples were")])
def test_nan_and_infinity_count_as_0(tmp_path, tags_of, places, said):
    samples, zeroed = music(3.1).astype(np.float32), music(3.1).astype(np.float32)
    for place, value in places.items():
        samples[place, 0], zeroed[place, 0] = value, 0
    result = tagged_with_warning(write_float_wav(tmp_path / "odd.wav", samples), said)
    assert result["taggram"] == tags_of(write_float_wav(tmp_path / "zeroed.wav", zeroed))["taggram"]


def test_nothing_but_nan_is_silence(tmp_path):
    result = tagged_with_warning(write_float_wav(tmp_path / "nan.wav", np.full(4 * 16000, np.nan), 16000), "64000")
    assert result["segments"][0]["silent"] and result["top"] == []


def test_every_file_fails(tmp_path):
    missing = [tmp_path / "a.mp3", tmp_path / "b.mp3"]
    outcome = run(*missing)
    assert outcome.status == 1 and outcome.out == ""
    assert len(outcome.complaints()) == 2
