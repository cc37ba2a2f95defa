"""Several threads: the same results in the same order, nothing that waits without bound."""

import os
import subprocess
import threading

import numpy as np
import pytest

from conftest import MODELS, PROGRAM, environment, refused, run, strict_json
from sounds import encode, music, write_wav

JOBS = (1, 2, 7)


@pytest.fixture(scope="module")
def long_song(tmp_path_factory):
    """38 s whose first half is quieter: two ranges at the least, and a rest."""
    samples = music(38, 16000)
    samples[: len(samples) // 2] *= 0.25
    return write_wav(tmp_path_factory.mktemp("long") / "long.wav", samples, 16000)


@pytest.fixture(scope="module")
def mixed(song, long_song, tmp_path_factory):
    """Files that are tagged, with a warning and without, and some that can't be."""
    folder = tmp_path_factory.mktemp("mixed")
    cut = folder / "cut.wav"
    cut.write_bytes(song.read_bytes()[:600000])
    short, brief = write_wav(folder / "short.wav", music(1.5)), write_wav(folder / "brief.wav", music(0.05))
    (folder / "text.mp3").write_text("no music")
    silent = write_wav(folder / "silent.wav", np.zeros(100000))
    flac = encode(long_song, folder / "long.flac")
    return [long_song, folder / "missing.mp3", cut, short, folder / "text.mp3", flac, silent, brief, song, folder]


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--hop", 1),
        ("--format", "ndjson", "--hop", 0.5, "--tail", "keep"),
        ("--format", "csv", "--model", "MSD_vgg", "--hop", 1.5),
        ("--format", "json", "--features", "penultimate,mean_pool", "--hop", 1.1),
    ],
    ids=str,
)
def test_results_and_sentences_are_the_same(mixed, options):
    outcomes = [run("--jobs", jobs, *options, *mixed) for jobs in JOBS]
    assert outcomes[0].status == 1 and len(outcomes[0].complaints()) == 5
    assert all(outcome == outcomes[0] for outcome in outcomes)


@pytest.mark.parametrize("options", [("npz", "--features", "all"), ("labels",), ("jams",)], ids=str)
def test_files_of_their_own_are_the_same(mixed, tmp_path, options):
    written = []
    for jobs in JOBS:
        folder = tmp_path / str(jobs)
        run("-j", jobs, "--format", *options, "--output", f"{folder}/", "--save", tmp_path / f"{jobs}.tags", *mixed)
        files = {path.name: path.read_bytes() for path in folder.iterdir()}
        assert len(files) == 6
        written.append((files, (tmp_path / f"{jobs}.tags").read_bytes()))
    assert all(one == written[0] for one in written)


@pytest.mark.parametrize("model", MODELS)
def test_one_song_is_shared_out(long_song, tags_of, model):
    """To the last digit; and segments are in their places, and as they are at another hop with its other ranges."""
    options = ("--model", model, "--tail", "keep", long_song)
    fine = [tags_of("--jobs", jobs, "--hop", 17 * 0.016, *options) for jobs in JOBS]
    assert all(result == fine[0] for result in fine)
    scores = {segment["start"]: row for segment, row in zip(fine[0]["segments"], fine[0]["taggram"], strict=True)}
    starts = [segment["start"] for segment in fine[0]["segments"][:-1]]
    assert starts == [round(17 * 0.016 * i, 3) for i in range(len(starts))]
    coarse = tags_of("--jobs", 7, *options)
    assert len(coarse["segments"]) == 13
    for segment, row in zip(coarse["segments"], coarse["taggram"], strict=True):
        assert np.allclose(row, scores[segment["start"]], rtol=0, atol=1e-5)
    means = np.mean(fine[0]["taggram"], axis=0)
    for top in fine[0]["top"]:
        assert top["score"] == pytest.approx(means[fine[0]["tags"].index(top["tag"])], abs=1e-6)


