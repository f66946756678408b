import { error, json } from "../_shared/answer.ts";
import { misconfigured, refuse } from "../_shared/entry.ts";
import type { Environment } from "../_shared/environment.ts";
import { queueProblem } from "../_shared/queue_problem.ts";
import { connect } from "../_shared/rest.ts";
import { drain, type Report } from "./drain.ts";
import type { Handlers } from "./handlers/handler.ts";
import { Queue } from "./queue.ts";
import { type BatchRequest, parse } from "./request.ts";
import { read, type Settings } from "./settings.ts";

/** What surrounds the function. */
export interface Surroundings {
  env: Environment;
  fetch: typeof fetch;
  handlers: Handlers;
  /** Aborts with ShutDown once the function is to end. */
  shutdown: AbortSignal;
}

// Of the budget, for saying what became of the jobs.
const RESERVE_SHARE = 0.1;
const MOST_RESERVE_MS = 10_000;

/**
 * Does a batch of jobs and answers with what became of them: 200 however many of them failed (each says so itself), 503
 * when the queue could not be worked with to the end.
 */
export async function handle(request: Request, surroundings: Surroundings): Promise<Response> {
  const { env, handlers, shutdown } = surroundings;
  const refused = refuse(request, "POST", env);
  if (refused) return refused;
  const parsed = parse(await request.text(), Object.keys(handlers));
  if ("mistakes" in parsed) return error(400, "invalid_request", parsed.mistakes.join("; "));
  const settings = read(env);
  if ("mistakes" in settings) return misconfigured(settings.mistakes);
  if (shutdown.aborted) return error(503, "shutting_down", "this worker is being shut down: send the request again");
  return await doBatch(parsed.request, settings.settings, surroundings);
}

async function doBatch(request: BatchRequest, settings: Settings, surroundings: Surroundings): Promise<Response> {
  const { env, fetch, handlers, shutdown } = surroundings;
  const { budget, concurrency } = settings;
  const started = performance.now();
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(), budget);
  try {
    const rest = connect(settings.project, fetch);
    const queue = new Queue(rest, `batch-processor ${crypto.randomUUID().slice(0, 8)}`, end.signal);
    const report = await drain(request, {
      queue,
      handlers,
      context: { env, fetch, rest },
      concurrency,
      deadline: started + budget - Math.min(RESERVE_SHARE * budget, MOST_RESERVE_MS),
      shutdown,
    });
    const remaining = report.stopped === "error" ? undefined : await queue.pending();
    return answer(report, remaining, Math.round(performance.now() - started));
  } finally {
    clearTimeout(timer);
  }
}

/** `remaining`: how many jobs of all types are pending, as get_queue_stats has it, where it said so in time. */
function answer({ problem, ...report }: Report, remaining: number | undefined, duration: number): Response {
  const body = { ...report, ...(remaining === undefined ? {} : { remaining }), duration_ms: duration };
  if (report.stopped !== "error") return json(200, body);
  return json(503, { error: queueProblem(problem), ...body });
}
