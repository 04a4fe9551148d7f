"""Two calls that the tests of reports share: an ordinary one, and one full of canary words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from processor.model.findings import Findings
from processor.model.people import Sure
from reports.audience import Audience
from reports.content import build_report
from reports.context import Context, Guess, Links, PastSession
from reports.report import Report
from tests.builders import event, figure, findings, missing, move, ratio

ORDINARY = """
0:01 coach: What would make today worth it for you?  [ask_agreement 0.92, open_question 0.97]
0:06 client: I want to find out whether I really want the new post or only feel that I ought to want it.
0:16 coach: The want or the ought.  [reflect 0.81]
0:20 client: Yes, and I notice that I go quiet each time my boss asks me about it, so something is in there for me.
0:33.5 coach: mm-hm
0:41 coach: What does the quiet tell you?  [invite_meaning 0.9, open_question 0.95]
0:48 client: That I am afraid to let her down, I think, and that I have not asked myself what I would like at all.
1:05 coach: You should write her a list.  [advise 0.88]
1:08 client: I could do that.
2:40 coach: Where are you now with your question?  [check_in 0.86, open_question 0.9]
2:45 client: Much clearer, I think I know that I want it, and that I want to say it in my own way and in my own time.
3:10 coach: What would you like to do with that?  [ask_action 0.93, open_question 0.9]
3:14 client: I will talk to her on Monday and say that I need two weeks to think about what I would bring.
3:30 coach: And who could help?  [ask_action 0.8, open_question 0.9]
3:33 client: My sister.
"""


def ordinary(**more: object) -> Findings:
    """A short coaching call with every part in it; figures are made up and simple."""
    return findings(
        ORDINARY,
        **{
            "phases": "opening 0:00, exploration 0:16, action 3:08",
            "coverage": "agreement heard u001, check_in heard u010, meaning heard u006, action heard u012, "
            "close not_heard",
            "led_by": "client",
            "moves": [
                move("u002", "client", "topic", cue="goal"),
                move("u008", "coach", "direction", taken_up=False, confidence=0.9, cue="steered"),
                move("u013", "client", "phase", confidence=0.75, cue="commitment"),
            ],
            "floor": [event("interruption", "coach", "1:05", "u008", over="u007", resumed=False)],
            "measures": [
                ratio("talk_share_coach", 12_000, 40_000),
                figure("wait_median_coach", 1200, 900, 1500),
                ratio("interruptions_coach", 1.2, 0.5, doubt=1.0, sure=Sure.FAIR),
                ratio("interruptions_client", 0.1, 0.25, doubt=0.2, sure=Sure.FAIR),
                figure("signal_count_open_question", 5.1, 4, 6),
                figure("signal_count_closed_question", 0.9, 0, 2),
                ratio("stacked_question_share_coach", 1, 6),
                figure("choices_offered_coach", 3.2, 2, 4),
                figure("choices_taken_client", 2.1, 1, 3),
                ratio("silence_share", 130_000, 216_000),
                missing("overlap_share", "single_stream"),
            ],
            **more,
        },
    )


LONG = "and so on and on and on and on and on and on and on"
"""An answer that is long enough for a moment that worked."""


def answered(line: str, *, answer: str = LONG) -> str:
    """The script of one line of the coach, answered by the client."""
    return f"0:01 coach: {line}\n0:30 client: {answer}\n2:00 coach: mm-hm"


PLAY = "https://coach.example/s/1/audio?t={seconds}"
PAGE = "https://coach.example/s/1"


def context(**more: object) -> Context:
    """A context in which everything is set and six earlier sessions are known, one of another pipeline."""
    earlier = tuple(
        PastSession(date(2026, 2, 1 + i), "new" if i else "old", (("talk_share_coach", 0.30 + 0.02 * i),))
        for i in range(6)
    )
    return Context(
        **{
            "recorded_on": date(2026, 3, 14),
            "consent": "Agreed with your client: a report for you.",
            "deletes_on": date(2026, 4, 13),
            "links": Links(
                page=PAGE,
                play=PLAY,
                correct=f"{PAGE}/correct",
                swap=f"{PAGE}/swap",
                strike=f"{PAGE}/strike",
                share=f"{PAGE}/share",
                delete=f"{PAGE}/delete",
                formulas="https://coach.example/numbers",
            ),
            "fingerprint": "new",
            "profile": "embedded",
            "guess": Guess(0.3, 2, "client"),
            "earlier": earlier,
            **more,
        },
    )


def report(audience: Audience = Audience.COACH, call: Findings | None = None, **more: object) -> Report:
    """The report of `call` (the ordinary one) for `audience`, with `context(**more)`."""
    return build_report(call or ordinary(), audience, context(**more))


CANARIES = {"names": "Zanzibar", "coach": "Quokka", "client": "Platypus", "why": "Numbat", "cue": "Wombat"}
"""A word for each kind of thing that was said or is known of a person."""


def canary_call() -> Findings:
    """A call in which coach and client say nothing but their canary, and both are named after a third."""
    said = {"coach": CANARIES["coach"], "client": " ".join([CANARIES["client"]] * 40)}
    script = "\n".join(
        f"{i // 4}:{i % 4 * 15:02} {who}: {said[who]}?  [{signals}]" for i, (who, signals) in enumerate(_CANARY_LINES)
    )
    call = ordinary()
    return replace(
        findings(script, coverage="agreement heard u001", led_by="coach", moves=call.leading.moves,
                 floor=call.floor, measures=call.measures, phases="opening 0:00",
                 names={"coach": CANARIES["names"], "client": CANARIES["names"]}),
        why_coaching=CANARIES["why"],
    )


_CANARY_LINES = (
    ("coach", "ask_agreement 0.95, open_question"), ("client", ""),
    ("coach", "ask_close 0.95"), ("client", ""),
    ("coach", "ask_action 0.95"), ("client", ""),
    ("coach", "advise 0.99"), ("client", ""),
    ("coach", "reflect 0.9"), ("client", ""),
    ("coach", "invite_meaning 0.9"), ("client", ""),
    ("coach", "check_in 0.9"), ("client", ""),
)
