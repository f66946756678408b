import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { Project } from "../_testing/project.ts";
import { connect } from "../_shared/rest.ts";
import { drain, type Means, type Report } from "./drain.ts";
import { ShutDown, shutDown } from "./endings.ts";
import { type Context, type Handler, PermanentError } from "./handlers/handler.ts";
import { type Job, Queue } from "./queue.ts";

const never = new AbortController().signal;

/** Drains the project with one handler for each type of its jobs. */
function run(project: Project, handler: Handler, more: Partial<Means> = {}, batchSize = 1000): Promise<Report> {
  const env = project.env();
  const rest = connect({ url: env("SUPABASE_URL")!, key: env("SUPABASE_SERVICE_ROLE_KEY")! }, project.fetch);
  return drain({ batch_size: batchSize }, {
    queue: new Queue(rest, "test", never),
    handlers: { work: handler },
    context: { env, fetch: project.fetch, rest },
    concurrency: 3,
    deadline: performance.now() + 60_000,
    shutdown: never,
    ...more,
  });
}

function of(run: Handler["run"], limitSeconds?: number): Handler {
  return { run, ...(limitSeconds === undefined ? {} : { limitSeconds }) };
}

function filled(count: number, timeoutSeconds = 30): Project {
  const project = new Project();
  for (let n = 0; n < count; n++) project.add("work", { n }, timeoutSeconds);
  return project;
}

/** Ends when the signal aborts, as a handler should. */
function untilStopped(_: Job, { signal }: Context): Promise<void> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

Deno.test("as many at a time as it is told, and everything once", async () => {
  const project = filled(50);
  let running = 0;
  let most = 0;
  const seen: number[] = [];
  const report = await run(
    project,
    of(async (job) => {
      seen.push(job.id);
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
    }),
  );
  strictEqual(most, 3);
  deepStrictEqual(seen.toSorted((a, b) => a - b), project.jobs.map(({ id }) => id));
  deepStrictEqual([report.claimed, report.completed, report.stopped], [50, 50, "empty"]);
});

Deno.test("never claims more than the batch, nor more than it will soon start", async () => {
  const project = filled(50);
  const report = await run(project, of(() => Promise.resolve()), {}, 7);
  deepStrictEqual([report.claimed, report.completed, report.stopped], [7, 7, "batch_size"]);
  strictEqual(project.calls.filter((name) => name === "claim_jobs").length, 2);
  strictEqual(project.jobs.filter(({ attempts }) => attempts > 0).length, 7);
});

Deno.test("a handler that throws fails its own job alone", async () => {
  const project = filled(4);
  const report = await run(
    project,
    of((job) => {
      if (job.id === 1) throw new Error("one went wrong");
      if (job.id === 2) return Promise.reject("a text\u0000");
      if (job.id === 3) throw new PermanentError("never again");
      return Promise.resolve();
    }),
  );
  deepStrictEqual([report.completed, report.failed, report.dead, report.stopped], [1, 3, 1, "empty"]);
  deepStrictEqual(project.jobs.map(({ status, error }) => [status, error]), [
    ["pending", "one went wrong"],
    ["pending", "a text"],
    ["failed", "never again"],
    ["completed", null],
  ]);
});

Deno.test("the lower of the handler's limit and the queue's stops a job, whether it heeds the signal or not", async () => {
  for (const [timeoutSeconds, limitSeconds] of [[30, 0.05], [0.05, 30], [0.05, undefined]] as const) {
    for (const slow of [untilStopped, () => new Promise<void>(() => {})]) {
      const project = filled(1, timeoutSeconds);
      const report = await run(project, of(slow, limitSeconds));
      deepStrictEqual([report.failed, project.jobs[0]?.error], [1, "not done within 0.1 s"]);
    }
  }
});

Deno.test("gives back what no longer fits, uncounted, and does what still does", async () => {
  const project = filled(4, 30);
  project.jobs[3]!.timeout_seconds = 1;
  // The first two are started in any case; of the others, the last one alone is short enough for what is left.
  const report = await run(
    project,
    of(() => new Promise((resolve) => setTimeout(resolve, 20))),
    { concurrency: 2, deadline: performance.now() + 5_000 },
    4,
  );
  deepStrictEqual([report.claimed, report.completed, report.released, report.stopped], [4, 3, 1, "batch_size"]);
  deepStrictEqual(project.jobs.map(({ status, attempts }) => [status, attempts]), [
    ["completed", 1],
    ["completed", 1],
    ["pending", 0],
    ["completed", 1],
  ]);
});

