"""Pure reading of a session: values in, values out. The list of steps is in `read.py`."""
