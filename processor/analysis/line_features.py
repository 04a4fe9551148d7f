"""A line of a script as numbers for the learnt heads: what the script model saw, wordings, shape and place."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log1p

from processor.analysis.knowledge import Lexicon, LineScores
from processor.analysis.script import ScoredScript, Script, ScriptLine
from processor.analysis.wording import ends_sentence, says
from processor.model.people import Role
from processor.model.reading import Phase, SignalId

WHOLE_CALL_MS = 180_000
"""Shorter than this it is a piece of a call, whose place in the call is not known. Ours."""
NEAR_EDGE_MIN = 3.0
"""Minutes over which the pull of a call's start and end fades. Ours: greetings and goodbyes take about as long."""
RECENT = 6
"""Lines back in which the other's words count as just said. Ours."""
LARGEST = 8.0
"""Log-odds beyond this say nothing more."""

HITS = (
    "question_word", "question_aux", "question_tail", "question_choice", "imperative_open", "wh_open", "how_many",
    "ask_goal", "ask_measure", "ask_importance", "ask_working", "check_in", "invite_meaning", "ask_action", "ask_close",
    "acknowledge", "observe", "tentative", "reflect", "meaning_statement", "correction_taken", "correction_refused",
    "stay_on_problem", "own_story", "directive", "impose_accountability", "leading_question", "choose_path",
    "ask_permission", "offer_choice", "manage", "announce_stop", "time_called", "client_goal", "client_turn",
    "client_commit", "client_learning", "client_question", "correct", "agree", "yes_but", "work_status",
)
NEIGHBOUR_HITS = (
    "correct", "agree", "yes_but", "client_goal", "client_turn", "client_commit", "client_learning", "client_question",
    "offer_choice", "time_called",
)
SHAPE = (
    "is_coach", "is_client", "ends_question", "questions", "ends_sentence", "words", "one_word", "long", "reuse_last",
    "reuse_recent", "brought_in", "words_before", "words_after", "yes_no_first",
)
PLACE = ("whole", "from_start", "to_end", "near_start", "near_end", "first_lines", "last_lines")
SEEN = (*SignalId, *(f"phase_{p}" for p in Phase), "leads", "unfinished", "interrupts", "completes", "coaching")
NAMES = (
    *(f"seen_{name}" for name in SEEN),
    *(f"before_{name}" for name in SEEN),
    *(f"after_{name}" for name in SEEN),
    *(f"mine_before_{name}" for name in SEEN),
    *(f"says_{name}" for name in HITS),
    *(f"before_says_{name}" for name in NEIGHBOUR_HITS),
    *(f"after_says_{name}" for name in NEIGHBOUR_HITS),
    *SHAPE,
    *PLACE,
)


def line_rows(scored: ScoredScript, lexicon: Lexicon) -> tuple[tuple[float, ...], ...]:
    """NAMES in order, for each line."""
    script = scored.script
    seen = [_seen(scores) for scores in scored.scores]
    hits = [tuple(float(says(lexicon, name, line.plain)) for name in HITS) for line in script.lines]
    picked = [HITS.index(name) for name in NEIGHBOUR_HITS]
    blank, silent = (0.0,) * len(SEEN), (0.0,) * len(NEIGHBOUR_HITS)
    rows = []
    for i in range(len(script.lines)):
        before, after, mine = script.before[i], script.after[i], _mine_before(script, i)
        rows.append((
            *seen[i],
            *(blank if before is None else seen[before]),
            *(blank if after is None else seen[after]),
            *(blank if mine is None else seen[mine]),
            *hits[i],
            *(silent if before is None else (hits[before][k] for k in picked)),
            *(silent if after is None else (hits[after][k] for k in picked)),
            *_shape(script, i, lexicon),
            *_place(script, i),
        ))
    return tuple(rows)


def _seen(scores: LineScores) -> tuple[float, ...]:
    values = (
        *scores.signals, *scores.phases, scores.leads, scores.unfinished, scores.interrupts, scores.completes,
        scores.coaching,
    )
    return tuple(max(-LARGEST, min(LARGEST, v)) for v in values)


def _mine_before(script: Script, i: int) -> int | None:
    """The last line of the same speaker before the other's last line."""
    before = script.before[i]
    return None if before is None else script.before[before]


def _shape(script: Script, i: int, lexicon: Lexicon) -> tuple[float, ...]:
    line = script.lines[i]
    before, after = script.before[i], script.after[i]
    text = line.stretch.text.rstrip()
    own = set(line.content)
    last = set(script.lines[before].content) if before is not None else set()
    recent = _said_by_others(script.lines[max(0, i - RECENT) : i], line.role)
    ever = {w for earlier in script.lines[max(0, i - 60) : i] for w in earlier.content}
    first = line.plain.split(" ")[0] if line.plain else ""
    return (
        float(line.role is Role.COACH),
        float(line.role is Role.CLIENT),
        float(text.endswith("?")),
        float(min(3, text.count("?"))),
        float(ends_sentence(text)),
        log1p(line.words),
        float(line.words <= 2),
        float(line.words >= 40),
        _share(own, last),
        _share(own, recent),
        _share(own, own - ever),
        log1p(script.lines[before].words) if before is not None else 0.0,
        log1p(script.lines[after].words) if after is not None else 0.0,
        float(first in lexicon.words["answer_yes"] or first in lexicon.words["answer_no"]),
    )


def _said_by_others(lines: Sequence[ScriptLine], role: Role) -> set[str]:
    return {w for line in lines if line.role is not role for w in line.content}


def _share(own: set[str], others: set[str]) -> float:
    return len(own & others) / len(own) if own else 0.0


def _place(script: Script, i: int) -> tuple[float, ...]:
    if script.talk.length_ms < WHOLE_CALL_MS:
        return (0.0,) * len(PLACE)
    at = script.lines[i].stretch.segment.start_ms - script.talk.start_ms
    minutes, left = at / 60_000, (script.talk.length_ms - at) / 60_000
    part = at / script.talk.length_ms
    last = len(script.lines) - 1
    near_start, near_end = exp(-minutes / NEAR_EDGE_MIN), exp(-left / NEAR_EDGE_MIN)
    return (1.0, part, 1.0 - part, near_start, near_end, exp(-i / 4), exp(-(last - i) / 4))
