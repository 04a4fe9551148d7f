"""Every number that the reading takes as given, with where it comes from. What is learnt is in `knowledge`."""

from __future__ import annotations

# Utterances and turns
PAUSE_MS = 1_000
"""A pause this long inside one voice's speech ends the utterance. Ours: a planned unit of speech seldom holds a
longer one, and longer ones are measured as thinking silences."""
BREAK_MS = 200
"""A pause this long ends the utterance when the other takes the floor in it.
# Source: pauses below about 180 to 200 ms are not heard as silence (Heldner & Edlund 2010)."""
BACKCHANNEL_WORDS = 3
"""# Source: in MRDA lists of at most three words found backchannels best (F1 0.84)."""

# Floor
COME_IN_MS = 1_500
"""Who spoke last counts as spoken to when he ended at most so long before the other starts.
# Source: MRDA pairs a cut-off with what starts -1.5 to +0.6 s from its end."""
DUAL_START_MS = 300
"""Both start within this time of each other: a simultaneous start. # Source: docs/measures.md, `dual_starts`."""
DUAL_SILENCE_MS = 200
"""Silence needed before a simultaneous start. # Source: Lunsford, Heeman & Rennie 2016."""
DUAL_CONFIDENCE = 0.9
"""A dual start is read off the times; what remains in doubt is the times. Ours."""
DUAL_CUT_OFF = 0.69
"""The most that a dual start may be an interruption: below what is quoted, as nobody can say who was first. Ours."""
EVENT_SAID = 0.5
"""Probability from which a floor event is listed. Ours: likelier than not."""
INTERRUPTION_LISTED = 0.15
"""Interruptions are listed from this probability on, so that a reader can choose; a report quotes from 0.7 on.
Ours: below it 9 in 10 are none."""
INTERRUPTION_UNWRITTEN = 0.02
"""Where a source writes no full stops and dashes, a broken end cannot be seen and every interruption looks less likely
than it is: they are listed from here on. Ours: what is quoted and counted does not change by it."""
COMPLETION_LISTED = 0.25
"""Completions are candidates to look at, never counted.
# Source: docs/measures.md, best average precision 0.15 to 0.30."""
KEEPS_FLOOR_MS = 1_000
"""Going on for so long while or after the other came in is keeping the floor
(docs/measures.md, `floor_kept_share_client`)."""

# Windows and lengths
WINDOW_MS = 150_000
WINDOW_STEP_MS = 30_000
WINDOW_LEAD_SHARE = 0.6
"""# Source: ConvoKit talktimesharing (Zhang et al. 2025): windows of 2.5 min, step 30 s, led from a share of 0.6."""
LONG_TURN_WORDS = 40
LONG_TURN_MS = 20_000
"""# Source: docs/measures.md, coach turns this long 13 % in good and 31 % in poor AnnoMI sessions."""
THINKING_MS = 2_000
"""A silence this long after a client's words is time to think. Ours (docs/measures.md)."""
WAIT_SHORT_MS = 200
WAIT_1_MS = 1_000
WAIT_2_MS = 2_000
SHORTEST_FOR_RATES_MS = 60_000
"""Rates from less than a minute of talk mean nothing. Ours."""
FEWEST_CASES = 3
"""A median or share of fewer cases is not given. Ours: one case more or less would turn it over."""

# Words brought in and taken up
ECHO_TURNS = 3
ECHO_WORDS = 4
CONTENT_LETTERS = 4
"""# Source: docs/measures.md, `echo_turn_share_client`: last three lines of the coach, lines of four words. That words
carry a topic from four letters on is ours."""
RESUMED_TURNS = 2
"""The one cut off has come back to the thought when one of his next two turns re-uses a word of it.
Ours: two leave him one turn to answer what cut him off."""
PERMISSION_TURNS = 2
"""Permission counts when asked or given within two coach turns before
(docs/measures.md, `advice_with_permission_share_coach`)."""

