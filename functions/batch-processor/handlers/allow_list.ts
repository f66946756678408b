/** The entries of a list with commas or blanks between; empty where there is none. */
export function listOf(text: string | undefined): string[] {
  return (text ?? "").split(/[\s,]+/).filter((entry) => entry !== "");
}

/**
 * Whether a URL is at a host of the list. An entry is `host` or `host:port` (over https), `*.domain` for all hosts below
 * a domain (https, its usual port), or an origin such as `http://127.0.0.1:8000`, the one way to allow plain http.
 */
export function isAllowed(url: URL, list: readonly string[]): boolean {
  if (!["http:", "https:"].includes(url.protocol)) return false;
  return list.some((entry) => {
    if (entry.includes("://")) return url.origin === URL.parse(entry)?.origin;
    if (url.protocol !== "https:") return false;
    const name = entry.toLowerCase();
    return name.startsWith("*.") ? url.host.endsWith(name.slice(1)) && url.port === "" : url.host === name;
  });
}
