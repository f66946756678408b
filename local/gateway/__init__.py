"""A stand-in for the HTTP gateway of a Supabase project: `/functions/v1/<name>` and `/rest/v1/rpc/<function>`.

`python -m local.gateway` serves both on 127.0.0.1, set up by the environment (see `settings`).

How it differs from the original:

- Functions run under plain Deno, one process each, started by the first request and again whenever a source file of the
  function or of `_shared` changes. They may reach this machine only, and read no files. There are no limits on memory
  or CPU time; a call ends after 150 s as on the platform.
- A request and its answer are passed on whole, not as streams; websockets are not served.
- Of PostgREST there are the functions of schema `public`: by POST with a JSON object, or by GET with plain arguments in
  a read-only transaction. There are no tables and views, no filters on results, no `Prefer`, no `Accept` but JSON, and
  no overloads that differ in types only.
- Keys are JWTs signed with the secret of `.local/env`; the opaque `sb_...` keys are not known.
- There is no CORS of the gateway's own, no auth, storage or realtime: everything else is a 404 in JSON.
"""
