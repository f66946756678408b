"""The life of a cluster of our own."""

from __future__ import annotations

import json
import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from local.cluster import MARKER, Cluster
from local.errors import LocalError
from local.ports import free_port
from tests.support.database import running_cluster

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def own() -> Iterator[Cluster]:
    """A cluster that these tests may stop and break."""
    with running_cluster() as cluster:
        yield cluster


def pid(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().splitlines()[0])


def test_create_and_start_are_idempotent(own: Cluster) -> None:
    own.start()
    before = pid(own)
    own.create()
    own.start()
    assert pid(own) == before
    assert own.created()
    assert own.running()


def test_the_server_never_runs_as_root(own: Cluster) -> None:
    own.start()
    server = psutil.Process(pid(own))
    assert 0 not in {user for process in [server, *server.children(recursive=True)] for user in process.uids()}


def test_it_listens_on_this_machine_only(own: Cluster) -> None:
    own.start()
    listening = [c.laddr for c in psutil.Process(pid(own)).net_connections("all") if c.status == psutil.CONN_LISTEN]
    assert listening == [("127.0.0.1", own.port)]


def test_keys_and_passwords_are_private(own: Cluster) -> None:
    for name in ("vault.key", "pgpass", "superuser.password", "postgres.log"):
        status = (own.directory / name).stat()
        assert stat.S_IMODE(status.st_mode) == 0o600, name
        assert status.st_uid == own.data.stat().st_uid, name


def test_the_superusers_password_is_made_up(own: Cluster) -> None:
    own.start()
    with psycopg.connect(own.superuser_url) as connection:
        assert connection.info.user == "supabase_admin"
        assert len(connection.info.password) >= 32


def test_stop_and_restart(own: Cluster) -> None:
    own.start()
    own.stop()
    own.stop()
    assert not own.running()
    own.restart()
    with psycopg.connect(own.url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_kill_is_a_crash(own: Cluster) -> None:
    own.start()
    before = own.log_path.stat().st_size
    own.kill()
    own.start()
    assert "database system was not properly shut down" in own.log_path.read_text()[before:]


def test_another_port_after_a_stop(own: Cluster) -> None:
    own.start()
    moved = Cluster(own.directory, free_port())
    with pytest.raises(LocalError, match=f"already runs, on port {own.port} and not {moved.port}"):
        moved.start()
    own.stop()
    moved.start()
    with psycopg.connect(moved.url) as connection:
        assert connection.execute("show port").fetchone() == (str(moved.port),)
    assert f"localhost:{moved.port}:" in (own.directory / "pgpass").read_text()
    moved.stop()


def test_a_taken_port_names_its_holder(own: Cluster) -> None:
    own.stop()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", own.port))
        other.listen()
        with pytest.raises(LocalError) as caught:
            own.start()
    assert f"Port {own.port} is taken by " in caught.value.message
    assert f"(process {os.getpid()})" in caught.value.message
    assert "--db-port" in caught.value.remedy


def test_a_failed_start_shows_the_log(own: Cluster) -> None:
    own.stop()
    configuration = own.data / "postgresql.conf"
    whole = configuration.read_text()
    configuration.write_text(whole + "shared_buffers = 'plenty'\n")
    try:
        with pytest.raises(LocalError, match="PostgreSQL did not start") as caught:
            own.start()
    finally:
        configuration.write_text(whole)
    assert "shared_buffers" in caught.value.remedy


def test_an_unfinished_cluster_is_made_anew(open_folder: Path) -> None:
    cluster = Cluster(open_folder / "cluster", free_port())
    cluster.directory.mkdir()
    (cluster.directory / MARKER).write_text(json.dumps({"state": "unfinished"}))
    (cluster.directory / "data").mkdir()
    (cluster.directory / "data" / "PG_VERSION").write_text("15\n")
    with pytest.raises(LocalError, match="no cluster of ours"):
        cluster.start()
    cluster.create()
    assert cluster.created()
    assert not cluster.running()
    cluster.remove()
    cluster.remove()
    assert not cluster.directory.exists()


@pytest.mark.parametrize("marker", [None, "no JSON", '{"made by": "somebody"}'])
def test_what_it_did_not_make_stays_untouched(open_folder: Path, marker: str | None) -> None:
    (open_folder / "precious").write_text("data")
    if marker is not None:
        (open_folder / MARKER).write_text(marker)
    cluster = Cluster(open_folder, free_port())
    for action in (cluster.create, cluster.start, cluster.remove):
        with pytest.raises(LocalError, match="did not make; nothing was touched"):
            action()
    assert (open_folder / "precious").read_text() == "data"


def test_a_process_that_got_the_servers_number_is_not_the_server(own: Cluster) -> None:
    own.stop()
    record = own.data / "postmaster.pid"
    record.write_text(f"{os.getpid()}\n{own.data}\n0\n{own.port}\n")
    try:
        assert not own.running()
        own.stop()
    finally:
        record.unlink()
