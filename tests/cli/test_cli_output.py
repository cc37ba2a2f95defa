"""Where results go: standard output and --output, whole or not at all."""

import os
import shutil
import signal
import stat
import subprocess
import time

import pytest

from conftest import MODEL_FILE, PROGRAM, environment, refused, run
from sounds import encode, music, write_wav


def leftovers(folder):
    return [name for name in os.listdir(folder) if name.startswith(".")]


def test_output_holds_what_standard_output_would(song, tmp_path):
    for options in ([], ["--format", "json"], ["--format", "csv"]):
        path = tmp_path / "result"
        outcome = run(*options, "--output", path, song)
        assert (outcome.status, outcome.out, outcome.err) == (0, "", "")
        assert path.read_text() == run(*options, song).out
        assert leftovers(tmp_path) == []


def test_short_output_option_and_relative_path(song, tmp_path):
    assert run("-o", "result", song, cwd=tmp_path).status == 0
    assert (tmp_path / "result").stat().st_size > 0


def test_output_has_the_usual_rights(song, tmp_path):
    run("--output", tmp_path / "result", song, umask=0o027)
    assert stat.S_IMODE((tmp_path / "result").stat().st_mode) == 0o640


def test_replaced_output_keeps_its_rights(song, tmp_path):
    path = tmp_path / "result"
    path.touch()
    path.chmod(0o640)
    assert run("--output", path, song, umask=0o002).status == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o640 and path.stat().st_size > 0


def test_output_through_a_link_replaces_what_it_leads_to(song, tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)
    assert run("--output", link, song).status == 0
    assert link.is_symlink() and target.read_text() != "old"


def test_a_link_that_leads_nowhere_is_told(song, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "gone")
    outcome = run("--output", link, song)
    assert outcome.status == 1 and str(link) in outcome.err and "not there" in outcome.err
    assert link.is_symlink() and os.listdir(tmp_path) == ["link"]


@pytest.mark.parametrize("output", ["-", "/dev/stdout", "/proc/self/fd/1"])
def test_output_may_be_standard_output(song, tmp_path, output):
    """Also where that is a file: what others have written there stays."""
    assert run("--output", output, song).out == run(song).out
    command = '(echo before; "$0" --output "$1" "$2"; echo after) >>"$3"'
    assert run("-c", command, PROGRAM, output, song, tmp_path / "all", program="/bin/sh").status == 0
    assert (tmp_path / "all").read_text() == f"before\n{run(song).out}after\n"
    assert os.listdir(tmp_path) == ["all"]


def test_output_may_be_the_file_of_standard_error(song, tmp_path):
    command = '"$0" --output "$2" "$1" nowhere.mp3 2>>"$2" || true'
    (tmp_path / "log").write_text("before\n")
    assert run("-c", command, PROGRAM, song, tmp_path / "log", program="/bin/sh").status == 0
    before, *others = (tmp_path / "log").read_text().splitlines()
    assert before == "before" and len(others) == 2 and "nowhere" in others[1]


def test_output_holds_those_that_could_be_tagged(song, tmp_path):
    path = tmp_path / "result"
    assert run("--output", path, song, tmp_path / "missing.mp3", song).status == 1
    assert len(path.read_text().splitlines()) == 2


def test_output_stays_as_it_was_when_nothing_could_be_tagged(tmp_path):
    path = tmp_path / "result"
    assert run("--format", "csv", "--output", path, tmp_path / "missing.mp3").status == 1
    assert not path.exists()
    path.write_text("old")
    assert run("--format", "csv", "--output", path, tmp_path / "missing.mp3").status == 1
    assert path.read_text() == "old" and leftovers(tmp_path) == []


def test_output_that_cannot_be_written(song, tmp_path):
    (tmp_path / "file").touch()
    missing, inside = tmp_path / "no" / "result", tmp_path / "file" / "result"
    cases = {tmp_path: "directory", missing: "No such file", inside: "Not a directory"}
    for path, words in cases.items():
        outcome = run("--output", path, song)
        assert outcome.status == 1 and outcome.out == ""
        assert len(outcome.complaints()) == 1 and str(path) in outcome.err and words in outcome.err


def test_output_to_a_full_device(song):
    outcome = run("--output", "/dev/full", song)
    assert outcome.status == 1 and "/dev/full" in outcome.err and "No space" in outcome.err
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode), "a device is written to, not replaced"


def test_output_never_replaces_the_list_or_the_model(song, tmp_path):
    songs = tmp_path / "song.txt"
    songs.write_text(f"{song}\n")
    for output in ("song.txt", "./song.txt"):
        refused(run("--output", output, "--files-from", songs, cwd=tmp_path), "song.txt", "list of files")
        with open(songs) as standard_input:
            refused(run("--output", output, "--files-from", "-", cwd=tmp_path, stdin=standard_input), "list of files")
    refused(run("--format", "labels", "--output", tmp_path, "--files-from", songs), "song.txt", "list of files")
    assert songs.read_text() == f"{song}\n"
    model = shutil.copy(MODEL_FILE, tmp_path / "my.gguf")
    refused(run("--output", model, "--model", model, song), "my.gguf", "the model")
    refused(run("--output", model, "--model", "my", song, env={"TAGGRAM_MODELS": str(tmp_path)}), "the model")
    assert model.read_bytes() == MODEL_FILE.read_bytes()


def test_output_never_replaces_the_song_of_standard_input(song, tmp_path):
    copy = tmp_path / "song.wav"
    copy.write_bytes(song.read_bytes())
    with open(copy) as standard_input:
        refused(run("--output", copy, "-", stdin=standard_input), "files to tag")
    assert copy.read_bytes() == song.read_bytes()


