"""`python -m integration.zoom.standin --port 8100`: the stand-in as a command."""

from __future__ import annotations

import threading

import click

from integration.zoom.standin.server import StandIn


@click.command()
@click.option("--port", default=8100, show_default=True, help="Port of Zoom itself (0 = a free one).")
@click.option("--files-port", default=0, help="Port of the file host (0 = a free one).")
def main(port: int, files_port: int) -> None:
    """Run a stand-in of Zoom on loopback until interrupted. The settings to use with it are printed first."""
    with StandIn(port=port, files_port=files_port) as zoom:
        for name, value in zoom.environment().items():
            click.echo(f"{name}={value}")
        click.echo(f"# control and journal: {zoom.url}/_ctl/journal")
        threading.Event().wait()


if __name__ == "__main__":
    main()
