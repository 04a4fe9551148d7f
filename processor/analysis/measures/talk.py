"""Talk and silence: who talks how much and how long, and how long it is quiet. Times only, for any language."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from statistics import median

from processor.analysis.measures.view import Found, Parts, Piece, Run, View, rate, share
from processor.analysis.thresholds import (
    FEWEST_CASES,
    LONG_TURN_MS,
    LONG_TURN_WORDS,
    THINKING_MS,
    WAIT_1_MS,
    WAIT_2_MS,
    WAIT_SHORT_MS,
    WINDOW_LEAD_SHARE,
    WINDOW_MS,
    WINDOW_STEP_MS,
)
from processor.analysis.turns import followed, touched
from processor.model.catalogue import Reason
from processor.model.people import Role
from processor.model.segment import Segment, covered_ms, shared, union

Timed = Callable[[View], Found]
_TWO = (Role.COACH, Role.CLIENT)


def talk_share(view: View) -> Found:
    """The coach's part of what coach and client talk, backchannels left out."""
    coach, client = (view.talk_ms(role) for role in _TWO)
    return share(coach, coach + client)


def talk_share_with_backchannels(view: View) -> Found:
    """The same with backchannels and sounds without words."""
    coach, client = (
        covered_ms([*(s for r, s in view.sounds if r is role), *(p.segment for p in view.pieces if p.role is role)])
        for role in _TWO
    )
    return share(coach, coach + client)


def word_share(view: View) -> Found:
    """The coach's part of the words of coach and client, backchannels left out."""
    coach, client = (sum(p.words for p in view.pieces if p.role is role and not p.backchannel) for role in _TWO)
    return share(coach, coach + client)


def windows(leader: Role | None) -> Timed:
    """The part of 2.5-minute windows in which `leader` has more than 0.6 of the talk (None: neither has)."""

    def measure(view: View) -> Found:
        if not view.two_voices:
            return Reason.ONE_VOICE
        led = _window_leaders(view)
        return share(sum(who is leader for who in led), len(led)) if led else Reason.TOO_SHORT

    return measure


def _window_leaders(view: View) -> list[Role | None]:
    talk = {role: view.talk(role) for role in _TWO}
    end = max((s[-1].end_ms for s in talk.values() if s), default=0)
    starts = range(0, end - WINDOW_MS + 1, WINDOW_STEP_MS)
    found: list[Role | None] = []
    for coach, client in zip(*(_covered_in_windows(talk[role], starts) for role in _TWO), strict=True):
        if coach + client:
            least = WINDOW_LEAD_SHARE * (coach + client)
            found.append(Role.COACH if coach > least else Role.CLIENT if client > least else None)
    return found


def _covered_in_windows(segments: Sequence[Segment], starts: range) -> list[int]:
    """How much of the window from each of `starts` the segments (in order, not touching) cover."""
    firsts = [s.start_ms for s in segments]
    sums = [0, *accumulate(s.length_ms for s in segments)]

    def until(at_ms: int) -> int:
        n = bisect_left(firsts, at_ms)
        return sums[n] - (max(0, segments[n - 1].end_ms - at_ms) if n else 0)

    return [until(start + WINDOW_MS) - until(start) for start in starts]


def turns_per_minute(view: View) -> Found:
    """Turns of coach and client in a minute of the recording."""
    if not view.two_voices:
        return Reason.ONE_VOICE
    return rate(sum(run.role in _TWO for run in view.runs()), 60_000, view.recorded_ms)


def _turns_of(view: View, role: Role) -> list[Run]:
    return [run for run in view.runs() if run.role is role]


def turn_size(role: Role, of: Callable[[Run], int], part: float) -> Timed:
    """The median (`part` 0.5) or 90 % quantile (0.9) of the turns' size."""

    def measure(view: View) -> Found:
        sizes = sorted(of(run) for run in _turns_of(view, role))
        if len(sizes) < FEWEST_CASES:
            return Reason.TOO_FEW_CASES
        value = median(sizes) if part == 0.5 else sizes[min(len(sizes) - 1, int(part * len(sizes)))]
        return Parts(float(sum(sizes)), float(len(sizes)), value=float(value))

    return measure


