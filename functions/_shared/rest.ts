import type { Project } from "./environment.ts";

/** A call of the project's REST API that failed. Its message holds no key; `status` is missing where none came. */
export class RestError extends Error {
  override name = "RestError";
  constructor(message: string, readonly status?: number, readonly code?: string) {
    super(message);
  }

  /** Whether the same call may go well in a moment. */
  get isTransient(): boolean {
    return this.status === undefined || this.status >= 500 || this.status === 429;
  }
}

/** The project's REST API, as service_role. Every method throws RestError, or the signal's reason once it aborts. */
export interface Rest {
  /** Calls a database function by its name; void is null. */
  rpc(name: string, args: Record<string, unknown>, signal: AbortSignal): Promise<unknown>;
  /** Reads rows of a table or view, by the filters that PostgREST knows. */
  read(view: string, query: Record<string, string>, signal: AbortSignal): Promise<Record<string, unknown>[]>;
}

/** `send` is `fetch`, or what stands for it. */
export function connect({ url, key }: Project, send: typeof fetch): Rest {
  const root = url.replace(/\/+$/, "") + "/rest/v1";
  // Only the older keys are JWTs; the opaque ones are refused in Authorization.
  const headers = { apikey: key, ...(key.startsWith("ey") ? { authorization: `Bearer ${key}` } : {}) };
  async function ask(address: string, init: RequestInit, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted();
    let response: Response;
    let text: string;
    try {
      response = await send(address, { ...init, signal, redirect: "error" });
      text = await response.text();
    } catch {
      signal.throwIfAborted();
      throw new RestError("the project's REST API could not be reached");
    }
    const body = parsed(text);
    if (response.ok && body !== undefined) return body;
    throw refusal(response.status, body);
  }
  return {
    rpc: (name, args, signal) =>
      ask(`${root}/rpc/${encodeURIComponent(name)}`, {
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify(args),
      }, signal),
    read: async (view, query, signal) =>
      await ask(`${root}/${encodeURIComponent(view)}?${new URLSearchParams(query)}`, { headers }, signal) as Record<
        string,
        unknown
      >[],
  };
}

function parsed(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusal(status: number, body: unknown): RestError {
  const { code, message, hint } = (body ?? {}) as Record<string, unknown>;
  const said = typeof message === "string" ? `: ${message}` : "";
  const remedy = typeof hint === "string" ? ` (${hint})` : "";
  return new RestError(
    `the project's REST API answered ${status}${said}${remedy}`,
    status,
    typeof code === "string" ? code : undefined,
  );
}
