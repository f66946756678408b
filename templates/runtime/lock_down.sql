do $block$
declare
    grantees text;
begin
    -- Supabase's default privileges reach `public` only, but functions are PUBLIC's wherever they are made.
    -- All at once: each statement writes the entry of every object anew.
    select string_agg(grantee, ', ') into grantees
    from (
        select 'public' as grantee
        union all
        select quote_ident(r.rolname) from pg_roles r where r.rolname in ('anon', 'authenticated', 'service_role')
    ) everybody;
    execute format('revoke all on schema supacron from %s', grantees);
    execute format('revoke all on all tables in schema supacron from %s', grantees);
    execute format('revoke all on all sequences in schema supacron from %s', grantees);
    execute format('revoke all on all routines in schema supacron from %s', grantees);
end;
$block$;
