import { Buffer } from "node:buffer";
import { createHash, timingSafeEqual } from "node:crypto";

const BEARER = /^Bearer +(\S+) *$/i;

/** The token of an `Authorization: Bearer` header, undefined where there is none. */
export function bearerToken(request: Request): string | undefined {
  return BEARER.exec(request.headers.get("authorization") ?? "")?.[1];
}

/**
 * Whether `token` is one of `keys`, in a time that says nothing about where they differ. Every key is compared, and
 * digests are, so that neither the number of the matching key nor any key's length shows. Empty keys match nothing.
 */
export function isOneOf(token: string | undefined, keys: readonly (string | undefined)[]): boolean {
  const given = digest(token ?? "");
  let found = false;
  for (const key of keys) {
    const same = timingSafeEqual(given, digest(key ?? ""));
    found = (same && Boolean(key) && token !== undefined) || found;
  }
  return found;
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text, "utf8").digest();
}
