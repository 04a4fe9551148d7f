"""The whole reading: what must not change it, and what it says when it cannot know."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from processor.analysis.read import read_session
from processor.formats import findings_json
from processor.knowledge import load
from processor.model.catalogue import MEASURES
from processor.model.findings import Findings
from processor.model.measures import Measure, NotMeasured
from processor.model.people import Participant
from processor.model.reading import IsCoaching, LedBy
from processor.model.segment import Segment
from processor.model.session import Session
from processor.model.speech import Annotation, SpeechSpan, Word
from tests import builders

CALL = """
    0:01 coach: Hi Ada, good to see you. What would make today worth it?
    0:07 client: I keep saying yes to my brother, and I want to find out why.
    0:12 coach: mm-hm
    0:13 coach: Why you say yes. What would you have in your hand at the end?
    0:19 client: One sentence that I can say to him on Sunday.
    0:23 coach: And what do you notice about the yes, as you say it now?
    0:28 client: It is out before I have heard the question. I am quicker than he is.
    0:34 coach: Quicker than he is. What is the hurry for?
    0:38 client: Peace, I suppose. My mother's peace. It was never mine.
    0:43 coach: What might you do with that before Sunday?
    0:47 client: I will wait for the question. I will count to four and then say what I want.
    0:53 coach: What are you taking with you?
    0:56 client: That I may be slow. Thank you.
