import { type Rest, RestError } from "../_shared/rest.ts";

/** A job as claim_jobs returns it. */
export interface Job {
  id: number;
  job_type: string;
  payload: unknown;
  priority: number;
  tenant_id: string | null;
  /** This one included. */
  attempts: number;
  max_attempts: number;
  /** What the stack allows this job type. */
  timeout_seconds: number;
  claim_token: string;
  lease_expires_at: string;
  idempotency_key: string | null;
}

/** A job that failed; a final failure is not tried again. */
export interface Failure {
  job: Job;
  message: string;
  final: boolean;
}

const CALL_LIMIT_MS = 10_000;
const COUNT_LIMIT_MS = 2_000;
const PAUSES_MS = [100, 500];
const MAX_MESSAGE_LENGTH = 2000;

/**
 * The queue's functions, for one worker, until `end` aborts. A call that fails for a passing reason is made again, twice
 * at most; that is safe, for what was settled once is not accepted a second time. Throws what Rest throws.
 */
export class Queue {
  constructor(private readonly rest: Rest, private readonly worker: string, private readonly end: AbortSignal) {}

  async claim(limit: number, jobTypes: readonly string[]): Promise<Job[]> {
    return await this.call("claim_jobs", { p_limit: limit, p_job_types: jobTypes, p_worker: this.worker }) as Job[];
  }

  /** The ids that were accepted, as for the following ones. */
  async complete(jobs: readonly Job[]): Promise<number[]> {
    return await this.call("complete_jobs", named(jobs)) as number[];
  }

  async heartbeat(jobs: readonly Job[]): Promise<number[]> {
    return await this.call("heartbeat_jobs", named(jobs)) as number[];
  }

  async release(jobs: readonly Job[]): Promise<number[]> {
    return await this.call("release_jobs", named(jobs)) as number[];
  }

  /** The accepted ones with the status that they have now: pending again, or failed for good. */
  async fail(failures: readonly Failure[]): Promise<{ id: number; status: "pending" | "failed" }[]> {
    const answers = [];
    for (const final of [false, true]) {
      const same = failures.filter((failure) => failure.final === final);
      if (same.length === 0) continue;
      const args = { p_errors: same.map((failure) => storable(failure.message)), p_final: final };
      answers.push(await this.call("fail_jobs", { ...named(same.map((failure) => failure.job)), ...args }));
    }
    return answers.flat() as { id: number; status: "pending" | "failed" }[];
  }

  /** How many jobs of all types are pending; undefined when that took too long. */
  async pending(): Promise<number | undefined> {
    try {
      const signal = AbortSignal.any([this.end, AbortSignal.timeout(COUNT_LIMIT_MS)]);
      const [row] = await this.rest.rpc("get_queue_stats", {}, signal) as { total_pending: number }[];
      return row?.total_pending;
    } catch {
      return undefined;
    }
  }

  private async call(name: string, args: Record<string, unknown>): Promise<unknown> {
    for (let attempt = 0;; attempt++) {
      try {
        return await this.rest.rpc(name, args, AbortSignal.any([this.end, AbortSignal.timeout(CALL_LIMIT_MS)]));
      } catch (caught) {
        const pause = PAUSES_MS[attempt];
        const passing = !(caught instanceof RestError) || caught.isTransient;
        if (pause === undefined || !passing || this.end.aborted) throw caught;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }
}

function named(jobs: readonly Job[]): { p_ids: number[]; p_claim_tokens: string[] } {
  return { p_ids: jobs.map((job) => job.id), p_claim_tokens: jobs.map((job) => job.claim_token) };
}

function storable(message: string): string {
  return message.replaceAll("\u0000", "").slice(0, MAX_MESSAGE_LENGTH);
}
