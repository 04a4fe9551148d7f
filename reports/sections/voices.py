"""What the voices of a call are named, and when each of them spoke."""

from __future__ import annotations

from processor.model.floor import FloorKind, UtteranceKind
from processor.model.people import Role
from processor.model.segment import Segment, shared, union
from reports.audience import Audience
from reports.call import QUOTED_FROM, Call
from reports.report import BRIDGE_MS, Mark, Picture, Silence, Voice
from reports.wording import entry, persons

SILENCE_FROM_MS = 2_000
"""A pause from here on is shown, with its owner. # Source: thinking silences, docs/measures.md; our definition."""

_SHOWN_ON_TIMELINE = (FloorKind.INTERRUPTION, FloorKind.ATTEMPT, FloorKind.COMPLETION)


def keys(call: Call) -> dict[str, str]:
    """The key of each voice by label: "coach", "client", "other", or "voice_a", … while roles are unsure."""
    if call.roles_sure:
        return {p.label: p.role.value for p in call.findings.participants}
    order = dict.fromkeys(u.label for u in call.findings.utterances)
    return {label: f"voice_{chr(ord('a') + i)}" for i, label in enumerate(order)}


def name(key: str, audience: Audience) -> str:
    """What this reader calls the voice `key`, with a capital."""
    if key.startswith("voice_"):
        return f"Voice {key.removeprefix('voice_').upper()}"
    return {"coach": persons(audience)["Coach"], "client": persons(audience)["Client"]}.get(key, "Someone else")


def picture(call: Call, audience: Audience, *, marks: bool, phases: bool = True) -> Picture | None:
    """What the charts draw: without `marks` no coming-in, without `phases` no phase; None when nobody spoke."""
    if not call.findings.utterances:
        return None
    by_key = keys(call)
    spans: dict[str, list[Segment]] = {}
    for utterance in call.findings.utterances:
        spans.setdefault(by_key.get(utterance.label, "other"), []).append(utterance.segment)
    joined = {key: union(segments, bridge_ms=BRIDGE_MS) for key, segments in spans.items()}
    lanes = sorted(joined, key=_lane)
    both = shared(joined[lanes[0]], joined[lanes[1]]) if len(lanes) > 1 else ()
    return Picture(
        duration_ms=call.findings.duration_ms,
        voices=tuple(Voice(k, name(k, audience), tuple((s.start_ms, s.end_ms) for s in joined[k])) for k in lanes),
        phases=_phases(call) if phases else (),
        marks=_marks(call, by_key, audience) if marks and call.meaning_read else (),
        overlaps=tuple((s.start_ms, s.end_ms) for s in both if s.length_ms >= 200),
        silences=silences(call),
    )


def silences(call: Call) -> tuple[Silence, ...]:
    """Pauses of SILENCE_FROM_MS and more between two voices or within one.

    A sound of listening neither owns nor breaks a pause; what was not recorded is none.
    """
    by_key, found = keys(call), []
    turns = sorted((u for u in call.findings.utterances if u.kind is UtteranceKind.TURN), key=lambda u: u.segment)
    if not turns:
        return ()
    latest = turns[0]
    for following in turns[1:]:
        pause = Segment(latest.segment.end_ms, max(latest.segment.end_ms, following.segment.start_ms))
        if pause.length_ms >= SILENCE_FROM_MS and not any(pause.overlap(gap) for gap in call.findings.gaps):
            place = call.place(pause.start_ms)
            found.append(Silence(place, pause.length_ms, by_key[latest.label], by_key[following.label]))
        if following.segment.end_ms > latest.segment.end_ms:
            latest = following
    return tuple(found)


def _lane(key: str) -> tuple[int, str]:
    return ({"client": 0, "coach": 1}.get(key, 2), key)


def _phases(call: Call) -> tuple[tuple[str, int, int], ...]:
    if not call.meaning_read:
        return ()
    return tuple((p.phase.value, p.segment.start_ms, p.segment.end_ms) for p in call.findings.phases)


def _marks(call: Call, by_key: dict[str, str], audience: Audience) -> tuple[Mark, ...]:
    return tuple(
        Mark(
            event.segment.start_ms,
            by_key[event.by],
            event.kind.value,
            f"{name(by_key[event.by], audience)}: {entry('floor', event.kind.value)['name'].lower()}",
        )
        for event in call.findings.floor
        if event.kind in _SHOWN_ON_TIMELINE
        and event.confidence >= QUOTED_FROM
        and call.role(event.by) is not Role.OTHER
    )
