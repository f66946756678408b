/** What stands for the network in unit tests: a project's REST API over a queue in memory, and hosts outside. */

export const KEY = "made-up-current";
export const PREVIOUS_KEY = "made-up-previous";
const URL_OF_PROJECT = "http://project.test";
// Put together here, so that no file holds something that looks like a key.
const SERVICE_KEY = ["ey", "made", "up"].join("-");

interface Kept {
  id: number;
  job_type: string;
  payload: unknown;
  timeout_seconds: number;
  status: "pending" | "processing" | "completed" | "failed";
  attempts: number;
  claim_token: string | null;
  error: string | null;
}

type Args = Record<string, never> & {
  p_limit: number;
  p_job_types: string[];
  p_ids: number[];
  p_claim_tokens: string[];
  p_errors: string[];
  p_final: boolean;
};

export class Project {
  readonly jobs: Kept[] = [];
  /** The names of the functions that were called, in order. */
  readonly calls: string[] = [];
  /** How long a lease lasts, as claims say it. */
  leaseMs = 60_000;
  /** Answers in place of the project, by the function's or view's name, once each. */
  readonly instead: Record<string, (() => Response | Promise<Response>)[]> = {};
  /** What hosts outside were sent. */
  readonly sent: Request[] = [];
  outside: (request: Request) => Response | Promise<Response> = () => new Response();
  rows: Record<string, unknown>[] = [];
  readonly queries: URLSearchParams[] = [];

  env(more: Record<string, string> = {}): (name: string) => string | undefined {
    const all: Record<string, string> = {
      SUPABASE_URL: URL_OF_PROJECT,
      SUPABASE_SERVICE_ROLE_KEY: SERVICE_KEY,
      BATCH_PROCESSOR_KEY: KEY,
      BATCH_PROCESSOR_KEY_PREVIOUS: PREVIOUS_KEY,
      ...more,
    };
    return (name) => all[name];
  }

  add(jobType: string, payload: unknown = {}, timeoutSeconds = 30): Kept {
    const job: Kept = {
      id: this.jobs.length + 1,
      job_type: jobType,
      payload,
      timeout_seconds: timeoutSeconds,
      status: "pending",
      attempts: 0,
      claim_token: null,
      error: null,
    };
    this.jobs.push(job);
    return job;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    request.signal.throwIfAborted();
    const url = new URL(request.url);
    if (url.origin !== URL_OF_PROJECT) {
      this.sent.push(request.clone());
      return await this.outside(request);
    }
    if (request.headers.get("authorization") !== `Bearer ${SERVICE_KEY}`) return Response.json({}, { status: 401 });
    const name = url.pathname.split("/").at(-1) ?? "";
    this.calls.push(name);
    const instead = this.instead[name]?.shift();
    if (instead) return await instead();
    if (request.method === "GET") {
      this.queries.push(url.searchParams);
      return Response.json(this.rows);
    }
    return Response.json(this.call(name, await request.json()));
  };

  private call(name: string, args: Args): unknown {
    switch (name) {
      case "claim_jobs":
        return this.claim(args);
      case "complete_jobs":
        return this.settle(args, (job) => job.status = "completed").map(({ id }) => id);
      case "release_jobs":
        return this.settle(args, (job) => {
          job.status = "pending";
          job.attempts--;
        }).map(({ id }) => id);
      case "fail_jobs":
        return this.settle(args, (job, place) => {
          job.status = args.p_final ? "failed" : "pending";
          job.error = args.p_errors[place] ?? null;
        }).map(({ id, status }) => ({ id, status }));
      case "heartbeat_jobs":
        return args.p_ids.filter((id, place) => this.held(id, args.p_claim_tokens[place]));
      case "get_queue_stats":
        return [{ total_pending: this.jobs.filter(({ status }) => status === "pending").length }];
      default:
        return { called: name, with: args };
    }
  }

  private claim({ p_limit: limit, p_job_types: types }: Args): unknown[] {
    const due = this.jobs.filter(({ status, error, job_type }) =>
      status === "pending" && error === null && types.includes(job_type)
    ).slice(0, limit);
    for (const job of due) {
      Object.assign(job, { status: "processing", attempts: job.attempts + 1, claim_token: crypto.randomUUID() });
    }
    const lease = new Date(Date.now() + this.leaseMs).toISOString();
    return due.map((job) => ({ ...job, lease_expires_at: lease }));
  }

  private settle(args: Args, change: (job: Kept, place: number) => void): Kept[] {
    return args.p_ids.flatMap((id, place) => {
      const job = this.held(id, args.p_claim_tokens[place]);
      if (!job) return [];
      change(job, place);
      job.claim_token = null;
      return [job];
    });
  }

  private held(id: number, token: string | undefined): Kept | undefined {
    return this.jobs.find((job) => job.id === id && job.claim_token === token && job.status === "processing");
  }
}
