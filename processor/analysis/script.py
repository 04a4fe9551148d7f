"""The call as a script: the utterances that take the floor, in order, with who speaks and what stands around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from processor.analysis.knowledge import Lexicon, Line, LineScores
from processor.analysis.utterances import Stretch
from processor.analysis.wording import content_words, plain, plain_words
from processor.model.people import Role


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """One line: `number` is the utterance's place among all utterances; `content` the words that carry a topic."""

    number: int
    role: Role
    stretch: Stretch
    plain: str
    content: tuple[str, ...]

    @property
    def words(self) -> int:
        return len(self.stretch.words)


@dataclass(frozen=True, slots=True)
class Script:
    """The lines of a call; `before` and `after` give, by place, the nearest line of somebody else."""

    lines: tuple[ScriptLine, ...]
    before: tuple[int | None, ...]
    after: tuple[int | None, ...]
    duration_ms: int


def write_script(
    stretches: Sequence[Stretch],
    backchannels: frozenset[int],
    roles: Mapping[str, Role],
    lexicon: Lexicon,
    duration_ms: int,
) -> Script:
    """The script of a call: every utterance that is no backchannel."""
    lines = tuple(
        ScriptLine(
            number,
            roles.get(stretch.label, Role.OTHER),
            stretch,
            plain(stretch.text),
            content_words(plain_words(stretch.words), lexicon),
        )
        for number, stretch in enumerate(stretches)
        if number not in backchannels
    )
    before: list[int | None] = []
    for i, line in enumerate(lines):
        before.append(_nearest(lines, range(i - 1, -1, -1), line.role))
    after = [_nearest(lines, range(i + 1, len(lines)), line.role) for i, line in enumerate(lines)]
    return Script(lines, tuple(before), tuple(after), duration_ms)


def _nearest(lines: Sequence[ScriptLine], places: range, role: Role) -> int | None:
    return next((j for j in places if lines[j].role is not role), None)


def as_lines(script: Script) -> tuple[Line, ...]:
    """The script as the script model reads it."""
    return tuple(Line(line.role, line.stretch.text) for line in script.lines)


@dataclass(frozen=True, slots=True)
class ScoredScript:
    """A script with what the script model saw in each line."""

    script: Script
    scores: tuple[LineScores, ...]
