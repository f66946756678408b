"""The stand-in for Vault."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors

from tests.support.database import Database

pytestmark = pytest.mark.slow

READ = "select decrypted_secret from vault.decrypted_secrets where name = %s"


def create(connection: psycopg.Connection, secret: str, name: str | None = None) -> object:
    row = connection.execute("select vault.create_secret(%s, %s)", [secret, name]).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize("secret", ["plain", "", "ünï 🔑 $$ ' \" \\ \n", "x" * 100_000])
def test_round_trip(database: Database, secret: str) -> None:
    with database.connect() as connection:
        identifier = create(connection, secret, "key")
        row = connection.execute(
            "select id, name, description, decrypted_secret, key_id from vault.decrypted_secrets"
        ).fetchone()
    assert row == (identifier, "key", "", secret, None)


def test_ciphertext_at_rest(database: Database) -> None:
    canary = "canary-5a1f3e"
    with database.connect() as connection:
        create(connection, canary, "key")
        create(connection, canary, "twin")
        rows = connection.execute("select secret, octet_length(decode(secret, 'base64')) from vault.secrets").fetchall()
    database.cluster.restart()
    assert all(length >= 48 for _, length in rows)
    assert rows[0] != rows[1]
    files = [path for path in database.cluster.data.rglob("*") if path.is_file()]
    assert len(files) > 500
    assert [path for path in files if canary.encode() in path.read_bytes()] == []
    assert canary not in database.cluster.log_path.read_text()


def test_another_key_does_not_decrypt(database: Database) -> None:
    key = database.cluster.directory / "vault.key"
    original = key.read_bytes()
    with database.connect() as connection:
        create(connection, "value", "key")
        try:
            key.write_bytes(bytes(32))
            with pytest.raises(errors.InvalidParameterValue, match="invalid ciphertext"):
                connection.execute(READ, ["key"])
        finally:
            key.write_bytes(original)
        assert connection.execute(READ, ["key"]).fetchone() == ("value",)


def test_ciphertext_is_bound_to_its_row(database: Database) -> None:
    with database.superuser() as connection:
        create(connection, "low", "low")
        create(connection, "high", "high")
        connection.execute(
            "update vault.secrets as s set secret = o.secret, nonce = o.nonce from vault.secrets as o"
            " where s.name = 'low' and o.name = 'high'"
        )
        with pytest.raises(errors.InvalidParameterValue):
            connection.execute(READ, ["low"])


def test_names_are_unique(database: Database) -> None:
    with database.connect() as connection:
        create(connection, "a", "key")
        with pytest.raises(errors.UniqueViolation):
            create(connection, "b", "key")
        create(connection, "c")
        create(connection, "d")
        assert connection.execute("select count(*) from vault.secrets").fetchone() == (3,)


def test_update_keeps_what_is_null(database: Database) -> None:
    read = "select name, description, decrypted_secret, updated_at > created_at from vault.decrypted_secrets"
    with database.connect() as connection:
        identifier = create(connection, "old", "key")
        connection.execute("select vault.update_secret(%s, new_description => 'why')", [identifier])
        assert connection.execute(read).fetchall() == [("key", "why", "old", True)]
        connection.execute("select vault.update_secret(%s, 'new')", [identifier])
        assert connection.execute(read).fetchall() == [("key", "why", "new", True)]
        connection.execute("select vault.update_secret(gen_random_uuid(), 'nobody')")
        assert connection.execute(read).fetchall() == [("key", "why", "new", True)]


@pytest.mark.parametrize("role", ["postgres", "service_role"])
def test_grants(database: Database, role: str) -> None:
    with database.connect() as connection:
        connection.execute(f"set role {role}".encode())
        identifier = create(connection, "old", "key")
        connection.execute("select vault.update_secret(%s, 'new')", [identifier])
        assert connection.execute(READ, ["key"]).fetchone() == ("new",)
        for statement in (
            "update vault.secrets set secret = ''",
            "insert into vault.secrets (secret) values ('plain')",
            "update vault.decrypted_secrets set name = ''",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(statement.encode())
        assert connection.execute("delete from vault.secrets").rowcount == 1


def test_nobody_else(database: Database) -> None:
    with database.connect() as connection:
        create(connection, "value", "key")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("select vault._root_key('encrypt')")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("select pg_read_binary_file('../vault.key')")
        for role in ("anon", "authenticated"):
            connection.execute(f"set role {role}".encode())
            with pytest.raises(errors.InsufficientPrivilege, match="permission denied for schema vault"):
                connection.execute(READ, ["key"])
            connection.execute("reset role")


def test_security_definer_function(database: Database) -> None:
    with database.connect() as connection:
        create(connection, "value", "key")
        connection.execute(
            "create function public.peek() returns text language sql security definer set search_path = ''"
            " as $$ select decrypted_secret from vault.decrypted_secrets where name = 'key' $$"
        )
        connection.execute("set role anon")
        assert connection.execute("select public.peek()").fetchone() == ("value",)
