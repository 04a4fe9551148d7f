"""Findings made readable for one audience."""