# Phases, roles and the whole call
CLOSING_PART = 0.15
"""The last part of a call. # Source: docs/measures.md, closing words are 3.7 times as frequent in the last 15 %."""
ROLE_SURE = 0.95
ROLE_FAIR = 0.8
"""Probability from which a role found from talk is called sure or fair; below, reports ask. Ours: a wrong role turns
every finding round, so one in five is too many and one in twenty is the most for "sure"."""
SMALL_VOICE_SHARE = 0.1
"""With three or more voices, one with less than this share of the words is neither coach nor client, as long as
others are left for both. Ours: a quiet coach says more; a stray voice from the next room says less."""
PUNCTUATED_SHARE = 0.3
"""A source is punctuated when at least this share of its longer utterances end in a full stop or question
mark. Ours."""
COACHING_YES = 0.48
COACHING_NO = 0.4
"""Mean chance of a line, if half of all calls were coaching, from which a call is said to be coaching, and up to which
it is said to be none. Between: cannot tell. Ours: of training calls that the head did not know, all but four of the
coaching ones lie above and two below, and of 17 others eleven lie below and two between; nearly all calls that are sent
in are coaching, so doubt speaks for it. Some of them the script model had learnt from."""
FEWEST_COACH_TURNS = 5
"""With fewer coach turns nothing is said about the kind of call or who led. Ours."""
NEW_TOPIC_SHARE = 0.7
"""A move with so many new words among its topic words sets a topic, with fewer a direction. Ours."""
COUNTER_LINES = 3
"""A move that the other meets with an own move within so many lines was not taken up. Ours."""
PULL_OF_TELLING = 0.8
PULL_CLIENT = 0.22
PULL_COACH = 0.47
"""Who led: how much telling counts against the share of moves, and the pull below which the client led and above
which the coach did. Ours: these limits name the leader in 86 of 100 training calls, each read by a model that did not
know it, and in 29 of the 31 set aside (training/leader.py)."""
GROUP_HEARD = 0.6
GROUP_PARTLY = 0.3
"""Probability from which a partnering group was asked for, and from which it may have been."""
GROUP_LED = 0.5
"""Probability of a leading question from which a line leaves open whether the group was asked for. Ours: likelier than
not the answer was in the question."""
ANSWER_WORDS = 4
"""An answer has at least so many words, or says yes or no to a closed question. Ours."""

# How often what is counted is right, where no probability of each case is known
BACKCHANNEL_RIGHT = 0.91
"""# Source: docs/measures.md, how well backchannels are found as a recogniser hears them."""
KEPT_RIGHT = 0.9
"""Whether somebody talked on for a second is read off the times, as a dual start is. Ours."""
WORD_HEARD = 0.94
"""A word that is counted was said, and a word that was said is counted: a word error rate of 6 %, as for LOST_WORDS."""
QUESTION_MARK_HEARD = 0.9
"""A line has the question marks that it should. Ours: an assumption; a mark has no sound of its own and is less sure
than a word."""
WORDING_MEANT = 0.8
"""A wording that the lexicon finds means what it stands for. Ours: an assumption; it is looked for without what stands
around it."""

# Bounds
SHAKE_COPIES = 12
"""How often the call is shaken to see how far a number moves. Ours: the standard deviation settles to a tenth."""
SHAKE_MS = {"tracks": 60, "given": 80, "mixed": 150}
"""How far word times are off (standard deviation) by source. Ours: word times of recognisers on separate tracks are
off by about 50 to 100 ms, on one track by 200 ms at worst."""
SHAKE_GRADE = {"good": 1.0, "fair": 1.5, "poor": 2.0}
"""How much more the times are shaken when a recording was hard to hear, by the hearing's grade. Ours: an assumption, no
recording with truth of a lower grade was there to measure it on."""
LOST_WORDS = 0.03
LOST_WORD_MS = 350
"""The share of words that a recogniser leaves out of clear talk, and how long a word lasts. Ours: about half of a word
error rate of 6 %."""
SHAKE_WIDEN = 1.6
"""Twelve copies shaken around what was already misheard show too little of how far that was off. Ours, held by the
coverage test."""
CONFUSED = {"tracks": 0.0, "given": 0.0, "mixed": 0.03}
"""The share of utterances given to the wrong voice, where the hearing does not say."""
EIGHTY_PERCENT = 1.2816
"""Standard deviations to each side that hold 80 % of a normal distribution."""
WIDEN = 1.5
"""Sums of probabilities spread more than independent ones do: a reader who errs once errs again. Ours, held by the
coverage test."""
