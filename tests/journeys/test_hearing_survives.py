"""The audio worker, with the real models: missing models, a poisoned recording, kill -9 and loss of power.

One story serves all tests, because every audio worker loads its models for a quarter of a minute:

    1. a worker without models        the call waits
    2. a worker with models           a poisoned recording is refused; then the worker is killed while it hears the call
    3. everything                     power is lost as soon as the next worker has taken the call up
    4. another worker with models     the call is heard from where the first one was, read and delivered
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest

from integration.store.record import MEDIA, PARTS, WORDS
from integration.store.states import State
from tests.integration.zoom.practice import film
from tests.journeys.parts import Nursery
from tests.journeys.practice import LEASE_OVER_MS, Practice, message_ids
from tests.sounds import SAMPLE_CALL, beginning

pytestmark = [pytest.mark.journey, pytest.mark.models]

SECONDS = 75
MODELS_S = 240
MINUTE_MS = 60_000
LONGER_THAN = 6
"""Letters; shorter words are also words of a log line."""
SLIPPED_IN = "Rumpelstiltskin"
"""A word put into a part that the killed worker had kept. Nobody says it on the call."""


@dataclass
class Story:
    """What was seen on the way."""

    practice: Practice
    call_id: int
    poison: int = 0
    after_missing: tuple[str, str] = ("", "")
    poison_end: tuple[str, str] = ("", "")
    plain_after_kill: list[str] = field(default_factory=list)
    plain_at_end: list[str] = field(default_factory=list)
    parts: dict[str, bytes] = field(default_factory=dict)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("hearing")
    content = beginning(SAMPLE_CALL / "mix.m4a", SECONDS, folder / "cut.m4a")
    with Practice(folder, nursery) as practice:
        practice.start("worker", "io")
        practice.start("clock")
        told = Story(practice, practice.tell(practice.record(content)))
        practice.until_state(told.call_id, State.FETCHED)
        without_models(practice, told)
        killed_while_it_hears(practice, told)
        power_lost(practice, told)
        heard_at_last(practice, told)
        yield told


def state_of(practice: Practice, call_id: int) -> tuple[str, str]:
    call = practice.call(call_id)
    return call.state, call.reason


def plain(practice: Practice) -> list[str]:
    """Plain files that lie in the scratch folder."""
    scratch = practice.folder / "var" / "scratch"
    return sorted(path.name for path in scratch.rglob("*") if path.is_file())


def without_models(practice: Practice, told: Story) -> None:
    worker = practice.start("worker", "audio", PARTNERING_SPEECH__PROFILE="standard")
    practice.until(lambda: ("hear", "MODEL_MISSING") in practice.runs(told.call_id), "a model is missed", MODELS_S)
    told.after_missing = state_of(practice, told.call_id)
    worker.kill()


def killed_while_it_hears(practice: Practice, told: Story) -> None:
    told.poison = practice.tell(practice.record(film()))
    practice.until_state(told.poison, State.FETCHED)
    worker = practice.start("worker", "audio", PARTNERING_SPEECH__THREADS="2")
    practice.until_state(told.poison, State.REFUSED, MODELS_S)
    told.poison_end = state_of(practice, told.poison)
    practice.pass_time(2 * MINUTE_MS)
    practice.until(lambda: bool(parts_of_words(practice, told.call_id)), "words are heard", MODELS_S)
    worker.kill_alone()
    told.plain_after_kill = plain(practice)
    slip_a_word_in(practice, told)


def parts_of_words(practice: Practice, call_id: int) -> list[str]:
    """Names of kept parts that hold words."""
    return [kept.name for kept in practice.artefacts(call_id) if kept.name.startswith(PARTS) and "-words-" in kept.name]


def slip_a_word_in(practice: Practice, told: Story) -> None:
    """Change the first word of a kept part."""
    record = practice.services.record(told.call_id)
    names = [name for name in record.names() if name.startswith(PARTS)]
    told.parts = {name: b"".join(record.vault.read(told.call_id, name, record.key)) for name in names}
    name = parts_of_words(practice, told.call_id)[0]
    rows = json.loads(told.parts[name])
    rows[0][0] = SLIPPED_IN
    record.keep(name, json.dumps(rows).encode())


def power_lost(practice: Practice, told: Story) -> None:
    worker = practice.start("worker", "audio")
    practice.pass_time(LEASE_OVER_MS)
    practice.until(lambda: practice.job_pid(told.call_id) == worker.pid, "the next worker is at it", MODELS_S)
    practice.lose_power()


def heard_at_last(practice: Practice, told: Story) -> None:
    practice.start("worker", "audio", PARTNERING_SPEECH__THREADS="2")
    practice.start("worker", "io")
    practice.start("clock")
    practice.pass_time(LEASE_OVER_MS)
    practice.until_state(told.call_id, State.DELIVERED, MODELS_S)
    told.plain_at_end = plain(practice)


def test_a_call_waits_for_a_model_that_is_missing(story: Story) -> None:
    """Without its models a worker leaves the call where it is, with the reason, and does not fail it."""
    assert story.after_missing == (State.FETCHED, "MODEL_MISSING")


def test_a_recording_of_no_use_is_refused_and_holds_nobody_up(story: Story) -> None:
    """An eighth of a second of a tone ends with a reason, and the worker goes on to the next call."""
    assert story.poison_end == (State.REFUSED, "TOO_SHORT")


def test_plain_audio_of_a_killed_worker_is_swept(story: Story) -> None:
    """What a killed worker left unsealed is gone once the next worker has started."""
    assert story.plain_after_kill
    assert story.plain_at_end == []


def test_a_call_is_heard_after_its_worker_was_killed(story: Story) -> None:
    """The next worker hears the call from the sealed recording; each stage ended well once."""
    ended_well = [stage for stage, code in story.practice.runs(story.call_id) if not code]
    assert ended_well == ["fetch", "hear", "analyse", "deliver"]


def test_a_part_that_was_heard_is_not_heard_again(story: Story) -> None:
    """A word that was slipped into what the killed worker had finished is among the words of the call."""
    heard = story.practice.services.record(story.call_id).heard()
    assert SLIPPED_IN in [word.text for word in heard.words]


def test_parts_hold_words_and_how_many_speak(story: Story) -> None:
    """Of what was kept on the way each part is words with times and scores, or noughts and ones a frame."""
    for name, content in story.parts.items():
        if "-words-" in name:
            rows = json.loads(content)
            assert rows
            assert {tuple(type(value) for value in row) for row in rows} == {(str, int, int, float)}
        else:
            activity = np.load(io.BytesIO(content), allow_pickle=False)
            assert activity.dtype == np.int8
            assert set(np.unique(activity)) <= {0, 1}


def test_parts_are_gone_once_the_words_are_kept(story: Story) -> None:
    """Neither the database nor the vault's folder knows them any more."""
    assert story.parts
    assert [kept.name for kept in story.practice.artefacts(story.call_id) if kept.name.startswith(PARTS)] == []
    assert [name for name in story.practice.vault_files(story.call_id) if name.startswith(PARTS)] == []


