/** What the caller asks for: how many jobs at most, and of which types (all that have a handler where none are named). */
export interface BatchRequest {
  batch_size: number;
  job_types?: string[];
}

export const MAX_BATCH_SIZE = 1000;
const DEFAULT_BATCH_SIZE = 20;
const KNOWN = ["batch_size", "job_types"];

/** Reads a body; an empty one means the defaults. Otherwise every mistake in it, in words. */
export function parse(text: string, handled: readonly string[]): { request: BatchRequest } | { mistakes: string[] } {
  let body: unknown;
  try {
    body = text.trim() === "" ? {} : JSON.parse(text);
  } catch {
    return { mistakes: ["the body is not JSON"] };
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    return { mistakes: ["the body must be a JSON object"] };
  }
  const { batch_size: size = DEFAULT_BATCH_SIZE, job_types: types, ...others } = body as Record<string, unknown>;
  const mistakes: string[] = [];
  if (!isBatchSize(size)) mistakes.push(`batch_size must be a whole number from 1 to ${MAX_BATCH_SIZE}`);
  if (types !== undefined && !isJobTypes(types)) {
    mistakes.push("job_types must be a list of one or more names");
  } else if (types?.some((type) => !handled.includes(type))) {
    mistakes.push(`job_types may name only the types that have a handler: ${handled.join(", ")}`);
  }
  if (Object.keys(others).length > 0) mistakes.push(`only these keys are known: ${KNOWN.join(", ")}`);
  if (mistakes.length > 0) return { mistakes };
  return {
    request: { batch_size: size as number, ...(types === undefined ? {} : { job_types: types as string[] }) },
  };
}

function isBatchSize(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_BATCH_SIZE;
}

function isJobTypes(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string" && item !== "");
}
