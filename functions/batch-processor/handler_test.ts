import { deepStrictEqual, strictEqual } from "node:assert";
import { KEY, PREVIOUS_KEY, Project } from "../_testing/project.ts";
import { handle } from "./handler.ts";
import type { Handlers } from "./handlers/handler.ts";

const HANDLERS: Handlers = { email: { run: () => Promise.resolve() }, other: { run: () => Promise.resolve() } };
const URL = "http://localhost/batch-processor";

function post(body: string, token?: string, scheme = "Bearer"): Request {
  const headers = new Headers({ "content-type": "application/json" });
  if (token !== undefined) headers.set("authorization", `${scheme} ${token}`);
  return new Request(URL, { method: "POST", headers, body });
}

async function answer(
  request: Request,
  { project = new Project(), env = {} as Record<string, string>, shutdown = new AbortController().signal } = {},
): Promise<[number, Record<string, unknown>]> {
  const response = await handle(request, {
    env: project.env(env),
    fetch: project.fetch,
    handlers: HANDLERS,
    shutdown,
  });
  strictEqual(response.headers.get("content-type"), "application/json");
  return [response.status, await response.json()];
}

Deno.test("does a batch and says what became of it", async () => {
  const project = new Project();
  for (let n = 0; n < 5; n++) project.add("email");
  project.add("unhandled");
  const [status, { duration_ms, ...body }] = await answer(post('{"batch_size": 3}', KEY), { project });
  deepStrictEqual([status, body], [200, {
    claimed: 3,
    completed: 3,
    failed: 0,
    dead: 0,
    released: 0,
    lost: 0,
    stopped: "batch_size",
    remaining: 3,
  }]);
  strictEqual(Number.isInteger(duration_ms), true);
});

Deno.test("takes the named types alone, and of all only those that have a handler", async () => {
  const project = new Project();
  const jobs = ["email", "other", "unhandled"].map((type) => project.add(type));
  strictEqual((await answer(post('{"job_types": ["other"]}', KEY), { project }))[1]["completed"], 1);
  deepStrictEqual(jobs.map(({ status }) => status), ["pending", "completed", "pending"]);
  strictEqual((await answer(post("{}", KEY), { project }))[1]["completed"], 1);
  deepStrictEqual(jobs.map(({ status }) => status), ["completed", "completed", "pending"]);
});

Deno.test("an empty body means the defaults", async () => {
  for (const body of ["", " \n", "{}"]) {
    const project = new Project();
    for (let n = 0; n < 21; n++) project.add("email");
    const [status, { claimed, remaining }] = await answer(post(body, KEY), { project });
    deepStrictEqual([status, claimed, remaining], [200, 20, 1]);
  }
});

Deno.test("the scheme's case does not matter, and while a rotation lasts the previous key is good too", async () => {
  strictEqual((await answer(post("{}", KEY, "bearer")))[0], 200);
  strictEqual((await answer(post("{}", PREVIOUS_KEY)))[0], 200);
});

Deno.test("refuses a caller without one of its keys, and claims nothing", async () => {
  const project = new Project();
  for (const token of [undefined, "", "undefined", "made-up", "made-up-current1", "MADE-UP-CURRENT"]) {
    strictEqual((await answer(post("{}", token), { project }))[0], 401);
  }
  strictEqual((await answer(post("{}", KEY, "Basic"), { project }))[0], 401);
  deepStrictEqual(project.calls, []);
});

Deno.test("a function without a key accepts nobody", async () => {
  const env = { BATCH_PROCESSOR_KEY: "", BATCH_PROCESSOR_KEY_PREVIOUS: "" };
  for (const token of [undefined, "", "undefined", KEY]) {
    strictEqual((await answer(post("{}", token), { env }))[0], 401);
  }
});

Deno.test("names every mistake in a body, and repeats nothing of it", async () => {
  const canary = "canary-5150";
  const cases: [string, string][] = [
    [`{"${canary}"`, "the body is not JSON"],
    [`["${canary}"]`, "the body must be a JSON object"],
    ["null", "the body must be a JSON object"],
    [
      `{"batch_size": "${canary}", "job_types": [""], "${canary}": 1}`,
      "batch_size must be a whole number from 1 to 1000; job_types must be a list of one or more names; " +
      "only these keys are known: batch_size, job_types",
    ],
    [`{"job_types": ["email", "${canary}"]}`, "job_types may name only the types that have a handler: email, other"],
  ];
  for (const [body, message] of cases) {
    deepStrictEqual(await answer(post(body, KEY)), [400, { error: { code: "invalid_request", message } }]);
  }
});

