"""The local stand-in for a Supabase project, for machines where no Docker runs. The product never imports it."""
