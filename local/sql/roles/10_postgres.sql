-- The role that a Supabase project's owner works as: powerful, but NOT a superuser.
-- The password is the public one of `supabase start`; the server listens on 127.0.0.1 only.
create role postgres with
  login nosuperuser createdb createrole replication bypassrls
  password 'postgres';
alter role postgres set search_path to "$user", public, extensions;
