import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { Project } from "../../_testing/project.ts";
import { connect } from "../../_shared/rest.ts";
import type { Job } from "../queue.ts";
import { isAllowed, listOf } from "./allow_list.ts";
import { PermanentError } from "./handler.ts";
import { handlers } from "./index.ts";

function perform(
  project: Project,
  type: string,
  payload: unknown,
  more: Record<string, string> = {},
  signal = new AbortController().signal,
): Promise<void> {
  const env = project.env(more);
  const rest = connect({ url: env("SUPABASE_URL")!, key: env("SUPABASE_SERVICE_ROLE_KEY")! }, project.fetch);
  const job = { id: 7, job_type: type, payload } as Job;
  return handlers[type]!.run(job, { signal, env, rest, fetch: project.fetch });
}

const HOSTS = { WEBHOOK_HOSTS: "hooks.test" };

Deno.test("webhook: posts the body with the headers, and a key that is the same at every try", async () => {
  const project = new Project();
  const payload = { url: "https://hooks.test/in?x=1", body: { a: [1] }, headers: { "X-Mine": "yes" } };
  await perform(project, "webhook", payload, HOSTS);
  const [request] = project.sent;
  strictEqual(request?.method, "POST");
  strictEqual(request.url, payload.url);
  deepStrictEqual(await request.json(), { a: [1] });
  deepStrictEqual(["x-mine", "content-type", "idempotency-key", "authorization"].map((n) => request.headers.get(n)), [
    "yes",
    "application/json",
    "job-7",
    null,
  ]);
});

Deno.test("webhook: payloads that no further try can help", async () => {
  const project = new Project();
  const good = { url: "https://hooks.test/" };
  const cases: [unknown, string][] = [
    [null, "payload must be a JSON object"],
    [[good], "payload must be a JSON object"],
    [{}, "url must be a text"],
    [{ url: "hooks.test" }, "url is not a URL"],
    [{ url: "https://u:canary@hooks.test/" }, "must not hold a user or a password"], // supacron:allow made up
    [{ url: "https://canary.test/" }, "WEBHOOK_HOSTS"],
    [{ url: "http://hooks.test/" }, "WEBHOOK_HOSTS"],
    [{ url: "https://169.254.169.254/latest" }, "WEBHOOK_HOSTS"],
    [{ ...good, headers: ["canary"] }, "headers must be"],
    [{ ...good, headers: { "x-number": 1 } }, "headers must be"],
    [{ ...good, headers: { "not a name": "canary" } }, "headers must be"],
    [{ ...good, headers: "canary" }, "headers must be"],
  ];
  for (const [payload, message] of cases) {
    await rejects(perform(project, "webhook", payload, HOSTS), (caught: Error) => {
      strictEqual(caught instanceof PermanentError, true, JSON.stringify(payload));
      strictEqual(caught.message.includes(message), true, caught.message);
      return !caught.message.includes("canary");
    });
  }
  await rejects(perform(project, "webhook", good), /WEBHOOK_HOSTS/);
  deepStrictEqual(project.sent, []);
});

Deno.test("webhook: redirects are not followed, and other answers than 2xx are failures to be tried again", async () => {
  const project = new Project();
  const payload = { url: "https://hooks.test/secret-path" };
  const cases: [Response, string][] = [
    [Response.redirect("http://10.0.0.1/", 307), "hooks.test answered 307, a redirect: name the final address"],
    [new Response("secret", { status: 500 }), "hooks.test answered 500"],
    [new Response("secret", { status: 404 }), "hooks.test answered 404"],
  ];
  for (const [response, message] of cases) {
    project.outside = () => response;
    await rejects(perform(project, "webhook", payload, HOSTS), { name: "Error", message });
  }
  strictEqual(project.sent.length, cases.length);
  strictEqual(project.sent.every(({ redirect }) => redirect === "manual"), true);
  project.outside = () => {
    throw new TypeError("error sending request for url (https://hooks.test/secret-path)");
  };
  await rejects(perform(project, "webhook", payload, HOSTS), { message: "hooks.test could not be reached" });
});

