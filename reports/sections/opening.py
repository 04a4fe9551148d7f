"""What stands first and last: title, trust, notice, the coach's guess, limits, what can be done from here."""

from __future__ import annotations

from processor.model.measures import Measure
from processor.model.people import Role
from processor.model.reading import IsCoaching
from reports.audience import Audience
from reports.call import Call
from reports.context import Context
from reports.phrases import about, day, full_day, joined, length, share
from reports.report import Act
from reports.sections.voices import keys, name
from reports.wording import say, term


def title(call: Call) -> str:
    """Session of 14 March; never a name or a topic."""
    when = call.context.recorded_on
    return f"Session of {day(when)}" if when else "Your session"


def subject(call: Call, audience: Audience) -> str:
    """The subject of the e-mail: a date and a length, never a name or a topic."""
    minutes = max(1, round(call.findings.duration_ms / 60_000))
    what = {
        Audience.COACH: "your notes are ready",
        Audience.SUPERVISOR: "shared with you",
        Audience.CLIENT: "your page is ready",
    }[audience]
    return f"{title(call)}, {minutes} min: {what}"


SHORT_MS = 5 * 60_000
"""A shorter recording is rarely a whole session. # Ours."""


def trust(call: Call, audience: Audience) -> tuple[str, ...]:
    """How long, how well it was heard, what of the session may be missing, what was agreed, when it is deleted."""
    heard = f"{length(call.findings.duration_ms)} heard; {_sound(call)}"
    context = call.context
    kept = f"Deleted on {full_day(context.deletes_on)}." if context.deletes_on else ""
    return tuple(line for line in (heard, _missing(call), _others(call, audience), context.consent, kept) if line)


def _missing(call: Call) -> str:
    """That a session is more than its recording, where much of it cannot be in there."""
    gone = sum(gap.length_ms for gap in call.findings.gaps)
    if gone >= 1_000:
        return f"{length(gone)} is missing: what was not heard may lie there."
    if call.meaning_read and call.findings.duration_ms < SHORT_MS:
        return "That is short: what was not heard may lie outside the recording."
    return ""


def _others(call: Call, audience: Audience) -> str:
    if not call.roles_sure or all(p.role is not Role.OTHER for p in call.findings.participants):
        return ""
    return say("A third person was heard; the numbers are those of {coach} and {client}.", audience)


def _sound(call: Call) -> str:
    doubt = call.findings.doubt
    if doubt is None:
        return "how clear it sounded is not known."
    line = f"the sound was {term('grade', doubt.grade)}"
    remarks = [term("remark", r) for r in doubt.remarks]
    if remarks:
        line += f", with {joined(remarks)}"
    if doubt.low_score_word_share and doubt.low_score_word_share >= 0.1:
        line += f"; {share(doubt.low_score_word_share)} of words unclear"
    return line + "."


def notice(call: Call, audience: Audience) -> str:
    """What must be said before anything else; "" when nothing must."""
    if call.one_voice:
        return "Only one voice was heard, so only times are shown. Was the other person's sound recorded?"
    if not call.findings.language_supported:
        return "The language of this session is not one we can read yet, so only times are shown."
    if call.findings.is_coaching is IsCoaching.NO:
        return (
            "This was not recognised as a coaching session, so only times are shown. "
            "If it was one, the software is wrong."
        )
    if call.findings.is_coaching is IsCoaching.CANNOT_TELL:
        return "It cannot be told whether this was a coaching session, so only times are shown."
    return _notice_of_roles(call, audience)


def _notice_of_roles(call: Call, audience: Audience) -> str:
    """That nobody knows who is the coach, or that the two may be swapped."""
    if not call.roles_sure:
        return (
            "Which voice is yours? It could not be told surely enough, and a wrong guess would turn everything around. "
            "Until you say so, only times are shown."
            if audience is Audience.COACH
            else "It could not be told which voice is the coach, so only times are shown."
        )
    doubted = any(p.heard_as for p in call.findings.participants) and not call.context.roles_told
    if audience is Audience.COACH and doubted:
        return (
            "The voice that stands here as your client's sounded more like the coach. If the two were swapped, "
            "everything below is turned around."
        )
    return ""


