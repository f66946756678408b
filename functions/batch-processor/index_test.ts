import { deepStrictEqual, strictEqual } from "node:assert";
import { handle, type Keys } from "./handler.ts";

const KEYS: Keys = { current: "made-up-current", previous: "made-up-previous" };
const URL = "http://localhost/batch-processor";

function post(body: string, token?: string, scheme = "Bearer"): Request {
  const headers = new Headers({ "content-type": "application/json" });
  if (token !== undefined) headers.set("authorization", `${scheme} ${token}`);
  return new Request(URL, { method: "POST", headers, body });
}

async function answer(request: Request, keys: Keys = KEYS): Promise<[number, unknown]> {
  const response = await handle(request, keys);
  strictEqual(response.headers.get("content-type"), "application/json");
  return [response.status, await response.json()];
}

Deno.test("answers with what it was asked to do", async () => {
  deepStrictEqual(await answer(post('{"batch_size": 20}', KEYS.current)), [200, { asked: { batch_size: 20 } }]);
  deepStrictEqual(await answer(post('{"batch_size": 1000, "job_types": ["transcription", "email"]}', KEYS.current)), [
    200,
    { asked: { batch_size: 1000, job_types: ["transcription", "email"] } },
  ]);
});

Deno.test("an empty body means the defaults", async () => {
  for (const body of ["", " \n", "{}"]) {
    deepStrictEqual(await answer(post(body, KEYS.current)), [200, { asked: { batch_size: 20 } }]);
  }
});

Deno.test("the scheme's case does not matter, and while a rotation lasts the previous key is good too", async () => {
  strictEqual((await answer(post("{}", KEYS.current, "bearer")))[0], 200);
  strictEqual((await answer(post("{}", KEYS.previous)))[0], 200);
});

Deno.test("refuses a caller without one of its keys", async () => {
  for (const token of [undefined, "", "undefined", "made-up", "made-up-current1", "MADE-UP-CURRENT"]) {
    strictEqual((await answer(post("{}", token)))[0], 401);
  }
  strictEqual((await answer(post("{}", KEYS.current, "Basic")))[0], 401);
});

Deno.test("a function without a key accepts nobody", async () => {
  for (const missing of [undefined, ""]) {
    for (const token of [undefined, "", "undefined", KEYS.current]) {
      strictEqual((await answer(post("{}", token), { current: missing, previous: missing }))[0], 401);
    }
  }
});

Deno.test("names every mistake in a body, and repeats nothing of it", async () => {
  const canary = "canary-5150";
  const cases: [string, string][] = [
    [`{"${canary}"`, "the body is not JSON"],
    [`["${canary}"]`, "the body must be a JSON object"],
    ["null", "the body must be a JSON object"],
    [
      `{"batch_size": "${canary}", "job_types": [""], "${canary}": 1}`,
      "batch_size must be a whole number from 1 to 1000; job_types must be a list of one or more names; " +
      "only these keys are known: batch_size, job_types",
    ],
  ];
  for (const [body, message] of cases) {
    deepStrictEqual(await answer(post(body, KEYS.current)), [400, { error: { code: "invalid_request", message } }]);
  }
});

Deno.test("batch_size is a whole number from 1 to 1000", async () => {
  for (const size of ["0", "1001", "-1", "1.5", "true", "null", '"20"', "1e999"]) {
    strictEqual((await answer(post(`{"batch_size": ${size}}`, KEYS.current)))[0], 400, size);
  }
  for (const size of ["1", "1000", "2.0"]) {
    strictEqual((await answer(post(`{"batch_size": ${size}}`, KEYS.current)))[0], 200, size);
  }
});

Deno.test("job_types is a list of names", async () => {
  for (const types of ["[]", '""', "[1]", "null", '{"0": "a"}']) {
    strictEqual((await answer(post(`{"job_types": ${types}}`, KEYS.current)))[0], 400, types);
  }
});

Deno.test("knows POST only, and says so before it looks at the key", async () => {
  for (const method of ["GET", "PUT", "DELETE"]) {
    const response = await handle(new Request(URL, { method }), KEYS);
    strictEqual(response.status, 405);
    strictEqual(response.headers.get("allow"), "POST");
  }
});

Deno.test("no answer to a stranger holds a key", async () => {
  for (const token of [KEYS.previous + "x", "x"]) {
    const response = await handle(post("{}", token), KEYS);
    const text = JSON.stringify([...response.headers]) + await response.text();
    strictEqual(text.includes("made-up"), false);
  }
});