Deno.test("webhook: the reason of its signal is what stops it", async () => {
  const reason = new Error("time is up");
  const work = perform(new Project(), "webhook", { url: "https://hooks.test/" }, HOSTS, AbortSignal.abort(reason));
  await rejects(work, reason);
});

Deno.test("the allow list", () => {
  const cases: [string, string, boolean][] = [
    ["https://a.test/x", "a.test", true],
    ["https://A.test:443/x", "a.TEST", true],
    ["https://a.test:8443/", "a.test", false],
    ["https://a.test:8443/", "b.test, a.test:8443", true],
    ["http://a.test/", "a.test", false],
    ["http://a.test/", "http://a.test", true],
    ["http://a.test:8000/", "http://a.test", false],
    ["https://b.a.test/", "*.a.test", true],
    ["https://c.b.a.test/", "*.a.test", true],
    ["https://a.test/", "*.a.test", false],
    ["https://xa.test/", "*.a.test", false],
    ["https://b.a.test:8443/", "*.a.test", false],
    ["http://b.a.test/", "*.a.test", false],
    ["https://a.test.evil.test/", "a.test *.a.test", false],
    ["https://a.test@evil.test/", "a.test", false],
    ["file:///etc/passwd", "file:// data://x", false],
    ["https://a.test/", "", false],
  ];
  for (const [url, list, allowed] of cases) {
    strictEqual(isAllowed(new URL(url), listOf(list)), allowed, `${url} by ${list}`);
  }
  strictEqual(isAllowed(new URL("https://a.test/"), listOf(undefined)), false);
});

Deno.test("sql_function: calls what is listed, with its arguments", async () => {
  const project = new Project();
  const env = { SQL_FUNCTIONS: "tidy_up, refresh_all" };
  await perform(project, "sql_function", { function: "refresh_all", arguments: { p_days: 3 } }, env);
  await perform(project, "sql_function", { function: "tidy_up" }, env);
  deepStrictEqual(project.calls, ["refresh_all", "tidy_up"]);
  for (const payload of [{ function: "drop_all" }, { function: "tidy_up", arguments: [1] }, { arguments: {} }]) {
    await rejects(perform(project, "sql_function", payload, env), PermanentError);
  }
  await rejects(perform(project, "sql_function", { function: "tidy_up" }), /SQL_FUNCTIONS/);
  deepStrictEqual(project.calls, ["refresh_all", "tidy_up"]);
});

Deno.test("sql_function: what the function raises is the error", async () => {
  const project = new Project();
  project.instead["tidy_up"] = [
    () => Response.json({ code: "P0001", message: "not on Sundays", hint: "wait" }, { status: 400 }),
  ];
  await rejects(perform(project, "sql_function", { function: "tidy_up" }, { SQL_FUNCTIONS: "tidy_up" }), {
    name: "RestError",
    message: "the project's REST API answered 400: not on Sundays (wait)",
  });
});

Deno.test("transcription and email_notification: the payload goes to their endpoints", async () => {
  const cases = [
    ["transcription", "TRANSCRIPTION", { call_sid: "CA123", recording_url: "https://r.test/1" }],
    ["email_notification", "EMAIL", { to: "a@b.test", subject: "Hello" }],
  ] as const;
  for (const [type, prefix, payload] of cases) {
    const project = new Project();
    const endpoint = { [`${prefix}_ENDPOINT`]: "https://service.test/v1" };
    await perform(project, type, payload, endpoint);
    await perform(project, type, payload, { ...endpoint, [`${prefix}_KEY`]: "made-up" });
    const seen = project.sent.map(({ url, headers }) => [url, headers.get("authorization")]);
    deepStrictEqual(seen, [["https://service.test/v1", null], ["https://service.test/v1", "Bearer made-up"]]); // supacron:allow made up
    deepStrictEqual(await project.sent[0]?.json(), payload);
    await rejects(perform(project, type, payload), new RegExp(`${prefix}_ENDPOINT is not set`));
    for (const wrong of ["nonsense", "file:///etc/passwd"]) {
      await rejects(perform(project, type, payload, { [`${prefix}_ENDPOINT`]: wrong }), /is not an http or https URL/);
    }
    await rejects(perform(project, type, {}, endpoint), PermanentError);
    strictEqual(project.sent.length, 2);
  }
});
