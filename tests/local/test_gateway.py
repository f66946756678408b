"""The local gateway, running: real Deno behind /functions/v1, a real database behind /rest/v1."""

from __future__ import annotations

import dataclasses
import http.client
import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
import psutil
import psycopg
import pytest

from local import environment
from local.cluster import Cluster
from local.gateway.client import is_up
from local.ports import free_port
from local.services import REPOSITORY, Place, Service, gateway

pytestmark = pytest.mark.slow

MIRROR = """\
Deno.serve(async (request) => {
  const url = new URL(request.url);
  return Response.json({
    method: request.method,
    path: url.pathname + url.search,
    body: await request.text(),
    headers: Object.fromEntries(request.headers),
    version: "VERSION",
  }, { status: 418, headers: { "x-own": "kept" } });
});
"""
CURIOUS = """\
const attempts: Record<string, () => unknown> = {
  file: () => Deno.readTextFileSync("/etc/hostname"),
  program: () => new Deno.Command("true").outputSync(),
  host: () => Deno.connect({ hostname: "192.0.2.1", port: 80 }),
};
Deno.serve(async () => {
  const refused: string[] = [];
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      await attempt();
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) refused.push(name);
    }
  }
  return Response.json({ refused, variables: Deno.env.toObject() });
});
"""
CONFIG = """
[functions.mirror]
verify_jwt = false
[functions.curious]
verify_jwt = false
[functions.broken]
verify_jwt = false
[functions.crashes]
verify_jwt = false
"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class Gateway:
    service: Service
    port: int
    functions: Path
    env_file: Path

    @property
    def values(self) -> dict[str, str]:
        return environment.read(self.env_file)

    def key(self, role: environment.Role) -> str:
        return environment.api_key(self.values["JWT_SECRET"], role)

    def send(self, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body.encode() if body else None, named)
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode())
        finally:
            connection.close()

    def rpc(self, name: str, arguments: Any = None, role: environment.Role = "service_role") -> Answer:
        key = self.key(role)
        body = None if arguments is None else json.dumps(arguments)
        return self.send("POST", f"/rest/v1/rpc/{name}", body, apikey=key, Authorization=f"Bearer {key}")

    def deno_processes(self, name: str) -> list[psutil.Process]:
        process = self.service.process()
        assert process is not None
        return [child for child in process.children() if f"/{name}/index.ts" in " ".join(child.cmdline())]


@pytest.fixture(scope="module")
def place(clean_cluster: Cluster) -> Place:
    return Place(clean_cluster, free_port())


@pytest.fixture(scope="module")
def running(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    directory = tmp_path_factory.mktemp("gateway")
    functions = directory / "functions"
    shutil.copytree(REPOSITORY / "functions", functions)
    for name, source in (("mirror", MIRROR), ("curious", CURIOUS), ("guarded", MIRROR), ("broken", "const = 1;")):
        (functions / name).mkdir()
        (functions / name / "index.ts").write_text(source)
    (functions / "crashes").mkdir()
    (functions / "crashes" / "index.ts").write_text("Deno.serve(() => { Deno.exit(3); });\n")
    with (functions / "config.toml").open("a") as config:
        config.write(CONFIG)
    env_file = directory / ".local" / "env"
    made = gateway(place)
    extra = {"SUPACRON_LOCAL_FUNCTIONS": str(functions), "SUPACRON_LOCAL_ENV_FILE": str(env_file)}
    service = dataclasses.replace(made, directory=directory / "services", env={**made.env, **extra})
    service.start()
    try:
        yield Gateway(service, place.api_port, functions, env_file)
    finally:
        service.stop()


def test_secrets_are_made_once_and_for_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "env"
    made = environment.ensure(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert set(made) == {"BATCH_PROCESSOR_KEY", "JWT_SECRET", "SQL_FUNCTIONS"}
    with path.open("a") as file:
        file.write("# a comment\nOWN=a=b\n")
    assert environment.ensure(path) == environment.read(path) == {**made, "OWN": "a=b"}
    assert "JWT_SECRET" not in environment.function_secrets(made)


def test_the_batch_processor_checks_its_caller(running: Gateway) -> None:
    path, body = "/functions/v1/batch-processor", '{"batch_size": 20}'
    good = running.send("POST", path, body, Authorization=f"Bearer {running.values['BATCH_PROCESSOR_KEY']}")
    assert (good.status, good.json["error"]["code"]) == (503, "queue_missing"), "it came in, and found no queue"
    # A key of the project is no key of the function.
    for token in ("wrong", running.key("service_role")):
        assert running.send("POST", path, body, Authorization=f"Bearer {token}").status == 401
    assert running.send("POST", path, body).status == 401


def test_a_request_and_its_answer_pass_unchanged(running: Gateway) -> None:
    answer = running.send("PUT", "/functions/v1/mirror/a%2Fb?x=1&y=%C3%A9", "body \u00e9", X_Mine="1")
    assert answer.status == 418
    assert answer.headers["x-own"] == "kept"
    assert answer.headers["content-type"] == "application/json"
    seen = answer.json
    assert (seen["method"], seen["path"], seen["body"]) == ("PUT", "/mirror/a%2Fb?x=1&y=%C3%A9", "body \u00e9")
    assert seen["headers"]["x-mine"] == "1"


def test_a_function_gets_its_variables_and_nothing_else(running: Gateway) -> None:
    seen = running.send("GET", "/functions/v1/curious").json
    assert seen["refused"] == ["file", "program", "host"]
    variables = seen["variables"]
    assert not {"JWT_SECRET", "SUPACRON_LOCAL_AUTHENTICATOR_URL", "PYTEST_CURRENT_TEST"} & set(variables)
    assert variables["SUPABASE_URL"] == f"http://127.0.0.1:{running.port}"
    assert variables["SUPABASE_DB_URL"].startswith("postgresql://postgres:")
    assert variables["BATCH_PROCESSOR_KEY"] == running.values["BATCH_PROCESSOR_KEY"]
    for name, role in (("SUPABASE_ANON_KEY", "anon"), ("SUPABASE_SERVICE_ROLE_KEY", "service_role")):
        claims = jwt.decode(variables[name], running.values["JWT_SECRET"], algorithms=["HS256"])
        assert claims["role"] == role


def test_a_jwt_is_verified_unless_the_settings_say_otherwise(running: Gateway) -> None:
    path = "/functions/v1/guarded"
    missing = running.send("GET", path)
    assert (missing.status, missing.json) == (401, {"code": 401, "message": "Missing authorization header"})
    now = int(time.time())
    secret = running.values["JWT_SECRET"]
    for token in (
        "junk",
        jwt.encode({"role": "anon"}, "another secret of thirty-two bytes!", algorithm="HS256"),
        jwt.encode({"role": "anon", "exp": now - 60}, secret, algorithm="HS256"),
        jwt.encode({"role": "service_role"}, None, algorithm="none"),
    ):
        invalid = running.send("GET", path, Authorization=f"Bearer {token}")
        assert (invalid.status, invalid.json) == (401, {"code": 401, "message": "Invalid JWT"})
    assert running.send("GET", path, Authorization=f"Bearer {running.key('anon')}").status == 418


def test_an_edit_restarts_the_function_and_nothing_else_does(running: Gateway) -> None:
    path, source = "/functions/v1/mirror", running.functions / "mirror" / "index.ts"
    assert running.send("GET", path).json["version"] == "VERSION"
    first = running.deno_processes("mirror")
    running.send("GET", path)
    assert running.deno_processes("mirror") == first
    assert len(first) == 1
    source.write_text(MIRROR.replace("VERSION", "edited"))
    assert running.send("GET", path).json["version"] == "edited"
    second = running.deno_processes("mirror")
    assert second != first
    assert len(second) == 1
    # A file of _shared is part of every function, and a killed process is started again.
    (running.functions / "_shared" / "new.ts").write_text("export const x = 1;\n")
    assert running.send("GET", path).status == 418
    (third,) = running.deno_processes("mirror")
    assert third not in second
    third.kill()
    third.wait(10)
    assert running.send("GET", path).status == 418


def test_what_does_not_start_or_does_not_exist(running: Gateway) -> None:
    broken = running.send("GET", "/functions/v1/broken")
    assert (broken.status, broken.json["code"]) == (503, "BOOT_ERROR")
    # A worker that dies while it answers.
    assert running.send("GET", "/functions/v1/crashes").status == 502
    key = f"Bearer {running.key('anon')}"
    for name in ("absent", "_shared", "..%2Ffunctions%2Fmirror"):
        absent = running.send("GET", f"/functions/v1/{name}", Authorization=key)
        assert (absent.status, absent.json["code"]) == (404, "NOT_FOUND")
    for path in ("/", "/functions/v1", "/rest/v1", "/auth/v1/token"):
        nothing = running.send("GET", path)
        assert (nothing.status, nothing.json) == (404, {"message": "no Route matched with those values"})


FUNCTIONS = """
create function public.t_add(a int, b int default 10) returns int language sql immutable as 'select a + b';
create function public.t_nothing() returns void language sql as '';
create function public.t_set(n int) returns setof int language sql stable as 'select generate_series(1, n)';
create function public.t_table(n int) returns table (id int, name text)
  language sql stable as $$ select i, 'n' || i from generate_series(1, n) as i $$;
