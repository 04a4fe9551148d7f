"""The command `partnering`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from integration.errors import where_raised
from processor.errors import ProductError

EXIT_BUG, EXIT_UNUSABLE = 1, 2


def main() -> None:
    """Run a command. Exit status 0: done; 2: input or settings cannot be used (one line says why); 1: a bug."""
    try:
        commands.main(standalone_mode=False, prog_name="partnering")
    except ProductError as fault:
        _end(f"error[{fault.code}]: {fault.message}", EXIT_UNUSABLE)
    except click.ClickException as fault:
        _end(f"error[USAGE]: {fault.format_message()}", EXIT_UNUSABLE)
    except (click.Abort, KeyboardInterrupt):
        _end("stopped", 130)
    except Exception as bug:  # noqa: BLE001 - the last boundary: a traceback could show what was said
        _end(f"error[BUG]: {type(bug).__name__} at {where_raised(bug)}; please report it with this line", EXIT_BUG)


def _end(line: str, status: int) -> None:
    sys.stderr.write(" ".join(line.split()) + "\n")
    raise SystemExit(status)



@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="partnering")
def commands() -> None:
    """Tells a coach, in private, how coach and client talked: who led, who interrupted, where they were partners."""


OUT = click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write to.")


@commands.command()
@click.argument("media", type=click.Path(path_type=Path), required=False)
@OUT
@click.option("--track", "tracks", multiple=True, metavar="NAME=FILE", help="One person's own audio; repeatable.")
@click.option("--coach", help="Name of the coach, as on a track or in the timeline.")
@click.option("--timeline", type=click.Path(path_type=Path), help="Zoom's TIMELINE file, to name the voices.")
@click.option("--vtt", type=click.Path(path_type=Path), help="Zoom's transcript, to name the voices.")
@click.option("--language", help="Language that is spoken, such as en; found out when left away.")
@click.option("--profile", type=click.Choice(["embedded", "standard"]), help="Which models hear.")
@click.option("--speakers", type=click.IntRange(1, 20), help="How many people speak, when it is known.")
def process(media: Path | None, tracks: tuple[str, ...], **options: Any) -> None:
    """Hear a recording, read it, and write its report."""
    from integration.process import process_files  # noqa: PLC0415 - each command loads only what it needs

    process_files(media, tracks, **options)


@commands.command()
@click.argument("words", type=click.Path(path_type=Path))
@OUT
@click.option("--coach", help="Name of the coach, as in the file.")
def read(words: Path, out: Path, coach: str | None) -> None:
    """Read a words.json, and write its report. No audio is needed."""
    from integration.process import read_words  # noqa: PLC0415 - each command loads only what it needs

    read_words(words, out, coach)


@commands.command()
@click.option("--keep", is_flag=True, help="Leave the web app running until it is stopped.")
def demo(*, keep: bool) -> None:
    """Show the whole way on this machine: a webhook from a stand-in of Zoom becomes an e-mailed report."""
    from integration.demo import run_demo  # noqa: PLC0415 - each command loads only what it needs

    run_demo(keep=keep)


@commands.command()
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="Address and port to listen on.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
def serve(bind: str, workers: int) -> None:
    """Serve the web app: Zoom's hook and everybody's pages."""
    from integration.processes import serve_web  # noqa: PLC0415 - each command loads only what it needs

    serve_web(bind, workers)


@commands.command()
@click.argument("queue", type=click.Choice(["io", "audio"]))
@click.option("--burst", is_flag=True, help="Stop when the queue is empty.")
def worker(queue: str, *, burst: bool) -> None:
    """Work on one queue: io fetches and delivers, audio hears and reads."""
    from integration.processes import run_worker  # noqa: PLC0415 - each command loads only what it needs

    run_worker(queue, burst=burst)


@commands.command()
@click.option("--once", is_flag=True, help="Make one round and stop.")
@click.option("--dry-run", is_flag=True, help="Say what would be erased now, and do nothing.")
def clock(*, once: bool, dry_run: bool) -> None:
    """Keep time: hand over waiting work, look for missed recordings, erase what is due."""
    from integration.processes import run_clock, what_is_due  # noqa: PLC0415 - each command loads only what it needs

    if dry_run:
        click.echo(what_is_due())
    else:
        run_clock(once=once)


@commands.command()
@click.option("--to", "revision", default="head", show_default=True, help="Revision of the schema.")
def migrate(revision: str) -> None:
    """Bring the database to this version's schema."""
    from integration.processes import migrate_database  # noqa: PLC0415 - each command loads only what it needs

    migrate_database(revision)


@commands.command("check-config")
def check_config() -> None:
    """Say whether the settings can be used, and what they lead to."""
    from integration.processes import describe_settings  # noqa: PLC0415 - each command loads only what it needs

    click.echo(describe_settings())


@commands.command()
def doctor() -> None:
    """Look at every part that is needed, and say what to do about those that do not work (then exit status 2)."""
    from integration.watching import doctor as look  # noqa: PLC0415 - each command loads only what it needs

    verdicts = set()
    for found in look.examine():
        click.echo(f"{found.verdict:<6} {found.part:<10} {found.sentence}")
        verdicts.add(found.verdict)
    if look.Verdict.WRONG in verdicts:
        raise SystemExit(EXIT_UNUSABLE)


@commands.command()
@click.argument("session", type=click.IntRange(min=1))
def erase(session: int) -> None:
    """Erase everything that is kept of SESSION, and print the receipt."""
    from integration.processes import erase_session  # noqa: PLC0415 - each command loads only what it needs

    click.echo(erase_session(session))


@commands.command("rotate-keys")
def rotate_keys() -> None:
    """Wrap every key anew with the first master key file, so that the older files can be put away."""
    from integration.processes import rotate_keys as rotate  # noqa: PLC0415 - each command loads only what it needs

    click.echo(f"{rotate()} keys are wrapped by the first master key file")


@commands.command("add-person")
@click.argument("email")
@click.option(
    "--as", "kinds", multiple=True, required=True, type=click.Choice(["coach", "supervisor", "administrator"])
)
@click.option("--name", default="", help="How the app addresses them.")
def add_person(email: str, kinds: tuple[str, ...], name: str) -> None:
    """Let EMAIL sign in as coach, supervisor or administrator (the first administrator is made this way)."""
    from integration.processes import add_person as add  # noqa: PLC0415 - each command loads only what it needs

    click.echo(add(email, kinds, name))


@commands.command()
def bench() -> None:
    """Run the benchmarks of this checkout and write bench/out/."""
    from integration.processes import run_benchmarks  # noqa: PLC0415 - each command loads only what it needs

    run_benchmarks()
