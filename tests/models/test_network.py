"""Segments of a log-mel, counted as the musicnn library counts."""

import numpy as np
import pytest

from reference.network import frames_of_hop, frames_of_length, score_segments, segment_starts


@pytest.mark.parametrize(("frames", "hop", "count"), [(186, 187, 0), (187, 187, 1), (373, 187, 1), (374, 187, 2)])
def test_only_full_segments(frames, hop, count):
    assert len(segment_starts(frames, hop)) == count


def test_seconds_become_frames_by_the_librarys_rule():
    assert [frames_of_length(seconds) for seconds in (3, 3.1, 10)] == [187, 193, 625]
    assert [frames_of_hop(seconds) for seconds in (1, 1.5, 3)] == [61, 92, 186]


def test_segments_of_another_length(networks):
    spectrogram = np.random.default_rng(1).uniform(0, 3, (90, 96)).astype(np.float32)
    scores = score_segments(spectrogram, networks["MSD_musicnn"], 30, 50)
    alone = score_segments(spectrogram[30:80], networks["MSD_musicnn"], 1, 50)
    assert scores["tags"].shape == (2, 50)
    np.testing.assert_array_equal(scores["logits"][1:], alone["logits"])
