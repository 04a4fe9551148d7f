"""A stand-in of Zoom for the demo and the tests: sign-in, API, file host and webhooks, with all their faults.

It shares no code with what it stands against. `server.StandIn` runs it inside a process; `python -m
integration.zoom.standin` runs it as a command that is steered over /_ctl.
"""
