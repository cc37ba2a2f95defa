"""A checkpoint of one's own: which network it is, and every reason to refuse it."""

import numpy as np
import pytest

import bundle
from convert import cli, model_file, musicnn, vgg
from convert.musicnn import Size
from reference.random_weights import musicnn_variables, vgg_variables

POOLS = [((4, 1), (4, 1)), ((1, 4), (1, 4)), ((2, 2), (2, 2)), ((2, 2), (2, 2)), ((4, 4), (4, 4))]
LIBRARY = list(zip(vgg.LIBRARY_POOLING.sizes, vgg.LIBRARY_POOLING.strides, strict=True))


@pytest.fixture(scope="module")
def vgg_folder(tmp_path_factory):
    return bundle.write(
        tmp_path_factory.mktemp("vgg") / "checkpoint", vgg_variables(4), "model.ckpt", bundle.graph(POOLS)
    )


@pytest.fixture(scope="module")
def musicnn_folder(tmp_path_factory):
    return bundle.write(tmp_path_factory.mktemp("own") / "checkpoint", musicnn_variables(4, Size(64, 200), tags=7))


@pytest.fixture
def tag_list(tmp_path):
    path = tmp_path / "tags.txt"
    path.write_text("one\ntwo\nthree\n\nvier\nfünf\nsix \nseven\n", encoding="utf-8")
    return path


def convert(folder, output, tags="MTT", *options) -> int:
    return cli.main(
        ["--checkpoint", str(folder), "--name", "mine", "--tags", str(tags), "--output", str(output), *options]
    )


def refusal(capsys, folder, output, tags="MTT", *options) -> str:
    """The one sentence, and that nothing was left behind."""
    assert convert(folder, output, tags, *options) == 1
    assert not output.exists()
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and said.startswith(f"{folder}: ") and said.endswith(".\n")
    return said


def test_recognises_musicnn(musicnn_folder, tmp_path, tag_list):
    assert convert(musicnn_folder, tmp_path, tag_list) == 0
    tags, network = model_file.read(tmp_path / "mine.gguf")
    assert tags == ["one", "two", "three", "vier", "fünf", "six", "seven"]
    assert network.architecture == "musicnn"
    assert (network.width("mid_1"), network.width("dense"), network.tag_count) == (64, 200, 7)
    expected = musicnn.network(musicnn_variables(4, Size(64, 200), tags=7))
    np.testing.assert_array_equal(network.tensors["dense.norm"], expected.tensors["dense.norm"])


def test_recognises_a_vgg_and_its_pooling(vgg_folder, tmp_path):
    output = tmp_path / "mine.gguf"
    assert convert(vgg_folder, output) == 0
    tags, network = model_file.read(output)
    assert (network.architecture, len(tags), tags[0]) == ("vgg", 50, "guitar")
    assert list(zip(network.pooling.sizes, network.pooling.strides, strict=True)) == POOLS
    assert network.pooling.name == "training"


def test_takes_the_librarys_pooling(vgg_folder, tmp_path):
    assert convert(vgg_folder, tmp_path / "mine.gguf", "MSD", "--pooling", "library") == 0
    tags, network = model_file.read(tmp_path / "mine.gguf")
    assert tags[0] == "rock"
    assert network.pooling == vgg.LIBRARY_POOLING


def test_takes_a_pooling_in_numbers(vgg_folder, tmp_path):
    numbers = ",".join(f"{a}x{b}/{c}x{d}" for (a, b), (c, d) in LIBRARY)
    (vgg_folder / "model.ckpt.meta").rename(vgg_folder / "elsewhere")
    try:
        assert convert(vgg_folder, tmp_path / "mine.gguf", "MTT", "--pooling", numbers) == 0
    finally:
        (vgg_folder / "elsewhere").rename(vgg_folder / "model.ckpt.meta")
    _, network = model_file.read(tmp_path / "mine.gguf")
    assert list(zip(network.pooling.sizes, network.pooling.strides, strict=True)) == LIBRARY
    assert network.pooling.name == "stated"


def test_same_bytes_every_time(musicnn_folder, tmp_path, tag_list):
    for name in ("a.gguf", "b.gguf"):
        assert convert(musicnn_folder, tmp_path / name, tag_list) == 0
    assert (tmp_path / "a.gguf").read_bytes() == (tmp_path / "b.gguf").read_bytes()


