import { RestError } from "./rest.ts";

/** What to tell the caller when the queue could not be asked. */
export function queueProblem(caught: unknown): { code: string; message: string } {
  // PGRST202 and PGRST205: no such function, no such table or view.
  if (caught instanceof RestError && (caught.code === "PGRST202" || caught.code === "PGRST205")) {
    return { code: "queue_missing", message: "the database has no queue: `queue:` in the stack's file makes one" };
  }
  if (caught instanceof RestError) return { code: "queue_unavailable", message: caught.message };
  return { code: "queue_unavailable", message: "the queue did not answer in time" };
}
