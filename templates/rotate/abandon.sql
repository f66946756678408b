with ours as (
    update supacron.rotation
    set next_until = null
    where vault_name = %(vault_name)s and id = %(id)s::uuid and next_until is not null
    returning vault_name
),
gone as (
    delete from vault.secrets s using ours o where s.name = o.vault_name || '/next'
)
select count(*) from ours