# ---- Refusals ----


def test_refuses_a_folder_that_is_not_there(capsys, tmp_path):
    assert "no folder" in refusal(capsys, tmp_path / "nowhere", tmp_path / "out.gguf")


def test_refuses_a_folder_without_a_checkpoint(capsys, tmp_path):
    assert "no checkpoint (no .index file)" in refusal(capsys, tmp_path, tmp_path / "out.gguf")


def test_refuses_two_checkpoints(capsys, tmp_path):
    for name in ("a.index", "b.index"):
        (tmp_path / name).write_bytes(b"")
    assert "2 checkpoints (a.index, b.index)" in refusal(capsys, tmp_path, tmp_path / "out.gguf")


def test_refuses_an_index_without_data(capsys, tmp_path):
    index, _ = bundle.one_variable(np.zeros(3, np.float32))
    (tmp_path / ".index").write_bytes(index)
    assert "no file .data-00000-of-00001" in refusal(capsys, tmp_path, tmp_path / "out.gguf")


def test_refuses_a_file_that_is_no_index(capsys, tmp_path):
    (tmp_path / ".index").write_bytes(b"no index")
    assert "wrong file, or cut short" in refusal(capsys, tmp_path, tmp_path / "out.gguf")


def test_refuses_another_model(capsys, tmp_path):
    folder = bundle.write(tmp_path / "other", {"conv/kernel": np.zeros(3, np.float32)})
    assert "none of musicnn, musicnn big and vgg" in refusal(capsys, folder, tmp_path / "out.gguf")


def test_refuses_another_size(capsys, tmp_path):
    folder = bundle.write(tmp_path / "wide", musicnn_variables(4, Size(32, 100)))
    assert "32 filters in its mid-end and 100 dense units" in refusal(capsys, folder, tmp_path / "out.gguf")


@pytest.mark.parametrize(
    ("variable", "values", "sentence"),
    [
        ("5CNN/kernel", None, "no variable 5CNN/kernel"),
        ("dense/bias", None, "no variable dense/bias"),
        ("dense/bias", np.zeros((5, 10), np.float32), "which no bias has"),
        ("2CNN/bias", np.zeros(64, np.float32), "2CNN/bias is float32 [64]"),
        ("dense/kernel", np.zeros((512, 50), np.float32), "leaves 2 x 1 places of 128 channels"),
        ("dense/kernel", np.zeros((256, 49), np.float32), "dense/kernel is float32 [256, 49]"),
        ("3CNN/bias", np.full(128, np.nan, np.float32), "3CNN/bias holds NaN"),
        ("batch_normalization_2/gamma", np.full(128, np.inf, np.float32), "NaN or infinite"),
        ("batch_normalization_2/moving_variance", np.full(128, -1, np.float32), "which no variance is"),
        ("dense/kernel", np.full((256, 50), -1e38, np.float32), "dense/kernel holds a weight as large as 1e+38,"),
    ],
)
def test_refuses_broken_weights(capsys, tmp_path, variable, values, sentence):
    variables = vgg_variables(4)
    variables.pop(variable)
    if values is not None:
        variables[variable] = values
    folder = bundle.write(tmp_path / "broken", variables, graph=bundle.graph(LIBRARY))
    assert sentence in refusal(capsys, folder, tmp_path / "out.gguf")


def test_refuses_a_vgg_whose_pooling_nobody_states(capsys, vgg_folder, tmp_path):
    (vgg_folder / "model.ckpt.meta").rename(vgg_folder / "elsewhere")
    try:
        assert "without its graph (.meta)" in refusal(capsys, vgg_folder, tmp_path / "out.gguf")
    finally:
        (vgg_folder / "elsewhere").rename(vgg_folder / "model.ckpt.meta")


