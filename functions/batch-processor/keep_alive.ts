import { LeaseLost } from "./endings.ts";
import type { Held } from "./held.ts";
import type { Job, Queue } from "./queue.ts";

// However the clocks of the database and of this worker differ, it is neither idle for long nor always at it.
const SHORTEST_MS = 200;
const LONGEST_MS = 30_000;

/** Renews leases in the background. */
export interface KeepAlive {
  /** Takes the leases of these jobs into account. */
  watch(jobs: Job[]): void;
  stop(): void;
}

/** Renews the lease of `mine()` three times in the shortest lease seen; a job that was lost is stopped with LeaseLost. */
export function keepAlive(queue: Queue, mine: () => Held[]): KeepAlive {
  let period = LONGEST_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  async function renew(): Promise<void> {
    const held = mine();
    if (held.length > 0) {
      try {
        const kept = new Set(await queue.heartbeat(held.map(({ job }) => job)));
        for (const { job, state, stop } of held) {
          if (!kept.has(job.id) && state !== "settling") stop.abort(new LeaseLost());
        }
      } catch {
        // The next one may get through; if none does, settling the jobs tells.
      }
    }
    if (!stopped) schedule();
  }

  function schedule(): void {
    clearTimeout(timer);
    timer = setTimeout(renew, period);
  }

  return {
    watch: (jobs) => {
      const leases = jobs.map((job) => Date.parse(job.lease_expires_at) - Date.now());
      const shortest = Math.max(SHORTEST_MS, Math.min(period, ...leases.map((lease) => lease / 3)));
      if (timer === undefined || shortest < period) {
        period = shortest;
        schedule();
      }
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
