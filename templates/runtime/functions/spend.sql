create or replace function supacron.spend(stack_name text, limit_name text, requests integer) returns void
language sql
set search_path = ''
as $function$
    insert into supacron.pace as p (stack, name, empty_at)
    select
        s.name, limit_name,
        clock_timestamp()
        + (requests - greatest(r.per_second, 1)) / r.per_second * interval '1 second'
    from supacron.stack s
    cross join lateral (select (s.limits -> limit_name ->> 'per_second')::double precision as per_second) r
    where s.name = stack_name and r.per_second is not null
    on conflict (stack, name) do update
    set empty_at = (
        select greatest(p.empty_at, clock_timestamp() - greatest(r.per_second, 1) / r.per_second * interval '1 second')
            + requests / r.per_second * interval '1 second'
        from supacron.stack s
        cross join lateral (select (s.limits -> limit_name ->> 'per_second')::double precision as per_second) r
        where s.name = stack_name
    );
$function$;
comment on function supacron.spend(text, text, integer) is 'Takes requests that leave off a limit''s rate.';
