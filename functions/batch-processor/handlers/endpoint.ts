import type { Job } from "../queue.ts";
import type { Context } from "./handler.ts";
import { post } from "./post.ts";

/** POSTs the job's payload to the service that `<prefix>_ENDPOINT` names, with the bearer token `<prefix>_KEY` if set. */
export async function postToEndpoint(prefix: string, job: Job, context: Context): Promise<void> {
  const name = `${prefix}_ENDPOINT`;
  const address = context.env(name);
  if (!address) throw new Error(`${name} is not set: set this function secret to the URL of the service`);
  const url = URL.parse(address);
  if (!url || !["http:", "https:"].includes(url.protocol)) throw new Error(`${name} is not an http or https URL`);
  const key = context.env(`${prefix}_KEY`);
  await post(url, job.payload, new Headers(key ? { authorization: `Bearer ${key}` } : {}), job, context);
}
