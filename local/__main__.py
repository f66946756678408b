"""`python -m local up|down|status|reset|psql`: the local stand-in for a Supabase project."""

from __future__ import annotations

import fcntl
import hashlib
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from local.cluster import Cluster
from local.errors import LocalError
from local.services import REPOSITORY, SERVICES, Place

SHOW_AFTER_SECONDS = 2.0


def default_directory(repository: Path = REPOSITORY, *, root: bool | None = None) -> Path:
    """Where the cluster of this clone lives.

    As root the server runs as the user postgres, who may not be able to enter the clone: then it is a folder of
    /var/lib named after the clone's path, so that two clones do not share one.
    """
    if os.geteuid() == 0 if root is None else root:
        digest = hashlib.sha256(os.fsencode(repository)).hexdigest()[:12]
        return Path("/var/lib/supacron-local") / digest
    return repository / ".local" / "database"


@contextmanager
def step(name: str) -> Iterator[None]:
    """Says that the step goes on once it has taken over 2 s, and how long it took."""
    began = time.monotonic()
    timer = threading.Timer(SHOW_AFTER_SECONDS, lambda: click.echo(f"{name} ...", err=True))
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    took = time.monotonic() - began
    if took >= SHOW_AFTER_SECONDS:
        click.echo(f"{name}: done in {took:.1f} s", err=True)


@contextmanager
def only_one(directory: Path) -> Iterator[None]:
    """Lets a second `up` or `down` of the same directory wait for the first."""
    directory.parent.mkdir(parents=True, exist_ok=True)
    with directory.with_name(directory.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def describe(place: Place) -> str:
    lines = [f"database       {place.cluster.url}", f"log            {place.cluster.log_path}"]
    lines += [f"{make(place).name:<14} {make(place).log_path}" for make in SERVICES]
    return "\n".join(lines)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--db-port", type=int, envvar="SUPACRON_LOCAL_DB_PORT", default=54322, show_default=True)
@click.option("--api-port", type=int, envvar="SUPACRON_LOCAL_API_PORT", default=54321, show_default=True)
@click.option("--directory", type=click.Path(file_okay=False, path_type=Path), help="Where the database lives.")
@click.pass_context
def main(context: click.Context, db_port: int, api_port: int, directory: Path | None) -> None:
    """The local stand-in for a Supabase project."""
    context.obj = Place(Cluster((directory or default_directory()).absolute(), db_port), api_port)


@main.command()
@click.pass_obj
def up(place: Place) -> None:
    """Creates what is missing and starts what does not run."""
    cluster = place.cluster
    with only_one(cluster.directory):
        started = not cluster.running()
        with step("Creating the database"):
            cluster.create()
        with step("Starting the database"):
            cluster.start()
        for make in SERVICES:
            service = make(place)
            if not service.running():
                started = True
                with step(f"Starting {service.name}"):
                    service.start()
    click.echo("The local stack is running." if started else "The local stack is already running.")
    click.echo(describe(place))


@main.command()
@click.pass_obj
def down(place: Place) -> None:
    """Stops everything; the data stays."""
    with only_one(place.cluster.directory):
        stop(place)
    click.echo("The local stack is stopped.")


@main.command()
@click.pass_obj
def reset(place: Place) -> None:
    """Stops everything and deletes the database with all that is in it."""
    with only_one(place.cluster.directory):
        stop(place)
        place.cluster.remove()
    click.echo("The local stack is stopped, and its data is gone.")


@main.command()
@click.pass_obj
def status(place: Place) -> None:
    """Says what runs; exit code 1 unless all of it does."""
    running = {"database": place.cluster.created() and place.cluster.running()}
    if place.cluster.created():
        running |= {service.name: service.running() for service in (make(place) for make in SERVICES)}
    for name, up_now in running.items():
        click.echo(f"{name:<14} {'running' if up_now else 'stopped'}")
    if not all(running.values()):
        raise SystemExit(1)


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def psql(place: Place, arguments: tuple[str, ...]) -> None:
    """Opens psql as the project's owner, postgres; ARGUMENTS go to psql."""
    os.execvp("psql", ["psql", place.cluster.url, *arguments])  # noqa: S606 - psql takes this process's place


def stop(place: Place) -> None:
    if not place.cluster.created():
        return
    for make in reversed(SERVICES):
        service = make(place)
        with step(f"Stopping {service.name}"):
            service.stop()
    with step("Stopping the database"):
        place.cluster.stop()


def run() -> None:
    try:
        main(prog_name="python -m local")
    except LocalError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    run()
