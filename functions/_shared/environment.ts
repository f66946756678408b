/** Reads one variable; `Deno.env.get` is one. */
export type Environment = (name: string) => string | undefined;

/** Where the project's own API answers, and the key of service_role. */
export interface Project {
  url: string;
  key: string;
}

/** The keys that a caller of these functions may show: while a rotation lasts, the one before is good too. */
export function callerKeys(env: Environment): (string | undefined)[] {
  return [env("BATCH_PROCESSOR_KEY"), env("BATCH_PROCESSOR_KEY_PREVIOUS")];
}

/** What the platform gives to every function; what is missing is added to `mistakes`. */
export function project(env: Environment, mistakes: string[]): Project {
  const given = { url: env("SUPABASE_URL") ?? "", key: env("SUPABASE_SERVICE_ROLE_KEY") ?? "" };
  if (!URL.canParse(given.url)) mistakes.push("SUPABASE_URL must be the project's URL");
  if (given.key === "") mistakes.push("SUPABASE_SERVICE_ROLE_KEY must be set");
  return given;
}

/** A number in the variable `name`, or `otherwise` where it is not set; a wrong one is added to `mistakes`. */
export function numberOf(
  env: Environment,
  name: string,
  { least, most, otherwise, whole = false }: { least: number; most: number; otherwise: number; whole?: boolean },
  mistakes: string[],
): number {
  const text = env(name);
  if (text === undefined || text === "") return otherwise;
  const value = Number(text);
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
  mistakes.push(`${name} must be a ${whole ? "whole " : ""}number from ${least} to ${most}`);
  return otherwise;
}