Deno.test("stops claiming when time is up, and cuts short what runs", async () => {
  const project = filled(50);
  const report = await run(project, of(untilStopped), { deadline: performance.now() + 100 });
  deepStrictEqual([report.claimed, report.failed, report.released, report.stopped], [6, 3, 3, "budget"]);
  strictEqual(project.jobs.filter(({ attempts }) => attempts > 0).length, 3);
});

Deno.test("renews the leases of what waits and runs, and drops what was lost all the same", async () => {
  const project = filled(4);
  project.leaseMs = 600;
  let over = (): void => {};
  const finished = new Promise<void>((resolve) => over = resolve);
  const stopped: unknown[] = [];
  const fetching = project.fetch;
  let beats = 0;
  const watching: typeof fetch = async (input, init) => {
    const answer = await fetching(input, init);
    if (String(input).endsWith("heartbeat_jobs") && ++beats === 1) {
      // Another worker has the first and the last by now.
      project.jobs[0]!.claim_token = project.jobs[3]!.claim_token = "another's";
    }
    if (beats === 3) over();
    return answer;
  };
  const env = project.env();
  const rest = connect({ url: env("SUPABASE_URL")!, key: env("SUPABASE_SERVICE_ROLE_KEY")! }, watching);
  const report = await run(
    project,
    of(async (_, { signal }) => {
      signal.addEventListener("abort", () => stopped.push((signal.reason as Error).name));
      await finished;
    }),
    { queue: new Queue(rest, "test", never), concurrency: 3 },
  );
  deepStrictEqual([report.claimed, report.completed, report.lost, report.failed], [4, 2, 2, 0]);
  deepStrictEqual(stopped, ["LeaseLost"]);
});

Deno.test("what is done after its lease was lost is not counted as done", async () => {
  const project = filled(2);
  const report = await run(
    project,
    of((job) => {
      if (job.id === 1) project.jobs[0]!.claim_token = "another's";
      return Promise.resolve();
    }),
  );
  deepStrictEqual([report.completed, report.lost], [1, 1]);
});

Deno.test("a shutdown gives everything back at once, uncounted", async () => {
  const project = filled(5);
  const shutdown = new AbortController();
  let running = 0;
  const report = await run(
    project,
    of(() => {
      if (++running === 2) shutdown.abort(new ShutDown(false));
      return new Promise<void>(() => {});
    }),
    { shutdown: shutdown.signal, concurrency: 2 },
  );
  deepStrictEqual([report.claimed, report.released, report.stopped], [4, 4, "shutdown"]);
  ok(project.jobs.every(({ status, attempts }) => status === "pending" && attempts === 0));
});

Deno.test("a shutdown that a job may have caused counts as its attempt", async () => {
  const project = filled(5);
  const shutdown = new AbortController();
  const report = await run(
    project,
    of(() => {
      shutdown.abort(shutDown({ reason: "memory" }));
      return new Promise<void>(() => {});
    }),
    { shutdown: shutdown.signal, concurrency: 1 },
  );
  deepStrictEqual([report.claimed, report.failed, report.released], [2, 1, 1]);
  deepStrictEqual(project.jobs.slice(0, 2).map(({ attempts }) => attempts), [1, 0]);
  ok(project.jobs[0]?.error?.includes("over its limit of memory"));
});

Deno.test("the platform's reasons", () => {
  for (const reason of ["cpu", "memory", "wall_clock"]) {
    strictEqual(shutDown({ reason }).harmful, true);
    strictEqual(shutDown(reason).harmful, true);
  }
  for (const detail of [{ reason: "early_drop" }, "termination", undefined, null, {}]) {
    strictEqual(shutDown(detail).harmful, false);
  }
});

Deno.test("what was claimed is done although a later claim fails", async () => {
  const project = filled(20);
  const refusal = (): Response => Response.json({ code: "42501", message: "no right" }, { status: 403 });
  const report = await run(
    project,
    of((job) => {
      if (job.id === 1) project.instead["claim_jobs"] = [refusal];
      return Promise.resolve();
    }),
  );
  deepStrictEqual([report.claimed, report.completed, report.stopped], [6, 6, "error"]);
});