create function public.t_column() returns table (id int) language sql stable as 'select 1';
create function public.t_out(out x int, out y text) language sql stable as $$ select 1, 'one' $$;
create function public.t_json(p_payload jsonb) returns jsonb language sql immutable as 'select p_payload';
create function public.t_caller() returns jsonb language sql stable as $$
  select jsonb_build_object('role', current_user, 'claim', current_setting('request.jwt.claims')::jsonb ->> 'role') $$;
create function public.t_write() returns void language sql as 'create temp table written (x int)';
create function public."T quoted"("an arg" text) returns text language sql as 'select $1';
create function public.t_raise(p_code text) returns void language plpgsql as $$
begin raise exception 'told so' using errcode = p_code, detail = 'the detail', hint = 'the hint'; end $$;
create function public.t_private() returns int language sql as 'select 1';
revoke execute on function public.t_private() from public, anon, authenticated;
"""


@pytest.fixture(scope="module")
def rpc(running: Gateway, cluster: Cluster) -> Iterator[Gateway]:
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute(FUNCTIONS)
    yield running
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute(
            "do $$ declare f regprocedure; begin"
            " for f in select oid from pg_proc where pronamespace = 'public'::regnamespace and proname ~* '^t[_ ]' loop"
            " execute 'drop function ' || f; end loop; end $$"
        )


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("t_add", {"a": 1}, 11),
        ("t_add", {"b": 2, "a": 1}, 3),
        ("t_set", {"n": 2}, [1, 2]),
        ("t_set", {"n": 0}, []),
        ("t_table", {"n": 2}, [{"id": 1, "name": "n1"}, {"id": 2, "name": "n2"}]),
        ("t_column", {}, [{"id": 1}]),
        ("t_out", None, {"x": 1, "y": "one"}),
        ("t_json", {"p_payload": {"deep": [1, None, "\u00e9'\\\"$$"]}}, {"deep": [1, None, "\u00e9'\\\"$$"]}),
        ("t_caller", {}, {"role": "service_role", "claim": "service_role"}),
        ("T%20quoted", {"an arg": "x"}, "x"),
    ],
)
def test_a_database_function_answers_in_json(rpc: Gateway, name: str, arguments: Any, expected: Any) -> None:
    answer = rpc.rpc(name, arguments)
    assert (answer.status, answer.json) == (200, expected)


def test_void_functions_and_gets(rpc: Gateway) -> None:
    assert (rpc.rpc("t_nothing").status, rpc.rpc("t_nothing").text) == (204, "")
    key = rpc.key("anon")
    assert rpc.send("GET", "/rest/v1/rpc/t_add?a=1&b=2", apikey=key).json == 3
    assert rpc.send("GET", "/rest/v1/rpc/t_caller", apikey=key).json == {"role": "anon", "claim": "anon"}
    writes = rpc.send("GET", "/rest/v1/rpc/t_write", apikey=key)
    assert (writes.status, writes.json["code"]) == (405, "25006")
    assert rpc.send("DELETE", "/rest/v1/rpc/t_add", apikey=key).status == 405


def test_the_authorization_header_goes_before_the_apikey(rpc: Gateway) -> None:
    service = rpc.key("service_role")
    answer = rpc.send("POST", "/rest/v1/rpc/t_caller", apikey=rpc.key("anon"), Authorization=f"Bearer {service}")
    assert answer.json["role"] == "service_role"


def test_callers_that_are_refused(rpc: Gateway) -> None:
    secret = rpc.values["JWT_SECRET"]
    path = "/rest/v1/rpc/t_add"
    assert rpc.send("POST", path).status == 401
    forged = jwt.encode({"role": "service_role"}, "another secret of thirty-two bytes!", algorithm="HS256")
    expired = jwt.encode({"role": "anon", "exp": int(time.time()) - 60}, secret, algorithm="HS256")
    for key in (forged, expired, "junk"):
        answer = rpc.send("POST", path, apikey=key)
        assert (answer.status, answer.json["code"]) == (401, "PGRST301")
    for role in ("postgres", "supabase_admin", "authenticator", None):
        other = jwt.encode({"role": role}, secret, algorithm="HS256")
        assert rpc.send("POST", path, apikey=other).status == 403


@pytest.mark.parametrize(
    ("name", "arguments", "status", "code"),
    [
        ("t_raise", {"p_code": "P0001"}, 400, "P0001"),
        ("t_raise", {"p_code": "23505"}, 409, "23505"),
        ("t_raise", {"p_code": "PT418"}, 418, "PT418"),
        ("t_raise", {"p_code": "40001"}, 500, "40001"),
        ("t_raise", {"p_code": "22023"}, 400, "22023"),
        ("t_add", {"a": "x"}, 400, "22P02"),
        ("t_add", {"b": 1}, 404, "PGRST202"),
        ("t_add", {"a": 1, "c": 1}, 404, "PGRST202"),
        ("absent", {}, 404, "PGRST202"),
        ("pg_sleep", {}, 404, "PGRST202"),
    ],
)
def test_errors_are_postgrests(rpc: Gateway, name: str, arguments: Any, status: int, code: str) -> None:
    answer = rpc.rpc(name, arguments)
    assert (answer.status, answer.json["code"]) == (status, code)
    assert set(answer.json) == {"code", "message", "details", "hint"}
    if name == "t_raise":
        assert answer.json == {"code": code, "message": "told so", "details": "the detail", "hint": "the hint"}


def test_what_a_role_may_not_execute(rpc: Gateway) -> None:
    anonymous = rpc.rpc("t_private", role="anon")
    assert (anonymous.status, anonymous.json["code"]) == (401, "42501")
    assert rpc.rpc("t_private").json == 1


TABLES = """
create table public.t_rows (id int primary key, name text, at timestamptz, done boolean);
insert into public.t_rows values
  (1, 'one', '2026-01-01Z', true), (2, 'two, "2"', '2026-01-02Z', false), (3, null, null, null);
