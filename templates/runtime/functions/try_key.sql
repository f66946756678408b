create or replace function supacron.try_key(stack_name text, job_name text, secret_name text, key_name text)
returns bigint
language plpgsql
set search_path = ''
as $function$
declare
    job supacron.job;
    key text;
begin
    select * into job
    from supacron.job j
    where j.stack = stack_name and j.name = job_name and j.removed_at is null
        and j.auth @> jsonb_build_array(jsonb_build_object('secret', secret_name));
    if not found then
        raise exception 'supacron: "%" is no job that sends the secret "%"', job_name, secret_name
            using errcode = 'no_data_found';
    end if;
    perform supacron.check_place(job.stack);
    if key_name is null then
        key := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
    else
        select d.decrypted_secret into strict key from vault.decrypted_secrets d where d.name = key_name;
    end if;
    return supacron.send(job, job.headers || supacron.credentials(job, secret_name, key));
end;
$function$;
comment on function supacron.try_key(text, text, text, text) is
'One call of a job with the key of that name in Vault (null: a random one, which is wrong) as one of its secrets; returns pg_net''s id.';
