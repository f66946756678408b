create or replace function supacron.credentials(
    job supacron.job, tried_secret text default null, tried_key text default null
)
returns jsonb
language plpgsql stable
set search_path = ''
as $function$
declare
    headers jsonb := '{}';
    auth jsonb;
    key text;
begin
    for i in 0 .. coalesce(jsonb_array_length(job.auth), 0) - 1 loop
        auth := job.auth -> i;
        -- One at a time: a join would decrypt whatever is in Vault.
        key := case
            when auth ->> 'secret' = tried_secret then tried_key
            else (
                select d.decrypted_secret
                from vault.decrypted_secrets d
                where d.name = (
                    select s.vault_name from supacron.secret s where s.stack = job.stack and s.name = auth ->> 'secret'
                )
            )
        end;
        if key is null or key = '' then
            -- Which raises.
            key := supacron.secret_value(job.stack, auth ->> 'secret');
        end if;
        headers := headers || jsonb_build_object(auth ->> 'header', (auth ->> 'prefix') || key);
    end loop;
    return headers;
end;
$function$;
comment on function supacron.credentials(supacron.job, text, text) is
'The headers that carry a job''s secrets; raises when Vault lacks one. tried_key stands in for tried_secret''s value.';
