create or replace function supacron.send_waiting() returns integer
language plpgsql
set search_path = ''
as $function$
declare
    room jsonb;
    waiting record;
    used text[];
    running constant text[] := supacron.running_stacks();
    sent integer := 0;
begin
    if not exists (select from supacron.run r where r.leave_at <= clock_timestamp())
        or not pg_try_advisory_xact_lock(7265003, 1)
    then
        return 0;
    end if;
    perform supacron.expire_waiting();
    perform pg_advisory_xact_lock(7265002, hashtext(s.name))
    from supacron.stack s
    where s.limits <> '{}'
    order by s.name;
    select coalesce(jsonb_object_agg(l || '/' || s.name, supacron.room(s.name, l)), '{}') into room
    from supacron.stack s, jsonb_object_keys(s.limits) l;

    for waiting in
        select r.id, r.attempt + 1 as attempt, r.scheduled_for, r.body, j as job, l.names as limits
        from supacron.run r
        join supacron.job j on j.id = r.job_id
        cross join lateral (
            select coalesce(array_agg(l || '/' || j.stack), '{}') as names
            from jsonb_array_elements_text(j.limits) l
        ) l
        where r.leave_at <= clock_timestamp()
            and supacron.may_leave(j, r.requested_by is not null)
            and j.stack = any(running)
            and not exists (select from unnest(l.names) n where (room ->> n)::integer < 1)
            and (
                j.overlap = 'allow'
                or not exists (
                    select from supacron.run o
                    where o.job_id = r.job_id and o.outcome is null and o.id <> r.id
                        and (o.request_id is not null or o.id < r.id)
                )
            )
        order by r.leave_at, r.id
        limit 200
        for update of r skip locked
    loop
        continue when exists (select from unnest(waiting.limits) n where (room ->> n)::integer < 1);
        select room || coalesce(jsonb_object_agg(n, (room ->> n)::integer - 1), '{}') into room
        from unnest(waiting.limits) n;
        used := used || waiting.limits;
        perform supacron.send_attempt(waiting.job, waiting.id, waiting.attempt, waiting.scheduled_for, waiting.body);
        sent := sent + 1;
    end loop;

    perform supacron.spend(substr(u.n, strpos(u.n, '/') + 1), split_part(u.n, '/', 1), count(*)::integer)
    from unnest(used) u (n)
    group by u.n;
    return sent;
end;
$function$;
comment on function supacron.send_waiting() is
'Lets those leave that waited for their turn or for their next attempt, as far as limits allow; returns how many.';
