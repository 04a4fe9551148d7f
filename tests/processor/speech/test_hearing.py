"""A recorded call becomes a session, with the real models (the truth is the sample call's own)."""

from __future__ import annotations

from typing import Any

import jiwer
import pytest
from whisper_normalizer.english import EnglishTextNormalizer

from processor.formats import words_json
from processor.model.segment import Segment, shared
from processor.model.session import Session, Source

pytestmark = [pytest.mark.models, pytest.mark.filterwarnings("ignore")]

Heard = dict[str, Any]
Words = list[dict[str, Any]]
Speech = list[tuple[str, float, float]]

HUNDRED_MS = 100
SOURCES = [("mixed", Source.MIXED), ("tracks", Source.TRACKS), ("stereo", Source.TRACKS)]


def session(heard: Heard, name: str) -> Session:
    assert "words_json" in heard[name], heard[name]
    return words_json.load(heard[name]["words_json"])


def error_rate(found: Session, words: Words) -> float:
    plain = EnglishTextNormalizer()
    said, got = " ".join(w["word"] for w in words), " ".join(w.text for w in found.words)
    return float(jiwer.wer(plain(said), plain(got)))


def speaker_of(found: Session, true_speech: Speech) -> dict[str, str]:
    """Which label is which speaker: the one it shares most time with."""
    names = {name for name, _, _ in true_speech}

    def together(label: str, name: str) -> int:
        real = [Segment(round(1000 * a), round(1000 * b)) for who, a, b in true_speech if who == name]
        return sum(part.length_ms for part in shared(found.speech.of_label(label), real))

    return {label: max(names, key=lambda name: together(label, name)) for label in found.speech.labels}


@pytest.mark.parametrize(("name", "source"), SOURCES)
def test_both_people_are_heard(heard: Heard, true_speech: Speech, name: str, source: Source) -> None:
    """Two voices, each its own speaker, on any kind of recording; a stereo file with a voice a side is tracks."""
    found = session(heard, name)
    assert found.source is source
    assert set(speaker_of(found, true_speech).values()) == {"coach", "client"}
    assert [p.label for p in found.participants] == ["SPEAKER_00", "SPEAKER_01"]


@pytest.mark.parametrize("name", ["mixed", "tracks", "stereo"])
def test_at_most_one_word_in_twelve_is_wrong(heard: Heard, true_words: Words, name: str) -> None:
    """Whisper base on clear speech; the whole call's figure is in docs/hearing.md."""
    assert error_rate(session(heard, name), true_words) < 1 / 12


