import { handle } from "./handler.ts";

Deno.serve((request) =>
  handle(request, {
    current: Deno.env.get("BATCH_PROCESSOR_KEY"),
    previous: Deno.env.get("BATCH_PROCESSOR_KEY_PREVIOUS"),
  })
);
