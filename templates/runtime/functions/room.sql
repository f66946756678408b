create or replace function supacron.room(stack_name text, limit_name text) returns integer
language sql stable
set search_path = ''
as $function$
    select least(
        coalesce(
            (l.definition ->> 'concurrency')::integer - (
                select count(*)
                from supacron.run r
                join supacron.job j on j.id = r.job_id
                where r.outcome is null and r.request_id is not null and j.stack = stack_name and j.limits ? limit_name
            ),
            1000000
        ),
        -- What was not used grows to the worth of one second, and to one request at least.
        coalesce(
            floor(
                least(
                    greatest((l.definition ->> 'per_second')::numeric, 1),
                    extract(epoch from clock_timestamp() - coalesce(p.empty_at, 'epoch'))
                    * (l.definition ->> 'per_second')::numeric
                )
            ),
            1000000
        )
    )
    from supacron.stack s
    cross join lateral (select s.limits -> limit_name as definition) l
    left join supacron.pace p on p.stack = s.name and p.name = limit_name
    where s.name = stack_name;
$function$;
comment on function supacron.room(text, text) is 'How many requests of a limit may leave now; below one: none.';
