import { error, json } from "../_shared/answer.ts";
import { misconfigured, refuse } from "../_shared/entry.ts";
import { type Environment, project } from "../_shared/environment.ts";
import { queueProblem } from "../_shared/queue_problem.ts";
import { connect } from "../_shared/rest.ts";
import { failures, statistics, stuck } from "./status.ts";

const LIMIT_MS = 30_000;

/** Answers with the queue's statistics; without `summary=true` with the recent failures and the stuck jobs as well. */
export async function handle(request: Request, env: Environment, send: typeof fetch): Promise<Response> {
  const refused = refuse(request, "GET", env);
  if (refused) return refused;
  const query = new URL(request.url).searchParams;
  const summary = query.get("summary") ?? "false";
  if (!["true", "false"].includes(summary)) return error(400, "invalid_request", "summary must be true or false");
  if ([...query.keys()].some((name) => name !== "summary")) {
    return error(400, "invalid_request", "only this parameter is known: summary");
  }
  const mistakes: string[] = [];
  const rest = connect(project(env, mistakes), send);
  if (mistakes.length > 0) return misconfigured(mistakes);
  const signal = AbortSignal.timeout(LIMIT_MS);
  try {
    if (summary === "true") return json(200, await statistics(rest, signal));
    const now = new Date();
    const [all, failed, hanging] = await Promise.all([
      statistics(rest, signal),
      failures(rest, now, signal),
      stuck(rest, now, signal),
    ]);
    return json(200, { summary: all, failures: failed, stuck: hanging });
  } catch (caught) {
    return json(503, { error: queueProblem(caught) });
  }
}
