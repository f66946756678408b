"""A stand-in for the HTTP gateway of a Supabase project: `/functions/v1/<name>` and `/rest/v1`.

`python -m local.gateway` serves both on 127.0.0.1, set up by the environment (see `settings`).

How it differs from the original:

- Functions run under plain Deno, one process each, started by the first request and again whenever a source file of the
  function or of `_shared` changes. They may reach this machine only, and read no files. There are no limits on memory
  or CPU time; a call ends after 150 s as on the platform.
- A request and its answer are passed on whole, not as streams; websockets are not served.
- Of PostgREST there are the functions of schema `public`: by POST with a JSON object, or by GET with plain arguments in
  a read-only transaction. There are no filters on their results and no overloads that differ in types only.
- Its tables and views can be read: plain columns, order, limit, offset, the filters eq, neq, gt, gte, lt, lte, like,
  ilike, is, in and not, one row alone (`single()`), and `Prefer: count=exact`. There are no `or`, no JSON paths,
  aliases or embedded tables, and no writes.
- Keys are JWTs signed with the secret of `.local/env`; the opaque `sb_...` keys are not known.
- There is no CORS of the gateway's own, no auth, storage or realtime: everything else is a 404 in JSON.
"""
