create or replace function supacron.secret_value(stack_name text, secret_name text) returns text
language plpgsql stable
set search_path = ''
as $function$
declare
    wanted text;
    found_value text;
begin
    select s.vault_name into wanted
    from supacron.secret s
    where s.stack = stack_name and s.name = secret_name;

    select d.decrypted_secret into found_value
    from vault.decrypted_secrets d
    where d.name = wanted;

    -- 'Bearer ' || null is null, and pg_net drops such a header silently: a call without its key must not leave.
    if found_value is null or found_value = '' then
        raise exception 'supacron: secret "%" of stack "%" is missing in Vault (as "%")', secret_name, stack_name, wanted
            using errcode = 'no_data_found',
            hint = 'Set its value in the stack''s configuration and run `pulumi up`.';
    end if;
    return found_value;
end;
$function$;
comment on function supacron.secret_value(text, text) is
'A secret''s value, read from Vault when it is needed; raises when Vault has none.';
