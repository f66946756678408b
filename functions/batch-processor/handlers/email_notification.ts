import type { Job } from "../queue.ts";
import { postToEndpoint } from "./endpoint.ts";
import { type Context, payloadOf, textOf } from "./handler.ts";

/** An example: `{"to": ..., "subject": ..., "text": ...}` goes to the service at EMAIL_ENDPOINT. */
export async function emailNotification(job: Job, context: Context): Promise<void> {
  textOf(payloadOf(job), "to");
  await postToEndpoint("EMAIL", job, context);
}
