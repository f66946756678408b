"""Day-to-day work on a stack that runs: where it is, how it goes, and acting on a job."""
