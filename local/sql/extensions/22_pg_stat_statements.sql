create extension pg_stat_statements with schema extensions;
