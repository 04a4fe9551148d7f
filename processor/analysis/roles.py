"""Who is the coach and who the client: as given, or found from how they talk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations
from math import exp, log

from processor.analysis.knowledge import Knowledge, Lexicon
from processor.analysis.thresholds import ROLE_FAIR, ROLE_SURE, SMALL_VOICE_SHARE
from processor.analysis.utterances import Stretch, could_be_backchannel
from processor.analysis.wording import plain, says
from processor.model.people import Participant, Role, RoleAssignment, Sure
from processor.model.session import Session

ASKING = ("question_word", "question_aux", "imperative_open", "ask_goal", "check_in", "invite_meaning", "ask_action")
LEADING = (
    "ask_close", "offer_choice", "ask_permission", "manage", "directive", "choose_path", "time_called", "observe",
)  # fmt: skip
TELLING = ("client_goal", "client_commit", "client_learning", "client_turn", "own_story", "yes_but", "correct")
NAMES = ("questions", "you", "backchannels", "words", "first", *ASKING, *LEADING, *TELLING)
LEAST_CHANCE = 1e-6
"""Nobody is more surely the coach, or not the coach, than this leaves room for: heads round to as much."""
_YOU = frozenset(["you", "your", "yours", "you're", "you've", "you'd", "you'll", "yourself"])
_ME = frozenset(["i", "my", "me", "mine", "i'm", "i've", "i'd", "i'll", "myself"])


def assign_roles(
    session: Session, stretches: Sequence[Stretch], knowledge: Knowledge, lexicon: Lexicon | None
) -> tuple[RoleAssignment, ...]:
    """What everybody on the call is, with how sure that is and why.

    A role that was given stands, and where both of two voices surely talk like the other, that is said. What is open
    is found from the talk: the coach is who asks and speaks of "you".
    What follows from a given role is sure: with the coach known, the only other voice of weight is the client.
    Of three or more voices, those with a small share of the talk are neither; of two both take part. Without a
    lexicon, or with one voice only, an open role is a guess and is said to be unsure.
    """
    given = {p.label: p.role for p in session.participants if p.role is not None}
    open_ones = [p for p in session.participants if p.role is None]
    words = _word_counts(session, stretches)
    odds = _coach_odds(stretches, [*words], knowledge, lexicon)
    if not open_ones:
        heard = _swapped(words, odds, given) if lexicon else {}
        return tuple(
            RoleAssignment(p.label, p.name, given[p.label], Sure.SURE, "given", heard.get(p.label))
            for p in session.participants
        )
    roles, chance = _likeliest(words, odds, given)
    sure = Sure.SURE if chance >= ROLE_SURE else Sure.FAIR if chance >= ROLE_FAIR else Sure.UNSURE
    return tuple(
        _assigned(p, given[p.label], Sure.SURE, "given")
        if p.label in given
        else _assigned(p, roles[p.label], sure, "found from how they talk")
        for p in session.participants
    )


def _assigned(person: Participant, role: Role, sure: Sure, why: str) -> RoleAssignment:
    return RoleAssignment(person.label, person.name, role, sure, why)


def _word_counts(session: Session, stretches: Sequence[Stretch]) -> dict[str, int]:
    words = {p.label: 0 for p in session.participants}
    for stretch in stretches:
        words[stretch.label] = words.get(stretch.label, 0) + len(stretch.words)
    return words


def _likeliest(
    words: Mapping[str, int], odds: Mapping[str, float], given: Mapping[str, Role]
) -> tuple[dict[str, Role], float]:
    """The likeliest roles that keep to what is given, and how likely they are against the next best.

    Where only one way is left, it is certain if the coach or the client was given, and a coin toss if neither was.
    """
    total = max(1, sum(words.values()))
    open_labels = [label for label in sorted(words, key=lambda k: (-words[k], k)) if label not in given]
    wanted = [role for role in (Role.COACH, Role.CLIENT) if role not in given.values()]
    heard = [label for label in open_labels if words[label]] or open_labels
    weighty = [label for label in heard if words[label] >= SMALL_VOICE_SHARE * total]
    main = weighty if len(weighty) >= len(wanted) else heard
    options = permutations(main, min(len(wanted), len(main)))
    scored = sorted((-_fit(dict(zip(wanted, o, strict=False)), odds, words, total), o) for o in options)
    roles = dict(zip(scored[0][1], wanted, strict=False))
    found = {label: given.get(label) or roles.get(label, Role.OTHER) for label in words}
    if len(scored) == 1:
        return found, 0.5 if {Role.COACH, Role.CLIENT}.isdisjoint(given.values()) else 1.0
    return found, 1.0 / (1.0 + exp(scored[0][0] - scored[1][0]))


def _swapped(words: Mapping[str, int], odds: Mapping[str, float], given: Mapping[str, Role]) -> dict[str, Role]:
    """What two voices talk like, if that is surely the opposite of what was given; else nothing."""
    if sorted(given.values()) != [Role.CLIENT, Role.COACH]:
        return {}
    heard, chance = _likeliest(words, odds, {})
    return heard if chance >= ROLE_SURE and all(heard[label] is not role for label, role in given.items()) else {}


def _fit(option: Mapping[Role, str], odds: Mapping[str, float], words: Mapping[str, int], total: int) -> float:
    """How well an option fits: the coach talks like one, the client does not and says a good part of it."""
    coach, client = option.get(Role.COACH), option.get(Role.CLIENT)
    fit = odds[coach] if coach else 0.0
    if client:
        fit += log(max(1, words[client]) / total) - odds[client]
    return fit / (2.0 if coach and client else 1.0)


def _coach_odds(
    stretches: Sequence[Stretch], labels: Sequence[str], knowledge: Knowledge, lexicon: Lexicon | None
) -> dict[str, float]:
    """Log-odds that each voice talks as a coach does, against the average of the others."""
    if lexicon is None:
        return dict.fromkeys(labels, 0.0)
    habits = voice_habits(stretches, labels, lexicon)
    rows = [contrast(habits, label) for label in labels]
    chances = knowledge.heads.probabilities("coach_voice", rows)
    kept = (min(1 - LEAST_CHANCE, max(LEAST_CHANCE, p)) for p in chances)
    return {label: log(p / (1 - p)) for label, p in zip(labels, kept, strict=True)}


def contrast(habits: Mapping[str, Sequence[float]], label: str) -> tuple[float, ...]:
    """A voice's habits less the mean of the other voices' habits."""
    others = [row for other, row in habits.items() if other != label] or [(0.0,) * len(NAMES)]
    means = [sum(column) / len(others) for column in zip(*others, strict=True)]
    return tuple(own - mean for own, mean in zip(habits[label], means, strict=True))


def voice_habits(
    stretches: Sequence[Stretch], labels: Sequence[str], lexicon: Lexicon
) -> dict[str, tuple[float, ...]]:
    """NAMES in order for each voice: shares of its utterances that ask, lead and tell, of "you", of all words."""
    total = max(1, sum(len(s.words) for s in stretches))
    first = next((s.label for s in stretches if not could_be_backchannel(s.words, lexicon)), None)
    found = {}
    for label in labels:
        mine = [s for s in stretches if s.label == label]
        said = [s for s in mine if not could_be_backchannel(s.words, lexicon)]
        texts = [plain(s.text) for s in said]
        words = [w for text in texts for w in text.split()]
        you, me = sum(w in _YOU for w in words), sum(w in _ME for w in words)
        count = max(1, len(texts))
        shares = (sum(says(lexicon, name, t) for t in texts) / count for name in (*ASKING, *LEADING, *TELLING))
        found[label] = (
            sum(s.text.rstrip().endswith("?") for s in said) / count,
            (you + 1) / (you + me + 2),
            (len(mine) - len(said)) / max(1, len(mine)),
            log((len(words) + 20) / (total + 40)),
            float(label == first),
            *shares,
        )
    return found
