"""Talk and silence: who talks how much and how long, and how long it is quiet. Times only, for any language."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, pairwise
from statistics import median

from processor.analysis.measures.view import Found, Parts, Run, View, share
from processor.analysis.thresholds import (
    FEWEST_CASES,
    LONG_TURN_MS,
    LONG_TURN_WORDS,
    SHORTEST_FOR_RATES_MS,
    THINKING_MS,
    WAIT_1_MS,
    WAIT_2_MS,
    WAIT_SHORT_MS,
    WINDOW_LEAD_SHARE,
    WINDOW_MS,
    WINDOW_STEP_MS,
)
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
    if view.recorded_ms < SHORTEST_FOR_RATES_MS:
        return Reason.TOO_SHORT
    return Parts(float(len(view.runs())), view.recorded_ms / 60_000)


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
    long = [run for run in turns if run.words >= LONG_TURN_WORDS or run.segment.length_ms >= LONG_TURN_MS]
    return share(len(long), len(turns), evidence=[run.pieces[0].id for run in long])


def silence_share(view: View) -> Found:
    """The part of the recording in which nobody speaks."""
    spoken = covered_ms([*(s for _, s in view.sounds), *(p.segment for p in view.pieces)])
    return share(max(0, view.recorded_ms - spoken), view.recorded_ms)


def _waits(view: View, before: Role, after: Role) -> list[int]:
    """From the end of each turn of `before` to the start of the turn of `after` that follows; negative = overlap."""
    return [
        b.segment.start_ms - a.segment.end_ms
        for a, b in pairwise(view.runs())
        if a.role is before and b.role is after
    ]


def wait_median(view: View) -> Found:
    """How long the coach waits after the client's turns, in the middle case; negative = comes in before its end."""
    waits = _waits(view, Role.CLIENT, Role.COACH)
    if len(waits) < FEWEST_CASES:
        return Reason.TOO_FEW_CASES
    return Parts(float(sum(waits)), float(len(waits)), value=float(median(waits)))


def wait_share(holds: Callable[[int], bool]) -> Timed:
    """The part of the coach's waits for which `holds`."""

    def measure(view: View) -> Found:
        waits = _waits(view, Role.CLIENT, Role.COACH)
        return share(sum(holds(w) for w in waits), len(waits)) if len(waits) >= FEWEST_CASES else Reason.TOO_FEW_CASES

    return measure


def thinking_silence_kept(view: View) -> Found:
    """Of the silences of THINKING_MS and more after the client's words, the part that the client ends.

    Evidence: what the coach said to end the others.
    """
    pieces = [p for p in view.pieces if not p.backchannel]
    silences = [
        (a, b)
        for a, b in pairwise(pieces)
        if a.role is Role.CLIENT and b.segment.start_ms - a.segment.end_ms >= THINKING_MS
    ]
    kept = sum(b.role is Role.CLIENT for _, b in silences)
    return share(kept, len(silences), evidence=[b.id for _, b in silences if b.role is Role.COACH])


def overlap_share(view: View) -> Found:
    """The part of all speech in which coach and client speak at once."""
    if view.single_stream:
        return Reason.SINGLE_STREAM
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
        for size, of in (("words", lambda run: run.words), ("length", lambda run: run.segment.length_ms))
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