def test_output_never_replaces_a_song(song, tmp_path):
    precious = tmp_path / "song.wav"
    precious.write_bytes(song.read_bytes())
    (tmp_path / "link.wav").symlink_to(precious)
    for path in (precious, tmp_path / "link.wav"):
        refused(run("--output", path, precious), path.name, "files to tag")
    assert precious.read_bytes() == song.read_bytes()


def stop_at_work(folder, ending, *arguments, begun=os.listdir):
    """Sends the signal once it has begun in the folder: the program waits for a pipe that nobody writes to."""
    pipe = folder.parent / "pipe.wav"
    os.mkfifo(pipe)

    def heed_signal():  # what started the tests may have told its children to ignore it
        signal.signal(ending, signal.SIG_DFL)

    command = [PROGRAM, *arguments, pipe]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, preexec_fn=heed_signal) as program:
        deadline = time.monotonic() + 30
        while not begun(folder) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert begun(folder), "its files are begun first"
        program.send_signal(ending)
        try:
            program.wait(timeout=30)
        finally:
            program.kill()
    assert program.returncode == -ending


@pytest.fixture
def results(tmp_path):
    folder = tmp_path / "results"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_nothing_behind(song, results, ending):
    stop_at_work(results, ending, "--output", results / "result", song)
    assert os.listdir(results) == []


def test_a_signal_leaves_no_empty_file_of_tags(results):
    stop_at_work(results, signal.SIGINT, "--save", results / "out.tags")
    assert os.listdir(results) == []


def test_a_signal_leaves_no_empty_folder(results):
    stop_at_work(results, signal.SIGINT, "--format", "labels", "--output", f"{results / 'new'}/")
    assert os.listdir(results) == []


def test_a_signal_leaves_the_tags_that_were_saved(song, results):
    path = results / "out.tags"
    stop_at_work(results, signal.SIGINT, "--save", path, song, begun=lambda _: path.exists() and path.stat().st_size)
    assert path.read_text().startswith(f"{song},")


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["--format", "json"], []])
def test_full_disk_is_told(song, arguments):
    with open("/dev/full", "wb") as full:
        outcome = run(*arguments, song, stdout=full)
    assert outcome.status == 1 and "standard output" in outcome.err and "No space" in outcome.err


def test_closed_standard_output_is_told(song):
    outcome = run("-c", 'exec "$0" "$1" >&-', PROGRAM, song, program="/bin/sh")
    assert outcome.status == 1 and "standard output" in outcome.err


def test_closed_standard_error_harms_nothing(song, tmp_path):
    """Its number must not go to the results."""
    path = tmp_path / "result"
    outcome = run("-c", '"$0" -o "$2" "$1" nowhere.mp3 2>&- || true', PROGRAM, song, path, program="/bin/sh")
    assert outcome.status == 0
    assert "nowhere" not in path.read_text()


def test_reader_that_goes_away_is_told(song):
    """It stops at once, whatever number of songs is left."""
    reader, writer = os.pipe()
    os.close(reader)
    outcome = run(*[song] * 50, stdout=writer)
    os.close(writer)
    assert outcome.status == 1
    assert outcome.err == "taggram: standard output: It cannot be written: Broken pipe.\n"


@pytest.mark.parametrize("form", ["json", "csv"])
def test_no_place_for_temporary_files(song, tmp_path, form):
    outcome = run("--format", form, song, env={"TMPDIR": str(tmp_path / "gone")})
    assert outcome.status == 1 and "TMPDIR" in outcome.err
    assert run(song, env={"TMPDIR": str(tmp_path / "gone")}).status == 0, "text needs none"


def test_an_empty_name_of_the_folder_for_temporary_files_is_none(song):
    """Looked at while the program waits for the reader of an array that no pipe holds."""
    command = [PROGRAM, "--format", "npy", "--features", "timbral", song]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment(TMPDIR="")) as program:
        program.stdout.read(1)
        files = [os.readlink(f"/proc/{program.pid}/fd/{number}") for number in os.listdir(f"/proc/{program.pid}/fd")]
        program.stdout.read()
    assert program.returncode == 0 and any(file.startswith("/tmp/taggram.") for file in files)


def test_a_file_that_may_not_grow_is_told(song, tmp_path):
    outcome = run("-c", 'ulimit -f 0; exec "$0" -o "$1" "$2"', PROGRAM, tmp_path / "x", song, program="/bin/sh")
    assert outcome.status == 1 and "too large" in outcome.err
    assert os.listdir(tmp_path) == []


def test_temporary_files_are_gone(song, tmp_path):
    assert run("--format", "json", song, env={"TMPDIR": str(tmp_path)}).status == 0
    assert os.listdir(tmp_path) == []


def test_temporary_disk_that_is_full(song):
    """Limited to 4 KiB a file, the rows of a fine hop don't fit."""
    command = 'ulimit -f 8; exec "$0" --format json --hop 0.1 "$1" >/dev/null'
    outcome = run("-c", command, PROGRAM, song, program="/bin/sh")
    assert outcome.status == 1 and "TMPDIR" in outcome.err


def test_many_songs(song, tmp_path):
    """Nothing is left open from song to song."""
    short = encode(write_wav(tmp_path / "short.wav", music(1)), tmp_path / "short.flac")
    command = 'ulimit -n 24; exec "$0" --jobs 2 --format json $(yes "$1" | head -60)'
    outcome = run("-c", command, PROGRAM, short, program="/bin/sh")
    assert outcome.status == 0 and len(outcome.lines()) == 60