Deno.test("batch_size is a whole number from 1 to 1000", async () => {
  for (const size of ["0", "1001", "-1", "1.5", "true", "null", '"20"', "1e999"]) {
    strictEqual((await answer(post(`{"batch_size": ${size}}`, KEY)))[0], 400, size);
  }
  for (const size of ["1", "1000", "2.0"]) {
    strictEqual((await answer(post(`{"batch_size": ${size}}`, KEY)))[0], 200, size);
  }
});

Deno.test("job_types is a list of names", async () => {
  for (const types of ["[]", '""', "[1]", "null", '{"0": "a"}']) {
    strictEqual((await answer(post(`{"job_types": ${types}}`, KEY)))[0], 400, types);
  }
});

Deno.test("knows POST only, and says so before it looks at the key", async () => {
  for (const method of ["GET", "PUT", "DELETE"]) {
    const project = new Project();
    const shutdown = new AbortController().signal;
    const surroundings = { env: project.env(), fetch: project.fetch, handlers: HANDLERS, shutdown };
    const response = await handle(new Request(URL, { method }), surroundings);
    strictEqual(response.status, 405);
    strictEqual(response.headers.get("allow"), "POST");
  }
});

Deno.test("no answer to a stranger holds a key", async () => {
  for (const token of [PREVIOUS_KEY + "x", "x"]) {
    strictEqual(JSON.stringify(await answer(post("{}", token))).includes("made-up"), false);
  }
});

Deno.test("names every variable that is wrong, and no value", async () => {
  const env = {
    SUPABASE_URL: "canary",
    SUPABASE_SERVICE_ROLE_KEY: "",
    BATCH_BUDGET_SECONDS: "391",
    BATCH_CONCURRENCY: "1.5",
  };
  deepStrictEqual(await answer(post("{}", KEY), { env }), [500, {
    error: {
      code: "misconfigured",
      message: "SUPABASE_URL must be the project's URL; SUPABASE_SERVICE_ROLE_KEY must be set; " +
        "BATCH_BUDGET_SECONDS must be a number from 1 to 390; BATCH_CONCURRENCY must be a whole number from 1 to 100",
    },
  }]);
});

Deno.test("says that there is no queue, or that it does not answer", async () => {
  const missing = new Project();
  missing.instead["claim_jobs"] = [() => Response.json({ code: "PGRST202", message: "not found" }, { status: 404 })];
  const [status, body] = await answer(post("{}", KEY), { project: missing });
  deepStrictEqual([status, (body["error"] as { code: string }).code, body["claimed"]], [503, "queue_missing", 0]);

  const broken = new Project();
  const refusal = (): Response => new Response("<html>Bad gateway</html>", { status: 502 });
  broken.instead["claim_jobs"] = [refusal, refusal, refusal];
  deepStrictEqual((await answer(post("{}", KEY), { project: broken }))[1]["error"], {
    code: "queue_unavailable",
    message: "the project's REST API answered 502",
  });
});

Deno.test("a passing failure of the queue passes", async () => {
  const project = new Project();
  project.add("email");
  const unreachable = (): Response => {
    throw new TypeError("connection refused");
  };
  project.instead["claim_jobs"] = [unreachable];
  project.instead["complete_jobs"] = [() => new Response("", { status: 503 })];
  const [status, { completed }] = await answer(post("{}", KEY), { project });
  deepStrictEqual([status, completed], [200, 1]);
});

Deno.test("what was done but could not be said is lost to this worker, and the answer is no success", async () => {
  const project = new Project();
  project.add("email");
  project.instead["complete_jobs"] = [() => Response.json({ code: "42501", message: "no right" }, { status: 403 })];
  const [status, { error, completed, lost }] = await answer(post("{}", KEY), { project });
  deepStrictEqual([status, completed, lost], [503, 0, 1]);
  strictEqual((error as { message: string }).message, "the project's REST API answered 403: no right");
});

Deno.test("does not count what takes too long to count", async () => {
  const project = new Project();
  project.instead["get_queue_stats"] = [() => new Response("", { status: 500 })];
  strictEqual("remaining" in (await answer(post("{}", KEY), { project }))[1], false);
});

Deno.test("starts nothing once it is being shut down", async () => {
  const project = new Project();
  project.add("email");
  const [status, { error }] = await answer(post("{}", KEY), { project, shutdown: AbortSignal.abort() });
  deepStrictEqual([status, (error as { code: string }).code, project.calls], [503, "shutting_down", []]);
});
