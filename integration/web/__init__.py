"""The web app: the hook that Zoom calls, and the pages that people read."""
