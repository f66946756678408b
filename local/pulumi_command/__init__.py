"""A stand-in for Pulumi's `command` plugin (pulumi-command 1.2), for machines that cannot download the real one.

`python -m local.pulumi_command ENGINE_ADDRESS` serves the provider protocol; the engine starts it when a program named
`pulumi-resource-command` that does so is on PATH. It is never used where the real plugin can be had.

What it keeps of the original, each line checked by tests/local/test_pulumi_command.py against a running engine:

 1. A preview runs nothing; what a create or an update will print is unknown until then.
 2. The argv is `interpreter` (`/bin/sh -c` unless said) plus the command, run in `dir`, else in the project's folder.
 3. The environment is the plugin's own, then `environment`, then the previous output as PULUMI_COMMAND_STDOUT and
    PULUMI_COMMAND_STDERR unless `addPreviousOutputInEnv` is false.
 4. `stdin` is the process's input.
 5. Any changed input runs `update`, or `create` where there is no `update`; a changed `delete` or `logging` too.
 6. Changed `triggers` replace: the new `create` runs, then the old `delete`; `deleteBeforeReplace` turns it round.
 7. A delete runs the `delete` of the recorded state with the recorded stdin and environment.
 8. A refresh sees nothing: there is no read.
 9. Standard output and error are outputs, less one newline at the end, and are stored in plain text.
10. Both are shown while the command runs, as far as `logging` lets them.
11. A failure's message holds the command and everything that it printed, whatever `logging` says. A failed create
    records nothing; a failed update keeps the old inputs.
12. Cancelling kills the process, but not the children that it started.

How it differs: `archivePaths`, `assetPaths`, the `remote` resources and the invokes are refused by name. Inputs are not
checked against a schema: the Python SDK's types do that. Windows is not supported.
"""
