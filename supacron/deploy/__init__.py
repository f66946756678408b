"""Edge Functions: which files they are made of, and how they get to the project, by the Supabase CLI."""
