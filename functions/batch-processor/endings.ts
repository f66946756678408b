/** Why a job was stopped before its handler came to an end: the reasons that a handler's signal aborts with. */

/** It took longer than it may. */
export class TimedOut extends Error {
  override name = "TimedOut";
  constructor(limitMs: number) {
    super(`not done within ${Math.round(limitMs / 100) / 10} s`);
  }
}

/** Its lease ran out: another worker may have it by now, so nothing is said about it. */
export class LeaseLost extends Error {
  override name = "LeaseLost";
}

/** The function is ending. `harmful` when that may be the job's own doing: it used up what the platform allows. */
export class ShutDown extends Error {
  override name = "ShutDown";
  constructor(readonly harmful: boolean) {
    super("the function was ended while the job ran: it was over its limit of memory, CPU or time");
  }
}

// The platform's reasons that a job can bring about; the others are early_drop and termination.
const HARMFUL = ["cpu", "memory", "wall_clock"];

/** From the `detail` of the platform's beforeunload event. */
export function shutDown(detail: unknown): ShutDown {
  const reason = typeof detail === "object" && detail !== null && "reason" in detail ? detail.reason : detail;
  return new ShutDown(HARMFUL.includes(String(reason)));
}
