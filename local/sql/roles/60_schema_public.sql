grant usage on schema public to postgres, anon, authenticated, service_role;
