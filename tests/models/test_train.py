"""The training's parts that need no PyTorch: what is heard, in which order, and how it is scored."""

import struct
from collections import Counter

import numpy as np
import pytest

from train import card, data, hints, log, metrics, midi, packages, segments, shards, takes, targets
from train.corpus import Corpus, Source, named_licences
from train.errors import TrainError
from train.label import TEACHERS
from train.takes import SEGMENT, Take


@pytest.fixture
def corpus(tmp_path):
    """Two packages and some phrases of noise, of different lengths and loudness."""
    made = Corpus(tmp_path)
    random = np.random.default_rng(0)
    for name, use, lengths in (
        ("first", "train", (3.5, 7.2)),
        ("second", "train", (5.1,)),
        ("other", "held-out", (2,)),
    ):
        tracks = tuple(
            made.write_track(name, f"{i}.ogg", random.normal(0, 1000 * (i + 1), int(length * SEGMENT)))
            for i, length in enumerate(lengths)
        )
        made.add(Source(name, "1", use, ("GPL-2+",), tracks), "License: GPL-2+\n")
    return made


def labelled(corpus: Corpus, name: str, of_set) -> segments.Segments:
    random = np.random.default_rng(1)
    for shard in shards.make(corpus, name, of_set):
        count = len(shard.samples()) // SEGMENT
        for teacher in TEACHERS:
            np.save(shard.labels(teacher), random.normal(size=(count, 50)).astype(np.float32))
    return segments.of_set(corpus.folder, name)


def plain(corpus: Corpus) -> list[Take]:
    return list(takes.of_pass("plain", corpus.sources()))


def test_packages_are_pinned_and_split():
    listed = packages.listed()
    assert all(len(package.sha256) == 64 and package.version for package in listed)
    assert len({package.name for package in listed}) == len(listed) == 70
    assert sum(package.use == "held-out" for package in listed) == 11


def test_duplicates_of_held_out_tracks_are_left_out_of_training():
    training = {package.name for package in packages.listed() if package.use == "train"}
    assert {package for package, _ in packages.duplicates()} <= training


def test_the_corpus_comes_back_as_it_was_written(corpus):
    sources = corpus.sources()
    assert [source.name for source in sources] == ["first", "other", "second"]
    assert data.summary(corpus).splitlines()[0].split()[:2] == ["held-out", "1"]
    data.check(corpus)
    (corpus.folder / sources[0].tracks[0].pcm).write_bytes(b"damaged")
    with pytest.raises(Exception, match="damaged"):
        data.check(corpus)


def test_a_copyright_file_names_its_licences():
    assert named_licences("Files: *\nLicense: GPL-2+\n\nLicense: CC-BY-SA-3.0\n text\n\nLicense: GPL-2+\n") == (
        "CC-BY-SA-3.0",
        "GPL-2+",
    )


def test_takes_have_whole_segments_of_training_music_alone(corpus):
    for name in ("plain", "mix", "speed", "shifted"):
        made = list(takes.of_pass(name, corpus.sources()))
        assert len(made) == 3
        assert made == list(takes.of_pass(name, corpus.sources()))
        for take in made:
            assert len(take.render(corpus)) == take.segments * SEGMENT > 0
            assert "other" not in {track.source for track in take.tracks}
    assert [take.segments for take in takes.unaltered("held-out", corpus.sources())] == [2]


def test_a_take_that_changes_nothing_is_the_track(corpus):
    (track,) = corpus.sources()[1].tracks
    np.testing.assert_array_equal(Take("plain", (track,), 100).render(corpus), corpus.read(track)[: 2 * SEGMENT])


def test_a_tone_is_higher_when_faster(tmp_path):
    corpus = Corpus(tmp_path)
    tone = 8000 * np.sin(2 * np.pi * 1000 / 16000 * np.arange(6 * SEGMENT))
    track = corpus.write_track("tones", "1 kHz", tone)
    faster = Take("speed", (track,), 100, speed=1.1).render(corpus)[:SEGMENT]
    spectrum = np.abs(np.fft.rfft(faster * np.hanning(SEGMENT)))
    assert spectrum.argmax() * 16000 / SEGMENT == pytest.approx(1100, abs=20)  # a short track has few blocks
    assert len(faster) == SEGMENT and np.abs(faster).max() == pytest.approx(8000, rel=0.01)


def test_a_mix_is_as_loud_as_its_first_track(corpus):
    first, second = corpus.sources()[0].tracks[1], corpus.sources()[2].tracks[0]
    mix = Take("mix", (first, second), 100, second_db=-6.0).render(corpus)
    alone = corpus.read(first)[: second.samples].astype(float)
    assert np.std(mix) == pytest.approx(np.std(alone), rel=0.02)
    assert np.corrcoef(mix, alone[: len(mix)])[0, 1] == pytest.approx(1 / np.sqrt(1 + 10 ** (-6 / 10)), abs=0.02)


