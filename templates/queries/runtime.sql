select project_ref, system_identifier, tool_version, digest, fingerprint from supacron.runtime;