@pytest.mark.parametrize("name", ["mixed", "tracks", "stereo"])
def test_words_have_their_speaker_and_their_time(
    heard: Heard, true_words: Words, true_speech: Speech, name: str
) -> None:
    """Of the words that are surely the same (longer than five letters, once in the cut) all have the right voice,
    and half of them start within 100 ms of the truth."""
    found = session(heard, name)
    speakers = speaker_of(found, true_speech)
    late = []
    for word in found.words:
        same = [w for w in true_words if bare(w["word"]) == bare(word.text)]
        if len(bare(word.text)) > 5 and len(same) == 1:
            assert word.label is not None
            assert speakers[word.label] == same[0]["speaker"]
            late.append(abs(word.segment.start_ms - 1000 * same[0]["start"]))
    assert len(late) > 10
    assert sorted(late)[len(late) // 2] <= HUNDRED_MS


def bare(text: str) -> str:
    return text.lower().strip(".,?!")


@pytest.mark.parametrize("name", ["mixed", "tracks"])
def test_the_backchannel_inside_a_turn_is_heard(heard: Heard, true_speech: Speech, name: str) -> None:
    """The coach's "mm-hm" at 9.7 s sounds while the client speaks: both speak there."""
    found = session(heard, name)
    speakers = speaker_of(found, true_speech)
    listening = next(s for s in true_speech if s[0] == "coach" and 9 < s[1] < 10)
    when = [Segment(round(1000 * listening[1]), round(1000 * listening[2]))]
    for label in found.speech.labels:
        both = sum(part.length_ms for part in shared(found.speech.of_label(label), when))
        assert both > 0.5 * when[0].length_ms, speakers[label]


def test_every_word_has_a_score(heard: Heard) -> None:
    """A word without a score could not be doubted."""
    assert all(word.score is not None for word in session(heard, "mixed").words)


def test_names_come_with_the_tracks(heard: Heard) -> None:
    """Participants keep the names of their tracks; on a mixed file nobody has one."""
    assert [p.name for p in session(heard, "tracks").participants] == ["Dana", "Tom"]
    assert [p.name for p in session(heard, "mixed").participants] == [None, None]


def test_a_late_track_lies_where_it_was_said_to_start(heard: Heard, true_speech: Speech) -> None:
    """The client's file starts 4 s late; its first speech is where the client really spoke first."""
    found = session(heard, "tracks")
    first = min(start for who, start, _ in true_speech if who == "client")
    assert abs(found.speech.of_label("SPEAKER_01")[0].start_ms - 1000 * first) <= 3 * HUNDRED_MS


def test_a_person_without_a_track_is_heard_on_the_mixed_file(heard: Heard, true_speech: Speech) -> None:
    """The coach has a track, the client only the mix: both are there, and it is said."""
    found = session(heard, "one_missing")
    assert [p.name for p in found.participants] == ["Dana", None]
    assert speaker_of(found, true_speech)["SPEAKER_01"] == "client"
    assert found.doubt is not None
    assert "track_missing" in found.doubt.remarks


def test_a_silent_track_names_the_person_on_the_mixed_file(heard: Heard, true_speech: Speech) -> None:
    """Tom's track holds nothing, because another microphone was on: his voice on the mixed file gets his name."""
    found = session(heard, "one_silent")
    assert [p.name for p in found.participants] == ["Dana", "Tom"]
    assert speaker_of(found, true_speech)["SPEAKER_01"] == "client"
    assert found.doubt is not None
    assert "track_missing" in found.doubt.remarks


@pytest.mark.parametrize("name", ["all_silent", "one_room"])
def test_without_two_people_on_tracks_the_mixed_file_counts(heard: Heard, true_speech: Speech, name: str) -> None:
    """All tracks silent, or one microphone for both: they are told apart by voice, as on a mixed file alone."""
    found = session(heard, name)
    assert found.source is Source.MIXED
    assert found.language == "en"
    assert set(speaker_of(found, true_speech).values()) == {"coach", "client"}


def test_a_third_person_without_a_track_is_heard_too(heard: Heard) -> None:
    """Dana and Tom have tracks of 44 s; from there on somebody speaks on the mix alone, and it is said."""
    found = session(heard, "third")
    assert [p.name for p in found.participants] == ["Dana", "Tom", None]
    assert found.speech.of_label("SPEAKER_02")[0].start_ms >= 43_500
    assert sum(word.label == "SPEAKER_02" for word in found.words) > 20
    assert found.doubt is not None
    assert "track_missing" in found.doubt.remarks


def test_several_files_of_one_person_are_one_person(heard: Heard, true_speech: Speech, true_words: Words) -> None:
    """Tom left after 21 s and came back: two people, and Tom's words of both files are his."""
    found = session(heard, "came_back")
    assert [p.name for p in found.participants] == ["Dana", "Tom"]
    assert set(speaker_of(found, true_speech).values()) == {"coach", "client"}
    toms = [word for word in found.words if word.label == "SPEAKER_01"]
    assert toms[0].segment.end_ms < 21_000 < toms[-1].segment.start_ms
    assert error_rate(found, true_words) < 1 / 12


def test_two_people_of_one_name_are_two(heard: Heard, true_speech: Speech) -> None:
    """Both are shown as Alex; each keeps a label of their own."""
    found = session(heard, "namesakes")
    assert [p.name for p in found.participants] == ["Alex", "Alex"]
    assert set(speaker_of(found, true_speech).values()) == {"coach", "client"}


@pytest.mark.parametrize("name", ["mixed", "stereo"])
def test_the_language_is_found(heard: Heard, name: str) -> None:
    """Nobody said that it is English, on the mixed file or on two tracks."""
    assert session(heard, name).language == "en"


def test_a_clear_call_is_graded_good(heard: Heard) -> None:
    """The sample call has nothing that is hard to hear."""
    doubt = session(heard, "mixed").doubt
    assert doubt is not None
    assert (doubt.grade, doubt.remarks) == ("good", ())


@pytest.mark.parametrize(
    ("name", "code"),
    [("silent", "SILENT"), ("short", "TOO_SHORT"), ("one_voice", "ONE_SPEAKER"), ("alone", "ONE_SPEAKER"),
     ("unknown_language", "LANGUAGE_UNKNOWN")],
)
def test_what_gives_no_report_is_refused(heard: Heard, name: str, code: str) -> None:
    """Noise, 29 seconds, one voice on the mix, one track alone, a language that does not exist."""
    assert heard[name]["refused"] == code


def test_a_profile_that_is_none_is_named(heard: Heard) -> None:
    """The message says which profiles there are."""
    assert "embedded or standard" in heard["unknown_profile"]


@pytest.mark.parametrize(
    ("name", "stages"),
    [
        ("mixed", {"decode", "activity", "words", "voices"}),
        ("one_missing", {"decode", "activity", "words"}),
        ("one_room", {"decode", "activity", "words", "voices"}),
    ],
)
def test_progress_only_grows_and_ends_at_one(heard: Heard, name: str, stages: set[str]) -> None:
    """Each stage is told from its first piece to 1.0, also where the mixed file is heard after the tracks."""
    shares: dict[str, list[float]] = {}
    for stage, share in heard[name]["progress"]:
        shares.setdefault(stage, []).append(share)
    assert stages <= set(shares)
    for told in shares.values():
        assert told == sorted(told)
        assert told[-1] == 1.0
