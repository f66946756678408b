import type { Held } from "./held.ts";
import type { Queue } from "./queue.ts";

/** What became of the jobs of an invocation, as far as the queue accepted it. */
export interface Tally {
  completed: number;
  /** Attempts that failed: `dead` of these jobs for good, the others are tried again. */
  failed: number;
  dead: number;
  /** Given back as they were. */
  released: number;
  /** Claimed, but no longer this worker's when it came to say something: another one settles them. */
  lost: number;
}

type Outcome = { held: Held } & ({ kind: "completed" } | { kind: "released" } | Failed);
interface Failed {
  kind: "failed";
  message: string;
  final: boolean;
}

/** Tells the queue what became of jobs: all that come while a call is under way go with the next one. */
export class Settler {
  readonly tally: Tally = { completed: 0, failed: 0, dead: 0, released: 0, lost: 0 };
  private outcomes: Outcome[] = [];
  private underWay: Promise<void> | undefined;

  /** `onProblem` is told when the queue could not be told. */
  constructor(private readonly queue: Queue, private readonly onProblem: (caught: unknown) => void) {}

  add(outcome: Outcome): void {
    outcome.held.state = "settling";
    this.outcomes.push(outcome);
    this.underWay ??= this.flush().finally(() => this.underWay = undefined);
  }

  /** Until everything that was added is settled. */
  async done(): Promise<void> {
    while (this.underWay) await this.underWay;
  }

  private async flush(): Promise<void> {
    // What ends at the same moment goes together.
    await Promise.resolve();
    while (this.outcomes.length > 0) {
      const taken = this.outcomes.splice(0);
      const of = <K extends Outcome["kind"]>(kind: K): (Outcome & { kind: K })[] =>
        taken.filter((outcome): outcome is Outcome & { kind: K } => outcome.kind === kind);
      await Promise.all([
        this.tell(of("completed"), async (jobs) => {
          const accepted = await this.queue.complete(jobs);
          this.tally.completed += accepted.length;
          return accepted.length;
        }),
        this.tell(of("released"), async (jobs) => {
          const accepted = await this.queue.release(jobs);
          this.tally.released += accepted.length;
          return accepted.length;
        }),
        this.tellFailures(of("failed")),
      ]);
    }
  }

  private async tellFailures(outcomes: (Outcome & Failed)[]): Promise<void> {
    await this.tell(outcomes, async () => {
      const accepted = await this.queue.fail(
        outcomes.map(({ held, message, final }) => ({ job: held.job, message, final })),
      );
      this.tally.failed += accepted.length;
      this.tally.dead += accepted.filter(({ status }) => status === "failed").length;
      return accepted.length;
    });
  }

  private async tell(outcomes: Outcome[], say: (jobs: Held["job"][]) => Promise<number>): Promise<void> {
    if (outcomes.length === 0) return;
    let accepted = 0;
    try {
      accepted = await say(outcomes.map(({ held }) => held.job));
    } catch (caught) {
      this.onProblem(caught);
    }
    this.tally.lost += outcomes.length - accepted;
  }
}
