"""What is known about a language: lexicons and learnt weights, read from the files beside this one."""

from processor.knowledge.loading import load

__all__ = ["load"]
