create or replace function supacron.credentials(
    job supacron.job, tried_secret text default null, tried_key text default null
)
returns jsonb
language plpgsql stable
set search_path = ''
as $function$
begin
    if job.auth is null then
        return '{}';
    end if;
    return coalesce(
        (
            select jsonb_object_agg(
                a.header,
                a.prefix || case
                    when a.secret = tried_secret then tried_key
                    -- Which raises.
                    else coalesce(nullif(d.decrypted_secret, ''), supacron.secret_value(job.stack, a.secret))
                end
            )
            from jsonb_to_recordset(job.auth) a (secret text, header text, prefix text)
            left join supacron.secret s on s.stack = job.stack and s.name = a.secret
            left join vault.decrypted_secrets d on d.name = s.vault_name
        ),
        '{}'
    );
end;
$function$;
comment on function supacron.credentials(supacron.job, text, text) is
'The headers that carry a job''s secrets; raises when Vault lacks one. tried_key stands in for tried_secret''s value.';
