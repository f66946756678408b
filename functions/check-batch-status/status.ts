import type { Rest } from "../_shared/rest.ts";

/** The failures of one job type, and the messages that occur, the most recent first. */
export interface Failures {
  job_type: string;
  failure_count: number;
  error_messages: string[];
}

const HOUR_MS = 3_600_000;
const FAILURES_SINCE_MS = 24 * HOUR_MS;
const STUCK_AFTER_MS = HOUR_MS;
// PostgREST gives no more at a time, unless it is told otherwise.
const MOST_FAILURES = 1000;
const MOST_STUCK = 100;
const MOST_MESSAGES = 20;
const STUCK_COLUMNS = "id,job_type,tenant_id,priority,attempts,max_attempts,worker,started_at,lease_expires_at";

/** The queue's statistics, one object. */
export async function statistics(rest: Rest, signal: AbortSignal): Promise<unknown> {
  const rows = await rest.rpc("get_queue_stats", {}, signal) as unknown[];
  return rows[0];
}

/** What failed for good in the last 24 hours, by job type, the worst first; of more than 1000, the most recent 1000. */
export async function failures(rest: Rest, now: Date, signal: AbortSignal): Promise<Failures[]> {
  const rows = await rest.read("priority_queue", {
    select: "job_type,error_message",
    status: "eq.failed",
    updated_at: `gt.${before(now, FAILURES_SINCE_MS)}`,
    order: "updated_at.desc",
    limit: String(MOST_FAILURES),
  }, signal) as { job_type: string; error_message: string }[];
  return group(rows);
}

/** Jobs that have been in processing for more than an hour, the longest first; at most 100. */
export async function stuck(rest: Rest, now: Date, signal: AbortSignal): Promise<Record<string, unknown>[]> {
  return await rest.read("priority_queue", {
    select: STUCK_COLUMNS,
    status: "eq.processing",
    started_at: `lt.${before(now, STUCK_AFTER_MS)}`,
    order: "started_at.asc",
    limit: String(MOST_STUCK),
  }, signal);
}

function before(now: Date, milliseconds: number): string {
  return new Date(now.getTime() - milliseconds).toISOString();
}

function group(rows: { job_type: string; error_message: string }[]): Failures[] {
  const found = new Map<string, Failures>();
  for (const { job_type, error_message } of rows) {
    const ofType = found.get(job_type) ?? { job_type, failure_count: 0, error_messages: [] };
    found.set(job_type, ofType);
    ofType.failure_count++;
    const messages = ofType.error_messages;
    if (messages.length < MOST_MESSAGES && !messages.includes(error_message)) messages.push(error_message);
  }
  return [...found.values()].sort((a, b) => b.failure_count - a.failure_count);
}
