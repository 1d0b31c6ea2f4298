// What counts in the figures of who asks for an organisation: what it may read.
SEEN(Opportunity n)
