"""Recorded sound to words and who spoke when: the only place that knows whisperx, pyannote.audio and torch."""
