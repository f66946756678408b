import { deepStrictEqual, strictEqual } from "node:assert";
import { KEY, Project } from "../_testing/project.ts";
import { handle } from "./handler.ts";

const URL = "http://localhost/check-batch-status";

async function get(
  query = "",
  { project = new Project(), token = KEY, method = "GET", env = {} as Record<string, string> } = {},
): Promise<[number, Record<string, unknown>]> {
  const request = new Request(URL + query, { method, headers: { authorization: `Bearer ${token}` } });
  const response = await handle(request, project.env(env), project.fetch);
  return [response.status, await response.json()];
}

Deno.test("the summary is the statistics alone", async () => {
  const project = new Project();
  project.add("work");
  deepStrictEqual(await get("?summary=true", { project }), [200, { total_pending: 1 }]);
  deepStrictEqual(project.calls, ["get_queue_stats"]);
});

Deno.test("without it there are the failures by job type and the stuck jobs too", async () => {
  const project = new Project();
  project.rows = [
    { job_type: "a", error_message: "x" },
    { job_type: "b", error_message: "y" },
    { job_type: "b", error_message: "y" },
    { job_type: "b", error_message: "z" },
  ];
  for (const query of ["", "?summary=false"]) {
    deepStrictEqual(await get(query, { project }), [200, {
      summary: { total_pending: 0 },
      failures: [
        { job_type: "b", failure_count: 3, error_messages: ["y", "z"] },
        { job_type: "a", failure_count: 1, error_messages: ["x"] },
      ],
      stuck: project.rows,
    }]);
  }
  deepStrictEqual(project.queries.slice(0, 2).map((query) => query.get("status")), ["eq.failed", "eq.processing"]);
});

Deno.test("only the key opens it, by GET and with parameters that it knows", async () => {
  strictEqual((await get("", { token: "wrong" }))[0], 401);
  strictEqual((await get("", { method: "POST" }))[0], 405);
  for (const query of ["?summary=yes", "?summary=", "?sumary=true", "?summary=true&x=1"]) {
    strictEqual((await get(query))[0], 400, query);
  }
});

Deno.test("says what is wrong with its variables or with the queue", async () => {
  strictEqual((await get("", { env: { SUPABASE_URL: "" } }))[0], 500);
  const project = new Project();
  project.instead["priority_queue"] = [() => Response.json({ code: "PGRST205" }, { status: 404 })];
  const [status, { error }] = await get("", { project });
  deepStrictEqual([status, (error as { code: string }).code], [503, "queue_missing"]);
});
