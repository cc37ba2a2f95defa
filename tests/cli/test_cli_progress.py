"""Progress: a line on a terminal, nothing anywhere else."""

import os
import pty
import re
import signal
import subprocess
import threading

from conftest import PROGRAM, environment, run
from sounds import music, write_wav


def on_a_terminal(*arguments, columns=80, term="xterm"):
    """What standard error shows when it is a terminal, and standard output, which is not."""
    controller, terminal = pty.openpty()
    subprocess.run(["stty", "cols", str(columns)], stdin=terminal, check=True)
    shown = []

    def read():
        while True:
            try:
                shown.append(os.read(controller, 4096))
            except OSError:  # the other end is closed
                return

    reader = threading.Thread(target=read)
    reader.start()
    env = environment(TERM=term, LC_ALL="C.UTF-8")
    command = [PROGRAM, *map(str, arguments)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=terminal, env=env)
    os.close(terminal)
    reader.join(timeout=30)
    os.close(controller)
    return done.returncode, b"".join(shown).decode(), done.stdout.decode()


def final_screen(text):
    """What is left after every return and clearing of the line."""
    return [re.split(r"\r\x1b\[K", line)[-1] for line in text.replace("\r\n", "\n").split("\n")]


def long_song(tmp_path, name="long.wav"):
    return write_wav(tmp_path / name, music(60, 16000), 16000)


def test_a_terminal_shows_which_song_and_how_far(song, tmp_path):
    long = long_song(tmp_path)
    status, shown, out = on_a_terminal("--format", "ndjson", "--hop", "0.3", "--jobs", "1", long, song)
    assert status == 0 and len(out.splitlines()) == 2
    assert "[1/2] /" in shown
    parts = [int(part) for part in re.findall(r"\[1/2\] +(\d+) % ", shown)]
    assert len(parts) > 1 and parts == sorted(parts) and parts[0] >= 0 and parts[-1] <= 100
    assert final_screen(shown) == [""], "it leaves the terminal as it was"


def test_a_signal_clears_the_line(tmp_path):
    """The program shows the song's name, then waits for a pipe that nobody writes to."""
    os.mkfifo(tmp_path / "pipe.wav")
    controller, terminal = pty.openpty()
    env = environment(TERM="xterm", LC_ALL="C.UTF-8")

    def heed_signal():  # what started the tests may have told its children to ignore it
        signal.signal(signal.SIGTERM, signal.SIG_DFL)

    options = {"cwd": tmp_path, "env": env, "stderr": terminal, "preexec_fn": heed_signal}
    with subprocess.Popen([PROGRAM, "pipe.wav"], **options) as program:
        shown = b""
        while not shown.endswith(b"[1/1] pipe.wav"):
            shown += os.read(controller, 4096)
        program.send_signal(signal.SIGTERM)
        assert program.wait(timeout=30) == -signal.SIGTERM
    os.close(terminal)
    while not shown.endswith(b"\r\x1b[K"):
        shown += os.read(controller, 4096)  # fails when there is no more
    os.close(controller)


def test_sentences_stand_on_lines_of_their_own(song, tmp_path):
    status, shown, _ = on_a_terminal(song, tmp_path / "missing.mp3", long_song(tmp_path))
    assert status == 1
    assert final_screen(shown) == [
        f"taggram: {tmp_path / 'missing.mp3'}: It cannot be opened: No such file or directory.",
        "",
    ]


def test_names_are_cut_to_the_terminal(tmp_path):
    _, shown, _ = on_a_terminal(long_song(tmp_path, "音楽" * 30 + ".wav"), columns=40)
    lines = [line for line in re.split(r"\r\x1b\[K", shown) if line.strip()]
    widths = [sum(2 if ord(sign) > 0x2E80 else 1 for sign in line) for line in lines]
    assert lines and max(widths) < 40


def test_control_characters_do_not_reach_the_terminal(tmp_path):
    _, shown, _ = on_a_terminal(long_song(tmp_path, "\x1b[31mred\x07.wav"), columns=500)
    assert "\\x1b[31mred\\x07.wav" in shown and "\x1b[31m" not in shown


def test_nothing_is_shown_in_a_pipe_or_on_a_plain_terminal(song, tmp_path):
    long = long_song(tmp_path)
    assert run(long, song).err == ""
    assert on_a_terminal(long, song, term="dumb")[1] == ""