def asks(call: Call, audience: Audience) -> tuple[str, ...]:
    """What is known of each voice, so that the coach can say which is theirs."""
    if call.roles_sure or call.one_voice or audience is not Audience.COACH:
        return ()
    utterances = call.findings.utterances
    talk = {label: sum(u.segment.length_ms for u in utterances if u.label == label) for label in keys(call)}
    whole = sum(talk.values()) or 1
    lines = []
    for label, key in keys(call).items():
        first = next(u.segment.start_ms for u in utterances if u.label == label)
        lines.append(
            f"{name(key, audience)} is first heard at {call.place(first).clock} and holds {share(talk[label] / whole)} "
            "of the talk."
        )
    return tuple(lines)


def guess(call: Call) -> tuple[str, ...]:
    """The coach's guess beside what was heard, one line each; empty when nothing was guessed."""
    guessed = call.context.guess
    if guessed is None or not call.meaning_read:
        return ()
    lines = []
    talk = call.measure("talk_share_coach")
    if guessed.talk_share_coach is not None and isinstance(talk, Measure):
        lines.append(f"You spoke: guessed {share(guessed.talk_share_coach)}, heard {share(talk.value)}.")
    cut = call.measure("interruptions_coach")
    if guessed.interruptions_by_coach is not None and isinstance(cut, Measure):
        lines.append(f"You cut in: guessed {guessed.interruptions_by_coach}, heard {about(cut.numerator)}.")
    if guessed.led_by in _LED:
        heard = _LED[call.findings.leading.led_by.value]
        lines.append(f"Who led: guessed {_LED[guessed.led_by]}, heard {heard}.")
    return tuple(lines)


_LED = {"client": "your client", "coach": "you", "shared": "both of you", "cannot_tell": "cannot tell"}


_NO_MARKS = {
    Audience.COACH: "This is no ICF assessment: no marks.",
    Audience.SUPERVISOR: "This is no ICF assessment: no marks.",
    Audience.CLIENT: "Nothing here marks you or your coach.",
}


def limits(call: Call, audience: Audience) -> tuple[str, ...]:
    """What this report cannot know."""
    lines = ["Tone, faces, history, culture.", _NO_MARKS[audience]]
    if audience is Audience.COACH:
        lines.append("One session says little. You were there: you know more.")
    elif audience is Audience.SUPERVISOR:
        lines.append("One session says little about a coach.")
    verdicts = call.context.verdicts
    if verdicts and audience is Audience.COACH:
        lines.append(f"You called {sum(v.right for v in verdicts)} of the {len(verdicts)} findings you checked right.")
    return tuple(lines)


def footer(context: Context) -> str:
    """How it was made."""
    made = f"Pipeline {context.fingerprint}" if context.fingerprint else "Made by Partnering"
    profile = f", {context.profile} profile" if context.profile else ""
    return f"{made}{profile}. No language model wrote this."


def acts(call: Call) -> tuple[Act, ...]:
    """What the coach can do from here; what has no address is left out."""
    links = call.context.links
    offered = (
        ("Open the full page", "Open", links.page),
        ("Correct a finding", "Correct", links.correct),
        (*(("Swap the voices", "Swap") if call.roles_sure else ("Say which voice is yours", "My voice")), links.swap),
        ("Strike out a stretch", "Strike out", links.strike),
        ("Share with your supervisor", "Share", links.share),
        ("Delete it all now", "Delete", links.delete),
        ("How each number is counted", "Formulas", links.formulas),
    )
    return tuple(Act(text, short, url) for text, short, url in offered if url)


def lead(audience: Audience) -> str:
    """The sentence under the title."""
    return say(
        {
            Audience.COACH: "What was heard in this session. Private to you.",
            Audience.SUPERVISOR: "Shared with you by the coach. What was heard in this session.",
            Audience.CLIENT: "Your own words from this session, and how much of the way you chose.",
        }[audience],
        audience,
    )
