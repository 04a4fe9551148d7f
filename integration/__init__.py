"""The outside world: Zoom, the store, mail, jobs, the web, the command line."""
