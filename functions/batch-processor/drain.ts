import { LeaseLost, ShutDown, TimedOut } from "./endings.ts";
import { type Context, type Handler, type Handlers, PermanentError } from "./handlers/handler.ts";
import { type Held, hold } from "./held.ts";
import { keepAlive } from "./keep_alive.ts";
import type { Job, Queue } from "./queue.ts";
import type { BatchRequest } from "./request.ts";
import { Settler, type Tally } from "./settler.ts";

/** What an invocation works with. */
export interface Means {
  queue: Queue;
  handlers: Handlers;
  /** What the handlers get, but for the signal. */
  context: Omit<Context, "signal">;
  concurrency: number;
  /** When the last handler has to be done, as `performance.now()` counts. */
  deadline: number;
  /** Aborts with ShutDown. */
  shutdown: AbortSignal;
}

/** Why no more was claimed: nothing was due, the batch was full, there was no time left, ... */
export type Stop = "empty" | "batch_size" | "budget" | "shutdown" | "error";

export interface Report extends Tally {
  claimed: number;
  stopped: Stop;
  /** What the queue's answer was, where `stopped` is "error". */
  problem?: unknown;
}

/** Claims jobs and does them until there is a reason to stop; everything claimed is settled when it returns. */
export async function drain(request: BatchRequest, means: Means): Promise<Report> {
  return await new Drain(request, means).run();
}

class Drain {
  private readonly held = new Set<Held>();
  private readonly waiting: Held[] = [];
  private readonly settler: Settler;
  private readonly jobTypes: readonly string[];
  private claimed = 0;
  private started = 0;
  private stopped: Stop | undefined;
  private problem: unknown;
  private claiming: Promise<void> | undefined;

  constructor(private readonly request: BatchRequest, private readonly means: Means) {
    this.settler = new Settler(means.queue, (caught) => this.fail(caught));
    this.jobTypes = request.job_types ?? Object.keys(means.handlers);
  }

  async run(): Promise<Report> {
    const { shutdown, queue, concurrency } = this.means;
    const giveBack = (): void => this.giveBack(shutdown.reason);
    shutdown.addEventListener("abort", giveBack);
    const heartbeat = keepAlive(queue, () => this.mine());
    try {
      await Promise.all(Array.from({ length: concurrency }, () => this.lane(heartbeat.watch)));
      await this.settler.done();
    } finally {
      heartbeat.stop();
      shutdown.removeEventListener("abort", giveBack);
    }
    const { claimed, stopped = "empty", problem } = this;
    return { claimed, ...this.settler.tally, stopped, ...(problem === undefined ? {} : { problem }) };
  }

  /** One job after the other: as many lanes as jobs may run at a time. */
  private async lane(watch: (jobs: Job[]) => void): Promise<void> {
    while (true) {
      const next = this.waiting.shift();
      if (next) await this.take(next);
      else if (this.stopped) return;
      else if (performance.now() >= this.means.deadline) this.stop("budget");
      else await (this.claiming ??= this.claim(watch).finally(() => this.claiming = undefined));
    }
  }

  /** A few at a time: what waits here can be had by nobody else, and what is urgent may come any moment. */
  private async claim(watch: (jobs: Job[]) => void): Promise<void> {
    const limit = Math.min(this.request.batch_size - this.claimed, 2 * this.means.concurrency);
    let jobs: Job[];
    try {
      jobs = await this.means.queue.claim(limit, this.jobTypes);
    } catch (caught) {
      this.fail(caught);
      return;
    }
    this.claimed += jobs.length;
    watch(jobs);
    for (const held of jobs.map(hold)) {
      this.held.add(held);
      this.waiting.push(held);
    }
    if (this.means.shutdown.aborted) this.giveBack(this.means.shutdown.reason);
    if (jobs.length < limit) this.stop("empty");
    else if (this.claimed >= this.request.batch_size) this.stop("batch_size");
  }

  private async take(held: Held): Promise<void> {
    const handler = this.means.handlers[held.job.job_type];
    if (held.stop.signal.aborted) {
      this.settler.tally.lost++;
    } else if (handler) {
      const limitMs = this.limit(held.job, handler);
      if (limitMs > 0) {
        await this.work(held, handler, limitMs);
      } else {
        this.stop("budget");
        this.settler.add({ kind: "released", held });
      }
    }
    this.held.delete(held);
  }

  /**
   * How long the job may take, 0 when it has to wait for another invocation: a job is not started without its whole time
   * before it. Only the first ones are, or a job that may take longer than an invocation would never run.
   */
  private limit(job: Job, handler: Handler): number {
    const left = this.means.deadline - performance.now();
    const allowed = 1000 * Math.min(handler.limitSeconds ?? Infinity, job.timeout_seconds);
    if (allowed <= left) return allowed;
    return this.started < this.means.concurrency ? Math.max(left, 0) : 0;
  }

  private async work(held: Held, handler: Handler, limitMs: number): Promise<void> {
    this.started++;
    held.state = "running";
    const { signal } = held.stop;
    const timer = setTimeout(() => held.stop.abort(new TimedOut(limitMs)), limitMs);
    try {
      // The race is for handlers that do not heed the signal.
      await Promise.race([handler.run(held.job, { ...this.means.context, signal }), aborted(signal)]);
      if (held.state === "running") this.settler.add({ kind: "completed", held });
    } catch (caught) {
      if (held.state === "running") this.settleFailure(held, signal.aborted ? signal.reason : caught);
    } finally {
      clearTimeout(timer);
    }
  }

  private settleFailure(held: Held, reason: unknown): void {
    if (reason instanceof LeaseLost) {
      this.settler.tally.lost++;
      return;
    }
    if (reason instanceof ShutDown && !reason.harmful) {
      this.settler.add({ kind: "released", held });
      return;
    }
    const message = reason instanceof Error ? reason.message || reason.name : String(reason);
    this.settler.add({ kind: "failed", held, message, final: reason instanceof PermanentError });
  }

  /** At once, since nobody says how much time there is: what waits goes back, what runs is stopped and settled. */
  private giveBack(reason: unknown): void {
    this.stop("shutdown");
    for (const held of this.waiting.splice(0)) this.settler.add({ kind: "released", held });
    for (const held of this.held) {
      if (held.state !== "running") continue;
      this.settleFailure(held, reason);
      held.stop.abort(reason);
    }
  }

  /** Those that would be lost if their lease ran out. */
  private mine(): Held[] {
    return [...this.held].filter(({ state }) => state !== "settling");
  }

  private stop(reason: Stop): void {
    this.stopped ??= reason;
  }

  private fail(caught: unknown): void {
    this.problem ??= caught;
    this.stopped = "error";
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