def test_sizes_of_data_hold_the_smaller_ones(tmp_path):
    corpus = Corpus(tmp_path)
    tracks = [corpus.write_track("many", str(i), np.full(4, i)) for i in range(500)]
    sizes = [takes.smallest_size(track) for track in tracks]
    assert set(sizes) == set(takes.SIZES)
    assert np.mean([size == 10 for size in sizes]) == pytest.approx(0.1, abs=0.04)


def test_shards_are_made_once_and_take_in_music_that_comes_later(corpus):
    known = labelled(corpus, "train", plain(corpus)[:2])
    before = known.shards[0].recipe.read_text()
    grown = labelled(corpus, "train", plain(corpus))
    assert [shard.path.name for shard in grown.shards] == ["0000", "0001"]
    assert grown.shards[0].recipe.read_text() == before
    assert [take["key"] for take in grown.takes] == [take.key for take in plain(corpus)]
    assert len(grown) == sum(take.segments for take in plain(corpus))


def test_segments_have_their_own_sound_and_labels(corpus):
    known = labelled(corpus, "train", plain(corpus))
    sound = np.concatenate([take.render(corpus) for take in plain(corpus)]).astype(np.float32) / 32768
    np.testing.assert_array_equal(known.pcm(3), sound[3 * SEGMENT : 4 * SEGMENT])
    np.testing.assert_array_equal(known.pcm(3, 256), sound[3 * SEGMENT - 256 : 4 * SEGMENT])
    np.testing.assert_array_equal(known.pcm(0, 2), np.concatenate([sound[[2, 1]], sound[:SEGMENT]]))
    assert known.levels == pytest.approx(20 * np.log10(sound.reshape(-1, SEGMENT).std(1)), abs=0.1)


def test_long_excerpts_stay_in_their_take_and_leave_out_silence(corpus):
    known = labelled(corpus, "train", plain(corpus))
    counts = [take.segments for take in plain(corpus)]
    starts = np.cumsum([0, *counts])
    expected = [start + i for start, count in zip(starts, counts, strict=False) for i in range(0, count - 1, 2)]
    np.testing.assert_array_equal(segments.excerpts(known, 2), expected)
    known.levels[expected[1] + 1] = -90
    np.testing.assert_array_equal(segments.excerpts(known, 2), expected[:1] + expected[2:])


def test_the_order_of_data_follows_from_seed_and_step():
    usable = np.arange(100, 150)
    order = segments.Order(usable, 8, seed=3)
    steps = [order.step(i) for i in range(12)]
    assert len(np.unique(np.concatenate(steps[:6]))) == 48
    np.testing.assert_array_equal(segments.Order(usable, 8, seed=3).step(9), steps[9])
    assert not np.array_equal(segments.Order(usable, 8, seed=4).step(9), steps[9])


def test_auc_counts_pairs():
    scores, positive = np.array([0.1, 0.4, 0.4, 0.8]), np.array([False, True, False, True])
    assert metrics.roc_auc(scores, positive) == pytest.approx(3.5 / 4)
    assert np.isnan(metrics.roc_auc(scores, np.zeros(4, bool)))
    random = np.random.default_rng(0)
    scores, positive = random.integers(0, 20, 200), random.random(200) < 0.3
    pairs = scores[positive][:, None] - scores[~positive]
    assert metrics.roc_auc(scores, positive) == pytest.approx(((pairs > 0) + 0.5 * (pairs == 0)).mean())


def test_tags_with_few_positives_do_not_count():
    random = np.random.default_rng(0)
    positive = np.arange(100)[:, None] < [50, 9]
    aucs = metrics.by_tag(random.random((100, 2)), positive)
    assert np.isfinite(aucs).tolist() == [True, False]
    assert metrics.macro(aucs) == aucs[0]


def test_a_bootstrap_draws_groups():
    values = np.repeat([0.0, 1.0], 50)
    low, high = metrics.bootstrap(np.repeat(["a", "b"], 50), lambda indices: values[indices].mean(), 100)
    assert (low, high) == (0, 1)


def test_teachers_are_blended_by_list():
    logits = {teacher: np.full((1, 50), float(i)) for i, teacher in enumerate(TEACHERS)}
    blended = targets.blended(logits, vgg=0.25)
    assert blended[0, [0, 99]] == pytest.approx([0.25, 2.25])
    scale = targets.Scale(np.float32(1), np.float32(2))
    assert scale.standardise(np.array([5.0])) == pytest.approx(2)


def test_phrases_fill_their_segment():
    random = np.random.default_rng(0)
    for _ in range(20):
        ensemble = midi.random_ensemble(random)
        events = midi.phrase(ensemble, 10 * midi.PHRASE_MS, random)
        times = [time for time, _ in events]
        assert min(times) == 10 * midi.PHRASE_MS and max(times) < 11 * midi.PHRASE_MS
        started = [message for _, message in events if message[0] >> 4 == 9]
        ended = [message for _, message in events if message[0] >> 4 == 8]
        assert len(started) == len(ended) > 0
        assert all(20 <= message[2] <= 127 for message in started)


