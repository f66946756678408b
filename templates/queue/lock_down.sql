-- Supabase's default privileges open everything in public to the API roles, and functions are PUBLIC's anywhere.
do $block$
declare
    each_function regprocedure;
begin
    for each_function in
        select p.oid
        from pg_proc p
        where p.pronamespace = 'supacron_queue'::regnamespace
            or (
                p.pronamespace = 'public'::regnamespace
                and p.proname in (
                    'enqueue_job', 'enqueue_jobs', 'enqueue_batch', 'claim_jobs', 'complete_jobs', 'complete_and_claim',
                    'fail_jobs', 'heartbeat_jobs', 'release_jobs', 'return_stuck_jobs', 'cancel_job', 'requeue_failed',
                    'get_queue_stats'
                )
            )
    loop
        execute format('revoke all on function %s from public, anon, authenticated, service_role', each_function);
    end loop;
end;
$block$;
revoke all on schema supacron_queue from public, anon, authenticated, service_role;
revoke all on all tables in schema supacron_queue from public, anon, authenticated, service_role;
revoke all on all sequences in schema supacron_queue from public, anon, authenticated, service_role;
revoke all on public.priority_queue from public, anon, authenticated, service_role;

grant usage on schema supacron_queue to authenticated, service_role;
grant execute on function
    public.enqueue_job(text, jsonb, integer, text, timestamptz, text),
    public.enqueue_jobs(jsonb),
    public.enqueue_batch(text, jsonb[], integer, text, timestamptz)
to authenticated, service_role;
grant execute on function
    public.claim_jobs(integer, text[], text, double precision),
    public.complete_jobs(bigint[], uuid[]),
    public.complete_and_claim(bigint[], uuid[], integer, text[], text, double precision),
    public.fail_jobs(bigint[], uuid[], text[], boolean),
    public.heartbeat_jobs(bigint[], uuid[], double precision),
    public.release_jobs(bigint[], uuid[]),
    public.return_stuck_jobs(integer, interval),
    public.cancel_job(bigint, text),
    public.requeue_failed(bigint[], text, integer),
    public.get_queue_stats()
to service_role;
-- The view reads as its caller.
grant select, insert, update, delete on public.priority_queue to service_role;
grant select on public.priority_queue to authenticated;
grant select on all tables in schema supacron_queue to service_role;
grant select (
    id, scheduled_for, created_at, updated_at, attempts, priority, job_type, tenant_id, payload, error_message,
    idempotency_key
) on supacron_queue.ready to authenticated;
grant select (
    id, scheduled_for, created_at, started_at, lease_expires_at, attempts, priority, job_type, tenant_id, payload,
    error_message, idempotency_key, worker
) on supacron_queue.running to authenticated;
grant select on supacron_queue.archive to authenticated;
grant select (name, max_attempts) on supacron_queue.job_type to authenticated;
grant select (max_attempts, archive_after) on supacron_queue.settings to authenticated;
grant execute on function supacron_queue.visible_tenant() to authenticated;

do $block$
declare
    each_table text;
begin
    foreach each_table in array array['ready', 'running', 'archive'] loop
        if not exists (
            select from pg_policies p
            where p.schemaname = 'supacron_queue' and p.tablename = each_table and p.policyname = 'own_tenant'
        ) then
            execute format(
                'create policy own_tenant on supacron_queue.%I for select to authenticated'
                ' using (tenant_id = (select supacron_queue.visible_tenant()))',
                each_table
            );
        end if;
    end loop;
    foreach each_table in array array['job_type', 'settings'] loop
        if not exists (
            select from pg_policies p
            where p.schemaname = 'supacron_queue' and p.tablename = each_table and p.policyname = 'limits'
        ) then
            execute format(
                'create policy limits on supacron_queue.%I for select to authenticated using (true)', each_table
            );
        end if;
    end loop;
end;
$block$;