@pytest.mark.parametrize(
    ("pooling", "sentence"),
    [
        ("training", "not five layers like 4x1/2x2"),
        ("2x2/2x2", "not five layers"),
        ("2x2/2x2,2x2/2x2,2x2/2x2,2x2/2x2,0x2/2x2", "not five layers"),
        ("2x2/2x2,2x2/2x2,2x2/2x2,2x2/2x2,2x2/2x2", "the stated pooling leaves 5 x 3 places"),
        ("9x9/9x9,9x9/9x9,9x9/9x9,9x9/9x9,9x9/9x9", "[256, 50]: it was trained with another.\n"),
    ],
)
def test_refuses_a_pooling_that_does_not_fit(capsys, vgg_folder, tmp_path, pooling, sentence):
    assert sentence in refusal(capsys, vgg_folder, tmp_path / "out.gguf", "MTT", "--pooling", pooling)


def test_asks_for_the_pooling_where_its_graph_has_another(capsys, tmp_path):
    folder = bundle.write(tmp_path / "vgg", vgg_variables(4), graph=bundle.graph([((2, 2), (2, 2))] * 5))
    said = refusal(capsys, folder, tmp_path / "out.gguf")
    assert "the training pooling leaves 5 x 3 places" in said and "another; state it (--pooling)." in said


def test_refuses_a_pooling_for_musicnn(capsys, musicnn_folder, tmp_path, tag_list):
    said = refusal(capsys, musicnn_folder, tmp_path / "out.gguf", tag_list, "--pooling", "library")
    assert "for vgg alone" in said


def test_refuses_a_list_of_another_length(capsys, musicnn_folder, tmp_path):
    said = refusal(capsys, musicnn_folder, tmp_path / "out.gguf", "MSD")
    assert "7 outputs, but the list has 50 tags" in said


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a\nb\nc\nd\ne\nf\na\n", '"a" more than once'),
        (b"\xff\xfe\n" * 7, "no text in UTF-8"),
        (None, "neither MTT nor MSD, nor a file"),
    ],
)
def test_refuses_a_list_that_is_none(capsys, musicnn_folder, tmp_path, content, sentence):
    if content is not None:
        (tmp_path / "list").write_bytes(content)
    assert sentence in refusal(capsys, musicnn_folder, tmp_path / "out.gguf", tmp_path / "list")


def test_refuses_an_output_that_is_no_model_file(capsys, musicnn_folder, tmp_path, tag_list):
    """A folder that isn't there, or what the model is made of."""
    kept = {path: path.read_bytes() for path in (tag_list, musicnn_folder / ".index")}
    for output in (f"{tmp_path}/none/", *kept):
        with pytest.raises(SystemExit) as caught:
            convert(musicnn_folder, output, tag_list)
        assert caught.value.code == 2
        assert "neither a folder that is there nor a file name that ends in .gguf" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
    assert all(path.read_bytes() == content for path, content in kept.items())


def test_refuses_an_output_in_no_folder(capsys, musicnn_folder, tmp_path, tag_list):
    assert "can't be written" in refusal(capsys, musicnn_folder, tmp_path / "none" / "out.gguf", tag_list)


def test_refuses_an_output_that_cannot_be(capsys, musicnn_folder, tmp_path, tag_list):
    (tmp_path / "out.gguf.part").mkdir()  # where it is written first
    output = tmp_path / "out.gguf"
    assert f"{output} can't be written: Is a directory." in refusal(capsys, musicnn_folder, output, tag_list)


@pytest.mark.parametrize("name", ["a/b", "..", "a\nb", " "])
def test_refuses_a_name_that_is_none(capsys, musicnn_folder, tmp_path, tag_list, name):
    assert (
        cli.main(
            ["--checkpoint", str(musicnn_folder), "--name", name, "--tags", str(tag_list), "--output", str(tmp_path)]
        )
        == 1
    )
    assert "can't name a model" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["MTT_musicn"], "did you mean MTT_musicnn?"),
        (["--checkpoint", "x"], "wants --name"),
        (["--checkpoint", "x", "MTT_vgg"], "not both"),
        (["--name", "x"], "belong to --checkpoint"),
        (["--output", "/nowhere/at/all"], "must be a folder"),
        (["--output", "/nowhere/at/all", "MTT_vgg"], "--output /nowhere/at/all is neither a folder"),
        (["--pools"], "unrecognized arguments: --pools."),
    ],
)
def test_refuses_options_that_do_not_go_together(capsys, arguments, sentence):
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2
    said, advice = capsys.readouterr().err.splitlines()
    assert said.startswith("models/convert: ") and sentence in said and said.endswith((".", "?"))
    assert advice == "Try: python models/convert --help"
