import type { Job } from "./queue.ts";

/** A job from its claim until it is settled. `settling`: an answer about it is on its way, or was given. */
export interface Held {
  readonly job: Job;
  state: "waiting" | "running" | "settling";
  /** Stops its handler. */
  readonly stop: AbortController;
}

export function hold(job: Job): Held {
  return { job, state: "waiting", stop: new AbortController() };
}
