select set_config('statement_timeout', '0', true), set_config('lock_timeout', %(milliseconds)s, true);
