// Prints the queries that graphile-worker itself sends, which stand in its JavaScript: its functions are called with a
// client that only notes them down.
const { batchGetJobs } = require("graphile-worker/dist/sql/getJobs");
const { batchCompleteJobs } = require("graphile-worker/dist/sql/completeJobs");

const noted = [];
const client = {
  query: async (query) => {
    noted.push(query);
    return { rows: query.text.includes("_private_tasks") ? [{ id: 1, identifier: "task" }] : [] };
  },
};
const options = {
  workerSchema: "graphile_worker",
  escapedWorkerSchema: '"graphile_worker"',
  resolvedPreset: { worker: { preparedStatements: false, useNodeTime: false } },
  logger: { error: console.error },
};
const withClient = Object.assign((use) => use(client), { withRetries: (use) => use(client) });

(async () => {
  const queries = {};
  for (const size of [1, 20, 100]) {
    await batchGetJobs(options, withClient, { task: () => {} }, "worker", [], size);
    queries[`claim_${size}`] = noted.at(-1).text;
  }
  for (const size of [1, 20]) {
    const jobs = Array.from({ length: size }, (_, id) => ({ id, job_queue_id: null }));
    await batchCompleteJobs(options, withClient, "worker", jobs);
    queries[`complete_${size === 1 ? "one" : "many"}`] = noted.at(-1).text;
  }
  console.log(JSON.stringify(queries));
})();
