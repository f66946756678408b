import { type Environment, numberOf, type Project, project } from "../_shared/environment.ts";

/** How an invocation works. Times are in milliseconds. */
export interface Settings {
  project: Project;
  /** The whole invocation ends within it. */
  budget: number;
  /** How many jobs run at a time. */
  concurrency: number;
}

/** What the variables say, or every mistake in them, in words. */
export function read(env: Environment): { settings: Settings } | { mistakes: string[] } {
  const mistakes: string[] = [];
  const settings: Settings = {
    project: project(env, mistakes),
    // The platform cuts a request off after 150 s, and a worker after 150 s (free) or 400 s (paid).
    budget: 1000 * numberOf(env, "BATCH_BUDGET_SECONDS", { least: 1, most: 390, otherwise: 120 }, mistakes),
    concurrency: numberOf(env, "BATCH_CONCURRENCY", { least: 1, most: 100, otherwise: 10, whole: true }, mistakes),
  };
  return mistakes.length > 0 ? { mistakes } : { settings };
}
