import type { Job } from "../queue.ts";
import { isAllowed, listOf } from "./allow_list.ts";
import { type Context, payloadOf, PermanentError, textOf } from "./handler.ts";
import { post } from "./post.ts";

/**
 * POSTs to `{"url": ..., "body": ..., "headers": {...}}`. Who enqueues chooses the address, so only hosts that
 * WEBHOOK_HOSTS lists are called.
 */
export async function webhook(job: Job, context: Context): Promise<void> {
  const payload = payloadOf(job);
  const url = URL.parse(textOf(payload, "url"));
  if (!url) throw new PermanentError("the payload's url is not a URL");
  if (url.username || url.password) throw new PermanentError("the payload's url must not hold a user or a password");
  if (!isAllowed(url, listOf(context.env("WEBHOOK_HOSTS")))) {
    throw new PermanentError("the payload's url is not at one of the hosts that WEBHOOK_HOSTS lists");
  }
  await post(url, payload["body"] ?? {}, headersOf(payload), job, context);
}

function headersOf(payload: Record<string, unknown>): Headers {
  const given = payload["headers"] ?? {};
  try {
    if (typeof given === "object" && Object.values(given).every((value) => typeof value === "string")) {
      return new Headers(given as Record<string, string>);
    }
  } catch {
    // What the platform says about it would repeat the value.
  }
  throw new PermanentError("the payload's headers must be an object of header names and texts");
}
