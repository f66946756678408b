create or replace function supacron.holds_secret(message text) returns boolean
language plpgsql stable
set search_path = ''
as $function$
declare
    found boolean := message ~ 'eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}|sb_secret_[A-Za-z0-9_-]{8,}';
begin
    if found or to_regclass('vault.decrypted_secrets') is null then
        return found;
    end if;
    -- A short value would be found in many a text by chance.
    execute 'select exists ('
        'select from vault.decrypted_secrets d join supacron.secret s on d.name = s.vault_name'
        ' where length(d.decrypted_secret) >= 8 and strpos($1, d.decrypted_secret) > 0)'
    into found using message;
    return found;
end;
$function$;
comment on function supacron.holds_secret(text) is
'Whether a text holds the value of a secret of ours, or a token of Supabase''s kinds.';
