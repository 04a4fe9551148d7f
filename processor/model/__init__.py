"""The vocabulary: frozen values, the standard library only, times in whole milliseconds."""
