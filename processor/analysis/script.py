"""The call as a script: the utterances that take the floor, in order, with who speaks and what stands around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from processor.analysis.knowledge import Lexicon, Line, LineScores
from processor.analysis.utterances import Stretch
from processor.analysis.wording import content_words, plain, plain_words
from processor.model.people import Role
from processor.model.segment import Segment


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """One line: `number` is the utterance's place among all utterances; `content` the words that carry a topic."""

    number: int
    role: Role
    stretch: Stretch
    plain: str
    content: tuple[str, ...]

    @property
    def segment(self) -> Segment:
        return self.stretch.segment

    @property
    def words(self) -> int:
        return len(self.stretch.words)


@dataclass(frozen=True, slots=True)
class Script:
    """The lines of a call; `before` and `after` give, by place, the nearest line of somebody else.

    `talk` = from the first line's start to the last one's end: where a line stands in a call does not hang on
    how long the recording ran before or after.
    """

    lines: tuple[ScriptLine, ...]
    before: tuple[int | None, ...]
    after: tuple[int | None, ...]
    talk: Segment


def write_script(
    stretches: Sequence[Stretch],
    backchannels: frozenset[int],
    roles: Mapping[str, Role],
    lexicon: Lexicon,
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
    start = min((s.segment.start_ms for s in stretches), default=0)
    end = max((s.segment.end_ms for s in stretches), default=0)
    return Script(lines, tuple(before), tuple(after), Segment(start, end))


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
