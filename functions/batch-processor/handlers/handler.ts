import type { Environment } from "../../_shared/environment.ts";
import type { Rest } from "../../_shared/rest.ts";
import type { Job } from "../queue.ts";

/** What a handler may use. */
export interface Context {
  /** Aborts when the job's time is up, when the job is another worker's now, and when the function is shut down. */
  signal: AbortSignal;
  env: Environment;
  fetch: typeof fetch;
  /** The project's REST API as service_role. */
  rest: Rest;
}

/**
 * How jobs of one type are done. `run` returns when the job is done and throws when it is not: the message is kept with
 * the job, where its tenant may read it. A job may run twice (a worker can die after the work and before it says so),
 * so the work should bear that; `job.id` is the same each time.
 */
export interface Handler {
  run(job: Job, context: Context): Promise<void>;
  /** At most this long; the stack's `timeout` of the job type counts where it is lower. */
  limitSeconds?: number;
}

export type Handlers = Readonly<Record<string, Handler>>;

/** Throw it when trying again cannot help: the job is failed at once. */
export class PermanentError extends Error {
  override name = "PermanentError";
}

/** The payload, which must be a JSON object; throws PermanentError. */
export function payloadOf(job: Job): Record<string, unknown> {
  const { payload } = job;
  if (typeof payload === "object" && payload !== null && !Array.isArray(payload)) {
    return payload as Record<string, unknown>;
  }
  throw new PermanentError("the payload must be a JSON object");
}

/** A text of the payload that must be there; throws PermanentError. */
export function textOf(payload: Record<string, unknown>, key: string): string {
  const value = payload[key];
  if (typeof value === "string" && value !== "") return value;
  throw new PermanentError(`the payload's ${key} must be a text`);
}