@pytest.mark.parametrize("seconds", [0.2, 2.9, 2.992, 3.1, 8 * 2.992, 8 * 2.992 + 0.016, 9 * 2.992, 9 * 2.992 + 0.016])
@pytest.mark.parametrize("tail", ["drop", "keep"])
def test_songs_that_end_near_the_end_of_a_range(tags_of, tmp_path, seconds, tail):
    """Eight segments side by side are a range."""
    samples = round(seconds * 16000)
    result = tags_of("--tail", tail, write_wav(tmp_path / "song.wav", music(30, 16000)[:samples], 16000))
    frames = max(1 + samples // 256, 187)
    starts = list(range(0, frames - 186, 187))
    if tail == "keep" and starts[-1] + 187 < frames:
        starts.append(frames - 187)
    assert [segment["start"] for segment in result["segments"]] == [round(0.016 * start, 3) for start in starts]
    assert all(segment["padded"] == (1 + samples // 256 < 187) for segment in result["segments"])
    assert len(result["taggram"]) == len(starts)


def test_standard_input_is_read_in_its_turn(song, mixed):
    """Whoever reads it first gets it: of two who ask for it, the first one named."""
    outcomes = [run("--jobs", jobs, song, "-", mixed[1], "-", song, input=song.read_bytes()) for jobs in JOBS]
    lines = outcomes[0].out.splitlines()
    assert len(lines) == 3 and lines[1].startswith("standard input  ")
    assert len(outcomes[0].complaints()) == 2 and "empty" in outcomes[0].err
    assert all(outcome == outcomes[0] for outcome in outcomes)


def test_results_come_as_songs_are_done(song, tmp_path):
    """While a pipe gives nothing, what is before it is there already, and of what is behind it two songs may wait."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    command = 'ulimit -n 24; exec "$0" --jobs 2 --format ndjson "$1" "$2" $(yes "$1" | head -40)'
    with subprocess.Popen(
        ["/bin/sh", "-c", command, PROGRAM, song, pipe], stdout=subprocess.PIPE, env=environment(TMPDIR="/tmp")
    ) as program:
        lines = [program.stdout.readline()]
        assert strict_json(lines[0].decode())["file"] == str(song)
        waiting = 0
        while waiting < 2:
            waiting = open_tables(program.pid)
            assert waiting < 4
        pipe.write_bytes(song.read_bytes())
        lines += program.stdout.readlines()
    assert program.returncode == 0
    files = [strict_json(line.decode())["file"] for line in lines]
    assert files == [str(song), str(pipe), *[str(song)] * 40]


def open_tables(process):
    """How many temporary files it has open: one for each song that is begun and not yet written."""
    count = 0
    for number in os.listdir(f"/proc/{process}/fd"):
        try:
            count += os.readlink(f"/proc/{process}/fd/{number}").startswith("/tmp/taggram.")
        except FileNotFoundError:  # closed meanwhile
            continue
    return count


def test_pipes_that_one_writer_fills_one_after_the_other(song, tmp_path):
    pipes = [tmp_path / f"{i}.wav" for i in range(4)]
    for pipe in pipes:
        os.mkfifo(pipe)

    def fill():
        for pipe in pipes:
            pipe.write_bytes(song.read_bytes())

    writer = threading.Thread(target=fill)
    writer.start()
    outcome = run("--jobs", 4, *pipes)
    writer.join()
    assert (outcome.status, len(outcome.out.splitlines())) == (0, 4)


def test_what_nobody_wants_any_more_is_left(song, long_song):
    """Hours of work are not done for a reader that has gone away."""
    reader, writer = os.pipe()
    os.close(reader)
    outcome = run("--jobs", 3, "--hop", 0.1, song, *[long_song] * 90, stdout=writer)
    os.close(writer)
    assert outcome.status == 1
    assert outcome.err == "taggram: standard output: It cannot be written: Broken pipe.\n"


def test_a_failure_within_a_song_is_told_once(long_song):
    """The rows of several threads do not fit the disk."""
    command = 'ulimit -f 16; exec "$0" --jobs 3 --format json --hop 0.05 "$1" >/dev/null'
    outcome = run("-c", command, PROGRAM, long_song, program="/bin/sh")
    assert outcome.status == 1 and "TMPDIR" in outcome.err and len(outcome.complaints()) == 1


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "65", "x", "", "9999999999"])
def test_bad_jobs_are_refused(song, value):
    refused(run(f"--jobs={value}", song), "--jobs", "1 to 64")


def test_jobs_without_a_value_are_refused(song):
    for option in ("--jobs", "-j"):
        refused(run(song, option), option)


def threads_at_work(song, tmp_path, **popen):
    """Those that tag, and the one that writes, after a song and while the program waits for a pipe."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen([PROGRAM, song, pipe], env=environment(), stdout=subprocess.PIPE, **popen) as program:
        program.stdout.readline()
        count = len(os.listdir(f"/proc/{program.pid}/task"))
        pipe.write_bytes(song.read_bytes())
        program.stdout.read()
    assert program.returncode == 0
    return count


def test_the_default_is_a_thread_a_processor(song, tmp_path):
    assert threads_at_work(song, tmp_path) == min(len(os.sched_getaffinity(0)), 64) + 1


def test_the_default_minds_what_the_program_may_use(song, tmp_path):
    processor = min(os.sched_getaffinity(0))
    assert threads_at_work(song, tmp_path, preexec_fn=lambda: os.sched_setaffinity(0, {processor})) == 1 + 1
