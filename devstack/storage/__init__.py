"""A stand-in for Supabase Storage: its REST API as far as private files go, with faults on demand.

Written from supabase/storage. What surprises there does so here: refusals come with 400, the true
status in the body (a string); a range beyond the end is a 500; If-Range is not looked at; a file
that is too big is read before it is refused; of what somebody may not see they hear that it is not
there. Buckets have no policies here: the service role sees all of them, others nothing.
"""
