select
    i.stack,
    i.released,
    i.tool_version,
    i.digest,
    i.fingerprint,
    i.rules as applied,
    jsonb_build_object(
        'max_attempts', s.max_attempts,
        'backoff_base_ms', (extract(epoch from s.backoff_base) * 1000)::bigint,
        'backoff_max_ms', (extract(epoch from s.backoff_max) * 1000)::bigint,
        'lease_ms', (extract(epoch from s.lease) * 1000)::bigint,
        'timeout_ms', (extract(epoch from s.timeout) * 1000)::bigint,
        'patience_ms', (extract(epoch from s.patience) * 1000)::bigint,
        'patience_percent', (s.patience_share * 100)::integer,
        'tenant_max_running', s.tenant_max_running,
        'tenant_claim', s.tenant_claim,
        'clients_read', s.clients_read,
        'urgent_roles', s.urgent_roles,
        'idempotency_window_ms', (extract(epoch from s.idempotency_window) * 1000)::bigint,
        'archive_after_ms', (extract(epoch from s.archive_after) * 1000)::bigint,
        'archive_keep_ms', (extract(epoch from s.archive_keep) * 1000)::bigint
    ) as settings,
    coalesce(
        (
            select jsonb_object_agg(
                t.name,
                jsonb_build_object(
                    'max_attempts', t.max_attempts,
                    'backoff_base_ms', (extract(epoch from t.backoff_base) * 1000)::bigint,
                    'backoff_max_ms', (extract(epoch from t.backoff_max) * 1000)::bigint,
                    'lease_ms', (extract(epoch from t.lease) * 1000)::bigint,
                    'timeout_ms', (extract(epoch from t.timeout) * 1000)::bigint,
                    'urgent', t.urgent,
                    'clients', t.clients
                )
            )
            from supacron_queue.job_type t
        ),
        '{}'
    ) as job_types,
    exists (select from supacron_queue.ready)
    or exists (select from supacron_queue.running)
    or exists (select from supacron_queue.archive) as holds_jobs
from supacron_queue.installation i
left join supacron_queue.settings s on true;
