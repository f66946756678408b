import { ShutDown, shutDown } from "./endings.ts";
import { handle } from "./handler.ts";
import { handlers } from "./handlers/index.ts";

const shutdown = new AbortController();
const server = Deno.serve((request) =>
  handle(request, { env: (name) => Deno.env.get(name), fetch, handlers, shutdown: shutdown.signal })
);

// The platform says before it ends a worker that it will, and why.
addEventListener("beforeunload", (event) => shutdown.abort(shutDown((event as CustomEvent).detail)));

// A promise that a handler forgot to await is no reason to end the other jobs.
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  // deno-lint-ignore no-console -- the function's log is the one place left for it
  console.error("a handler left a rejected promise behind:", event.reason instanceof Error ? event.reason.name : "");
});

try {
  Deno.addSignalListener("SIGTERM", async () => {
    shutdown.abort(new ShutDown(false));
    await server.shutdown();
    Deno.exit();
  });
} catch {
  // The platform has no signals.
}