"""
PIPELINE = findings_json.Pipeline("test", "embedded")


def read(session: Session) -> Findings:
    return read_session(session, load("en"))


def moved(session: Session, by_ms: int) -> Session:
    """The same call, recorded from `by_ms` earlier on."""

    def later(segment: Segment) -> Segment:
        return Segment(segment.start_ms + by_ms, segment.end_ms + by_ms)

    return replace(
        session,
        words=tuple(replace(w, segment=later(w.segment)) for w in session.words),
        speech=Annotation(tuple(SpeechSpan(later(s.segment), s.label) for s in session.speech.spans)),
        duration_ms=session.duration_ms + by_ms,
    )


def meaning(findings: Findings) -> list[object]:
    """All that was read except times and labels."""
    voice = {p.label: p.role for p in findings.participants}
    return [
        findings.is_coaching,
        findings.leading,
        findings.coverage,
        findings.readings,
        [(voice[u.label], u.text, u.kind, u.cut_off) for u in findings.utterances],
        [(e.kind, voice[e.by], e.confidence) for e in findings.floor],
    ]


def test_the_same_words_give_the_same_bytes() -> None:
    """Reading twice writes the same file."""
    once, twice = (findings_json.dump(read(builders.session(CALL)), PIPELINE) for _ in range(2))
    assert once == twice


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 600_000))
def test_starting_the_recording_earlier_changes_no_meaning(by_ms: int) -> None:
    """What is read does not hang on how long the recording ran before anybody spoke."""
    session = builders.session(CALL)
    assert meaning(read(moved(session, by_ms))) == meaning(read(session))


@settings(max_examples=5, deadline=None)
@given(st.permutations(["a", "b"]), st.text("xyz", min_size=1, max_size=8))
def test_labels_mean_nothing(order: list[str], mark: str) -> None:
    """Voices may be called anything."""
    session = builders.session(CALL)
    new = dict(zip(("SPEAKER_00", "SPEAKER_01"), (f"{mark}{x}" for x in order), strict=True))
    renamed = replace(
        session,
        participants=tuple(replace(p, label=new[p.label]) for p in session.participants),
        words=tuple(replace(w, label=new[w.label or ""]) for w in session.words),
        speech=Annotation(tuple(SpeechSpan(s.segment, new[s.label]) for s in session.speech.spans)),
    )
    assert meaning(read(renamed)) == meaning(read(session))


@settings(max_examples=5, deadline=None)
@given(st.lists(st.integers(1, 60_000), max_size=6))
def test_cutting_a_span_of_speech_in_two_changes_nothing(cuts: list[int]) -> None:
    """Who spoke when may come in pieces that touch."""
    session = builders.session(CALL)
    spans = list(session.speech.spans)
    for at in cuts:
        spans = [piece for span in spans for piece in halves(span, at)]
    assert read(replace(session, speech=Annotation.of(spans))) == read(session)


def halves(span: SpeechSpan, at_ms: int) -> list[SpeechSpan]:
    if not span.segment.start_ms < at_ms < span.segment.end_ms:
        return [span]
    segments = (Segment(span.segment.start_ms, at_ms), Segment(at_ms, span.segment.end_ms))
    return [SpeechSpan(segment, span.label) for segment in segments]


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 90_000), st.integers(0, 4_000), st.sampled_from("ab"), st.text(max_size=9)),
                max_size=40))  # fmt: skip
def test_anything_that_is_words_and_times_can_be_read(raw: list[tuple[int, int, str, str]]) -> None:
    """Empty words, words on top of each other, one voice or none: findings, never a fault, shares that add up, and a
    file that says the same when it is read again."""
    words = sorted((Word(t or "…", Segment(s, s + d), v, 0.5) for s, d, v, t in raw), key=lambda w: w.segment)
    session = replace(
        builders.session(CALL),
        words=tuple(words),
        speech=Annotation.of(SpeechSpan(w.segment, w.label or "") for w in words),
        participants=(Participant("a"), Participant("b")),
        duration_ms=100_000,
    )
    found = read(session)
    shares = [m.value for m in found.measures if isinstance(m, Measure) and m.id.startswith("phase_share_")]
    assert not shares or abs(sum(shares) - 1) < 1e-9
    written = findings_json.dump(found, PIPELINE)
    assert findings_json.dump(*findings_json.load(written, session)) == written


def test_another_language_gives_times_only() -> None:
    """Without knowledge of the language: talk and silence, no signals, and the reason beside every other measure."""
    found = read(replace(builders.session(CALL), language="de"))
    assert not found.language_supported
    assert (found.is_coaching, found.leading.led_by) == (IsCoaching.CANNOT_TELL, LedBy.CANNOT_TELL)
    assert all(not r.signals for r in found.readings)
    by_id = {m.id: m for m in found.measures}
    for spec in MEASURES:
        if not spec.times_only:
            assert by_id[spec.id] == NotMeasured(spec.id, spec.unit, "language_not_supported")
    assert isinstance(by_id["talk_share_coach"], Measure)


def test_nothing_said_is_nothing_read() -> None:
    """A call without a word has no share of anything, and no number that is 0."""
    silent = replace(builders.session(CALL), words=(), speech=Annotation(()))
    found = read(silent)
    assert found.utterances == ()
    assert {m.reason if isinstance(m, NotMeasured) else m.value for m in found.measures} == {"no_words"}


def test_a_call_is_at_least_as_long_as_what_was_said_in_it() -> None:
    """A source gives 10 s for a call whose last word ends at 0:58.331; the phases end there, and there is no silence
    of less than nothing."""
    found = read(replace(builders.session(CALL), duration_ms=10_000))
    assert found.duration_ms == 58_331
    assert found.phases[-1].segment.end_ms == 58_331
    (silence,) = (m for m in found.measures if m.id == "silence_share")
    assert isinstance(silence, Measure)
    assert silence.denominator == 58_331


def test_a_single_stream_has_no_overlap_to_measure() -> None:
    """Captions hold one voice at a time: what overlap would tell is not measured, the rest is."""
    long = "".join(CALL.replace("0:", f"{minute}:") for minute in range(3))
    found = {m.id: m for m in read(replace(builders.session(long), single_stream=True)).measures}
    for name in ("overlap_share", "overlap_onsets_coach", "dual_starts", "floor_kept_share_client"):
        measure = found[name]
        assert isinstance(measure, NotMeasured)
        assert measure.reason == "single_stream"
    assert isinstance(found["interruptions_coach"], Measure)


def test_findings_hold_no_word() -> None:
    """Not a word that was said is in the file."""
    text = findings_json.dump(read(builders.session(CALL)), PIPELINE)
    assert "Sunday" not in text
    assert "brother" not in text
