import { error } from "./answer.ts";
import { bearerToken, isOneOf } from "./caller.ts";
import { callerKeys, type Environment } from "./environment.ts";

/** Why a request is turned away before anything is read of it; undefined where it is not. */
export function refuse(request: Request, method: string, env: Environment): Response | undefined {
  if (request.method !== method) return error(405, "method_not_allowed", `send a ${method}`, { allow: method });
  if (isOneOf(bearerToken(request), callerKeys(env))) return undefined;
  return error(401, "unauthorized", "the Authorization header holds no key of this function", {
    "www-authenticate": "Bearer",
  });
}

/** The function cannot work as it was set up: `mistakes` name variables, never their values. */
export function misconfigured(mistakes: readonly string[]): Response {
  return error(500, "misconfigured", mistakes.join("; "));
}