insert into public.t_rows select n, 'many', '2026-01-03Z', null from generate_series(4, 1500) as n;
create view public.t_view with (security_invoker = true) as select id, name from public.t_rows where id < 4;
alter table public.t_rows enable row level security;
create policy own on public.t_rows for select to anon using (id = 1);
create table public.t_closed (id int);
revoke all on public.t_closed from anon;
"""


@pytest.fixture(scope="module")
def tables(running: Gateway, cluster: Cluster) -> Iterator[Gateway]:
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute(TABLES)
    yield running
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute("drop view public.t_view; drop table public.t_rows, public.t_closed")


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("t_view?select=id", [1, 2, 3]),
        ("t_rows?select=id&id=lt.4&order=at.desc.nullslast,id", [2, 1, 3]),
        ("t_rows?select=id&id=lt.4&order=name.desc&limit=2&offset=1", [2, 1]),
        ("t_rows?select=id&name=eq.one", [1]),
        ("t_rows?select=id&name=neq.many", [1, 2]),
        ("t_rows?select=id&at=gte.2026-01-01T00:00:00Z&at=lt.2026-01-02T00:00:00.000Z", [1]),
        ("t_rows?select=id&id=lte.2&id=gt.1", [2]),
        ("t_rows?select=id&name=like.o*", [1]),
        ("t_rows?select=id&name=ilike.%25TWO%25", [2]),
        ("t_rows?select=id&name=is.null", [3]),
        ("t_rows?select=id&done=is.true", [1]),
        ("t_rows?select=id&name=not.is.null&id=in.(1,2,3)", [1, 2]),
        ("t_rows?select=id&name=in.(one,%22two,%20%5C%222%5C%22%22)", [1, 2]),
        ("t_rows?select=id&id=in.()", []),
    ],
)
def test_rows_are_read(tables: Gateway, query: str, ids: list[int]) -> None:
    answer = tables.send("GET", f"/rest/v1/{query}", apikey=tables.key("service_role"))
    assert (answer.status, [row["id"] for row in answer.json]) == (200, ids)


def test_counts_and_single_rows(tables: Gateway) -> None:
    key = tables.key("service_role")
    whole = tables.send("GET", "/rest/v1/t_rows?select=*", apikey=key, Prefer="count=exact")
    assert (whole.status, whole.headers["content-range"], len(whole.json)) == (206, "0-999/1500", 1000)
    head = tables.send("HEAD", "/rest/v1/t_rows?select=*&id=lt.4", apikey=key, Prefer="count=exact")
    assert (head.status, head.headers["content-range"], head.text) == (200, "0-2/3", "")
    one = "application/vnd.pgrst.object+json"
    single = tables.send("GET", "/rest/v1/t_view?id=eq.1&select=*", apikey=key, Accept=one)
    assert (single.status, single.json) == (200, {"id": 1, "name": "one"})
    several = tables.send("GET", "/rest/v1/t_view?select=*", apikey=key, Accept=one)
    assert (several.status, several.json["code"]) == (406, "PGRST116")


def test_rows_are_read_in_the_callers_role(tables: Gateway) -> None:
    key = tables.key("anon")
    assert tables.send("GET", "/rest/v1/t_view?select=id", apikey=key).json == [{"id": 1}]
    closed = tables.send("GET", "/rest/v1/t_closed?select=id", apikey=key)
    assert (closed.status, closed.json["code"]) == (401, "42501")
    assert tables.send("GET", "/rest/v1/t_view").status == 401


@pytest.mark.parametrize(
    ("method", "query", "status", "code"),
    [
        ("GET", "t_absent?select=*", 404, "PGRST205"),
        ("GET", "t_rows?select=absent", 400, "42703"),
        ("GET", "t_rows?id=eq.x", 400, "22P02"),
        ("GET", "t_rows?id=is.5", 400, "PGRST100"),
        ("GET", "t_rows?id=5", 400, "PGRST100"),
        ("GET", "t_rows?or=(id.eq.1,id.eq.2)", 400, "PGRST100"),
        ("GET", "t_rows?select=a->b", 400, "PGRST100"),
        ("GET", "t_rows?order=id.up", 400, "PGRST100"),
        ("GET", "t_rows?limit=-1", 400, "PGRST100"),
        ("POST", "t_rows", 405, "PGRST117"),
    ],
)
def test_reads_that_are_refused(tables: Gateway, method: str, query: str, status: int, code: str) -> None:
    answer = tables.send(method, f"/rest/v1/{query}", apikey=tables.key("service_role"))
    assert (answer.status, answer.json["code"]) == (status, code)


def test_a_body_that_is_no_object(rpc: Gateway) -> None:
    for body in ("{", "[1]", '"x"'):
        answer = rpc.send("POST", "/rest/v1/rpc/t_add", body, apikey=rpc.key("anon"))
        assert (answer.status, answer.json["code"]) == (400, "PGRST102")


def test_the_log_holds_no_key(rpc: Gateway, cluster: Cluster) -> None:
    key = rpc.key("anon")
    assert rpc.send("GET", f"/rest/v1/rpc/t_add?a=1&apikey={key}").status == 200
    log = rpc.service.log_path.read_text()
    assert "/rest/v1/rpc/t_add 200" in log
    assert key not in log
    for value in rpc.values.values():
        assert value not in log
    assert cluster.url not in log


def test_a_database_that_is_down(running: Gateway, cluster: Cluster) -> None:
    cluster.stop()
    try:
        answer = running.rpc("t_add", {"a": 1})
        assert (answer.status, answer.json["code"]) == (503, "PGRST000")
    finally:
        cluster.start()


def test_stopping_it_ends_every_function(running: Gateway, place: Place) -> None:
    """The last test of this file: it stops the gateway and starts it again."""
    assert running.send("GET", "/functions/v1/mirror").status == 418
    children = running.deno_processes("mirror")
    assert children
    running.service.stop()
    assert not [child for child in children if child.is_running()]
    assert not is_up(place.api_port)
    running.service.start()
    assert is_up(place.api_port)