def test_a_midi_file_has_its_events_in_order():
    file = midi.file([(200, b"\x90\x40\x50"), (0, b"\xc0\x00"), (500, b"\x80\x40\x00")])
    assert file[:4] == b"MThd" and struct.unpack(">H", file[12:14]) == (500,)
    track = file[22:]
    assert track[7:] == b"\x00\xc0\x00" + b"\x81\x48\x90\x40\x50" + b"\x82\x2c\x80\x40\x00" + b"\x00\xff\x2f\x00"


LOG = "step,segments,rate,loss,mtt,msd\n50,800,1e-3,1.5,,\n100,1600,1e-3,1.1,0.7,0.6\n"


def test_a_log_goes_on_from_its_checkpoint(tmp_path):
    table = tmp_path / "run.csv"
    table.write_text(LOG)
    log.cut(table, 50)
    assert table.read_text().splitlines()[1:] == ["50,800,1e-3,1.5,,"]


def report(shift: float) -> dict:
    """Made-up scores: of each list a voice, a sitar and a guitar."""
    by_tag = {
        f"{name} {tag}": {"auc": auc + shift, "interval": [auc - 0.1, auc + 0.1]}
        for name in targets.LISTS
        for tag, auc in (("female voice", 0.7), ("sitar", 0.6), ("guitar", 0.9))
    }
    scores = {
        f"{name} top decile": {"model": {"auc": 0.8 + shift, "tags": 3, "interval": [0.75, 0.85]}}
        for name in targets.LISTS
    }
    return {"set": "held-out", "3 s": {"excerpts": 9} | scores, "15 s": {"excerpts": 1} | scores, "by tag": by_tag}


def test_a_card_tells_data_scores_weaknesses_and_the_cost_of_rounding(corpus):
    training = card.Training("waveform", 100, 640_000, Counter(plain=30, mix=10), vgg=0.0, truth=0.5, hints=1.0)
    others = {"int8, 5.5 MB": report(-0.002)}
    measured = card.Measured("waveform", "int16", 11_000_000, 5_404_176, report(-0.001), report(0), others)
    text = card.markdown(training, measured, corpus.sources())
    hours = sum(source.hours for source in corpus.sources() if source.use == "train")
    for words in (
        "distilled from the released models on free game and classical music",
        "No MagnaTagATune or Million Song score is claimed",
        "| Segments seen | 640,000, of 40 different ones |",
        f"{hours:.1f} hours, 3 tracks of 2 packages",
        "| first | 1 | 2 | 0.01 | GPL-2+ |",
        "Never heard in training, and scored here: other.",
        "Weakest tags: MSD sitar (0.60), MTT sitar (0.60), MSD female voice (0.70)",
        "Voices (2 tags) have a mean AUC of 0.699, Indian and sitar 0.599, all tags 0.732.",
        "| 3 s | float32 | int16, as stored | change | int8, 5.5 MB | change |",
        "| MTT top decile | 0.8000 | 0.7990 | -0.0010 | 0.7980 | -0.0020 |",
        "| Teachers | MTT_musicnn and MSD_musicnn; their inner layers give hints |",
        "| sitar | 0.599 | 0.500 to 0.700 |",
    ):
        assert words in text, words
    assert "soundfont" not in text, "for nothing of it was heard"


def test_a_model_file_claims_no_score_that_was_not_measured():
    unknown, known = card.essence(None), card.essence(report(0))
    assert unknown.endswith("no MagnaTagATune or Million Song score is claimed.")
    assert known.startswith(unknown)
    assert "held-out music: MTT 0.800, MSD 0.800. Weakest tags: MSD sitar (0.60)" in known


def test_hints_are_inner_layers_and_what_filters_hear_over_time():
    penultimate = np.arange(2 * hints.UNITS).reshape(2, -1)
    frames = np.repeat(np.arange(2 * 187)[:, None], hints.FILTERS, axis=1)
    made = hints.of_features(penultimate, frames)
    assert (made[:, : hints.UNITS] == penultimate).all()
    over_time = made[:, hints.UNITS :].reshape(2, hints.FILTERS, hints.PLACES)
    assert (over_time == over_time[:, :1]).all()
    np.testing.assert_allclose(over_time[:, 0].mean(1), [93, 187 + 93], rtol=1e-3)
    assert (np.diff(over_time[:, 0]) > 20).all()


def test_segments_give_the_hints_of_their_shards(corpus):
    without = labelled(corpus, "train", plain(corpus))
    with pytest.raises(TrainError):
        without.hints_of(np.array([0]))
    for shard in shards.of_set(corpus.folder, "train"):
        count = len(shard.samples()) // SEGMENT
        for i, teacher in enumerate(hints.TEACHERS):
            np.save(shard.hints(teacher), np.full((count, 3), 10 * i) + np.arange(count)[:, None])
    found = segments.of_set(corpus.folder, "train").hints_of(np.array([2, 0]))
    assert found.tolist() == [[[2] * 3, [12] * 3], [[0] * 3, [10] * 3]]
