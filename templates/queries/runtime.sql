select project_ref, system_identifier, tool_version, digest, timeline, fingerprint from supacron.runtime;
