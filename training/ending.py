"""Learn from the last words of an utterance whether it is the end of what was to be said."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from processor.analysis.wording import plain
from training import corpus


def fit_ending(texts: Sequence[tuple[Sequence[str], bool]]) -> dict[str, float]:
    """Weights of the last one, two and three words for "this is the end of what was to be said".

    `texts` = words, and whether they are a whole; beginnings of them are what is unfinished.
    """
    chance = random.Random(1)  # noqa: S311 - repeatable, not secret
    cases, ends, weights = [], [], []
    for words, whole in texts:
        bare = plain(" ".join(words)).split()
        if len(bare) < 3:
            continue
        if whole:
            cases.append(_grams(bare))
            ends.append(1)
            weights.append(1.0)
        places = chance.sample(range(2, len(bare)), min(3, len(bare) - 2))
        for at in places:
            cases.append(_grams(bare[:at]))
            ends.append(0)
            weights.append(1 / len(places))
    counts = Counter(gram for case in cases for gram in case)
    table = DictVectorizer()
    kept = table.fit_transform([{g: 1 for g in case if counts[g] >= 3} for case in cases])
    model = LogisticRegression(C=1.0, max_iter=400).fit(kept, ends, sample_weight=weights)
    names = zip(table.feature_names_, model.coef_[0], strict=True)
    return {"": round(float(model.intercept_[0]), 3)} | {g: round(float(w), 3) for g, w in names if abs(w) > 0.05}


def _grams(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(" ".join(words[-n:]) for n in (1, 2, 3) if len(words) >= n)


def ending_texts(calls: Sequence[corpus.Call], events: Sequence[dict[str, Any]]) -> list[tuple[list[str], bool]]:
    """Sentences of the corpus and utterances of the meetings, with whether they are whole."""
    texts = []
    for call in calls:
        for line in call.lines:
            sentences = line.text.replace("?", "?\n").replace(". ", ".\n").replace("!", "!\n").split("\n")
            texts += [(s.split(), not s.rstrip().endswith(("\u2014", "...", "\u2026"))) for s in sentences if s.strip()]
    for event in events:
        cut = event["label"] in ("interruption", "pickup_after_abandoned", "completion")
        texts.append(([w for _, _, w in event["A"]["words"]], not cut))
        texts.append(([w for _, _, w in event["B"]["words"]], True))
    return texts
