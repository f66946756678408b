-- set the queue's rules
-- Unless somebody deleted it the row is there.
insert into supacron_queue.settings default values on conflict do nothing;
update supacron_queue.settings
set max_attempts = 7,
    backoff_base = 10000 * interval '1 millisecond',
    backoff_max = 3600000 * interval '1 millisecond',
    lease = 300000 * interval '1 millisecond',
    timeout = 60000 * interval '1 millisecond',
    patience = 300000 * interval '1 millisecond',
    patience_share = 20 / 100.0,
    tenant_max_running = 4,
    tenant_claim = 'app_metadata.tenant_id',
    clients_read = false,
    urgent_roles = array[]::text[],
    idempotency_window = 86400000 * interval '1 millisecond',
    archive_after = 2592000000 * interval '1 millisecond',
    archive_keep = 7776000000 * interval '1 millisecond';
delete from supacron_queue.job_type
where name <> all(array['changed', 'kept', 'new']::text[]);
insert into supacron_queue.job_type as t (name, max_attempts, backoff_base, backoff_max, lease, timeout, urgent, clients)
values
    (
        'changed', 4,
        null * interval '1 millisecond', null * interval '1 millisecond',
        60000 * interval '1 millisecond', null * interval '1 millisecond',
        false, false
    ),
    (
        'kept', null,
        null * interval '1 millisecond', null * interval '1 millisecond',
        null * interval '1 millisecond', null * interval '1 millisecond',
        false, false
    ),
    (
        'new', null,
        null * interval '1 millisecond', null * interval '1 millisecond',
        null * interval '1 millisecond', null * interval '1 millisecond',
        true, false
    )
on conflict (name) do update
set max_attempts = excluded.max_attempts, backoff_base = excluded.backoff_base, backoff_max = excluded.backoff_max,
    lease = excluded.lease, timeout = excluded.timeout, urgent = excluded.urgent, clients = excluded.clients;