def test_the_coach_has_one_letter(story: Story) -> None:
    """However often its worker died, one letter tells of the call."""
    assert len(message_ids(story.practice)) == 1


def test_audio_is_erased_once_it_was_heard(story: Story) -> None:
    """Of the call words and findings are left, and no sound."""
    names = {kept.name for kept in story.practice.artefacts(story.call_id)}
    assert WORDS in names
    assert not [name for name in names if name.startswith(MEDIA)]


def test_no_word_that_was_heard_is_in_the_log(story: Story) -> None:
    """whisperx and pyannote.audio like to print; of what was heard (its longer words) nothing is in any part's log."""
    heard = story.practice.services.record(story.call_id).heard()
    long_words = {word.text.strip(".,?!") for word in heard.words if len(word.text) > LONGER_THAN}
    assert len(long_words) > 5
    log = story.practice.log.read_text()
    assert [word for word in long_words if word in log] == []


def test_a_worker_killed_after_it_kept_the_words(practice: Practice) -> None:
    """Words that were kept, and audio that was erased, before the ending was written down: nothing is heard again."""
    call_id = practice.call_at(State.HEARD)
    with practice.services.database.transaction() as tx:
        tx.merge(practice.call(call_id)).state = State.FETCHED
    practice.start("worker", "audio")
    practice.start("clock")
    practice.until_state(call_id, State.ANALYSED)


def test_a_worker_killed_while_it_reads(practice: Practice) -> None:
    """The next worker reads the same words: the call gets its findings and its one letter."""
    call_id = practice.call_at(State.HEARD)
    worker = practice.start("worker", "audio")
    practice.until_leased(call_id)
    worker.kill_alone()
    assert practice.call(call_id).state == State.HEARD
    practice.pass_time(LEASE_OVER_MS)
    for queue in ("audio", "io"):
        practice.start("worker", queue)
    practice.start("clock")
    practice.until_state(call_id, State.DELIVERED)
    assert len(practice.post.letters) == 1


def test_a_call_for_which_memory_never_suffices(practice: Practice) -> None:
    """The kernel kills the worker each time: after three deaths the call is given up, and the next one is delivered."""
    call_id = practice.tell(practice.record(beginning(SAMPLE_CALL / "mix.m4a", SECONDS, practice.folder / "cut.m4a")))
    practice.start("worker", "io")
    practice.start("clock")
    practice.until_state(call_id, State.FETCHED)
    behind = practice.call_at(State.HEARD)
    for _ in range(3):
        worker = practice.start("worker", "audio")
        practice.until_leased(call_id)
        worker.kill_alone()
        practice.pass_time(LEASE_OVER_MS)
    practice.start("worker", "audio")
    practice.until_state(call_id, State.FAILED)
    assert practice.call(call_id).reason == "GAVE_UP"
    practice.until_state(behind, State.DELIVERED)
