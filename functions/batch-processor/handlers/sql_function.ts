import type { Job } from "../queue.ts";
import { type Context, payloadOf, PermanentError, textOf } from "./handler.ts";
import { listOf } from "./allow_list.ts";

/**
 * Calls a function of schema public: `{"function": ..., "arguments": {...}}`. It runs as service_role, so only what
 * SQL_FUNCTIONS lists may be called. Its result is not kept; what it raises is the job's error.
 */
export async function sqlFunction(job: Job, { env, rest, signal }: Context): Promise<void> {
  const payload = payloadOf(job);
  const name = textOf(payload, "function");
  const args = payload["arguments"] ?? {};
  if (typeof args !== "object" || Array.isArray(args)) {
    throw new PermanentError("the payload's arguments must be a JSON object");
  }
  if (!listOf(env("SQL_FUNCTIONS")).includes(name)) {
    throw new PermanentError("the payload's function is not one of those that SQL_FUNCTIONS lists");
  }
  await rest.rpc(name, args as Record<string, unknown>, signal);
}
