do $block$
declare
    grantee text;
begin
    -- Supabase's default privileges reach `public` only, but functions are PUBLIC's wherever they are made.
    for grantee in
        select 'public'
        union all
        select quote_ident(r.rolname) from pg_roles r where r.rolname in ('anon', 'authenticated', 'service_role')
    loop
        execute format('revoke all on schema supacron from %s', grantee);
        execute format('revoke all on all tables in schema supacron from %s', grantee);
        execute format('revoke all on all sequences in schema supacron from %s', grantee);
        execute format('revoke all on all routines in schema supacron from %s', grantee);
    end loop;
end;
$block$;