def long_turns(view: View) -> Found:
    """The part of the coach's turns of LONG_TURN_WORDS words or LONG_TURN_MS and more; evidence: those turns."""
    turns = _turns_of(view, Role.COACH)
    long = [run for run in turns if run.words >= LONG_TURN_WORDS or run.held_ms >= LONG_TURN_MS]
    return share(len(long), len(turns), evidence=[run.pieces[0].id for run in long])


def silence_share(view: View) -> Found:
    """The part of the recording in which nobody speaks."""
    return share(max(0, view.recorded_ms - view.spoken_ms()), view.recorded_ms)


def _waits(view: View) -> list[int]:
    """From the end of each turn of the client to the start of the coach's that follows it; negative = overlap."""
    return [
        b.segment.start_ms - a.segment.end_ms
        for a, b in followed(view.runs(), lambda run: run.role, view.gaps)
        if a.role is Role.CLIENT and b.role is Role.COACH
    ]


def wait_median(view: View) -> Found:
    """How long the coach waits after the client's turns, in the middle case; negative = comes in before its end."""
    waits = _waits(view)
    if len(waits) < FEWEST_CASES:
        return Reason.TOO_FEW_CASES
    return Parts(float(sum(waits)), float(len(waits)), value=float(median(waits)))


def wait_share(holds: Callable[[int], bool]) -> Timed:
    """The part of the coach's waits for which `holds`."""

    def measure(view: View) -> Found:
        waits = _waits(view)
        return share(sum(holds(w) for w in waits), len(waits)) if len(waits) >= FEWEST_CASES else Reason.TOO_FEW_CASES

    return measure


def thinking_silence_kept(view: View) -> Found:
    """Of the silences of THINKING_MS and more after the client's words, the part that the client ends.

    Evidence: what the coach said to end the others.
    """
    ended = _ending_a_silence(view)
    kept = sum(piece.role is Role.CLIENT for piece in ended)
    return share(kept, len(ended), evidence=[piece.id for piece in ended if piece.role is Role.COACH])


def _ending_a_silence(view: View) -> list[Piece]:
    """What coach or client says after THINKING_MS and more in which nobody talks, the client having ended last.

    A backchannel takes no floor: it neither ends such a silence nor is what the silence comes after.
    """
    found: list[Piece] = []
    last: Piece | None = None
    quiet_from = 0
    for piece in view.pieces:
        if piece.backchannel:
            continue
        silence = Segment(quiet_from, max(quiet_from, piece.segment.start_ms))
        quiet_from = max(quiet_from, piece.segment.end_ms)
        thinking = last is not None and last.role is Role.CLIENT and silence.length_ms >= THINKING_MS
        if thinking and piece.role in _TWO and not touched(silence, view.gaps):
            found.append(piece)
        if last is None or piece.segment.end_ms >= last.segment.end_ms:
            last = piece
    return found


def overlap_share(view: View) -> Found:
    """The part of all speech in which coach and client speak at once."""
    if view.single_stream:
        return Reason.SINGLE_STREAM
    if not view.two_voices:
        return Reason.ONE_VOICE
    coach, client = (union(p.segment for p in view.pieces if p.role is role) for role in _TWO)
    return share(covered_ms(shared(coach, client)), covered_ms([*coach, *client]))


TIMED: Mapping[str, Timed] = {
    "talk_share_coach": talk_share,
    "talk_share_coach_with_backchannels": talk_share_with_backchannels,
    "word_share_coach": word_share,
    "windows_led_in_talk_by_coach": windows(Role.COACH),
    "windows_led_in_talk_by_client": windows(Role.CLIENT),
    "windows_balanced_in_talk": windows(None),
    "turns_per_minute": turns_per_minute,
    **{
        f"turn_{size}_{name}_{role}": turn_size(role, of, part)
        for size, of in (("words", lambda run: run.words), ("length", lambda run: run.held_ms))
        for name, part in (("median", 0.5), ("p90", 0.9))
        for role in _TWO
    },
    "long_turn_share_coach": long_turns,
    "silence_share": silence_share,
    "wait_median_coach": wait_median,
    "wait_under_200ms_share_coach": wait_share(lambda wait: wait < WAIT_SHORT_MS),
    "wait_over_1s_share_coach": wait_share(lambda wait: wait >= WAIT_1_MS),
    "wait_over_2s_share_coach": wait_share(lambda wait: wait >= WAIT_2_MS),
    "thinking_silence_kept_share": thinking_silence_kept,
    "overlap_share": overlap_share,
}
"""The measures that need times only, by id."""
