"""Zoom's transcript (WebVTT): captions with, sometimes, a name before the words. Used to name voices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from io import StringIO

import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from processor.formats.clock import milliseconds
from processor.model.segment import Segment
from processor.model.speech import Annotation, SpeechSpan

LONGEST_NAME = 64
OFTEN = 2
"""A prefix is a name when its person is known, or when it recurs and is shorter than LONGEST_NAME. Ours: talk has
colons too ("One thing: I am tired"), but seldom twice after the same words."""


def load(text: str, known: Collection[str] = ()) -> Annotation:
    """When each named person was captioned; label = name. Empty when the file cannot be read or names nobody."""
    body = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    try:
        captions = webvtt.from_buffer(StringIO(body)).captions
    except (MalformedCaptionError, MalformedFileError, ValueError, IndexError):
        return Annotation()
    named = [(caption, _prefix(caption)) for caption in captions]
    often = Counter(name for _, name in named if name)
    spans, current = [], ""
    for caption, name in named:
        if name and (name in known or (often[name] >= OFTEN and len(name) < LONGEST_NAME)):
            current = name
        segment = _segment(caption)
        if current and segment is not None and segment.length_ms:
            spans.append(SpeechSpan(segment, current))
    return Annotation.of(spans)


def _segment(caption: webvtt.Caption) -> Segment | None:
    """When the caption was shown; None when its times are none."""
    try:
        return Segment(*sorted((milliseconds(caption.start), milliseconds(caption.end))))
    except ValueError:
        return None


def _prefix(caption: webvtt.Caption) -> str:
    if caption.voice:
        return str(caption.voice).strip()
    before, colon, _ = caption.text.partition(": ")
    return before.strip() if colon and "\n" not in before else ""
