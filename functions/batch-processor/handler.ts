import { error, json } from "../_shared/answer.ts";
import { bearerToken, isOneOf } from "../_shared/caller.ts";
import { parse } from "./request.ts";

/** The keys that a caller may show: the current one, and while a rotation lasts the one before. */
export interface Keys {
  current: string | undefined;
  previous: string | undefined;
}

/** Answers with what it was asked to do; there is no queue yet. */
export async function handle(request: Request, keys: Keys): Promise<Response> {
  if (request.method !== "POST") {
    return error(405, "method_not_allowed", "send a POST", { allow: "POST" });
  }
  if (!isOneOf(bearerToken(request), [keys.current, keys.previous])) {
    return error(401, "unauthorized", "the Authorization header holds no key of this function", {
      "www-authenticate": "Bearer",
    });
  }
  const parsed = parse(await request.text());
  if ("mistakes" in parsed) {
    return error(400, "invalid_request", parsed.mistakes.join("; "));
  }
  return json(200, { asked: parsed.request });
}
