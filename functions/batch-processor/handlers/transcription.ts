import type { Job } from "../queue.ts";
import { postToEndpoint } from "./endpoint.ts";
import { type Context, payloadOf, textOf } from "./handler.ts";

/** An example: `{"call_sid": ..., "recording_url": ...}` goes to the service at TRANSCRIPTION_ENDPOINT. */
export async function transcription(job: Job, context: Context): Promise<void> {
  textOf(payloadOf(job), "recording_url");
  await postToEndpoint("TRANSCRIPTION", job, context);
}
