import type { Job } from "../queue.ts";
import type { Context } from "./handler.ts";

/**
 * POSTs `body` as JSON and takes any 2xx for success. Redirects are not followed: they lead where nobody allowed it, and
 * most of them turn a POST into a GET. The same job has the same Idempotency-Key at every try.
 *
 * Messages name the host only: a path may be a secret, and an answer may repeat what was sent.
 */
export async function post(
  url: URL,
  body: unknown,
  headers: Headers,
  job: Job,
  { signal, fetch }: Context,
): Promise<void> {
  headers.set("content-type", "application/json");
  headers.set("idempotency-key", `job-${job.id}`);
  let response: Response;
  try {
    response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body), redirect: "manual", signal });
    await response.body?.cancel();
  } catch {
    signal.throwIfAborted();
    throw new Error(`${url.host} could not be reached`);
  }
  if (response.status >= 300 && response.status < 400) {
    throw new Error(`${url.host} answered ${response.status}, a redirect: name the final address`);
  }
  if (!response.ok) throw new Error(`${url.host} answered ${response.status}`);
}
